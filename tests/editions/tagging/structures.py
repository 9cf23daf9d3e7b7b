"""Reading the structure tree of a finished PDF, with no code of the builder."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2


@dataclass(frozen=True, slots=True)
class Part:
    """One element of a finished file: its type, depth and dictionary, and its own text."""

    role: str
    depth: int
    element: Any


class Reader:
    """Reads a tagged PDF as assistive technology does: through the tree, not down the pages."""

    def __init__(self, path: Path) -> None:
        self.pdf = pikepdf.open(path)
        self._pages = {page.obj.objgen: index for index, page in enumerate(self.pdf.pages)}
        self._texts = _texts_of(path)

    @property
    def root(self) -> Any:
        """The one element on top."""
        (document,) = self.pdf.Root.StructTreeRoot.K
        return document

    def parts(self, element: Any = None, depth: int = 0) -> Iterator[Part]:
        """Yield all elements, each before those in it."""
        top = self.root if element is None else element
        yield Part(str(top.S)[1:], depth, top)
        for kid in _kids(top):
            if _is_element(kid):
                yield from self.parts(kid, depth + 1)

    def text(self, element: Any) -> str:
        """Return an element's text: the alternative of a picture, or all that is in it."""
        if "/Alt" in element:
            return f" {element.Alt} "
        pieces = []
        for kid in _kids(element):
            if isinstance(kid, int):
                pieces.append(self._mark(element.Pg, kid))
            elif "/MCID" in kid:
                pieces.append(self._mark(kid.Pg, int(kid.MCID)))
            elif _is_element(kid):
                pieces.append(self.text(kid))
        separator = "" if str(element.S)[1:] in _RUNNING else " "
        return separator + "".join(pieces) + separator

    def _mark(self, page: Any, mcid: int) -> str:
        return self._texts[self._pages[page.objgen]].get(mcid, "")


_RUNNING = {"Span", "Link", "Reference", "Code", "Quote"}


def words(text: str) -> list[str]:
    """Return the words of a text; a hyphen at a line's end has been joined already."""
    return re.findall(r"\w+", text.replace("\u00ad", ""))


def _kids(element: Any) -> list[Any]:
    kids = element.get("/K", pikepdf.Array())
    return list(kids) if isinstance(kids, pikepdf.Array) else [kids]


def _is_element(kid: Any) -> bool:
    return isinstance(kid, pikepdf.Dictionary) and "/S" in kid


def _texts_of(path: Path) -> list[dict[int, str]]:
    """Return each page's text by marked-content identifier, decoded by pdfium."""
    document = pypdfium2.PdfDocument(path)
    pages = []
    for page in document:
        text_page = page.get_textpage()
        texts: dict[int, str] = {}
        for each in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_TEXT]):
            mcid = pypdfium2.raw.FPDFPageObj_GetMarkedContentID(each.raw)
            length = pypdfium2.raw.FPDFTextObj_GetText(each.raw, text_page.raw, None, 0)
            buffer = (pypdfium2.raw.FPDF_WCHAR * (length // 2 + 1))()
            pypdfium2.raw.FPDFTextObj_GetText(each.raw, text_page.raw, buffer, length)
            texts[mcid] = texts.get(mcid, "") + bytes(buffer).decode("utf-16-le").rstrip("\0")
        pages.append(texts)
    return pages
