"""Blanks: parts are laid out with zeros for reference numbers, and for pages in lists; they are set when the pages are bound.

Figures of such a number are as wide as each other. So what a page looks like depends on how many digits its
numbers have, not on which: after a new citation, chapters whose numbers have only gone up are not laid out again, nor are
contents and reference lists when pages have moved up.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from lxml import etree

from concordant.editions.elements import HEADINGS, Element, classes
from concordant.editions.press.standins import NUMBER
from concordant.numbered.blank import BLANK, LABEL

OF = "#"  # begins what stands in place of a number: the anchor of the reference whose number it is
_SIGN = b"%blank "
_DRAWN = re.compile(rb"%blank (\d+) ([^\n]*)\n(\[[^\]]*\]) TJ")
_DESCRIBED = re.compile(rb"\(" + NUMBER.encode() + rb"(\d+)\)")
_GLYPHS = re.compile(rb"<([0-9a-f]*)>|([^<>]+)")


@dataclass(frozen=True, slots=True)
class Digit:
    """How a digit is drawn in place of a zero: its glyph, and the space before and after, in thousandths of an em."""

    glyph: int
    before: float = 0
    after: float = 0

    def __str__(self) -> str:
        return f"{self.glyph:04x},{self.before:g},{self.after:g}"


def leave_blanks(root: Element) -> tuple[str, ...]:
    """Put zeros in place of the reference numbers in a chapter's citations and in the labels of entries; return the numbers, with
    `OF` and an anchor for each that is a blank already.

    Headings keep theirs: they are repeated in running heads and bookmarks.
    """
    return blank_out([*_citing_links(root), *_label_numbers(root)])


def blank_out(elements: Iterable[Element], count: int = 0) -> tuple[str, ...]:
    """Put zeros in place of the numbers that elements consist of, leaving others alone; return those numbers.

    Each element that is a blank gets the index of its number; there are `count` others before.
    """
    numbers: list[str] = []
    for each in elements:
        if each.text and each.text.isascii() and each.text.isdigit() and not len(each):
            anchor = each.get(BLANK)
            each.set(BLANK, str(count + len(numbers)))
            numbers.append(each.text if anchor is None else f"{OF}{anchor}")
            each.text = "0" * len(each.text)
    return tuple(numbers)


def told(numbers: Iterable[str], by_anchor: Mapping[str, str]) -> tuple[str, ...]:
    """Return numbers with those of the references in place of anchors."""
    return tuple(by_anchor[each[1:]] if each.startswith(OF) else each for each in numbers)


def _citing_links(root: Element) -> Iterator[Element]:
    for citation in root.iter("span"):
        if (
            "citation" in classes(citation)
            and next(citation.iterancestors(*HEADINGS), None) is None
        ):
            yield from citation.iter("a")


def _label_numbers(root: Element) -> Iterator[Element]:
    """Yield an element for each label that has one number, which is made for it."""
    for label in [each for each in root.iter("span") if "entry-label" in classes(each)]:
        found = LABEL.fullmatch(label.text or "")
        if found and not len(label):
            number = etree.SubElement(label, "span")
            label.text, number.text, number.tail = found.groups()
            if anchor := str(label.attrib.pop(BLANK, "")):
                number.set(BLANK, anchor)
            yield number


def blank(index: int, digits: Sequence[Digit], drawn: bytes) -> bytes:
    """Write a blank into a content stream: a comment (ISO 32000-1, 7.2.3) that says how to set it, then its zeros.

    `drawn` is the operator that shows the zeros, which all have the glyph of the first of the ten `digits`.

    Raises:
        ValueError: that operator shows something else.
    """
    zero = b"%04x" % digits[0].glyph
    shown = b"".join(glyphs for glyphs, _ in _GLYPHS.findall(drawn))
    written = b"%%blank %d %b\n%b" % (index, " ".join(map(str, digits)).encode(), drawn)
    if not shown or shown.replace(zero, b"") or not _DRAWN.fullmatch(written):
        raise ValueError(f"no blank can be made of {drawn!r}")
    return written


def unpacked(part: bytes) -> bytes:
    """Unpack a part's PDF."""
    return zlib.decompress(part)


def has_blanks(written: bytes) -> bool:
    """Whether there are blanks in what is written of a PDF."""
    return _SIGN in written or NUMBER.encode() in written


def set_blanks(written: bytes, numbers: Sequence[str]) -> bytes:
    """Set the blanks in what is written of a PDF, unless there are no numbers for them; each takes as many bytes as before."""
    texts = [each.encode() for each in numbers]

    def draw(found: re.Match[bytes]) -> bytes:
        glyphs = _pieces(texts[int(found[1])], found[2].split())
        return _padded(_GLYPHS.sub(lambda each: _set(each, glyphs), found[3]) + b" TJ", found)

    def describe(found: re.Match[bytes]) -> bytes:
        return _padded(b"(%b)" % texts[int(found[1])], found)

    return _DESCRIBED.sub(describe, _DRAWN.sub(draw, written)) if texts else written


def _set(found: re.Match[bytes], pieces: Iterator[bytes]) -> bytes:
    """Put the next digits in place of the zeros of one string; leave what stands between strings."""
    zeros = len(found[1]) // 4 if found[1] is not None else 0
    return b"<%b>" % b"".join(next(pieces) for _ in range(zeros)) if zeros else found[0]


def _pieces(number: bytes, digits: Sequence[bytes]) -> Iterator[bytes]:
    for each in number.decode():
        glyph, before, after = digits[int(each)].split(b",")
        moves = tuple(b"" if move == b"0" else b">%g<" % -float(move) for move in (before, after))
        yield moves[0] + glyph + moves[1]


def _padded(written: bytes, found: re.Match[bytes]) -> bytes:
    room = len(found[0])
    if len(written) > room:
        raise ValueError(f"{written!r} has no room in {room} bytes")
    return written.ljust(room)
