"""Contestants: the commands that are measured on a generated book, Concordant's and bare ones.

The bare commands get the same sections, bibliography, citation style, fonts and page; what they do not
do (numbering across editions, cross-references, checks) is left out of their work, not added to ours.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import pikepdf
import pypandoc

from benchmarks.book import Book
from concordant.editions.typefaces.fonts import cut_fonts, font_faces

ROOT = Path(__file__).resolve().parent.parent


class Team(StrEnum):
    """What a row belongs to: the two that are compared, other engines, and our build after an edit."""

    OURS = "concordant"
    BARE = "bare"
    OUTSIDE = "outside"
    EDITED = "edited"


@dataclass(frozen=True, slots=True)
class Contestant:
    """One command, run in `folder`; `pdf` names what it prints there. `missing` says why it cannot run."""

    name: str
    team: Team
    command: tuple[str, ...]
    folder: Path
    pdf: str = ""
    missing: str = ""

    def pages(self) -> int:
        """Return how many pages the printed file has; 0 where there is none."""
        path = self.folder / self.pdf
        if not self.pdf or not path.is_file():
            return 0
        with pikepdf.open(path) as pdf:
            return len(pdf.pages)


def contestants(book: Book) -> tuple[Contestant, ...]:
    """Return all commands for one book, in the order in which they must run."""
    folder = book.root / "bare"
    folder.mkdir(exist_ok=True)
    if not (folder / "figures").exists():
        (folder / "figures").symlink_to(book.root / "source" / "figures")
    (folder / "print.css").write_text(_print_style(folder), "utf-8")
    return (ours(book), *_bare(book, folder), *_outside(book, folder))


def ours(book: Book) -> Contestant:
    """Return the build of the three editions."""
    code = "import sys, pathlib; from concordant.building import run_build; "
    code += "sys.exit(run_build(pathlib.Path(sys.argv[1])))"
    command = (sys.executable, "-c", code, str(book.root))
    return Contestant("concordant", Team.OURS, command, book.root, f"build/{book.slug}.pdf")


def proof(book: Book) -> Contestant:
    """Return the check of the editions that were built, by itself."""
    code = "import sys, pathlib; from concordant.checks.check import check; "
    code += "kinds = {'pdf': 'pdf', 'epub': 'epub', 'html': 'html', 'ledger': 'json'}; "
    code += "name = {'ledger': 'numbers'}; folder = pathlib.Path(sys.argv[1]); "
    code += (
        "paths = {k: folder / f'{name.get(k, sys.argv[2])}.{end}' for k, end in kinds.items()}; "
    )
    code += "sys.exit(check(**paths).exit_status)"
    command = (sys.executable, "-c", code, str(book.root / "build"), book.slug)
    return Contestant("concordant, the check alone", Team.EDITED, command, book.root)


def layout_alone(book: Book) -> Contestant:
    """Return the layout of the pages of the bare HTML, without writing them."""
    code = "import weasyprint; weasyprint.HTML('book.html').render()"
    return Contestant("layout", Team.BARE, (sys.executable, "-c", code), book.root / "bare")


def _bare(book: Book, folder: Path) -> Iterator[Contestant]:
    html = _pandoc(book, "--to=html5", "--output=book.html", "--css=print.css")
    yield Contestant("pandoc → HTML", Team.BARE, html, folder)
    epub = _pandoc(book, "--to=epub3", "--output=book.epub")
    yield Contestant("pandoc → EPUB", Team.BARE, epub, folder)
    command = (sys.executable, "-m", "weasyprint", "--quiet", "--pdf-variant=pdf/ua-1")
    paged = (*command, "book.html", "book.pdf")
    yield Contestant("WeasyPrint → tagged PDF", Team.BARE, paged, folder, "book.pdf")


def _outside(book: Book, folder: Path) -> Iterator[Contestant]:
    typeset = _pandoc(book, "--to=typst", "--output=book.typ")
    missing = (
        ""
        if importlib.util.find_spec("typst")
        else "typst is not installed (uv sync --group bench)"
    )
    yield Contestant("pandoc → typst", Team.OUTSIDE, typeset, folder, missing=missing)
    code = "import typst; typst.compile('book.typ', output='typst.pdf', root='/')"
    compile_ = (sys.executable, "-c", code)
    yield Contestant("typst → PDF", Team.OUTSIDE, compile_, folder, "typst.pdf", missing)
    browser = shutil.which("chromium") or shutil.which("google-chrome") or ""
    missing = "" if browser else "Chromium is not installed"
    options = [
        "--headless",
        "--disable-gpu",
        "--no-pdf-header-footer",
        "--print-to-pdf=chromium.pdf",
    ]
    options += ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    printing = (browser, *options, "book.html")
    yield Contestant("Chromium → PDF", Team.OUTSIDE, printing, folder, "chromium.pdf", missing)


def _pandoc(book: Book, *options: str) -> tuple[str, ...]:
    source = book.root / "source"
    return (
        pypandoc.get_pandoc_path(),
        "--quiet",
        "--standalone",
        "--citeproc",
        "--number-sections",
        "--toc",
        "--mathml",
        f"--csl={ROOT / 'styles' / 'concordant-numeric.csl'}",
        f"--bibliography={source / 'references.yaml'}",
        f"--metadata-file={source / 'metadata.yaml'}",
        f"--resource-path={source}",
        *options,
        *map(str, book.chapters),
    )


def _print_style(folder: Path) -> str:
    """Write the style of the bare page beside its fonts: the page and the type are those of our PDF."""
    faces = cut_fonts(map(chr, range(0x20, 0x7F)))
    for cut in faces:
        (folder / f"{cut.face.name}.ttf").write_bytes(cut.data)
    rules = font_faces(faces, {cut.face.name: f"{cut.face.name}.ttf" for cut in faces})
    return rules + _BARE_STYLE


_BARE_STYLE = """
@page { size: 160mm 240mm; margin: 22mm 24mm; @bottom-center { content: counter(page) } }
@media print { html { font: 10.4pt/1.38 "Source Serif 4"; hyphens: auto }
body { max-width: none; padding: 0; margin: 0 } h1 { break-before: page }
table { font: 8.5pt/1.3 "Source Sans 3" } }
"""
