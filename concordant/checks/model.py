"""What the checker reads and says: the carriers between readers, comparisons and reports.

Nothing here knows how an edition was built: a reading holds what a reader of the finished file sees. What an edition has
thousands of is a named tuple, which is made, compared and sent to another process several times as fast as a dataclass.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any, NamedTuple, Protocol

from concordant.problem import Severity

# Stands in texts where an edition shows a formula; editions write formulas in ways that cannot be compared.
FORMULA = "\ufffc"
# The fields of a `Spot`.
SpotRow = tuple[str, int, str, int, str, tuple[float, float, float, float] | None]


class Edition(StrEnum):
    """Who says something: one of the three finished files, or the ledger of a build."""

    PDF = "pdf"
    EPUB = "epub"
    HTML = "html"
    LEDGER = "ledger"


class Kind(StrEnum):
    """What a number numbers."""

    REFERENCE = "reference"
    FOOTNOTE = "footnote"
    SECTION = "section"
    FIGURE = "figure"
    TABLE = "table"
    EQUATION = "equation"
    LISTING = "listing"
    PAGE = "page"


class Spot(NamedTuple):
    """A place in a finished file, as a reader can find it.

    `page` is the 1-based sheet of a PDF and `folio` the number printed on it; `box` is
    (left, bottom, right, top) in points. `file` is a file inside an EPUB, `anchor` the
    nearest identifier and `line` the line of the markup.
    """

    file: str = ""
    line: int = 0
    anchor: str = ""
    page: int = 0
    folio: str = ""
    box: tuple[float, float, float, float] | None = None

    def __str__(self) -> str:
        if self.page:
            folio = f" (printed {self.folio})" if self.folio else ""
            at = f" at {self.box[0]:.0f},{self.box[3]:.0f}" if self.box else ""
            return f"page {self.page}{folio}{at}"
        anchor = f"#{self.anchor}" if self.anchor else ""
        line = f" line {self.line}" if self.line else ""
        return f"{self.file}{anchor}{line}".strip() or "the file"


class Rows(Protocol):
    """Fields of spots, one after another."""

    def __len__(self) -> int: ...

    def __iter__(self) -> Iterator[SpotRow]: ...

    def __getitem__(self, index: int, /) -> SpotRow: ...


@dataclass(frozen=True, slots=True)
class LineRows:
    """Fields of the spots of a PDF's lines, made when they are asked for: lines are many, and as rows they would take ten times the room.

    `pages` has the page of each (0-based), `boxes` four numbers for each, in points, `folios` what is printed on pages.
    """

    pages: array[int]
    boxes: array[float]
    folios: Mapping[int, str]

    def __len__(self) -> int:
        return len(self.pages)

    def __iter__(self) -> Iterator[SpotRow]:
        return map(self.__getitem__, range(len(self.pages)))

    def __getitem__(self, index: int, /) -> SpotRow:
        page, (left, bottom, right, top) = self.pages[index], self.boxes[4 * index : 4 * index + 4]
        return "", 0, "", page + 1, self.folios.get(page, ""), (left, bottom, right, top)


@dataclass(frozen=True, slots=True)
class Places:
    """The places of a file, in columns, as they are many: offsets of the flow where they begin, and fields of `Spot`."""

    starts: array[int] = field(default_factory=lambda: array("I"))
    rows: Rows = ()

    @classmethod
    def of(cls, pairs: Iterable[tuple[int, SpotRow]]) -> Places:
        """Return the places that begin at these offsets."""
        ordered = sorted(pairs, key=lambda pair: pair[0])
        return cls(array("I", [start for start, _ in ordered]), tuple([row for _, row in ordered]))

    def at(self, offset: int) -> Spot:
        """Return the place of an offset."""
        index = bisect_right(self.starts, offset) - 1
        return Spot._make(self.rows[max(index, 0)]) if self.rows else Spot()


class Declaration(NamedTuple):
    """Where a numbered thing stands: its label without ornament ("12", "2.1", "A") and its text."""

    kind: Kind
    label: str
    text: str
    spot: Spot = Spot()
    place: str = ""


class Mention(NamedTuple):
    """Where the text points at a numbered thing.

    `lands` is the declaration that the link leads to. `linked` is false for a printed number
    that is no link, and `implied` is true for the inner numbers of a collapsed range.
    """

    kind: Kind
    label: str
    spot: Spot = Spot()
    lands: Declaration | None = None
    linked: bool = True
    implied: bool = False
    dead: bool = False
    context: str = ""
    place: str = ""


class PageMention(NamedTuple):
    """A printed page number, and the folio of the page where its link lands."""

    label: str
    lands: str
    spot: Spot
    context: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the PDF, or one page mark of another edition, with the words that begin it.

    `named` is what the file's own page labels call the page, "" where it has none.
    """

    label: str
    words: tuple[str, ...]
    spot: Spot
    named: str = ""


class Entry(NamedTuple):
    """A line of the contents, of a list of figures or tables, of bookmarks or of a page list.

    `lands` is what is printed where the entry leads: a heading, a caption, a page's folio; `thing`
    is the numbered thing there, if any.
    """

    source: str
    text: str
    lands: str
    spot: Spot
    thing: Declaration | None = None
    dead: bool = False


