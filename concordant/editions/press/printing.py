"""Printing: a part of the PDF laid out and printed, as plain functions on plain values that any process can run.

What a part looks like depends on its HTML, the style and the fonts alone: not on where in the document it stands.
A process makes its press ready once for each style and set of fonts.
"""

from __future__ import annotations

import gc
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock
from typing import TYPE_CHECKING, TypeAlias

from lxml import etree

from concordant.cache import Kept
from concordant.collector import held_off
from concordant.editions.press.complaints import heard
from concordant.editions.press.stretches import is_stretch
from concordant.editions.typefaces.fonts import CutFace

if TYPE_CHECKING:
    from concordant.editions.press.weasy import Press

# A table that is too wide: the anchor of its section, the words of its first row's cells, and how many tables that begin
# so come before it in that section. Plain data, which can be kept.
WideTable: TypeAlias = tuple[str, tuple[str, ...], int]
ALONE = Lock()  # the layout engine is for one thread at a time
_SPECIMEN = (
    '<html lang="en"><body><section><h1>A page</h1><p>A paragraph</p></section></body></html>'
)


@dataclass(frozen=True, slots=True)
class Outfit:
    """What a press is made of: a style sheet and fonts; `digest` tells one outfit from another.

    `memory` keeps what takes a press long to read.
    """

    style: str
    fonts: tuple[CutFace, ...]
    digest: str
    memory: Kept | None = None

    def __hash__(self) -> int:
        return hash(self.digest)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Outfit) and self.digest == other.digest


@dataclass(frozen=True, slots=True)
class PrintedPart:
    """A printed part, without its page numbers and with blanks: a PDF for `binding`, and the facts of its layout.

    Those are the kind of each page, the page (from 0) of each anchor, how many of the part's tokens (see
    `pagemarks`) stand before each page, and in all, the style that had the last word, the tables that are too wide
    for the pages, and the formulas, as TeX, that are too small because of them.
    """

    pdf: bytes
    kinds: tuple[str, ...]
    anchors: Mapping[str, int]
    starts: tuple[int, ...]
    tokens: int
    style: str
    wide: tuple[WideTable, ...] = ()
    small: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Numbering:
    """The page numbers of a part: the kinds of its pages, the first number, and its layout's last style."""

    kinds: tuple[str, ...]
    first_folio: int
    style: str


class NotesLost(Exception):
    """The layout engine has lost notes; the argument has their anchors."""


def outfit(style: str, fonts: Iterable[CutFace], memory: Kept | None = None) -> Outfit:
    """Make an outfit."""
    cut = tuple(fonts)
    digest = hashlib.sha256(style.encode())
    for each in cut:
        digest.update(repr(each.face).encode() + hashlib.sha256(each.data).digest())
    return Outfit(style, cut, digest.hexdigest(), memory)


def get_ready(of: Outfit) -> None:
    """Make a press of this outfit ready in this process: with what any page needs."""
    with ALONE:
        press(of).lay_out(etree.fromstring(_SPECIMEN))


def print_part(html: str, of: Outfit) -> PrintedPart:
    """Lay out and print one part, given as a well-formed HTML document.

    Raises:
        NotesLost: notes are lost, whatever the length of the pages.
        NotDrawn: the layout engine leaves something else out.
        NotLaidOut: it fails.
    """
    from concordant.editions.press.fitting import fit  # noqa: PLC0415 - as in `press`
    from concordant.editions.press.formulas import draw_formulas  # noqa: PLC0415
    from concordant.editions.press.narrowing import told  # noqa: PLC0415
    from concordant.editions.press.widths import small_formulas  # noqa: PLC0415

    root = etree.fromstring(html.encode(), etree.XMLParser(remove_comments=True, huge_tree=True))
    with ALONE, held_off():
        if press.cache_info().currsize:
            # The last part's layout is young, and full of cycles; a worker would hold several.
            gc.collect(1)
        draw_formulas(root, of.memory)
        ready = press(of)
        with heard(next((str(each.get("id")) for each in root.iter() if each.get("id")), "")):
            layout = ready.lay_out(root) if is_stretch(root) else fit(ready, root)
            pdf = ready.print_part(layout)
        facts = layout.kinds, layout.anchors, layout.starts, layout.tokens, layout.style
        small = small_formulas(layout.document.pages, root)
        return PrintedPart(pdf, *facts, told(layout, root), small)


def print_numbering(numbering: Numbering, of: Outfit) -> bytes:
    """Print the page numbers of one part."""
    with ALONE:
        return press(of).print_folios(numbering.kinds, numbering.first_folio, numbering.style)


@lru_cache(maxsize=2)
def press(of: Outfit) -> Press:
    """Return a press of this outfit, made ready."""
    from concordant.editions.press.weasy import Press  # noqa: PLC0415 - a process that prints nothing does without

    ready = Press(of.style, of.fonts, of.memory)
    gc.collect()
    gc.freeze()  # what a press is made of stays: the collector need not look at it after each part
    return ready
