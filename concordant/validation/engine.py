"""An EPUB in a reading engine: epub.js, on which many reading systems are built, in Chromium without a network."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from concordant.validation.chromium import launched
from concordant.validation.tools import Tools

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

_HOME = "http://reader.test/"  # answered here; the name is reserved for such use (RFC 2606)
_TIME_LIMIT = 10_000  # ms: a link that has not arrived by then leads nowhere


class Lost(Exception):
    """A link or an address of the book leads nowhere."""


@dataclass(frozen=True, slots=True)
class Sight:
    """An element in sight: its words, those that follow it, and the middle of its first line in px."""

    words: str
    after: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class PageEntry:
    """An entry of the page list, as the engine reads it: it keeps the numbers of pages, and no Roman ones."""

    href: str
    page: int | None


class Engine:
    """The engine with a book in it, open at some place. `requests` are the addresses that it asked for in vain."""

    def __init__(self, page: Page, requests: list[str]) -> None:
        self._page = page
        self.requests = requests

    def page_list(self) -> tuple[PageEntry, ...]:
        """Return the book's page list."""
        return tuple(PageEntry(**each) for each in self._page.evaluate("reader.pages()"))

    def open(self, href: str) -> None:
        """Go to an address of the book, as from its contents or its page list.

        Raises:
            Lost: the book has no such address.
        """
        from playwright.sync_api import Error  # noqa: PLC0415

        before = self._arrivals()
        try:
            self._page.evaluate("href => reader.open(href)", href)
        except Error as error:
            raise Lost(f"{href}: {str(error).splitlines()[0]}") from error
        self._arrive(before, href)

    def seen(self, selector: str) -> list[Sight]:
        """Return what is in sight of the elements that a CSS selector finds."""
        return [
            Sight(**each) for each in self._page.evaluate("each => reader.seen(each)", selector)
        ]

    def follow(self, link: Sight) -> None:
        """Click on a link.

        Raises:
            Lost: it leads nowhere.
        """
        before = self._arrivals()
        self._page.mouse.click(link.x, link.y)
        self._arrive(before, link.words)

    def picture(self) -> bytes:
        """Return what a reader sees now, as PNG."""
        return self._page.screenshot()

    def _arrivals(self) -> int:
        return int(self._page.evaluate("reader.arrivals"))

    def _arrive(self, before: int, name: str) -> None:
        from playwright.sync_api import TimeoutError as Late  # noqa: PLC0415

        try:
            self._page.wait_for_function(
                "before => reader.arrivals > before", arg=before, timeout=_TIME_LIMIT
            )
        except Late as error:
            raise Lost(f'"{name}" leads nowhere') from error
        self._page.evaluate("reader.settle()")


@contextmanager
def open_book(edition: Path, tools: Tools, *, density: float = 1) -> Iterator[Engine]:
    """Open an EPUB in a window of 600 by 800 CSS px, with so many device pixels for each.

    Raises:
        Unavailable: the engine is not installed, or there is no Chromium.
    """
    served = {
        "": (files("concordant.validation") / "engine.html").read_bytes(),
        "jszip.min.js": tools.node_module("jszip/dist/jszip.min.js").read_bytes(),
        "epub.js": tools.node_module("epubjs/dist/epub.js").read_bytes(),
        "book.epub": edition.read_bytes(),
    }
    requests: list[str] = []

    def answer(route: Route) -> None:
        name = route.request.url.removeprefix(_HOME)
        if name in served:
            kind = "text/javascript" if name.endswith(".js") else "text/html"
            route.fulfill(body=served[name], content_type=f"{kind}; charset=utf-8")
        else:
            requests.append(route.request.url)
            route.abort()

    with launched() as browser:
        page = browser.new_page(viewport={"width": 600, "height": 800}, device_scale_factor=density)
        page.route("**/*", answer)
        page.goto(_HOME)
        page.wait_for_function("book.ready.then(() => true)")
        yield Engine(page, requests)
