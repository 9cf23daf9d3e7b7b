"""What may differ where a line ends, and what may not; and which words are running text."""

from __future__ import annotations

import pytest

from concordant.checks.compare_words import compare_words
from concordant.checks.flow import Flow, Role, Span
from concordant.checks.model import Edition, Identity, Passage, Reading, Words
from concordant.checks.recognise import recognise
from concordant.checks.words import differences


def words(text: str) -> Words:
    """Return words parted by spaces; a line ends behind one with a stroke."""
    each = text.split()
    broken = bytes(word.endswith("/") and len(word) > 1 for word in each)
    return Words(tuple(word.rstrip("/") or word for word in each), broken)


def differ(left: str, right: str) -> bool:
    found = list(differences(words(left), words(right)))
    assert bool(found) is bool(list(differences(words(right), words(left))))
    return bool(found)


@pytest.mark.parametrize(
    ("pdf", "html"),
    [
        ("an inves -/ tigation began", "an investigation began"),
        ("the well/ known case", "the well - known case"),
        ("at https://exam/ ple of it", "at https://example of it"),
        ("of 1234/ 567 in all", "of 1234567 in all"),
        ("see THE HARBOUR there", "see The Harbour there"),
        ("see THE HAR -/ BOUR there", "see The Harbour there"),
        ("die STRAS -/ SE dort", "die Straße dort"),
    ],
)
def test_where_a_line_ends_hyphens_and_spaces_may_differ(pdf: str, html: str) -> None:
    assert not differ(pdf, html)


@pytest.mark.parametrize(
    ("pdf", "html"),
    [
        ("an inves tigation began", "an investigation began"),
        ("cells 12 3 here", "cells 1 23 here"),
        ("cells 12/ 3 here", "cells 1 23 here"),
        ("it is/ - 5 degrees", "it is/ 5 degrees"),
        ("it is/ -/ 5 degrees", "it is/ 5 degrees"),
        ("all 12 of them/ there", "all 1 2 of them/ there"),
        ("The harbour/ of old", "the harbour/ of old"),
        ("a reso -/ lution now", "a re solution now"),
    ],
)
def test_elsewhere_they_may_not_nor_may_a_digit_get_a_sign(pdf: str, html: str) -> None:
    assert differ(pdf, html)


def in_blocks(edition: Edition, *blocks: str) -> Reading:
    """Return what is read of blocks under a heading."""
    text, spans = "One\n", [Span(Role.BLOCK, 0, 3), Span(Role.HEADING, 0, 3, 1)]
    for block in blocks:
        spans.append(Span(Role.BLOCK, len(text), len(text) + len(block)))
        text += f"{block}\n"
    return recognise(Flow(edition, edition.value, text, Identity(), tuple(spans)))


@pytest.mark.parametrize(
    ("pdf", "html", "count"),
    [
        (("in con-", "siderations"), ("in considerations",), 0),  # where a page ends
        (("in con\u2028", "siderations"), ("in considerations",), 0),
        (("12", "3"), ("1", "23"), 1),
        (("12", "3"), ("12", "-3"), 1),
        (("12-", "3"), ("12", "3"), 1),
        (("no", "table"), ("not", "able"), 1),
    ],
)
def test_a_block_ends_no_line_but_within_a_word_of_the_pdf(
    pdf: tuple[str, ...], html: tuple[str, ...], count: int
) -> None:
    readings = [in_blocks(Edition.PDF, *pdf), in_blocks(Edition.HTML, *html)]
    assert len(list(compare_words(readings))) == count


def read(edition: Edition, *names: str) -> Reading:
    parts = tuple(Passage(name, words(f"{name} goes on")) for name in names)
    return Reading(edition, edition.value, Identity(), passages=parts)


def test_parts_without_numbers_in_another_order_are_named() -> None:
    order = ("Preface", "Thanks", "Sources", "Notes")
    readings = [read(Edition.PDF, *order), read(Edition.HTML, *order)]
    assert list(compare_words(readings)) == []
    moved = read(Edition.EPUB, "Preface", "Sources", "Thanks", "Notes")
    found = [(each.code, each.message) for each in compare_words([*readings, moved])]
    assert found == [("declaration-order", "the part “Sources” stands at another place in epub")]


def test_the_edition_that_differs_from_both_others_is_named() -> None:
    parted, whole = (words(f"cells {cell} stand here") for cell in ("3 10", "310"))
    passages = {Edition.HTML: parted, Edition.EPUB: whole, Edition.PDF: whole}
    readings = [
        Reading(edition, edition.value, Identity(), passages=(Passage("One", each),))
        for edition, each in passages.items()
    ]
    [found] = compare_words(readings)
    assert found.message == "the text under “One” differs in html: “310” is “3 10”"


def test_what_stands_outside_a_tagged_files_structure_is_no_part_of_its_last_part() -> None:
    text = "One\nA text.\nColophon\nSet by hand.\nA line more.\n"
    spans = []
    for block in text.splitlines():
        start = text.index(block)
        end = start + len(block)
        spans.append(Span(Role.BLOCK, start, end))
        if block in {"One", "Colophon"}:
            spans.append(Span(Role.HEADING, start, end, 1))
    tagged = Flow(Edition.PDF, "a.pdf", text, Identity(), tuple(spans))
    assert [each.words.texts for each in recognise(tagged).passages] == [("One", "A", "text", ".")]
    outside = tagged.with_spans([Span(Role.UNTAGGED, text.index("A line"), len(text))])
    [part] = recognise(outside).passages
    assert part.words.texts == ("One", "A", "text", ".", "A", "line", "more", ".")
