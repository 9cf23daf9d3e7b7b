"""A tape: the printed text of markup while it is read, with what its elements and links say."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from concordant.checks.flow import Link, Recalled, Span, SpanColumns, Stretch
from concordant.checks.model import SpotRow

_WHITE_SPACE = re.compile(r"[ \t\r\n\f]+")
# A tape of one document as plain data: its text, columns of spans, then rows of anchors, spots and links.
Plain = tuple[
    str,
    tuple[Any, ...],
    list[tuple[str, int]],
    list[tuple[int, int, str]],
    list[tuple[int, int, str, bool]],
]


@dataclass
class Tape:
    """Collects the printed text of one or more documents."""

    parts: list[str] = field(default_factory=list)
    length: int = 0
    last: str = "\n"
    spans: list[Span] = field(default_factory=list)
    anchors: dict[tuple[str, str], int] = field(default_factory=dict)
    spots: list[tuple[int, SpotRow]] = field(default_factory=list)
    pending: list[tuple[int, int, str, str, bool]] = field(default_factory=list)
    stretches: list[Stretch] = field(default_factory=list)
    recalled: list[Recalled] = field(default_factory=list)

    def put(self, text: str | None) -> None:
        """Add text as it is."""
        if text:
            self.parts.append(text)
            self.length += len(text)
            self.last = text[-1]

    def flow_in(self, text: str | None) -> None:
        """Add text with its white space collapsed, as CSS does for `white-space: normal`."""
        if text:
            collapsed = _WHITE_SPACE.sub(" ", text)
            self.put(collapsed.lstrip(" ") if self.last in " \n" else collapsed)

    def end_block(self) -> None:
        """End the current block, if anything stands in it."""
        if self.last != "\n":
            self.put("\n")

    def text(self) -> str:
        """Return everything that was collected."""
        return "".join(self.parts)

    def links(self, resolve: Callable[[str, str], tuple[str, str] | None]) -> list[Link]:
        """Return the links inside the edition, with their targets as offsets."""
        found = []
        for start, end, document, href, back in self.pending:
            address = resolve(document, href)
            if address is not None:
                found.append(Link(start, end, self.anchors.get(address), href, back))
        return found

    def plain(self, line: int) -> Plain:
        """Return what was collected of one document as plain data, with its lines told from `line`."""
        spans = tuple(SpanColumns.of(self.spans))
        anchors = [(name, at) for (_, name), at in self.anchors.items()]
        spots = [(at, row[1] - line, row[2]) for at, row in self.spots]
        links = [(start, end, href, back) for start, end, _, href, back in self.pending]
        return self.text(), spans, anchors, spots, links

    def add(self, plain: Plain, document: str, line: int, key: bytes) -> None:
        """Add whole blocks of a document, which another tape has collected, and which is kept under a key."""
        text, spans, anchors, spots, links = plain
        at = self.length
        self.put(text)
        self.stretches.append(Stretch(at, self.length, key))
        self.recalled.append(Recalled(len(self.spans), at, SpanColumns(*spans)))
        for name, where in anchors:
            self.anchors.setdefault((document, name), where + at)
        self.spots += [
            (where + at, (document, below + line, anchor, 0, "", None))
            for where, below, anchor in spots
        ]
        self.pending += [
            (start + at, end + at, document, href, back) for start, end, href, back in links
        ]
