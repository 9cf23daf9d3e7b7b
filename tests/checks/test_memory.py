"""What the check remembers of editions, and whom it has read them."""

from __future__ import annotations

import zipfile
from concurrent.futures import Executor
from pathlib import Path

import pikepdf
import pytest

from concordant.cache import PLACE, Kept
from concordant.checks.check import Checking, check, check_files, read_edition
from concordant.checks.model import Edition
from concordant.editions.workers import LocalWorkers, ThisProcess
from tests.checks.memories import Notebook
from tests.documents import write_document


def test_an_encrypted_file_is_not_remembered(harbour: dict[str, Path], tmp_path: Path) -> None:
    locked = tmp_path / "locked.pdf"
    with pikepdf.open(harbour["pdf"]) as pdf:
        pdf.save(locked, encryption=pikepdf.Encryption(owner="owner", user=""))
    memory = Notebook()
    assert read_edition(Edition.PDF, locked, memory) == read_edition(Edition.PDF, locked)
    assert memory.size == 0


def test_the_second_check_knows_what_the_first_has_kept(harbour: dict[str, Path]) -> None:
    files = {name: harbour[name] for name in ("pdf", "epub", "html")} | {"ledger": harbour["json"]}
    memory = Notebook()
    first = check_files(files, memory=memory)
    kept, unknown = memory.size, memory.unknown
    assert kept > 5
    second = check_files(files, ThisProcess(), memory)
    assert memory.size == kept
    assert memory.unknown - unknown < unknown  # small parts are asked for, and not kept
    assert memory.known > 5
    assert first == second == check(**files)


@pytest.mark.parametrize("edition", ["html", "epub"])
def test_what_is_wrong_in_one_edition_alone_is_found_in_pieces_too(
    harbour: dict[str, Path], tmp_path: Path, edition: str
) -> None:
    """A way back that leads elsewhere: the editions print the same."""
    faulty = tmp_path / harbour[edition].name
    if edition == "html":
        faulty.write_bytes(_misled(harbour["html"].read_bytes()))
    else:
        with zipfile.ZipFile(harbour["epub"]) as old, zipfile.ZipFile(faulty, "w") as new:
            for name in old.namelist():
                new.writestr(name, _misled(old.read(name)))
    files = {name: harbour[name] for name in ("pdf", "epub", "html")} | {edition: faulty}
    memory = Notebook()
    whole = check(**files)
    assert [finding.editions for finding in whole.findings] == [(Edition(edition),)]
    for _ in range(2):
        assert check_files(files, ThisProcess(), memory) == whole


def _misled(page: bytes) -> bytes:
    """Lead the second note's way back to the first note's call."""
    return page.replace(b'href="#c2"', b'href="#c1"')


@pytest.mark.slow
@pytest.mark.parametrize("long", [True, False])
def test_a_build_hands_the_check_its_workers_and_says_how_much_of_the_pdf_is_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, long: bool
) -> None:
    """Of a short document little is read without workers."""
    monkeypatch.setenv(PLACE, str(tmp_path / "cache"))
    monkeypatch.setattr("concordant.meantime.is_long", lambda _: long)
    chapters = {f"{n}.md": f"# Chapter {n}\n\nText [@one].\n" for n in range(1, 10)}
    document = write_document(tmp_path / "document", chapters)
    asked: list[Executor | None] = []
    told: list[float] = []

    class Witnessed(Checking):
        def __init__(self, executor: Executor | None, memory: Kept) -> None:
            asked.append(executor)
            super().__init__(executor, memory)

        def begin(self, edition: str, path: Path, new: float = 0.5) -> None:
            if edition == "pdf":
                told.append(new)
            super().begin(edition, path, new)

    monkeypatch.setattr("concordant.checks.check.Checking", Witnessed)
    document.build()
    (document.root / "source" / "2.md").write_text(f"{chapters['2.md']} Text.\n")
    document.build()
    assert [isinstance(executor, LocalWorkers) for executor in asked] == [True, long]
    first, second = told
    assert first == 1
    assert 0 < second < 0.2


def test_a_large_pdf_is_surveyed_by_another_process(
    harbour: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {name: harbour[name] for name in ("pdf", "epub", "html")}
    monkeypatch.setattr("concordant.checks.readers.pdf._LARGE", 0)
    memory = Notebook()
    for _ in range(2):
        assert check_files(files, ThisProcess(), memory) == check(**files)
