"""Across: where bytes differ, do at least the numbers and the words agree, between one set of files and another?"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from concordant.checks.check import check
from concordant.problem import CannotRun
from concordant.reproducing.receipt import Receipt
from concordant.sources.identity import file_hash

_PAGES = {
    "page-mark"
}  # where the PDF's pages begin, which another layout changes and the reader is told


def across(there: Path, here: Path, receipt: Receipt) -> Iterator[str]:
    """Compare each edition that lies in `there` with those of the other kinds that were built in `here`.

    Yields a line each on what came of it: first the ledger, which is compared by its hash on the receipt.
    """
    ledger = here / receipt.ledger.name
    yield f"numbers compared instead: {_ledgers(ledger, receipt)}"
    names = {name.rpartition(".")[2]: name for name in (each.name for each in receipt.editions)}
    built = {kind: here / name for kind, name in names.items() if (here / name).is_file()}
    for kind, name in sorted(names.items()):
        if (there / name).is_file() and kind in built:
            files = {**built, kind: there / name}
            yield f"words compared instead: {name} {_verdict(files, ledger)}"


def _ledgers(ledger: Path, receipt: Receipt) -> str:
    if file_hash(ledger) == receipt.ledger.sha256:
        return "every number, label and mention is the same"
    return "they differ as well"


def _verdict(files: dict[str, Path], ledger: Path) -> str:
    try:
        verdict = check(**files, ledger=ledger)
    except CannotRun as error:
        return f"cannot be checked: {error}"
    errors = [each for each in verdict.errors if each.code not in _PAGES]
    if not errors:
        return "agrees with what was built here"
    more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
    return f"disagrees: {errors[0].code}: {errors[0].message}{more}"