class BackLink(NamedTuple):
    """A link from a note or an entry back to the text, and whether it meets a mention of it there."""

    kind: Kind
    label: str
    meets: bool
    spot: Spot
    context: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """Words of the running text from `start` to `end` of the flow, in columns, as they are many.

    `broken` holds 1 for a word after which the PDF directly ends a line, else 0. Where each begins is found
    when it is asked for, which few are.
    """

    texts: tuple[str, ...] = ()
    broken: bytes = b""
    start: int = 0
    end: int = 0

    def __len__(self) -> int:
        return len(self.texts)


@dataclass(frozen=True, slots=True)
class Running:
    """The text of a flow, and where the stretches of it that are running text begin and end."""

    text: str = ""
    starts: array[int] = field(default_factory=lambda: array("I"))
    ends: array[int] = field(default_factory=lambda: array("I"))


@dataclass(frozen=True, slots=True)
class Drawing:
    """What a picture prints: words, in the order in which the file has them."""

    text: str
    spot: Spot


@dataclass(frozen=True, slots=True)
class Aside:
    """Text that an edition sets apart by role, and that is therefore no running text."""

    role: str
    words: int


@dataclass(frozen=True, slots=True)
class Identity:
    """What an edition says of itself; "" where it says nothing. `shown` is the title that a window shows, where the metadata have one of their own."""

    title: str = ""
    identifier: str = ""
    version: str = ""
    modified: str = ""
    language: str = ""
    source: str = ""
    shown: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """Words that a memory has, under a key and an index: a hash of them, and how many they are, signs and all and without."""

    key: bytes
    index: int
    digest: bytes
    tokens: int
    words: int


@dataclass(frozen=True, slots=True)
class Passage:
    """The running words under one heading ("" before the first) of a level, or where they are kept."""

    heading: str
    words: Words
    kept: Kept | None = None
    level: int = 0


@dataclass(frozen=True)
class Reading:
    """All that was read from one edition, in reading order.

    One that was recognised `in_pieces` has no places and contexts, and its words are kept elsewhere.
    """

    edition: Edition
    name: str
    identity: Identity
    declarations: tuple[Declaration, ...] = ()
    mentions: tuple[Mention, ...] = ()
    pages: tuple[Page, ...] = ()
    page_mentions: tuple[PageMention, ...] = ()
    entries: tuple[Entry, ...] = ()
    backlinks: tuple[BackLink, ...] = ()
    passages: tuple[Passage, ...] = ()
    running: Running = field(default_factory=Running)
    asides: tuple[Aside, ...] = ()
    drawings: tuple[Drawing, ...] = ()
    places: Places = field(default_factory=Places)
    kinds: frozenset[Kind] = frozenset(Kind)
    in_pieces: bool = False

    def declared(self, kind: Kind) -> tuple[Declaration, ...]:
        """Return the declarations of one kind, in reading order."""
        return self._by_kind[0].get(kind, ())

    def mentioned(self, kind: Kind) -> tuple[Mention, ...]:
        """Return the mentions of one kind, in reading order."""
        return self._by_kind[1].get(kind, ())

    @cached_property
    def _by_kind(self) -> tuple[dict[Kind, tuple[Any, ...]], ...]:
        """The declarations by their kinds, and the mentions, which are asked for again and again."""
        return tuple(
            {kind: tuple(thing for thing in things if thing.kind is kind) for kind in Kind}
            for things in (self.declarations, self.mentions)
        )


@dataclass(frozen=True, slots=True)
class Printed:
    """What one edition prints at a disagreement, and where."""

    edition: Edition
    text: str
    spot: Spot = field(default_factory=Spot)


@dataclass(frozen=True, slots=True)
class Finding:
    """One disagreement: a stable code, what each edition prints, and what to do about it."""

    code: str
    message: str
    kind: Kind | None = None
    label: str = ""
    printed: tuple[Printed, ...] = ()
    place: str = ""
    severity: Severity = Severity.ERROR

    @property
    def editions(self) -> tuple[Edition, ...]:
        """The editions that have something to show for this finding."""
        return tuple(each.edition for each in self.printed)


@dataclass(frozen=True, slots=True)
class Count:
    """How many things of a kind an edition declares and mentions."""

    kind: Kind
    edition: Edition
    declared: int
    mentioned: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome of a check."""

    files: tuple[tuple[Edition, str], ...]
    identity: Identity
    counts: tuple[Count, ...]
    words: tuple[tuple[Edition, int], ...]
    asides: tuple[tuple[Edition, Aside], ...]
    findings: tuple[Finding, ...] = field(default=())

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings that are disagreements, without the warnings."""
        return tuple(each for each in self.findings if each.severity is Severity.ERROR)

    @property
    def agrees(self) -> bool:
        """Whether the editions agree (warnings leave it true)."""
        return not self.errors

    @property
    def exit_status(self) -> int:
        """0 when the editions agree, 1 when they do not."""
        return 0 if self.agrees else 1
