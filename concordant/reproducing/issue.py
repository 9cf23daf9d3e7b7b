"""Issuing: the receipt and the sums of one build, before its files are put into place."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC
from pathlib import Path

from concordant import git
from concordant.editions.edition import Edition
from concordant.editions.publication import Publication
from concordant.hashing import file_hash
from concordant.problem import CannotRun
from concordant.reproducing.layoutstack import loaded_versions
from concordant.reproducing.receipt import (
    RECEIPT,
    SUMS,
    VALIDATION,
    FileRecord,
    Machine,
    Origin,
    Receipt,
    Subject,
    read_receipt,
    receipt_json,
    record,
    sums,
    validation_of,
)
from concordant.reproducing.tools import PROGRAM, program_hashes, tools_of
from concordant.sources.identity import Dating
from concordant.sources.project import SOURCE, STYLES


def receipt_files(
    publication: Publication,
    editions: Iterable[Edition],
    ledger: tuple[str, bytes],
    folder: Path,
    results: Mapping[str, str],
) -> dict[str, bytes]:
    """Return the receipt and the sums, by file name, for editions that are to be put into `folder`.

    `results` says in words what checks of them came to, by the check's name.
    Editions that lie there already and were made of exactly the same stay on the receipt.
    """
    made = tuple(record(each.name, each.data, each.pages) for each in editions)
    receipt = _receipt(publication, made, record(*ledger))
    receipt = replace(receipt, editions=(*made, *_kept(receipt, folder)), results=results)
    return _as_files(receipt)


def add_validation(folder: Path) -> None:
    """Bring what validators have said of the editions in `folder` since into their receipt, if there is one."""
    path = folder / RECEIPT
    if not path.is_file():
        return
    receipt = read_receipt(path)
    if said := validation_of(folder / VALIDATION, receipt.editions):
        results = {**receipt.results, "validate": said}
        path.write_bytes(_as_files(replace(receipt, results=results))[RECEIPT])


def origin_of(root: Path, inputs: Iterable[str]) -> Origin | None:
    """Return the commit that is checked out in `root`; None where there is none, or no git.

    It is clean when every input is in it, and every file of source, styles and program is as it has it.
    """
    name = git.ask(root, "rev-parse", "HEAD")
    if not name:
        return None
    lines = git.ask(root, "ls-tree", "-rz", "HEAD", "--", SOURCE, STYLES, PROGRAM).split("\0")
    blobs = {
        path: meta.split()[2] for meta, _, path in (line.partition("\t") for line in lines if line)
    }
    same = all(_blob(root / path, len(blob)) == blob for path, blob in blobs.items())
    return Origin(name, clean=same and set(inputs) <= blobs.keys())


def _receipt(publication: Publication, made: tuple[FileRecord, ...], ledger: FileRecord) -> Receipt:
    root, metadata = publication.project.root, publication.project.metadata
    inputs = publication.source.inputs
    date = publication.timestamp.astimezone(UTC).isoformat().replace("+00:00", "Z")
    urn = publication.source_urn
    return Receipt(
        Subject(metadata.title, metadata.identifier, metadata.version, urn, date),
        made,
        ledger,
        inputs,
        program_hashes(),
        tools_of(root),
        _machine(publication.source.dating),
        origin_of(root, inputs),
    )


def _machine(dating: Dating) -> Machine:
    system = f"{platform.system()} {platform.machine()}"
    return Machine(platform.python_version(), system, dating.origin, loaded_versions())


def _kept(receipt: Receipt, folder: Path) -> tuple[FileRecord, ...]:
    try:
        last = read_receipt(folder / RECEIPT)
    except CannotRun:
        return ()
    if not receipt.same_causes(last):
        return ()
    made = {each.name for each in receipt.editions}
    return tuple(each for each in last.editions if each.name not in made and _lies(each, folder))


def _lies(each: FileRecord, folder: Path) -> bool:
    path = folder / each.name
    return path.is_file() and file_hash(path) == each.sha256


def _as_files(receipt: Receipt) -> dict[str, bytes]:
    return {RECEIPT: receipt_json(receipt).encode(), SUMS: sums(receipt).encode()}


def _blob(path: Path, digits: int) -> str:
    """Return the name that git gives a file's content, without asking it: no filter is run."""
    if path.is_symlink():
        data = str(path.readlink()).encode()
    elif path.is_file():
        data = path.read_bytes()
    else:
        return ""
    algorithm = "sha1" if digits == 40 else "sha256"
    return hashlib.new(
        algorithm, b"blob %d\0" % len(data) + data, usedforsecurity=False
    ).hexdigest()
