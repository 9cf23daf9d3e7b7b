"""Where things stand in a Markdown file: pandoc's tree has no line numbers, so they are looked up in the text."""

from __future__ import annotations

import re
from collections import Counter

from concordant.problem import Place

_HIDDEN = re.compile(
    r"<!--.*?-->|^(?P<fence>`{3,}|~{3,})[^\n]*\n.*?^(?P=fence)", re.DOTALL | re.MULTILINE
)
_HEADING = re.compile(r"^(?:#{1,6}[ \t]+\S.*|\S[^\n]*\n(?:=+|-+)[ \t]*$)", re.MULTILINE)


class Locator:
    """Finds lines of one source file; asked again for the same thing, it goes on to its next occurrence."""

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self._text = text
        self._prose = _HIDDEN.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)
        self._asked: Counter[str] = Counter()
        self._found: dict[str, list[int]] = {}

    def citation(self, key: str) -> Place:
        """Return the place of the next mention `@key`."""
        return self._next(rf"(?<![\w@])@\{{?{re.escape(key)}\}}?(?![\w])", self._prose)

    def identifier(self, identifier: str) -> Place:
        """Return the place of the next declaration `#identifier`."""
        return self._next(rf"#{re.escape(identifier)}(?=[\s}}]|$)", self._text)

    def declares(self, identifier: str) -> bool:
        """Tell whether the author wrote this identifier, rather than pandoc derived it from a heading."""
        return re.search(rf"\{{[^}}\n]*#{re.escape(identifier)}(?=[\s}}])", self._text) is not None

    def heading(self) -> Place:
        """Return the place of the next heading."""
        return self._next(_HEADING.pattern, self._prose)

    def target(self, target: str) -> Place:
        """Return the place of the next link or picture that leads to `target`."""
        return self._next(rf"[(<:]\s*{re.escape(target)}", self._text)

    def words(self, words: str) -> Place:
        """Return the place of the next occurrence of these very characters."""
        return self._next(re.escape(words), self._text)

    def note(self) -> Place:
        """Return the place of the next call of a footnote."""
        return self._next(r"\[\^[^\]\s]+\](?!:)|\^\[", self._prose)

    def _next(self, pattern: str, text: str) -> Place:
        if pattern not in self._found:
            found = re.finditer(pattern, text, re.MULTILINE)
            self._found[pattern] = [text.count("\n", 0, each.start()) + 1 for each in found]
        lines = self._found[pattern]
        if not lines:
            return Place(self.name)
        turn = min(self._asked[pattern], len(lines) - 1)
        self._asked[pattern] += 1
        return Place(self.name, lines[turn])
