"""Web fonts: the faces of the EPUB and the HTML, cut to what a document can show in them, and compressed.

Which characters those are is known before its pages are, so workers compress the fonts while others lay out pages.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor
from typing import TYPE_CHECKING

from concordant.editions.typefaces.fonts import CutFace, cut_closer
from concordant.editions.typefaces.glyphs import words_of_metadata
from concordant.editions.typefaces.mathfont import math_fonts
from concordant.editions.typefaces.woff2 import to_woff2
from concordant.editions.workers import Started, ThisProcess

if TYPE_CHECKING:
    from concordant.editions.publication import Publication

_FURNITURE = {".css", ".jinja", ".js"}


class WebFonts:
    """The faces of a publication that travel with it; each is compressed once, from `start` on or when it is asked for."""

    def __init__(self, publication: Publication, executor: Executor | None = None) -> None:
        characters = frozenset[str]().union(*_texts(publication))
        closer = cut_closer(publication.fonts, characters)
        self.faces: tuple[CutFace, ...] = (*closer, *math_fonts(publication.fragments))
        self._executor = executor or ThisProcess()
        self._started: dict[str, Started[bytes]] = {}

    def start(self) -> None:
        """Have all faces compressed."""
        for cut in self.faces:
            self._start(cut)

    def woff2(self, cut: CutFace) -> bytes:
        """Return a face as WOFF2."""
        return self._start(cut).result()

    def _start(self, cut: CutFace) -> Started[bytes]:
        if cut.face.name not in self._started:
            self._started[cut.face.name] = Started(self._executor, to_woff2, cut.data)
        return self._started[cut.face.name]


def _texts(publication: Publication) -> Iterator[str]:
    """Yield all that has a part in what the editions show: the document, and the templates, styles and terms around it."""
    for each in publication.fragments:
        yield each.written
    metadata = publication.project.metadata
    yield from words_of_metadata(metadata)
    yield publication.long_date(metadata.date)
    yield str(publication.terms.words)
    for path in sorted(publication.project.styles.iterdir()):
        if path.suffix in _FURNITURE:
            yield path.read_text("utf-8")
