"""Where things stand in a Markdown file: pandoc's tree has no line numbers, so they are looked up in the text."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from urllib.parse import unquote

from concordant.problem import Place

_HIDDEN = re.compile(
    r"<!--.*?-->|^[ \t>]*(?P<fence>`{3,}|~{3,})[^\n`]*\n.*?^[ \t>]*(?P=fence)",
    re.DOTALL | re.MULTILINE,
)
# What may stand before a block on its line: the marks of quotations and list items around it.
_INSIDE = r"(?:[ \t]*(?:>|[-*+:](?=[ \t])|\(?\w{1,9}[.)](?=[ \t])))*[ \t]*"
_HEADING = re.compile(
    rf"^{_INSIDE}(?:(?P<marks>#{{1,6}})(?P<title>[ \t][^\n]*)?$"
    rf"|(?P<over>\S[^\n]*)\n{_INSIDE}(?P<under>=+|-+)[ \t]*$)",
    re.MULTILINE,
)
_ATTRIBUTES = re.compile(r"\{[^{}]*\}\s*$")
_WORD = re.compile(r"[^\W_]+")
_GAP, _NO_GAP = re.compile(r"\||\s{2}"), re.compile("")  # between the cells of a row


class Lines:
    """The line numbers of a text's offsets."""

    def __init__(self, text: str) -> None:
        self._ends = [found.start() for found in re.finditer("\n", text)]

    def of(self, offset: int) -> int:
        """Return the line (from 1) that holds an offset; 0 for an offset below 0, which is none."""
        return bisect_left(self._ends, offset) + 1 if offset >= 0 else 0


@dataclass(frozen=True, slots=True)
class _Candidate:
    """What looks like a heading: its level, its words, and where it begins."""

    level: int
    words: frozenset[str]
    start: int


