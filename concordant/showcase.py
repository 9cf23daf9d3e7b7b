"""Showcase: the pictures of the documentation, taken from the built editions as readers see them."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import pypdfium2
from PIL import Image, ImageOps

from concordant.problem import CannotRun
from concordant.validation.chromium import launched
from concordant.validation.engine import open_book
from concordant.validation.tools import Tools, Unavailable

if TYPE_CHECKING:
    from playwright.sync_api import Browser

_OPEN_PAGES = """() => {
    const pages = document.querySelector(".pages");
    pages.open = true;
    pages.scrollIntoView({block: "end"});
}"""
_GAP, _BORDER, _PAPER = 36, "#b9b3a7", "#ece8df"


def take_pictures(build: Path, folder: Path, tools: Tools) -> list[Path]:
    """Take the pictures of the editions in `build` and write them as PNG files into `folder`.

    Raises:
        CannotRun: there are no editions yet, no Chromium, or no reading engine.
    """
    try:
        return _take_pictures(build, folder, tools)
    except Unavailable as error:
        raise CannotRun(f"{error.reason}; {error.hint}") from error


def _take_pictures(build: Path, folder: Path, tools: Tools) -> list[Path]:
    editions = {suffix: next(build.glob(f"*.{suffix}"), None) for suffix in ("pdf", "epub", "html")}
    pdf, epub, html = editions["pdf"], editions["epub"], editions["html"]
    if pdf is None or epub is None or html is None:
        raise CannotRun("there are no editions yet; run `inv build` first")
    pages = [_pdf_page(pdf, index) for index in (0, 2, 9)]
    tools.install_node_modules()
    with launched() as chromium:
        desk = _screenshot(chromium, html.as_uri(), (1280, 900))
        phone = _screenshot(chromium, html.as_uri() + "#sec-context", (390, 844), dark=True)
        chapter = _epub_chapter(chromium, epub)
        marks = _page_marks(chromium, html)
    pictures = {
        "pdf.png": row(pages, 900),
        "html.png": row([desk, phone], 900),
        "epub.png": row(chapter, 900),
        "editions.png": row([pages[2], chapter[2], phone], 820),
        "pages.png": row(marks, 900),
        "engine.png": row(_in_engine(epub, tools), 900),
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, picture in pictures.items():
        picture.save(folder / name, optimize=True)
    return [folder / name for name in pictures]


def row(pictures: Sequence[Image.Image], height: int) -> Image.Image:
    """Set pictures beside each other, at one height in px, on a quiet ground."""
    scaled = [
        ImageOps.expand(
            each.resize(
                (round(each.width * height / each.height), height), Image.Resampling.LANCZOS
            ),
            1,
            _BORDER,
        )
        for each in pictures
    ]
    width = sum(each.width for each in scaled) + _GAP * (len(scaled) + 1)
    ground = Image.new("RGB", (width, height + 2 * _GAP + 2), _PAPER)
    left = _GAP
    for each in scaled:
        ground.paste(each, (left, _GAP))
        left += each.width + _GAP
    return ground


def _pdf_page(path: Path, index: int) -> Image.Image:
    picture: Image.Image = pypdfium2.PdfDocument(path)[index].render(scale=2).to_pil()
    return picture.convert("RGB")


def _screenshot(
    chromium: Browser,
    url: str,
    size: tuple[int, int],
    *,
    dark: bool = False,
    before: str = "() => true",
) -> Image.Image:
    page = chromium.new_page(
        viewport={"width": size[0], "height": size[1]},
        device_scale_factor=2,
        color_scheme="dark" if dark else "light",
    )
    page.goto(url)
    page.evaluate("document.fonts.ready.then(() => true)")
    page.evaluate(before)
    data = page.screenshot()
    page.close()
    return Image.open(BytesIO(data)).convert("RGB")


def _epub_chapter(chromium: Browser, path: Path) -> list[Image.Image]:
    with tempfile.TemporaryDirectory() as folder:
        with zipfile.ZipFile(path) as archive:
            archive.extractall(folder)
        book = Path(folder) / "EPUB"
        chapters = sorted(book.rglob("chapter-*.xhtml"))
        shots = [book / "text" / "cover.xhtml", chapters[1], chapters[2]]
        return [_screenshot(chromium, shot.as_uri(), (600, 800)) for shot in shots]


def _page_marks(chromium: Browser, path: Path) -> list[Image.Image]:
    """Show the list of pages beside the text, a page's mark in the margin, and marks within the lines of a phone."""
    desk = _screenshot(chromium, path.as_uri() + "#page-8", (1280, 900), before=_OPEN_PAGES)
    phone = _screenshot(chromium, path.as_uri() + "#page-8", (390, 844))
    return [desk, phone]


def _in_engine(epub: Path, tools: Tools) -> list[Image.Image]:
    """Show a citation, the entry that it leads to, and a note, as a reading engine shows them."""
    with open_book(epub, tools, density=2) as engine:
        shots = []
        first, *_ = (each.href for each in engine.page_list() if each.page == 1)
        engine.open(first)
        shots.append(engine.picture())
        engine.follow(engine.seen(".citation a")[0])
        shots.append(engine.picture())
        page, *_ = (each.href for each in engine.page_list() if each.page == 5)
        engine.open(page)
        engine.follow(engine.seen("[role=doc-noteref]")[0])
        shots.append(engine.picture())
    return [Image.open(BytesIO(shot)).convert("RGB") for shot in shots]
