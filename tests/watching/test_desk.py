"""What was published for the page is what the editions are made of, as long as the document is the same."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from concordant.editions.edition import Format
from concordant.editions.workers import ThisProcess
from concordant.pipeline import build
from concordant.progress import Progress
from concordant.publishing import publish
from concordant.unchanged import causes, hashes_of
from concordant.watching.server import Board
from concordant.watching.watch import Desk
from tests.documents import METADATA, write_document

TEXT = "# One\n\nThe first paragraph [@one].\n"


def progress() -> Progress:
    return Progress(Console(file=StringIO()))


def desk(root: Path) -> Desk:
    ready = Desk(root, Console(file=StringIO()), Board(), ThisProcess())
    ready.refresh()
    return ready


def test_the_same_document_is_published_once(tmp_path: Path) -> None:
    root = write_document(tmp_path, {"1.md": TEXT}).root
    document = desk(root).document(causes(root))
    assert isinstance(document, tuple)
    publication, warnings = document
    assert "first paragraph" in publication.fragments[0].body
    assert warnings == ()


def test_one_that_was_saved_meanwhile_is_published_again(tmp_path: Path) -> None:
    root = write_document(tmp_path, {"1.md": TEXT}).root
    ready = desk(root)
    (root / "source" / "1.md").write_text(TEXT.replace("first", "1st"), "utf-8")
    assert ready.document(causes(root)) == root
    ready.refresh()
    assert ready.document(causes(root)) != root


def test_one_with_files_elsewhere_is_published_again(tmp_path: Path) -> None:
    root = write_document(tmp_path, {"1.md": TEXT}).root
    (root / "source" / "references.yaml").rename(root / "references.yaml")
    metadata = f"{METADATA}bibliography: ../references.yaml\n"
    (root / "source" / "metadata.yaml").write_text(metadata, "utf-8")
    ready = desk(root)
    assert ready.find("document.html")
    assert ready.document(causes(root)) == root


@pytest.mark.slow
def test_a_published_document_gives_the_same_editions(tmp_path: Path) -> None:
    made = []
    for name in ("folder", "published"):
        root = write_document(tmp_path / name, {"1.md": TEXT}).root
        document = publish(root, progress()) if name == "published" else root
        built = build(document, Format, progress(), proven=False, executor=ThisProcess())
        made.append(hashes_of(root / "build", built.files))
    assert made[0] == made[1]
    assert len(made[0]) == len(Format) + 3
