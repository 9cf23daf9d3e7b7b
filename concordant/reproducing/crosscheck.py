"""Across: where bytes differ, do at least the numbers and the words agree, between one set of files and another?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from concordant.checks.check import check
from concordant.checks.model import Finding
from concordant.hashing import file_hash
from concordant.problem import CannotRun
from concordant.reproducing.receipt import Receipt

_PAGES = {
    "page-mark"
}  # where the PDF's pages begin: another layout moves them, and the reader is told


def across(there: Path, here: Path, receipt: Receipt) -> Iterator[str]:
    """Compare each edition that lies in `there`, and differs, with those of the other kinds built in `here`.

    Yields a line each on what came of it: first the ledger, which is compared by its hash on the receipt.
    """
    ledger = here / receipt.ledger.name
    same = file_hash(ledger) == receipt.ledger.sha256
    said = "every number, label and mention is the same" if same else "they differ as well"
    yield f"numbers compared instead: {said}"
    built = {each.name.rpartition(".")[2]: here / each.name for each in receipt.editions}
    built = {kind: path for kind, path in built.items() if path.is_file()}
    for kind, path in sorted(built.items()):
        other = there / path.name
        if other.is_file() and other.read_bytes() != path.read_bytes():
            said = _compared({**built, kind: other}, built, ledger)
            yield f"words compared instead: {path.name} {said}"


def _compared(files: Mapping[str, Path], built: Mapping[str, Path], ledger: Path) -> str:
    """Tell what the checker says of a mixed set that it does not say of those built here anyway."""
    try:
        known = {_key(each) for each in check(**built, ledger=ledger).errors}
        errors = [each for each in check(**files, ledger=ledger).errors if _key(each) not in known]
    except CannotRun as error:
        return f"cannot be checked: {error}"
    errors = [each for each in errors if each.code not in _PAGES]
    if not errors:
        return "agrees with the others that were built here"
    more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
    return f"disagrees: {errors[0].code}: {errors[0].message}{more}"


def _key(finding: Finding) -> tuple[str, str, str]:
    return finding.code, finding.label, finding.message