class Locator:
    """Finds lines of one source file; asked again for the same thing, it goes on to its next occurrence."""

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self._text = text
        self._asked: Counter[str] = Counter()
        self._found: dict[str, list[int]] = {}
        self._heading = 0
        self._table = 0

    def citation(self, key: str) -> Place:
        """Return the place of the next mention `@key`."""
        return self._following(f"@{key}", partial(self._mentions, key))

    def _mentions(self, key: str) -> list[int]:
        behind = re.compile(rf"\{{?{re.escape(key)}\}}?(?!\w)")
        return [at for at in self._signs if behind.match(self._prose, at + 1)]

    def identifier(self, identifier: str) -> Place:
        """Return the place of the next declaration `#identifier`."""
        return self._next(rf"#{re.escape(identifier)}(?=[\s}}]|$)", self._text)

    def declares(self, identifier: str) -> bool:
        """Tell whether the author wrote this identifier, rather than pandoc derived it from a heading."""
        return re.search(rf"\{{[^}}\n]*#{re.escape(identifier)}(?=[\s}}])", self._text) is not None

    def heading(self, level: int, title: str) -> Place:
        """Return the place of the next heading of this level with these words, wherever it is nested."""
        words = frozenset(_WORD.findall(title))
        index = (
            self._heading_with(level, lambda each: each == words)
            or self._heading_with(level, lambda each: bool(words) and words <= each)
            or self._heading_with(level, lambda _: True)
        )
        self._heading = index or self._heading
        return self._place(self._headings[index - 1].start) if index else Place(self.name)

    def _heading_with(self, level: int, wanted: Callable[[frozenset[str]], bool]) -> int:
        """Return the index after that of the next heading of this level with such words; 0 for none."""
        for index in range(self._heading, len(self._headings)):
            each = self._headings[index]
            if each.level == level and wanted(each.words):
                return index + 1
        return 0

    def table(self, cells: Sequence[str]) -> Place:
        """Return the place of the next table's first row, which has these cells.

        In each of pandoc's kinds of tables the first words of a row's cells share a line.
        """
        firsts = [found[0] for each in cells if (found := _WORD.search(each))]
        words = [re.compile(rf"(?<![^\W_]){re.escape(word)}(?![^\W_])") for word in firsts]
        for gap in (_GAP, _NO_GAP):
            for index in range(self._table, len(self._lines) if words else 0):
                if _holds(self._lines[index], words, gap):
                    self._table = index + 1
                    return Place(self.name, index + 1)
        return Place(self.name)

    def target(self, target: str) -> Place:
        """Return the place of the next link or picture that leads to `target`."""
        return self._next(rf"[(<:]\s*{_address(target)}(?=[\s)>\"']|$)", self._prose)

    def link(self, words: str, target: str) -> Place:
        """Return the place of the next link with these words that leads to `target`."""
        between = r"(?:[^\w\[\]]|_)*"
        text = "".join(re.escape(word) + between for word in _WORD.findall(words))
        label = rf"\[{between}{text}\]"
        inline = rf"{label}\(\s*<?{_address(target)}(?=[\s)>])"
        place = self._next(inline, self._prose)
        place = place if place.line else self._next(rf"{label}(?![({{\w:])", self._prose)
        return place if place.line else self.target(target)

    def attribute(self, key: str, value: str) -> Place:
        """Return the place of the next attribute `key="value"`."""
        quoted = rf"""(["']?){re.escape(value)}\1"""
        return self._next(rf"\b{re.escape(key)}\s*=\s*{quoted}(?=[\s}}>/]|$)", self._prose)

    def words(self, words: str) -> Place:
        """Return the place of the next occurrence of these very characters."""
        return self._next(re.escape(words), self._text)

    def note(self) -> Place:
        """Return the place of the next call of a footnote."""
        return self._next(r"\[\^[^\]\s]+\](?!:)|\^\[", self._prose)

    def call(self, label: str) -> Place:
        """Return the place of the next call of the footnote with this label; one with a backslash before it is none."""
        return self._next(rf"(?<!\\)\[\^{re.escape(label)}\](?!:)", self._prose)

    @cached_property
    def notes(self) -> list[str]:
        """The labels of the footnotes that the text has."""
        return re.findall(r"^[ >]*\[\^([^\]\s]+)\]:", self._prose, re.MULTILINE)

    def _next(self, pattern: str, text: str) -> Place:
        return self._following(
            pattern, lambda: [each.start() for each in re.finditer(pattern, text, re.MULTILINE)]
        )

    def _following(self, sought: str, find: Callable[[], list[int]]) -> Place:
        """Return the place of the next occurrence of what is sought, all of which `find` finds."""
        if sought not in self._found:
            self._found[sought] = find()
        offsets, turn = self._found[sought], self._asked[sought]
        if not offsets:
            return Place(self.name)
        self._asked[sought] += 1
        return self._place(offsets[min(turn, len(offsets) - 1)])

    @cached_property
    def _signs(self) -> list[int]:
        """Where an @ stands that may begin a mention, which are many and share the search for them."""
        return [each.start() for each in re.finditer(r"(?<![\w@])@", self._prose)]

    def _place(self, offset: int) -> Place:
        return Place(self.name, self._numbers.of(offset))

    @cached_property
    def _numbers(self) -> Lines:
        return Lines(self._text)

    @cached_property
    def _prose(self) -> str:
        """The text, with spaces for comments and code."""
        return _HIDDEN.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), self._text)

    @cached_property
    def _lines(self) -> list[str]:
        return self._prose.split("\n")

    @cached_property
    def _headings(self) -> list[_Candidate]:
        return [_candidate(found) for found in _HEADING.finditer(self._prose)]


def _candidate(found: re.Match[str]) -> _Candidate:
    if found["marks"]:
        level, title = len(found["marks"]), (found["title"] or "").rstrip().rstrip("#")
    else:
        level, title = 1 if found["under"].startswith("=") else 2, found["over"]
    words = _WORD.findall(_ATTRIBUTES.sub("", title))
    return _Candidate(level, frozenset(words), found.start())


def _holds(line: str, words: Sequence[re.Pattern[str]], gap: re.Pattern[str]) -> bool:
    """Tell whether the line has the words in their order, with a gap before each but the first of several."""
    end = 0
    for index, word in enumerate(words):
        if index or len(words) == 1:
            between = gap.search(line, end)
            if between is None:
                return False
            end = between.end()
        found = word.search(line, end)
        if found is None:
            return False
        end = found.end()
    return True


def _address(target: str) -> str:
    """Return the pattern of an address, which pandoc may have percent-encoded."""
    written = map(re.escape, dict.fromkeys((target, unquote(target))))
    return f"(?:{'|'.join(written)})"
