"""The cover: the paged identity's first sight, as a picture for libraries and reading systems."""

from __future__ import annotations

import io
from concurrent.futures import Executor
from typing import TYPE_CHECKING

from lxml import etree

from concordant.editions.press.printing import ALONE, Outfit, outfit, press
from concordant.editions.titles import set_title
from concordant.editions.workers import Started, ThisProcess

if TYPE_CHECKING:
    from concordant.editions.publication import Publication

WIDTH, HEIGHT = 1600, 2400  # px; shops ask for at least 1,600 on the longer side
SHEETS = ("common.css", "cover.css")


def start_cover(publication: Publication, executor: Executor) -> Started[bytes]:
    """Have the cover drawn as a PNG, 1,600 by 2,400 px."""
    title = set_title(publication.project.metadata.title, width=306, height=330, largest=74)
    page = publication.render("cover.jinja", title=title)
    of = outfit(publication.sheet(*SHEETS, dark=False), publication.fonts)
    return Started(executor, draw, page, of)


def cover_png(publication: Publication) -> bytes:
    """Draw the cover here and now."""
    return start_cover(publication, ThisProcess()).result()


def draw(html: str, of: Outfit) -> bytes:
    """Draw a page as a PNG of the cover's size."""
    import pypdfium2  # noqa: PLC0415 - a process that draws no cover does without

    with ALONE:
        ready = press(of)
        pdf = ready.print([ready.lay_out(etree.fromstring(html.encode()))])
    page = pypdfium2.PdfDocument(pdf)[0]
    picture = page.render(scale=HEIGHT / page.get_height()).to_pil()
    buffer = io.BytesIO()
    picture.convert("RGB").crop((0, 0, WIDTH, HEIGHT)).save(buffer, "PNG")
    return buffer.getvalue()
