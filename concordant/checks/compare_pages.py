"""Compares page marks and page lists with the pages of the PDF: each page is marked where it begins, and listed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise, takewhile

from concordant.checks.compare_aids import severity_of_absence
from concordant.checks.model import Edition, Finding, Kind, Page, Printed, Reading
from concordant.checks.recognise import FIRST_WORDS
from concordant.checks.words import letters_of
from concordant.problem import Severity

_FIRST = 5


def compare_page_marks(readings: Sequence[Reading]) -> Iterator[Finding]:
    """Yield what is wrong with the page marks of the EPUB and HTML, by the pages of the PDF.

    A mark says which page it is, stands before the first words of that page of the PDF, and is left out
    for no page between the first and the last that are marked. What one edition marks, so does the other.
    """
    pdf = next((r for r in readings if r.edition is Edition.PDF), None)
    pages = {page.label: page for page in pdf.pages if page.label} if pdf else {}
    marked = [each for each in readings if each.edition in (Edition.HTML, Edition.EPUB)]
    severity = severity_of_absence(readings)
    for reading in marked:
        other = next((each for each in marked if each is not reading and each.pages), None)
        if not reading.pages:
            yield from _unmarked(reading, other, severity)
            continue
        yield from _unnamed(reading)
        if other:
            yield from _begun_late(reading, other, pages, severity)
        if pdf is not None:
            yield from _misplaced(reading, pages)
            yield from _left_out(reading, pages)
            yield from _out_of_order(reading, list(pages))
        yield from _listed(reading)


def _unmarked(reading: Reading, other: Reading | None, severity: Severity) -> Iterator[Finding]:
    """Yield an edition that marks no page, where another does."""
    if other:
        message = f"{reading.edition} marks no page, though {other.edition} does"
        count = Printed(other.edition, f"{len(other.pages)} page marks", other.pages[0].spot)
        printed = (count, Printed(reading.edition, ""))
        yield Finding("page-mark", message, Kind.PAGE, printed=printed, severity=severity)


def _begun_late(
    reading: Reading, other: Reading, pages: dict[str, Page], severity: Severity
) -> Iterator[Finding]:
    """Yield the pages that another edition marks before the first mark of this one."""
    own = {mark.label for mark in reading.pages}
    first = reading.pages[0]
    before = f"(before page {first.label}: {' '.join(first.words)})"
    for mark in takewhile(lambda each: each.label not in own, other.pages):
        message = f"{reading.edition} has no mark for page {mark.label}"
        finding = _finding(other, mark, pages.get(mark.label), message)
        printed = (*finding.printed, Printed(reading.edition, before, first.spot))
        yield replace(finding, printed=printed, severity=severity)


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
    """Yield the marked pages that a list of pages leaves out, and the lines of such a list that are not in the order of the marks."""
    entries = [entry for entry in reading.entries if "page" in entry.source]
    listed = {entry.text for entry in entries}
    for mark in reading.pages if listed else ():
        if mark.label and mark.label not in listed:
            message = f"page {mark.label} is left out of the list of pages of {reading.edition}"
            yield replace(_finding(reading, mark, None, message), code="contents-missing")
    places = {mark.label: place for place, mark in enumerate(reading.pages)}
    for source in dict.fromkeys(entry.source for entry in entries):
        lines = [e for e in entries if e.source == source and e.text in places]
        for before, line in pairwise(lines):
            if places[line.text] <= places[before.text]:
                message = f"page {line.text} stands after page {before.text} in the {source} of {reading.edition}"
                printed = (Printed(reading.edition, line.text, line.spot),)
                yield Finding("contents-order", message, Kind.PAGE, line.text, printed)


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
