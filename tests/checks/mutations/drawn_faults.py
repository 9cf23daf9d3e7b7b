"""Faults in what a PDF draws: numbers, words and lines changed in the content streams alone."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

import pikepdf

from tests.checks.mutations.base import Hit
from tests.checks.mutations.pdf_book import Drawn, drawn_in, heading_over, matter, redraw
from tests.checks.mutations.pdf_faults import fault


def _redrawn(
    data: bytes, pdf: pikepdf.Pdf, random: Random, places: list[tuple[Drawn, int]]
) -> tuple[Drawn, str] | None:
    random.shuffle(places)
    for place, at in places:
        old = place.text[at]
        wanted = str((int(old) + 1) % 10) if old.isdigit() else "e"
        if new := redraw(pdf, place, at, wanted):
            return place, place.text[:at] + new + place.text[at + 1 :]
    return None


def _places(data: bytes, test: Callable[[Drawn], bool], pattern: str) -> list[tuple[Drawn, int]]:
    return [
        (drawn, match.start(1))
        for drawn in drawn_in(data)
        if test(drawn) and (match := re.search(pattern, drawn.text))
    ]


def _has(drawn: Drawn, *tags: str) -> bool:
    return any(tag in drawn.path for tag in tags)


def _body(drawn: Drawn, data: bytes) -> bool:
    """Whether the operator stands after the lists at the front and before the reference list."""
    pages = matter(data)
    return pages[0] <= drawn.page < pages[1]


@fault("folio-order", "page-number", "folio-label")
def folio_redrawn(pdf: pikepdf.Pdf, data: bytes, random: Random) -> Hit | None:
    places = _places(data, lambda d: not d.path, r"^\s*\d*(\d)\s*$")
    return Hit() if _redrawn(data, pdf, random, places) else None


@fault("page-number", "contents-text")
def contents_folio_redrawn(pdf: pikepdf.Pdf, data: bytes, random: Random) -> Hit | None:
    first, _ = matter(data)
    places = _places(data, lambda d: d.page < first and _has(d, "Link"), r"^\s*\d*(\d)\s*$")
    return Hit() if _redrawn(data, pdf, random, places) else None


@fault("page-number")
def cited_on_page_redrawn(pdf: pikepdf.Pdf, data: bytes, random: Random) -> Hit | None:
    _, last = matter(data)
    places = _places(data, lambda d: d.page >= last and _has(d, "Link"), r"^\s*\d*(\d)\s*$")
    return Hit() if _redrawn(data, pdf, random, places) else None


@fault("link-target", "mention-undeclared", "mention-label", "page-number")
def linked_number_redrawn(pdf: pikepdf.Pdf, data: bytes, random: Random) -> Hit | None:
    places = _places(data, lambda d: _body(d, data) and _has(d, "Link"), r"^\W*\d*(\d)\W*$")
    return Hit() if _redrawn(data, pdf, random, places) else None


@fault("declaration-label", "number-gap", "number-duplicate", "declaration-missing")
def heading_number_redrawn(pdf: pikepdf.Pdf, data: bytes, random: Random) -> Hit | None:
    places = _places(data, lambda d: _body(d, data) and heading_over(d), r"^\d[\d.]*(\d)(?:\s|$)")
    return Hit() if _redrawn(data, pdf, random, places) else None


@fault("declaration-text")
def heading_text_redrawn(pdf: pikepdf.Pdf, data: bytes, random: Random) -> Hit | None:
    places = _places(data, lambda d: _body(d, data) and heading_over(d), r"[a-z]{3}([a-z])[a-z]{2}")
    return Hit() if _redrawn(data, pdf, random, places) else None


@fault("declaration-label", "number-duplicate", "number-gap", "declaration-missing", "link-target")
def caption_number_redrawn(pdf: pikepdf.Pdf, data: bytes, random: Random) -> Hit | None:
    places = _places(data, lambda d: _has(d, "Caption"), r"^(?:\w+\s)?(\d)\W{0,2}(?:\s|$)")
    return Hit() if _redrawn(data, pdf, random, places) else None


@fault("declaration-text")
def caption_text_redrawn(pdf: pikepdf.Pdf, data: bytes, random: Random) -> Hit | None:
    places = _places(data, lambda d: _has(d, "Caption"), r" [a-z]{2}([a-z])[a-z]{2}")
    return Hit() if _redrawn(data, pdf, random, places) else None


@fault("words-differ", "declaration-text")
def word_redrawn(pdf: pikepdf.Pdf, data: bytes, random: Random) -> Hit | None:
    places = _places(
        data, lambda d: _body(d, data) and _has(d, "P"), r" [a-z]{2,}([a-z])[a-z]{2,} "
    )
    return Hit() if _redrawn(data, pdf, random, places) else None


@fault("words-differ", "declaration-text")
def number_in_the_text_redrawn(pdf: pikepdf.Pdf, data: bytes, random: Random) -> Hit | None:
    test = lambda d: _body(d, data) and _has(d, "P", "TD") and not _has(d, "Link")  # noqa: E731
    places = _places(data, test, r"(?:^|\s)\d+(\d)(?:\s|[,.]|$)")
    return Hit() if _redrawn(data, pdf, random, places) else None


@fault("words-differ", "declaration-text", "declaration-missing")
def line_not_drawn(pdf: pikepdf.Pdf, data: bytes, random: Random) -> Hit | None:
    lines = [d for d in drawn_in(data) if _body(d, data) and _has(d, "P") and len(d.text) > 30]
    if not lines:
        return None
    redraw(pdf, random.choice(lines), 0, None)
    return Hit()


@fault("declaration-label", "declaration-missing", "number-gap", "number-duplicate")
def entry_label_redrawn(pdf: pikepdf.Pdf, data: bytes, random: Random) -> Hit | None:
    _, last = matter(data)
    places = _places(data, lambda d: d.page >= last, r"^\s*\[\d*(\d)\]")
    # Its number may be drawn by itself.
    places += _places(data, lambda d: d.page >= last and _has(d, "Lbl"), r"^\d*(\d)$")
    return Hit() if _redrawn(data, pdf, random, places) else None


@fault("declaration-text")
def entry_text_redrawn(pdf: pikepdf.Pdf, data: bytes, random: Random) -> Hit | None:
    _, last = matter(data)
    test = lambda d: d.page >= last and _has(d, "LI") and not d.text.startswith("Cited")  # noqa: E731
    places = _places(data, test, r"[a-z]{3}([a-z])[a-z]{2}")
    return Hit() if _redrawn(data, pdf, random, places) else None


@fault("mention-missing", "link-target", "words-differ", "declaration-text")
def note_call_not_drawn(pdf: pikepdf.Pdf, data: bytes, random: Random) -> Hit | None:
    places = [
        d for d in drawn_in(data) if _body(d, data) and _has(d, "Link") and d.text.strip().isdigit()
    ]
    if not places:
        return None
    redraw(pdf, random.choice(places), 0, None)
    return Hit()


@fault("words-differ", "declaration-text")
def text_drawn_outside_the_structure(pdf: pikepdf.Pdf, data: bytes, random: Random) -> Hit | None:
    lines = [d for d in drawn_in(data) if _body(d, data) and _has(d, "P") and len(d.text) > 30]
    if not lines:
        return None
    line = random.choice(lines)
    page = pdf.pages[line.page]
    steps = list(pikepdf.parse_content_stream(page))
    face = next(step for step in reversed(steps[: line.index]) if str(step.operator) == "Tf")
    place = [12, 0, 0, 12, 80, 300] if float(face.operands[1]) == 1 else [1, 0, 0, 1, 80, 300]
    again = [
        pikepdf.ContentStreamInstruction([], pikepdf.Operator("BT")),
        face,
        pikepdf.ContentStreamInstruction(place, pikepdf.Operator("Tm")),
        steps[line.index],
        pikepdf.ContentStreamInstruction([], pikepdf.Operator("ET")),
    ]
    page.contents_add(pikepdf.unparse_content_stream(again), prepend=True)
    return Hit()


@fault("picture-text")
def picture_without_its_text(pdf: pikepdf.Pdf, data: bytes, random: Random) -> Hit | None:
    letters = [drawn for drawn in drawn_in(data) if _has(drawn, "Figure") and drawn.text.strip()]
    pages = sorted({drawn.page for drawn in letters})
    if not pages:
        return None
    page = random.choice(pages)
    gone = {drawn.index for drawn in letters if drawn.page == page}
    steps = list(pikepdf.parse_content_stream(pdf.pages[page]))
    kept = [step for index, step in enumerate(steps) if index not in gone]
    pdf.pages[page].obj.Contents = pdf.make_stream(pikepdf.unparse_content_stream(kept))
    return Hit()
