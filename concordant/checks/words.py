"""The running text as words, what is set apart from it by role, and the comparison of two word streams."""

from __future__ import annotations

import re
import unicodedata
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import compress, pairwise

from concordant.checks.flow import LINE, Cover, Role, Span, outermost
from concordant.checks.found import Found, Text
from concordant.checks.model import FORMULA, Aside, Edition, Kind, Passage, Running, Words
from concordant.checks.terms import part_named_by

_CJK = r"\u2e80-\u2fdf\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
_UNSEEN = "\u200b\u2060\ufeff"  # where lines may end or not
_WORD = re.compile(
    rf"[{_CJK}]|(?:(?![{_CJK}])[^\W\d_][\u00ad\u0300-\u036f{_UNSEEN}]*)+|\d+|[^\w\s{_UNSEEN}]|_"
)
# Most text has none of the letters that make the pattern above slow.
_PLAIN_WORD = re.compile(r"[^\W\d_]+|\d+|[^\w\s]|_")
_SPECIAL = re.compile(rf"[{_CJK}\u00ad\u0300-\u036f{_UNSEEN}]")
_SHOWN = 90  # characters
_BLOCK = 64  # words that are compared at once
_SET_APART = {
    Role.NAVIGATION: "navigation",
    Role.CONTENTS: "contents",
    Role.FURNITURE: "furniture",
    Role.COLOPHON: "colophon",
    Role.TITLE_PAGE: "title page",
    Role.BACKLINK: "back-links",
    Role.PAGE_MARK: "page marks",
    Role.PICTURE: "pictures",
    Role.MATH: "formulas",
    Role.MARKER: "list markers",
}
_HYPHEN = {
    **dict.fromkeys(map(ord, f"\u00ad{_UNSEEN}"), ""),
    **dict.fromkeys(map(ord, "‐‑\u0002\ufffe"), "-"),
}
_HYPHEN_SIGN = re.compile(f"[{''.join(map(chr, _HYPHEN))}]")
_HYPHENS = "-‐‑\u00ad\u0002\ufffe"
_BREAKS = frozenset("\u0002\ufffe")  # what PDFium gives for a hyphen at a line's end
_END = re.compile(f"[{LINE}\u0002\ufffe]")
# In a PDF a block may end with the page, in the middle of a word.
_END_IN_PDF = re.compile(rf"{_END.pattern}|(?<=[^\W\d_][{_HYPHENS}])\n(?=[^\W\d_])")
_RIGHT_TO_LEFT = frozenset(("R", "AL", "NSM"))
_BEFORE_AN_END = 3  # spaces at most


def normal(text: str) -> str:
    """Return text with ligatures taken apart, soft hyphens and unseen signs removed, and quotes and hyphens made one."""
    if text.isascii() and "\u0002" not in text:
        return text
    if not unicodedata.is_normalized("NFKC", text):
        text = unicodedata.normalize("NFKC", text)
    return text.translate(_HYPHEN) if _HYPHEN_SIGN.search(text) else text


def shortened(text: str) -> str:
    """Return the beginning of a text, as findings show it."""
    plain = normal(text)
    return plain if len(plain) <= _SHOWN else f"{plain[:_SHOWN].rstrip()}…"


def set_apart(text: Text, found: Iterable[Found]) -> tuple[Cover, list[Span]]:
    """Return what is no running text: by role, and the notes and entries, which are compared apart."""
    spans = [*text.flow.of(*_SET_APART), *_parts_by_heading(text)]
    lists = [
        Span(Role.NOTE, f.start, f.end) for f in found if f.kind in (Kind.FOOTNOTE, Kind.REFERENCE)
    ]
    return Cover([*spans, *lists]), spans


def _parts_by_heading(text: Text) -> list[Span]:
    headings = [h for h in text.flow.of(Role.HEADING) if h.start not in text.aside]
    # What a tagged file's structure does not hold comes last, and may stand anywhere.
    last = min((s.start for s in text.flow.of(Role.UNTAGGED)), default=len(text.flow.text))
    parts = []
    for index, heading in enumerate(headings):
        role = part_named_by(text.printed(heading.start, heading.end))
        if role == "colophon" and heading.start < last:
            later = (h.start for h in headings[index + 1 :] if h.level <= heading.level)
            parts.append(Span(Role.COLOPHON, heading.start, min(next(later, last), last)))
    return parts


def passages(text: Text, apart: Cover) -> tuple[Passage, ...]:
    """Return the running words, under the headings that they stand under."""
    headings = outermost(
        h for h in text.flow.of(Role.HEADING) if h.start not in apart and h.end > h.start
    )
    cuts = [0, *(h.start for h in headings), len(text.flow.text)]
    names = [(" ".join(normal(text.told(h.start, h.end)).split()), h.level) for h in headings]
    ends = _END_IN_PDF if text.flow.edition is Edition.PDF else _END
    made, tokens = [], _Tokens(text.flow.text, ends)
    for (name, level), (start, end) in zip([("", 0), *names], pairwise(cuts), strict=True):
        words = tokens.words(apart, start, end)
        if words or name:
            made.append(Passage(name, words, level=level))
    return tuple(made)


