"""The cover: the paged identity's first sight, as a picture for libraries and reading systems."""

from __future__ import annotations

import io

import pypdfium2
from lxml import etree

from concordant.editions.publication import Publication
from concordant.editions.titles import set_title
from concordant.editions.weasy import Press

SHEETS = ("common.css", "cover.css")
WIDTH, HEIGHT = 1600, 2400  # px; shops ask for at least 1,600 on the longer side


def cover_png(publication: Publication) -> bytes:
    """Draw the cover as a PNG, 1,600 by 2,400 px."""
    press = Press(publication.sheet(*SHEETS, dark=False), publication.fonts)
    title = set_title(publication.project.metadata.title, width=306, height=330, largest=74)
    root = etree.fromstring(publication.render("cover.jinja", title=title).encode())
    pdf = press.print([press.lay_out(root, first_folio=1)])
    page = pypdfium2.PdfDocument(pdf)[0]
    picture = page.render(scale=HEIGHT / page.get_height()).to_pil()
    buffer = io.BytesIO()
    picture.convert("RGB").crop((0, 0, WIDTH, HEIGHT)).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()
