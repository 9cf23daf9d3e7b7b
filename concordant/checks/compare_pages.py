"""Compares page marks and page lists with the pages of the PDF: each page is marked where it begins, and listed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from concordant.checks.model import Edition, Finding, Kind, Page, Printed, Reading
from concordant.checks.recognise import FIRST_WORDS
from concordant.checks.words import letters_of

_FIRST = 5


def compare_page_marks(readings: Sequence[Reading]) -> Iterator[Finding]:
    """Yield what is wrong with the page marks of the EPUB and HTML, by the pages of the PDF.

    A mark says which page it is, stands before the first words of that page of the PDF, and is left out
    for no page between the first and the last that are marked.
    """
    pdf = next((r for r in readings if r.edition is Edition.PDF), None)
    for reading in readings:
        if reading.edition in (Edition.HTML, Edition.EPUB) and reading.pages:
            yield from _unnamed(reading)
            if pdf is not None:
                pages = {page.label: page for page in pdf.pages if page.label}
                yield from _misplaced(reading, pages)
                yield from _left_out(reading, pages)
                yield from _out_of_order(reading, list(pages))
            yield from _listed(reading)


def _unnamed(reading: Reading) -> Iterator[Finding]:
    before = ""
    for mark in reading.pages:
        if not mark.label:
            after = f" after that of page {before}" if before else ""
            message = f"a page mark of {reading.edition}{after} does not say which page it is"
            yield _finding(reading, mark, None, message, before)
        before = mark.label or before


def _misplaced(reading: Reading, pages: dict[str, Page]) -> Iterator[Finding]:
    for mark in reading.pages:
        page = pages.get(mark.label)
        if mark.label and page is None:
            message = f"{reading.edition} marks page {mark.label}, which the PDF has not"
            yield _finding(reading, mark, None, message)
        elif page and not _same_start(mark.words, page.words):
            where = f"in {reading.edition} is not where that page begins"
            yield _finding(reading, mark, page, f"the mark of page {mark.label} {where}")


def _same_start(mark: tuple[str, ...], page: tuple[str, ...]) -> bool:
    """Whether what follows a mark is how the page begins; where the text ends before, less than all of that is not."""
    ends = len(mark) < FIRST_WORDS
    # A sign at the break, such as a dash, may stand on either side of the mark.
    mark, page = (tuple(word for word in words if word.isalnum()) for words in (mark, page))
    if not page or not mark:
        return not page
    shared = min(len(page), _FIRST) if ends else min(len(mark), len(page), _FIRST)
    left, right = "".join(mark[:shared]), "".join(page[:shared])
    return left == right or letters_of("".join(mark)).startswith(letters_of(right))


def _left_out(reading: Reading, pages: dict[str, Page]) -> Iterator[Finding]:
    """Yield the pages without a mark after the first that has one; a page at the end may be blank."""
    marks = {mark.label: mark for mark in reading.pages}
    order = list(pages)
    marked = [index for index, label in enumerate(order) if label in marks]
    before: Page | None = None
    for index, label in enumerate(order[marked[0] :] if marked else (), marked[0] if marked else 0):
        if label in marks:
            before = marks[label]
        elif index < marked[-1] or pages[label].words:
            yield _finding(
                reading,
                before,
                pages[label],
                f"{reading.edition} has no mark for page {label}",
                label,
            )


def _out_of_order(reading: Reading, order: list[str]) -> Iterator[Finding]:
    place = {label: index for index, label in enumerate(order)}
    known = [mark for mark in reading.pages if mark.label in place]
    for before, mark in pairwise(known):
        if place[mark.label] <= place[before.label]:
            message = f"the mark of page {mark.label} in {reading.edition} stands after that of page {before.label}"
            yield _finding(reading, mark, None, message)


def _listed(reading: Reading) -> Iterator[Finding]:
    """Yield the marked pages that a list of pages leaves out."""
    listed = {entry.text for entry in reading.entries if "page" in entry.source}
    for mark in reading.pages if listed else ():
        if mark.label and mark.label not in listed:
            message = f"page {mark.label} is left out of the list of pages of {reading.edition}"
            yield replace(_finding(reading, mark, None, message), code="contents-missing")


def _finding(
    reading: Reading, mark: Page | None, page: Page | None, message: str, label: str = ""
) -> Finding:
    """Show a page of the PDF and a mark: that of the page, or (for the page `label`) the one before it."""
    printed = [Printed(Edition.PDF, " ".join(page.words), page.spot)] if page else []
    if mark:
        words = " ".join(mark.words)
        after = bool(label and mark.label and mark.label != label)
        text = f"(after page {mark.label}: {words})" if after else words
        printed.append(Printed(reading.edition, text, mark.spot))
    return Finding(
        "page-mark", message, Kind.PAGE, label or (mark.label if mark else ""), tuple(printed)
    )