def count_of(words: Words) -> int:
    """Return how many words there are, without signs; one that a line's end divides counts once."""
    divided = list(compress(words.texts, words.broken)).count("-")
    return sum(map(str.isalnum, words.texts)) - divided


def words_in(text: Text, apart: Cover, start: int, end: int) -> Iterator[tuple[str, int]]:
    """Yield the running words of a stretch of the flow, each with its offset."""
    for match in _matches(text, apart, start, end):
        yield normal(match[0]), match.start()


def _matches(text: Text, apart: Cover, start: int, end: int) -> Iterator[re.Match[str]]:
    printed = text.flow.text
    for a, b in apart.gaps(start, end):
        yield from _pattern(printed, a, b).finditer(printed, a, b)


def _pattern(text: str, start: int, end: int) -> re.Pattern[str]:
    return _WORD if _SPECIAL.search(text, start, end) else _PLAIN_WORD


class _Normal(dict[str, str]):
    """Gives words as `normal` does, each kept once: most come again and again."""

    def __missing__(self, word: str) -> str:
        made = self[word] = normal(word)
        return made


class _Tokens:
    """Divides a text into words, a line at a time, as it matters after which a line ends."""

    def __init__(self, text: str, ends: re.Pattern[str]) -> None:
        self._text = text
        self._ends = [_end(text, match) for match in ends.finditer(text)]
        self._plain = not _SPECIAL.search(text)
        self._known = _Normal()

    def words(self, apart: Cover, start: int, end: int) -> Words:
        """Return the words of a stretch but for what is set apart."""
        texts: list[str] = []
        last: list[int] = []
        for begin, close in apart.gaps(start, end):
            pattern = _PLAIN_WORD if self._plain else _pattern(self._text, begin, close)
            first, after = bisect_right(self._ends, begin), bisect_right(self._ends, close)
            for end_of_line in self._ends[first:after]:
                found = pattern.findall(self._text, begin, end_of_line)
                if found and not self._text[end_of_line - 1].isspace():
                    last.append(len(texts) + len(found) - 1)
                texts += found
                begin = end_of_line  # noqa: PLW2901
            texts += pattern.findall(self._text, begin, close)
        broken = bytearray(len(texts))
        for index in last:
            broken[index] = 1
        return Words(tuple(map(self._known.__getitem__, texts)), bytes(broken), start, end)


def _end(text: str, match: re.Match[str]) -> int:
    """Return where a line's last word would end: before the line's end and spaces, or after a hyphen for a line's end."""
    if match[0] in _BREAKS:
        return match.end()
    end = match.start()
    before = text[max(end - _BEFORE_AN_END, 0) : end]
    return end - len(before) + len(before.rstrip(" \u00a0"))


def running(text: Text, apart: Cover) -> Running:
    """Return what is needed to find the words of the running text again."""
    printed = text.flow.text
    stretches = list(apart.gaps(0, len(printed)))
    starts, ends = (array("I", [stretch[side] for stretch in stretches]) for side in (0, 1))
    return Running(printed, starts, ends)


def offset_of(words: Words, index: int, running: Running) -> int:
    """Return where a word, by its index, begins in the flow."""
    first, last = bisect_right(running.ends, words.start), bisect_left(running.starts, words.end)
    for a, b in zip(running.starts[first:last], running.ends[first:last], strict=True):
        start, end = max(a, words.start), min(b, words.end)
        for match in _pattern(running.text, start, end).finditer(running.text, start, end):
            if index == 0:
                return match.start()
            index -= 1
    return words.start


def asides(text: Text, spans: Iterable[Span]) -> tuple[Aside, ...]:
    """Count the words that are set apart, by role."""
    counts: dict[str, int] = {}
    for span in spans:
        number = sum(1 for _ in re.finditer(r"\w+", text.flow.text[span.start : span.end]))
        name = _SET_APART[span.role]
        counts[name] = counts.get(name, 0) + number
    return tuple(Aside(name, number) for name, number in sorted(counts.items()) if number)


@dataclass(frozen=True, slots=True)
class Difference:
    """Where two word streams part: [a0, a1) of the first stands against [b0, b1) of the second."""

    a0: int
    a1: int
    b0: int
    b1: int


def differences(a: Words, b: Words, run: int = 4) -> Iterator[Difference]:
    """Yield where two word streams differ, in time linear in their lengths when they are nearly equal.

    Words that differ only by where a line ends (a hyphen, a space) are the same.
    """
    i = j = 0
    while True:
        same = _same(a.texts, b.texts, i, j)
        i, j = i + same, j + same
        if i >= len(a) and j >= len(b):
            return
        m, n = _meet(a.texts, b.texts, i, j, run)
        yield from _refine(a, b, Difference(i, m, j, n))
        i, j = m, n


