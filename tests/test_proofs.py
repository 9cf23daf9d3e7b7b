"""What is put there ahead is read once if it turns out so, and otherwise not compared."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import Any

import pytest

from concordant.checks import check
from concordant.problem import CannotRun
from concordant.proofs import Proofs
from concordant.staging import Stage
from tests.documents import write_document


@pytest.fixture(scope="module")
def editions(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The editions of a small document, by their kind."""
    root = tmp_path_factory.mktemp("proofs")
    made = write_document(root, {"1.md": "# One\n\nText [@one].\n"}).build(proven=False)
    return {("ledger" if kind == "json" else kind): path for kind, path in made.items()}


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[tuple[str, bytes]]]:
    """What the check has begun to read: the kind and the content of each file."""
    files: list[tuple[str, bytes]] = []
    begin = check.Checking.begin

    def note(self: check.Checking, kind: str, path: Path, new: float = 0.5) -> None:
        files.append((kind, path.read_bytes()))
        begin(self, kind, path, new)

    monkeypatch.setattr(check.Checking, "begin", note)
    yield files


def put(proofs: Proofs, editions: dict[str, Path]) -> None:
    for kind, path in editions.items():
        proofs.put(kind, path.name, path.read_bytes())


def test_what_turns_out_as_expected_is_begun_once(
    editions: dict[str, Path], begun: list[tuple[str, bytes]], tmp_path: Path
) -> None:
    proofs = Proofs(Stage(tmp_path), None, None, compared=True)
    html = editions["html"]
    proofs.put_ahead("html", html.name, html.read_bytes())
    put(proofs, editions)
    assert sorted(kind for kind, _ in begun) == sorted(editions)
    assert begun[0][0] == "html"
    assert proofs.verdict().agrees


def test_what_is_put_there_ahead_is_read_at_once_where_this_process_reads(
    editions: dict[str, Path], begun: list[tuple[str, bytes]], tmp_path: Path
) -> None:
    proofs = Proofs(Stage(tmp_path), Unused(), None, compared=True)
    proofs.read_here()
    html = editions["html"]
    proofs.put_ahead("html", html.name, html.read_bytes())
    (tmp_path / html.name).unlink()  # nobody needs it any more
    put(proofs, editions)
    assert proofs.verdict().agrees
    assert len(begun) == len(editions)


class Unused(Executor):
    """Fails where it is asked to do anything."""

    def submit(self, fn: Any, /, *args: Any, **_: Any) -> Future[Any]:
        pytest.fail(f"{fn} is to be called with {args}")


def test_what_is_put_there_ahead_and_cannot_be_read_is_told_at_last(
    editions: dict[str, Path], tmp_path: Path
) -> None:
    proofs = Proofs(Stage(tmp_path), None, None, compared=True)
    proofs.put_ahead("epub", "a.epub", b"no EPUB")
    put(proofs, {kind: path for kind, path in editions.items() if kind != "epub"})
    proofs.put("epub", "a.epub", b"no EPUB")
    with pytest.raises(CannotRun, match="not a readable EPUB"):
        proofs.verdict()


def test_what_turns_out_otherwise_is_read_as_it_is(
    editions: dict[str, Path], begun: list[tuple[str, bytes]], tmp_path: Path
) -> None:
    html = editions["html"]
    wrong = html.read_bytes().replace(b"[1]", b"[2]")
    assert wrong != html.read_bytes()
    proofs = Proofs(Stage(tmp_path), None, None, compared=True)
    proofs.put_ahead("html", html.name, wrong)
    put(proofs, editions)
    assert [data for kind, data in begun if kind == "html"] == [wrong, html.read_bytes()]
    assert proofs.verdict().agrees
    assert (tmp_path / html.name).read_bytes() == html.read_bytes()


def test_a_wrong_file_is_told_even_if_it_was_put_there_ahead(
    editions: dict[str, Path], tmp_path: Path
) -> None:
    html = editions["html"]
    wrong = html.read_bytes().replace(b"[1]", b"[2]")
    proofs = Proofs(Stage(tmp_path), None, None, compared=True)
    proofs.put_ahead("html", html.name, wrong)
    put(proofs, {kind: path for kind, path in editions.items() if kind != "html"})
    proofs.put("html", html.name, wrong)
    assert not proofs.verdict().agrees


def test_without_a_comparison_files_are_only_written(
    editions: dict[str, Path], begun: list[tuple[str, bytes]], tmp_path: Path
) -> None:
    proofs = Proofs(Stage(tmp_path), None, None, compared=False)
    put(proofs, editions)
    assert begun == []
    assert {path.name for path in tmp_path.iterdir()} == {path.name for path in editions.values()}
