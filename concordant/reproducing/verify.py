"""Verifying: does this source give the very files that a receipt describes?

For a stranger who has downloaded the editions with their receipt: the commit that the receipt names is built
again (or the current checkout, where the commit is not at hand), and bytes are compared; where they differ,
the two receipts tell why.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from concordant import git
from concordant.hashing import file_hash
from concordant.problem import CannotRun
from concordant.reproducing.crosscheck import across
from concordant.reproducing.layoutstack import other_versions
from concordant.reproducing.pythons import environment_of
from concordant.reproducing.receipt import FileRecord, Receipt, read_receipt
from concordant.reproducing.workshop import (
    BUILD,
    LeftOut,
    Outcome,
    Setting,
    Workshop,
    clone,
    run_builds,
)


class Answer(StrEnum):
    """What a verification comes to."""

    IDENTICAL = "identical"
    ALTERED = "altered"
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True)
class Verification:
    """The answer, and in one line each: what is so, and why."""

    answer: Answer
    headline: str
    details: tuple[str, ...] = ()

    @property
    def exit_status(self) -> int:
        """0 only for the same bytes."""
        return 0 if self.answer is Answer.IDENTICAL else 1


def verify(path: Path, root: Path) -> Verification:
    """Verify the receipt at `path`, and the files beside it, by building the project in `root`.

    Raises:
        CannotRun: the receipt cannot be read, or what it is of cannot be built here.
    """
    receipt = read_receipt(path)
    altered, absent = _beside(receipt, path.parent)
    if altered:
        names = " and ".join(each.name for each in altered)
        return Verification(
            Answer.ALTERED,
            f"altered: {names} beside the receipt {_is(altered)} not what the receipt describes",
            tuple(_altered(each, path.parent) for each in altered),
        )
    with tempfile.TemporaryDirectory(prefix="concordant-verify-") as home:
        workshop = Workshop(root, Path(home).resolve())
        setting, built_from = _setting(receipt, workshop)
        made = _made(run_builds(setting))
        found = _verification(receipt, made, built_from)
        if found.answer is Answer.DIFFERENT:
            compared = across(path.parent, setting.folder / BUILD, receipt)
            found = replace(found, details=(*found.details, *compared))
    if absent and found.answer is Answer.IDENTICAL:
        names = ", ".join(each.name for each in absent)
        return replace(found, details=(*found.details, f"not here to be compared: {names}"))
    return found


def _beside(receipt: Receipt, folder: Path) -> tuple[list[FileRecord], list[FileRecord]]:
    """Return which of the receipt's files in `folder` are altered, and which are absent."""
    absent = [each for each in receipt.files if not (folder / each.name).is_file()]
    there = [each for each in receipt.files if each not in absent]
    return [each for each in there if file_hash(folder / each.name) != each.sha256], absent


def _altered(each: FileRecord, folder: Path) -> str:
    return (
        f"{each.name}: SHA-256 {file_hash(folder / each.name)[:16]}…, receipt {each.sha256[:16]}…"
    )


def _setting(receipt: Receipt, workshop: Workshop) -> tuple[Setting, str]:
    """Copy what the receipt is of; return how to build it, and what it is in words."""
    epoch = int(datetime.fromisoformat(receipt.subject.date).timestamp())
    setting = workshop.setting().having(SOURCE_DATE_EPOCH=str(epoch))
    commit = receipt.commit
    if commit and commit.clean and _has_commit(workshop.root, commit.name):
        clone(workshop.root, setting.folder, commit.name)
        return _with_its_packages(setting, workshop), f"commit {commit.name[:12]}"
    workshop.copy(setting)
    return setting, "the current checkout"


def _has_commit(root: Path, name: str) -> bool:
    return git.ask(root, "cat-file", "-t", name) == "commit"


def _with_its_packages(setting: Setting, workshop: Workshop) -> Setting:
    """Let a commit with another lock be built with the packages of that lock."""
    lock, mine = (folder / "uv.lock" for folder in (setting.folder, workshop.root))
    if not lock.is_file() or (mine.is_file() and file_hash(mine) == file_hash(lock)):
        return setting
    try:
        python = environment_of(setting.python, setting.folder, setting.room)
    except LeftOut as reason:
        raise CannotRun(f"the packages of that commit cannot be had: {reason}") from reason
    return replace(setting, python=python)


def _made(outcome: Outcome) -> Receipt:
    if outcome.receipt is None:
        raise CannotRun(f"the build fails here:\n{outcome.said}")
    return outcome.receipt


def _verification(receipt: Receipt, made: Receipt, built_from: str) -> Verification:
    here = {each.name: each.sha256 for each in made.files}
    others = [each for each in receipt.files if here.get(each.name) != each.sha256]
    if not others:
        same = f"{len(receipt.files)} files, byte for byte"
        return Verification(Answer.IDENTICAL, f"identical: {built_from} gives the same {same}")
    causes = tuple(_causes(receipt, made))
    names = " and ".join(each.name for each in others)
    reason = causes[0] if causes else "nothing on the receipts explains it"
    return Verification(
        Answer.DIFFERENT,
        f"different: {names}, built from {built_from}; {reason}",
        causes[1:],
    )


def _causes(receipt: Receipt, made: Receipt) -> Iterator[str]:
    """Tell what the receipts say of why the files differ, the weightiest first."""
    if changed := _changed(receipt.inputs, made.inputs):
        was = f" (its commit is {receipt.commit.name[:12]})" if receipt.commit else ""
        dirty = ", with changes that are in no commit" if _is_dirty(receipt) else ""
        yield f"the receipt is of another source{was}{dirty}: {_some(changed)}"
    if changed := _changed(receipt.program, made.program):
        yield f"the program is another: {_some(changed)}"
    if changed := _changed(receipt.tools.packages, made.tools.packages):
        yield f"other packages: {_some(changed)}"
    if receipt.tools.pandoc_sha256 != made.tools.pandoc_sha256:
        yield f"another pandoc: {made.tools.pandoc_version} here, {receipt.tools.pandoc_version}"
    if changed := _changed(receipt.tools.fonts, made.tools.fonts):
        yield f"other fonts: {_some(changed)}"
    if others := other_versions(made.machine.layout, receipt.machine.layout):
        words = "; ".join(map(str, others))
        yield f"layout may differ: {words} in the receipt (environments/layout-stack brings the locked)"
    if receipt.subject.date != made.subject.date:
        yield f"another date: {made.subject.date} here, {receipt.subject.date} in the receipt"


def _is_dirty(receipt: Receipt) -> bool:
    return receipt.commit is not None and not receipt.commit.clean


def _changed(there: Mapping[str, str], here: Mapping[str, str]) -> list[str]:
    return sorted(name for name in there.keys() | here.keys() if there.get(name) != here.get(name))


def _some(names: list[str], most: int = 4) -> str:
    rest = len(names) - most
    return ", ".join(names[:most]) + (f" and {rest} more" if rest > 0 else "")


def _is(files: list[FileRecord]) -> str:
    return "is" if len(files) == 1 else "are"