def _same(a: Sequence[str], b: Sequence[str], i: int, j: int) -> int:
    """Return how many words from (i, j) on are the same."""
    whole, most = 0, min(len(a) - i, len(b) - j)
    while whole < most and (a[i + whole : i + whole + _BLOCK] == b[j + whole : j + whole + _BLOCK]):
        whole = min(whole + _BLOCK, most)
    while whole < most and a[i + whole] == b[j + whole]:
        whole += 1
    return whole


def _meet(a: Sequence[str], b: Sequence[str], i: int, j: int, run: int) -> tuple[int, int]:
    """Return the nearest places after (i, j) from where `run` words are the same."""
    seen_a: dict[tuple[str, ...], int] = {}
    seen_b: dict[tuple[str, ...], int] = {}
    for step in range(max(len(a) - i, len(b) - j) + 1):
        if i + step < len(a):
            seen_a.setdefault(tuple(a[i + step : i + step + run]), i + step)
        if j + step < len(b):
            seen_b.setdefault(tuple(b[j + step : j + step + run]), j + step)
        if i + step < len(a) and (key := tuple(a[i + step : i + step + run])) in seen_b:
            return seen_a[key], seen_b[key]
        if j + step < len(b) and (key := tuple(b[j + step : j + step + run])) in seen_a:
            return seen_a[key], seen_b[key]
    return len(a), len(b)


def _refine(a: Words, b: Words, gap: Difference) -> Iterator[Difference]:
    """Drop from a difference what is equal at its ends, and all of it when only line ends differ."""
    a0, a1, b0, b1 = gap.a0, gap.a1, gap.b0, gap.b1
    while a1 > a0 and b1 > b0 and a.texts[a1 - 1] == b.texts[b1 - 1]:
        a1, b1 = a1 - 1, b1 - 1
    if a0 == a1 and b0 == b1:
        return
    if not _same_but_for_line_ends(a, b, Difference(a0, a1, b0, b1)):
        yield Difference(a0, a1, b0, b1)


def _same_but_for_line_ends(a: Words, b: Words, gap: Difference) -> bool:
    """Whether two unequal stretches print the same letters, and are divided in another way only where a line ends."""
    before = min(gap.a0, gap.b0, 1)
    left = _Divided.of(a, gap.a0 - before, gap.a1 + 1)
    right = _Divided.of(b, gap.b0 - before, gap.b1 + 1)
    if left.letters.casefold() != right.letters.casefold():
        return False
    sides = "".join(a.texts[gap.a0 : gap.a1]), "".join(b.texts[gap.b0 : gap.b1])
    if left.letters != right.letters and all(side != side.upper() for side in sides):
        return False  # capitals are a matter of style
    return all(left.may_differ(right, at) for at in {*left.cuts, *right.cuts})


@dataclass(frozen=True, slots=True)
class _Divided:
    """What words print on end, without hyphens; `cuts` has how many hyphens stand where it is divided, `ends` where lines end."""

    letters: str
    cuts: Mapping[int, int]
    ends: frozenset[int]

    @classmethod
    def of(cls, words: Words, start: int, end: int) -> _Divided:
        """Return how the words [start, end) are divided."""
        letters, length = [], 0
        cuts: dict[int, int] = {}
        ends = set()
        for word, is_last in zip(words.texts[start:end], words.broken[start:end], strict=True):
            if word in _HYPHENS:
                cuts[length] = cuts.get(length, 0) + 1
            else:
                cuts.setdefault(length, 0)
                letters.append(word)
                length += len(word.casefold())  # "ß" in capitals is "SS"
            if is_last:
                ends.add(length)
        return cls("".join(letters), cuts, frozenset(ends))

    def may_differ(self, other: _Divided, at: int) -> bool:
        """Whether both are divided here alike, or a line ends here in one of them; a hyphen before a digit may be its minus."""
        mine, its = self.cuts.get(at), other.cuts.get(at)
        if mine == its:
            return True
        beside = self.letters.casefold()[max(at - 1, 0) : at + 1]
        if (mine or 0) != (its or 0) and any(map(str.isdigit, beside)):
            return False
        ends = self.ends | other.ends
        # Narrow spaces between letters from right to left are not always seen.
        return at in ends or (bool(ends) and all(map(_is_right_to_left, beside)))


def _is_right_to_left(letter: str) -> bool:
    return unicodedata.bidirectional(letter) in _RIGHT_TO_LEFT


def around_formulas(letters: str) -> re.Pattern[str]:
    """Return a pattern for what `letters_of` gives of the same text where formulas are written in some other way.

    Where it has a sign for a formula, too, that is all there may be.
    """
    formula = f"(?:{FORMULA}|[^{FORMULA}]*?)"
    return re.compile(formula.join(re.escape(piece) for piece in letters.split(FORMULA)) + "$")


def letters_of(text: str) -> str:
    """Return what a text prints but for white space and hyphens, which depend on where lines end."""
    return "".join(normal(text).split()).replace("-", "")  # `normal` leaves no other hyphen
