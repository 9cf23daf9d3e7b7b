"""Small documents for the tests: a folder with sections, a bibliography, and the project's styles."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from rich.console import Console

from concordant.assembled.assemble import assemble
from concordant.editions.edition import Format
from concordant.numbered.chapter import Numbered
from concordant.numbered.number import number
from concordant.numbered.terms import terms_for
from concordant.pipeline import build
from concordant.problem import Problem
from concordant.progress import Progress
from concordant.reproducing.receipt import RECEIPT
from concordant.sources.project import read_project

ROOT = Path(__file__).resolve().parent.parent
METADATA = "title: A small document\nlang: en-GB\nslug: small\ndate: 2020-02-02\n"
REFERENCES = "references:\n" + "\n".join(
    f"- id: {key}\n  type: book\n  title: The {key} book\n"
    for key in ("one", "two", "three", "four")
)
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="40"><text y="20">drawn</text></svg>'
)


@dataclass(frozen=True, slots=True)
class Document:
    """A document's folder."""

    root: Path

    def numbered(self) -> tuple[Numbered, list[Problem]]:
        """Run the stages up to numbering; return their result and every problem."""
        project, problems = read_project(self.root)
        assembled, found = assemble(project)
        problems += found
        numbering, found = number(assembled, project.references, terms_for(project.metadata.lang))
        return numbering.numbered, problems + found

    def build(
        self,
        formats: Iterable[Format] = tuple(Format),
        *,
        proven: bool = True,
        executor: Executor | None = None,
    ) -> dict[str, Path]:
        """Build the editions; return their files by extension, with the ledger as `json`."""
        progress = Progress(Console(file=StringIO()))
        build(self.root, formats, progress, proven=proven, executor=executor)
        return made_in(self.root / "build")


def made_in(folder: Path) -> dict[str, Path]:
    """Return the editions in a folder by extension, with the ledger as `json`."""
    return {
        path.suffix[1:]: path
        for path in folder.glob("*.*")
        if path.name not in {RECEIPT, "check.json"}
    }


def write_document(
    root: Path,
    sections: Mapping[str, str],
    *,
    metadata: str = METADATA,
    references: str = REFERENCES,
    files: Mapping[str, str] | None = None,
) -> Document:
    """Write a document: sections by name, other files of `source/` by path."""
    others = {"metadata.yaml": metadata, "references.yaml": references, **(files or {})}
    for name, text in {**sections, **others}.items():
        path = root / "source" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    (root / "styles").symlink_to(ROOT / "styles")
    return Document(root)


def own_styles(root: Path, pdf: str = "") -> Path:
    """Give a document a copy of the styles, with `pdf` at the end of the style sheet for the PDF."""
    (root / "styles").unlink()
    styles = Path(shutil.copytree(ROOT / "styles", root / "styles"))
    with (styles / "pdf.css").open("a", encoding="utf-8") as sheet:
        sheet.write(pdf)
    return styles
