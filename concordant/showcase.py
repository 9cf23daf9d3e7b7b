"""Showcase: the pictures of the documentation, taken from the built editions as readers see them."""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import pypdfium2
from PIL import Image, ImageOps

from concordant.isolation import surroundings
from concordant.problem import CannotRun

if TYPE_CHECKING:
    from playwright.sync_api import Browser

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
FLAGS: tuple[str, ...] = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
)
FLAGS += ("--disable-component-update", "--disable-sync")
_GAP, _BORDER, _PAPER = 36, "#b9b3a7", "#ece8df"


def take_pictures(build: Path, folder: Path) -> list[Path]:
    """Take the pictures of the editions in `build` and write them as PNG files into `folder`.

    Raises:
        CannotRun: there are no editions yet, or no Chromium.
    """
    editions = {suffix: next(build.glob(f"*.{suffix}"), None) for suffix in ("pdf", "epub", "html")}
    pdf, epub, html = editions["pdf"], editions["epub"], editions["html"]
    if pdf is None or epub is None or html is None:
        raise CannotRun("there are no editions yet; run `inv build` first")
    pages = [_pdf_page(pdf, index) for index in (0, 2, 9)]
    with browser() as chromium:
        desk = _screenshot(chromium, html.as_uri(), 1280, 900)
        phone = _screenshot(chromium, html.as_uri() + "#sec-context", 390, 844, dark=True)
        chapter = _epub_chapter(chromium, epub)
    pictures = {
        "pdf.png": row(pages, 900),
        "html.png": row([desk, phone], 900),
        "epub.png": row(chapter, 900),
        "editions.png": row([pages[2], chapter[1], phone], 820),
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, picture in pictures.items():
        picture.save(folder / name, optimize=True)
    return [folder / name for name in pictures]


@contextmanager
def browser() -> Iterator[Browser]:
    """Start the machine's Chromium, headless.

    Raises:
        CannotRun: there is none.
    """
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only developers have it

    program = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if program is None:
        raise CannotRun("there is no Chromium; install it (Debian: apt install chromium)")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=program, args=list(FLAGS), env={**surroundings()}
        )
        try:
            yield chromium
        finally:
            chromium.close()


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
    chromium: Browser, url: str, width: int, height: int, *, dark: bool = False
) -> Image.Image:
    page = chromium.new_page(
        viewport={"width": width, "height": height},
        device_scale_factor=2,
        color_scheme="dark" if dark else "light",
    )
    page.goto(url)
    page.evaluate("document.fonts.ready.then(() => true)")
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
        return [_screenshot(chromium, shot.as_uri(), 600, 800) for shot in shots]
