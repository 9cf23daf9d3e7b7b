"""A large document is published by a process of its own, to the same end."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from concurrent.futures.process import BrokenProcessPool
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from concordant import publishing
from concordant.cache import Folder, remembering
from concordant.editions.workers import local_workers
from concordant.problem import ProblemsFound
from concordant.progress import Progress
from concordant.publishing import Published, publish, publish_apart
from tests.documents import SVG, write_document

SECTIONS = {"1.md": "# One\n\nWords [@one]^[A note.].\n\n![Drawn](a.svg){#fig:a alt='A word'}\n"}


@pytest.fixture(scope="module")
def workers() -> Iterator[Executor]:
    with local_workers(1) as executor:
        yield executor


def apart(root: Path, workers: Executor, store: Folder | None = None) -> tuple[Published, str]:
    told = StringIO()
    return publish_apart(root, Progress(Console(file=told)), workers, store), told.getvalue()


def test_the_same_is_published(
    tmp_path: Path, workers: Executor, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = write_document(tmp_path, SECTIONS, files={"a.svg": SVG}).root
    here, warnings = publish(root, Progress(Console(file=StringIO())))
    monkeypatch.setattr(publishing, "_LARGE", 0)
    monkeypatch.setattr(publishing, "publish", None)  # nothing is published here
    store = Folder(tmp_path / "cache")
    (there, told), lines = apart(root, workers, store)
    assert (there.fragments, there.numbered, there.pictures, there.fonts) == (
        here.fragments,
        here.numbered,
        here.pictures,
        here.fonts,
    )
    assert told == warnings
    assert [line.rsplit(None, 2)[0] for line in lines.splitlines()][:3] == [
        "read the sources",
        "assemble the sections",
        "number",
    ]
    assert any(store.path.glob("??/*"))  # what it found out is kept


def test_problems_come_through(
    tmp_path: Path, workers: Executor, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = write_document(tmp_path, {"1.md": "# One\n\nWords [@nobody].\n"}).root
    monkeypatch.setattr(publishing, "_LARGE", 0)
    with pytest.raises(ProblemsFound) as found:
        apart(root, workers)
    assert [(each.code, str(each.place)) for each in found.value.problems] == [
        ("ref-missing", "source/1.md:3")
    ]


def test_what_is_carried_over_is_published_here(
    tmp_path: Path, workers: Executor, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = write_document(tmp_path, SECTIONS, files={"a.svg": SVG}).root
    monkeypatch.setattr(publishing, "_LARGE", 0)
    store = Folder(tmp_path / "cache")
    with remembering(store):
        apart(root, workers, store)
        section = root / "source" / "1.md"
        section.write_text(section.read_text("utf-8").replace("Words", "Other words"), "utf-8")
        monkeypatch.setattr(publishing, "_publish_here", None)
        (publication, _), lines = apart(root, workers, store)
    assert "Other words" in publication.fragments[0].body
    assert "write what has changed" in lines


class Killed(Executor):
    """Workers that are killed while they work."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_exception(BrokenProcessPool())
        return future


def test_what_a_killed_worker_leaves_is_done_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = write_document(tmp_path, SECTIONS, files={"a.svg": SVG}).root
    monkeypatch.setattr(publishing, "_LARGE", 0)
    (publication, _), _ = apart(root, Killed())
    assert [each.title for each in publication.headings] == ["One", "References"]


def test_a_small_document_is_published_here(
    tmp_path: Path, workers: Executor, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = write_document(tmp_path, SECTIONS, files={"a.svg": SVG}).root
    by = []

    def note(root: Path, progress: Progress) -> Published:
        by.append(os.getpid())
        return publish(root, progress)

    monkeypatch.setattr(publishing, "publish", note)
    apart(root, workers)
    assert by == [os.getpid()]
