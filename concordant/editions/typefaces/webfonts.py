"""Web fonts: the faces of the EPUB and the HTML, cut to what a document can show in them, and compressed.

Which characters those are is known before its pages are, so fonts can be compressed while others lay out pages.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from concordant.editions.typefaces.fonts import CutFace, cut_closer
from concordant.editions.typefaces.glyphs import words_of_metadata
from concordant.editions.typefaces.mathfont import math_fonts
from concordant.editions.typefaces.woff2 import to_woff2

if TYPE_CHECKING:
    from concordant.editions.publication import Publication

_FURNITURE = {".css", ".jinja", ".js"}


def web_fonts(publication: Publication) -> tuple[CutFace, ...]:
    """Return the faces that travel with the editions of a publication."""
    closer = cut_closer(publication.fonts, frozenset().union(*_texts(publication)))
    return (*closer, *math_fonts(publication.fragments))


def prepare_fonts(fonts: Iterable[CutFace]) -> Iterator[None]:
    """Compress faces step by step: then they are at hand."""
    for cut in fonts:
        to_woff2(cut.data)
        yield


def _texts(publication: Publication) -> Iterator[str]:
    """Yield all that has a part in what the editions show: the document, and the templates, styles and terms around it."""
    for each in publication.fragments:
        yield each.written
    for picture in publication.pictures.values():
        if picture.is_svg:
            yield picture.data.decode()
    metadata = publication.project.metadata
    yield from words_of_metadata(metadata)
    yield publication.long_date(metadata.date)
    yield str(publication.terms.words)
    for path in sorted(publication.project.styles.iterdir()):
        if path.suffix in _FURNITURE:
            yield path.read_text("utf-8")
