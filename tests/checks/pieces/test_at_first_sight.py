"""Editions that agree are compared in pieces alone; those that do not are read as a whole, and told as without a memory."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import pytest

from concordant.checks import begun
from concordant.checks.check import Checking, check, check_files
from concordant.checks.model import Verdict
from concordant.editions.workers import ThisProcess
from tests.checks.memories import Notebook
from tests.checks.test_side_by_side import Witness
from tests.documents import Document, write_document

LONG = " ".join(["The harbour kept two sets of accounts, and nobody asked why."] * 100)
CHAPTERS = {
    f"{name}.md": f"# Chapter {name} {{#sec:{name}}}\n\nIt is said [@{name}], as [@sec:one] has it.^[A note.]\n\n{LONG}\n"
    for name in ("one", "two", "three")
}

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> Document:
    return write_document(tmp_path_factory.mktemp("document"), CHAPTERS)


@pytest.fixture(scope="module")
def before(document: Document) -> dict[str, Path]:
    return {**_named(document.build())}


@pytest.fixture(scope="module")
def after(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    changed = CHAPTERS | {"two.md": CHAPTERS["two.md"].replace("asked why", "knew why", 1)}
    return _named(write_document(tmp_path_factory.mktemp("changed"), changed).build())


def _named(made: dict[str, Path]) -> dict[str, Path]:
    return {name: made[name] for name in ("pdf", "epub", "html")} | {"ledger": made["json"]}


def must_not_be_called(*_: object) -> None:
    raise AssertionError("an edition was recognised as a whole")


def test_editions_that_agree_are_compared_in_pieces_alone(
    before: dict[str, Path], after: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(begun, "recognise", must_not_be_called)
    memory = Notebook()
    for files in (before, after, before):
        verdict = check_files(files, memory=memory)
        assert verdict.agrees
        monkeypatch.undo()
        assert verdict == check(**files)
        monkeypatch.setattr(begun, "recognise", must_not_be_called)


def spoilt(files: dict[str, Path], folder: Path, old: str, new: str) -> dict[str, Path]:
    """Return the files, with other words in the EPUB."""
    path = folder / files["epub"].name
    with zipfile.ZipFile(files["epub"]) as good, zipfile.ZipFile(path, "w") as bad:
        for name in good.namelist():
            bad.writestr(name, good.read(name).replace(old.encode(), new.encode()))
    return files | {"epub": path}


@pytest.mark.parametrize(("old", "new"), [("knew why", "asked why"), (">2</a>", ">3</a>")])
def test_what_disagrees_is_told_as_without_a_memory(
    before: dict[str, Path], after: dict[str, Path], tmp_path: Path, old: str, new: str
) -> None:
    memory = Notebook()
    check_files(before, memory=memory)
    wrong = spoilt(after, tmp_path, old, new)
    verdict = check_files(wrong, memory=memory)
    assert verdict.errors
    assert verdict == check(**wrong)


def begin(files: dict[str, Path], memory: Notebook, new: float) -> tuple[Verdict, list[str]]:
    """Check with a worker, of a PDF that is said to be so new; return the verdict and what the worker was asked to do."""
    witness = Witness(ThisProcess())
    asked: list[str] = []
    checking = Checking(witness, memory)
    submit = witness.submit

    def told(fn: Any, work: Any) -> Any:
        asked.append(work.func.__name__)
        return submit(fn, work)

    witness.submit = told  # type: ignore[method-assign]
    for edition, path in files.items():
        checking.begin(edition, path, new)
    return checking.verdict(), asked


def test_who_reads_a_pdf_depends_on_how_much_of_it_is_said_to_be_new(
    before: dict[str, Path], after: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    memory = Notebook()
    verdict, asked = begin(before, memory, 1)
    assert "_read_what_is_little" not in asked
    assert asked[:2] == ["_said", "drawn_on"]
    assert verdict.agrees
    known = memory.known
    verdict, asked = begin(before, memory, 1)
    assert memory.known > known  # pieces; of the PDF nothing is looked up
    assert "drawn_on" in asked
    verdict, asked = begin(before, memory, 0.5)
    assert "_read_what_is_little" not in asked
    assert "drawn_on" in asked  # what stands in no chapter
    verdict, asked = begin(after, memory, 0)
    assert asked[0] == "_read_what_is_little"
    assert "drawn_on" not in asked
    assert verdict == check(**after)


def test_a_pdf_of_which_little_was_said_to_be_new_and_much_is(
    before: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(begun, "_FEW", 0)
    verdict, asked = begin(before, Notebook(), 0)
    assert asked[0] == "_read_what_is_little"
    assert {"_said", "drawn_on"} < {*asked}
    assert verdict == check(**before)
