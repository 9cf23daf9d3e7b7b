"""Reads the links and the bare numbers of a flow: mentions, ways back, page numbers."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

from concordant.checks.flow import LINE, Cover, Flow, Innermost, Link, Role, Span
from concordant.checks.found import ASIDE_ROLES, Arrivals, Found, Outside, Text
from concordant.checks.labels import (
    ANY_LABEL,
    DASH,
    DASHES,
    NUMBER,
    expand,
    folio_value,
    whole_range,
)
from concordant.checks.model import BackLink, Kind, Mention, PageMention
from concordant.checks.streams import Stream, streams
from concordant.checks.terms import KIND_OF_TERM, kind_named_by
from concordant.checks.words import letters_of

_LAST = re.compile(rf"(?:^|[\s\u00a0(\[§.]|[^\W\d_](?=\d))({NUMBER}[a-z]?|[A-Z])$")
_PRINTED = rf"{NUMBER}[a-z]?|[A-Z]"
_WHOLE = re.compile(
    rf"^(?:([^\W\d_]+)\.?[\s\u00a0{LINE}]*|§+[\s\u00a0]*|[(\[])?({_PRINTED})(?:\([a-z]\))?[)\].,]?$"
)
_GROUP = re.compile(rf"\[(\d{{1,4}}(?:[\s\u00a0{LINE}]*[,;{DASH}][\s\u00a0{LINE}]*\d{{1,4}})*)\]")
_SPACE = rf"[ \u00a0{LINE}]"
_AFTER_A_WORD = re.compile(
    rf"\b([^\W\d_]++)\.?{_SPACE}+((?:{_PRINTED})\b(?:{_SPACE}*[,{DASH}&]{_SPACE}*{NUMBER}[a-z]?\b)*)"
)
_IN_A_SERIES = re.compile(rf"(?:{_PRINTED})(?:[\s,;{DASH}\u00a0]|and|und|et|y|e|en|&)+$")
# How a series ends, read from its end.
_END_OF_SERIES = re.compile(rf"(?:[\s,;{DASH}\u00a0&]|dna|dnu|te|y|e|ne)+(?:[\dA-Z]|[a-z]\d)")
_JOINT = rf"[\s,;{DASH}]*"
_IN_ROUND = r"[^()]*(?:\([^()]*\)[^()]*)*"
# Nothing but the inside of one bracket, of one of several that stand together, or a series of numbers.
_IN_GROUP = re.compile(
    rf"^(?:(?:\[[^\[\]]*\]{_JOINT})*(?:\[[^\[\]]*)?"
    rf"|(?:\({_IN_ROUND}\){_JOINT})*(?:\({_IN_ROUND}(?:\([^()]*)?)?|[\d\s,;{DASH}]*)$"
)
_NUMBERS = re.compile(r"\d{1,4}")
_MORE_NUMBER = re.compile(r"\w|\.\d")
_LEADS_ON = frozenset("._")
_GLANCE = 40  # characters
_SIGHT = 1_000  # characters: no bracket is longer
_BESIDE = 3  # characters
_YEAR = 4  # digits
_QUOTED = (Role.CODE, Role.VERBATIM)
_NAMED = (Kind.SECTION, Kind.FIGURE, Kind.TABLE, Kind.EQUATION, Kind.LISTING)


@dataclass(frozen=True, slots=True)
class At:
    """Something that was read, with its offset in the flow; its mention has no place and no context yet."""

    offset: int
    mention: Mention


@dataclass(frozen=True, slots=True)
class Around:
    """What else an edition has, if a part of it is read: the names of all things, and what links out of the part meet."""

    labels: frozenset[tuple[Kind, str]] = frozenset()
    outside: Mapping[int, Outside] = field(default_factory=dict)


class Pointers:
    """All that points, in one flow: make one, then take `mentions`, `backlinks`, `page_mentions`."""

    def __init__(self, text: Text, found: Iterable[Found], around: Around | None = None) -> None:
        around = around or Around()
        self.text = text
        self.flow: Flow = text.flow
        self.found = list(found)
        self.arrivals = Arrivals(text, self.found, around.outside)
        lists = [f for f in self.found if f.kind in (Kind.FOOTNOTE, Kind.REFERENCE)]
        self._owners = {(f.start, f.end): f for f in lists}
        notes = [Span(Role.NOTE, f.start, f.end) for f in lists if f.kind is Kind.FOOTNOTE]
        self._apart = Cover([*notes, *self.flow.of(*ASIDE_ROLES)])
        self._inside = Innermost(Span(Role.BLOCK, f.start, f.end) for f in lists)
        self._labels = around.labels | {(f.kind, f.label) for f in self.found}
        self.references = any(kind is Kind.REFERENCE for kind, _ in self._labels)
        self._read: list[At] = []
        self._dead: list[At] = []
        self.printed_pages: list[tuple[str, Link]] = []
        self.ways_back: list[tuple[Found, Link]] = []
        self._covered = Cover(Span(Role.OWN, link.start, link.end) for link in self.flow.links)
        for link in self.flow.links:
            if link.start not in text.aside:
                self._link(link)
        self._groups()
        self._ranges()
        self._unlinked()
        self._read.sort(key=lambda at: at.offset)
        self._places = [at.offset for at in self._read]

    def mentions(self) -> tuple[Mention, ...]:
        """Return the mentions in reading order, each with its place; what a note mentions follows the note's first call."""
        return tuple(map(self._placed, self.read()))

    def read(self) -> list[At]:
        """Return what `mentions` does, by offsets."""
        main = [at for at in self._read if self.owner(at.offset, Kind.FOOTNOTE) is None]
        noted: dict[int, list[At]] = {}
        for at in self._read:
            owner = self.owner(at.offset, Kind.FOOTNOTE)
            if owner:
                noted.setdefault(owner.start, []).append(at)
        starts = {f.label: f.start for f in reversed(self.found) if f.kind is Kind.FOOTNOTE}
        ordered: list[At] = []
        self._order(main, noted, starts, ordered)
        for rest in [noted[key] for key in sorted(noted)]:
            self._order(rest, {}, starts, ordered)
        return ordered

    def _placed(self, at: At) -> Mention:
        return at.mention._replace(spot=self.flow.spot(at.offset), context=self.context(at.offset))

    def _order(
        self,
        these: list[At],
        noted: dict[int, list[At]],
        starts: dict[str, int],
        into: list[At],
    ) -> None:
        for at in these:
            into.append(at)
            if at.mention.kind is Kind.FOOTNOTE:
                self._order(noted.pop(starts.get(at.mention.label, -1), []), noted, starts, into)

    def owner(self, offset: int, *kinds: Kind) -> Found | None:
        """Return the note or entry that the offset lies in."""
        for span in self._inside.around(offset):
            owner = self._owners[span.start, span.end]
            if not kinds or owner.kind in kinds:
                return owner
        return None

    def read_at(self, thing: Found) -> tuple[int, ...]:
        """Tell where a thing is read: what stands in a note, where that is first called."""
        if thing.kind in (Kind.FOOTNOTE, Kind.REFERENCE):
            return (thing.start,)
        return self._read_at(thing.start)

    def _read_at(self, offset: int) -> tuple[int, ...]:
        note = self.owner(offset, Kind.FOOTNOTE)
        call = self._calls.get(note.label) if note else None
        if note is None or call is None or note.start <= call < note.end:
            return (offset,)
        return (*self._read_at(call), offset)

    @cached_property
    def _calls(self) -> dict[str, int]:
        """Where each note is first called."""
        notes = [at for at in self._read if at.mention.kind is Kind.FOOTNOTE]
        return {at.mention.label: at.offset for at in reversed(notes)}

    def page_mentions(self) -> tuple[PageMention, ...]:
        """Return the printed page numbers that are links (those of contents lists apart)."""
        return tuple(self._page_mention(label, link) for label, link in self.printed_pages)

    def _page_mention(self, label: str, link: Link) -> PageMention:
        lands = folio_at(self.flow, link.target)
        return PageMention(label, lands, self.flow.spot(link.start), self.context(link.start))

    def backlinks(self) -> tuple[BackLink, ...]:
        """Return the ways back from notes and entries, each with whether it meets a mention."""
        return tuple(self._back(owner, link) for owner, link in self.ways_back)

    def _back(self, owner: Found, link: Link) -> BackLink:
        meets = self.meets(owner, link.target)
        spot, context = self.flow.spot(link.start), self.context(link.start)
        return BackLink(owner.kind, owner.label, meets, spot, context)

    def meets(self, owner: Found, target: int | None) -> bool:
        """Whether a way back to the target meets a mention of the note or entry that it comes from."""
        offsets = self._offsets.get((owner.kind, owner.label), [])
        return target is not None and any(self._near(target, offset) for offset in offsets)

    def met_at(self, target: int) -> set[tuple[Kind, str]]:
        """Return what a reader who lands at the target sees mentioned there, in its block or its bracket."""
        begin = self.text.skip(target)
        block = self.text.blocks.at(begin) or Span(Role.BLOCK, begin, begin)
        bracket = self.flow.text.find("]", begin, begin + _SIGHT) + 1
        first = bisect_left(self._places, min(block.start, begin - _BESIDE))
        last = bisect_right(self._places, max(block.end, begin + _BESIDE, bracket))
        return {
            (at.mention.kind, at.mention.label)
            for at in self._read[first:last]
            if self._near(target, at.offset)
        }

    @cached_property
    def _offsets(self) -> dict[tuple[Kind, str], list[int]]:
        """Where each thing is mentioned."""
        offsets: dict[tuple[Kind, str], list[int]] = {}
        for at in self._read:
            offsets.setdefault((at.mention.kind, at.mention.label), []).append(at.offset)
        return offsets

    def _near(self, target: int, mention: int) -> bool:
        """Whether a reader who lands at `target` sees the mention: there, or in the same block."""
        begin = self.text.skip(target)
        if abs(begin - mention) <= _BESIDE:
            return True
        # "[21, 22]" as a whole is where both citations are.
        if begin < mention and self._one_group(begin, mention):
            return True
        first, last = (bisect_left(self._places, each) for each in (begin - 1, begin + 2))
        others = self._places[first:last]
        if others and mention not in others:
            return False
        block = self.text.blocks.at(begin)
        return block is not None and block.holds(mention)

    def _one_group(self, start: int, end: int) -> bool:
        """Whether nothing is printed in a stretch but the inside of one bracket; most are told by their beginning."""
        text, glance = self.flow.text, start + _GLANCE
        if glance < end and not _IN_GROUP.match(self._apart.remaining(text, start, glance)):
            return False
        return bool(_IN_GROUP.match(self._apart.remaining(text, start, end)))

    def context(self, offset: int) -> str:
        """Return the words around an offset, for messages."""
        around = self.flow.text[max(0, offset - 45) : offset + 25]
        return " ".join(around.replace(LINE, " ").split())

    def _link(self, link: Link) -> None:
        printed = self.flow.text[link.start : link.end].replace(LINE, " ").strip(" \u00a0\n")
        if not printed and not link.back:
            return
        owner = self.owner(link.start)
        # After an entry's text a link leads back, even where it lands on a caption that cites the entry.
        after = owner is not None and owner.kind is Kind.REFERENCE and link.start >= owner.tail
        if owner and (link.back or after or self._calls_its_note(owner, link, printed)):
            self._way_back(owner, link, printed)
            return
        lands = self.arrivals.at(link.target) if link.target is not None else []
        named = self._kind_around(link, printed)
        titled = not lands and self._repeats_title(link, printed)
        if owner and not (lands or titled) and not (owner.kind is Kind.FOOTNOTE and named):
            self._way_back(owner, link, printed)
            return
        if any(f.kind is Kind.FOOTNOTE and f.label == printed for f in lands):
            named = None  # a call of that note, whatever word it follows
        if titled:
            return  # a heading without a number is mentioned by its title
        if named is Kind.PAGE:
            self._page(link, printed)
            return
        labels = whole_range(printed.strip("[]()")) or self._label(printed, named, lands)
        if not labels:
            if link.target is None:
                self._add(link.start, Mention(Kind.SECTION, printed, dead=True), dead=True)
            return
        self._mention(link, labels, named, lands)

    def _repeats_title(self, link: Link, printed: str) -> bool:
        """Whether a link prints the heading that it leads to."""
        if link.target is None:
            return False
        outside = self.arrivals.outside.get(link.target)
        title = outside.title if outside else title_at(self.text, link.target)
        return bool(title) and letters_of(printed) == title

    def _mention(
        self, link: Link, labels: tuple[str, ...], named: Kind | None, lands: list[Found]
    ) -> None:
        best = self._best(lands, named, labels[0])
        kind = named or (best.kind if best else self._guess(link))
        for position, label in enumerate(labels):
            inner = position > 0
            mention = Mention(
                kind,
                label,
                lands=None if inner or best is None else best.declaration,
                implied=inner,
                dead=link.target is None and not inner,
            )
            self._add(link.start, mention)

    def _best(self, lands: list[Found], named: Kind | None, label: str) -> Found | None:
        def rank(thing: Found) -> tuple[bool, bool]:
            return thing.label != label, named is not None and thing.kind is not named

        return min(lands, key=rank, default=None)

    def _calls_its_note(self, owner: Found, link: Link, printed: str) -> bool:
        """Whether a note's or entry's own label is a link: then it is the way back to the text."""
        return link.start <= owner.label_end and printed.strip("[]().") == owner.label

    def _way_back(self, owner: Found, link: Link, printed: str) -> None:
        self.ways_back.append((owner, link))
        folio = printed.strip(" .,;()[]")
        own_label = link.start <= owner.label_end and folio == owner.label
        in_a_pdf = bool(self.flow.sheets) and link.target is not None
        if in_a_pdf and folio_value(folio) and not own_label:
            self._page(link, printed)

    def _page(self, link: Link, printed: str) -> None:
        words = printed.replace("\u00a0", " ").split()
        self.printed_pages.append((words[-1].strip("().,;") if words else "", link))

    def _label(self, printed: str, named: Kind | None, lands: list[Found]) -> tuple[str, ...]:
        cites = named is None and any(thing.kind is Kind.REFERENCE for thing in lands)
        if cites or named is Kind.REFERENCE:
            # "8, sect. 4": what follows the number says where in the source.
            numbers = [match[0] for match in _NUMBERS.finditer(printed)]
            known = (number for number in numbers if (Kind.REFERENCE, number) in self._labels)
            if first := next(known, None) or next(iter(numbers), None):
                return (first,)
        bare = re.sub(r"\(([a-z])\)$", r"\1", printed).strip(" \u00a0[]().,;:")
        match = _LAST.search(bare)
        whole = bool(lands) or bool(_WHOLE.match(printed)) or bool(_WHOLE.match(bare))
        if match and whole and not _is_a_word(match[1], bare):
            return (match[1],)
        for thing in lands:
            if stands_in(thing.label, printed, but_not_before=_MORE_NUMBER):
                return (thing.label,)
        return ()

    def _kind_around(self, link: Link, printed: str) -> Kind | None:
        """Return the kind that the words in the link or before it say, or None."""
        match = _WHOLE.match(printed)
        inside = kind_named_by(match[1] + " ") if match and match[1] else None
        if inside in (*_NAMED, Kind.PAGE):
            return inside
        before = self.flow.text[max(0, link.start - 60) : link.start].replace(LINE, " ")
        before = before.rpartition("\n")[2]
        if printed.startswith("[") or before.rfind("[") > before.rfind("]"):
            return Kind.REFERENCE if self.references else None
        if not printed[:1].isalnum():
            return None
        series = before
        for _ in range(13):
            if not _END_OF_SERIES.match(series[::-1]):
                break
            series = _IN_A_SERIES.sub("", series)
        named = kind_named_by(series)
        return named if named in (*_NAMED, Kind.PAGE) else None

    def _guess(self, link: Link) -> Kind:
        """Guess the kind of a number whose link leads to nothing: attached to a word, it calls a note."""
        before = self.flow.text[max(0, link.start - 1) : link.start]
        return Kind.FOOTNOTE if before.strip() else Kind.SECTION

    def _groups(self) -> None:
        """Add the numbers that a collapsed range leaves out, and bracketed numbers that are no links."""
        if not self.references:
            return
        entries = {f.start for f in self.found if f.kind is Kind.REFERENCE}
        notes = [(f.start, f.end) for f in self.found if f.kind is Kind.FOOTNOTE]
        quoted = Cover(self.flow.of(*_QUOTED))
        for stream in streams(self.flow.text, notes, self._apart):
            for match in _GROUP.finditer(stream.text):
                begin = stream.offset(match.start())
                if begin not in entries and begin not in quoted:
                    self._group(stream, match)

    def _group(self, stream: Stream, match: re.Match[str]) -> None:
        numbers = list(_NUMBERS.finditer(stream.text, match.start(1), match.end(1)))
        starts = [stream.offset(number.start()) for number in numbers]
        unlinked = [offset for offset in starts if offset not in self._covered]
        if unlinked == starts and any(self._is_no_reference(number[0]) for number in numbers):
            return
        for offset, number in zip(starts, numbers, strict=True):
            if offset in unlinked:
                self._add(offset, Mention(Kind.REFERENCE, number[0], linked=False))
        for left, right in pairwise(numbers):
            joint = stream.text[left.end() : right.start()]
            self._imply(stream.offset(left.start()), Kind.REFERENCE, left[0], right[0], joint)

    def _is_no_reference(self, number: str) -> bool:
        """Whether a number in brackets cannot be a reference's: nought, or an editor's year where so many are not listed."""
        return number.startswith("0") or (
            len(number) == _YEAR
            and not any(
                kind is Kind.REFERENCE and len(label) >= _YEAR for kind, label in self._labels
            )
        )

    def _ranges(self) -> None:
        """Add the numbers between two links that a dash joins: "Figures 1–3" mentions Figure 2."""
        ends = {link.start: link.end for link in self.flow.links}
        kinds = (*_NAMED, Kind.REFERENCE)
        linked = sorted(
            (at for at in self._read if at.mention.kind in kinds and at.mention.linked),
            key=lambda at: at.offset,
        )
        done = {at.offset for at in self._read if at.mention.implied}
        for first, last in pairwise(linked):
            one, other = first.mention, last.mention
            if one.kind is other.kind and first.offset not in done:
                joint = self.flow.text[ends[first.offset] : last.offset]
                self._imply(first.offset, one.kind, one.label, other.label, joint)

    def _imply(self, offset: int, kind: Kind, first: str, last: str, joint: str) -> None:
        """Add the numbers between two that a dash joins."""
        joint = joint.strip(f" \n\u00a0{LINE}")
        if joint and joint in DASHES:
            for label in expand(first, last):
                self._add(offset, Mention(kind, label, linked=False, implied=True))

    def _unlinked(self) -> None:
        """Add the numbers that a term introduces and that are no links: "Figure 3" in plain letters."""
        others = (Role.CAPTION, Role.HEADING, Role.PICTURE, Role.MATH)
        barred = Cover(self.flow.of(*_QUOTED, *others))
        listings = Cover(
            Span(Role.CODE, *f.container) for f in self.found if f.kind is Kind.LISTING
        )
        for kind, start, label in _plain(self.flow.text):
            known = (kind, label) in self._labels
            covers = (self._covered, barred, listings, self.text.aside)
            if known and not any(start in cover for cover in covers):
                self._add(start, Mention(kind, label, linked=False))

    def _add(self, offset: int, mention: Mention, dead: bool = False) -> None:
        (self._dead if dead else self._read).append(At(offset, mention))

    def dead(self) -> tuple[Mention, ...]:
        """Return the links without a number that lead nowhere."""
        return tuple(map(self._placed, self._dead))

    def lost(self) -> list[At]:
        """Return what `dead` does, by offsets."""
        return self._dead


def title_at(text: Text, target: int) -> str:
    """Return the letters of the heading that holds a target, or nothing."""
    heading = text.headings.at(text.skip(target))
    return letters_of(text.told(heading.start, heading.end)) if heading else ""


def stands_in(label: str, text: str, but_not_before: re.Pattern[str]) -> bool:
    """Whether a label stands in a text, not as the end of something longer, nor as the beginning of such."""
    start = text.find(label)
    while start >= 0:
        before, end = text[start - 1 : start], start + len(label)
        if not (before.isalnum() or before in _LEADS_ON or but_not_before.match(text, end)):
            return True
        start = text.find(label, start + 1)
    return False


def _is_a_word(label: str, bare: str) -> bool:
    """Whether a single letter at the end of a link is only how its text ends: "Plan B" but not "Appendix B"."""
    return len(label) == 1 and label.isalpha() and bare != label and not kind_named_by(bare[:-1])


def _plain(text: str) -> Iterator[tuple[Kind, int, str]]:
    """Yield the numbers that follow a term: "Figures 1 and 2" as far as they are listed."""
    for match in _AFTER_A_WORD.finditer(text):
        kind = KIND_OF_TERM.get(match[1].casefold())
        if kind not in _NAMED:
            continue
        for number in re.finditer(_PRINTED, match[2]):
            if ANY_LABEL.match(number[0]):
                yield kind, match.start(2) + number.start(), number[0]


def folio_at(flow: Flow, target: int | None, named: str = "") -> str:
    """Return the folio printed on the page that holds an offset, or ""; of several, that which is `named`."""
    if target is None:
        return ""
    page = flow.spot(target).page
    if page:
        return flow.folios.get(page, "")
    marks = flow.of(Role.PAGE_MARK)
    index = bisect_right(marks, target, key=_start)
    first = bisect_left(marks, marks[index - 1].start, key=_start) if index else 0
    return one_of([mark.value for mark in marks[first:index]], named)


def one_of(folios: Sequence[str], named: str) -> str:
    """Return that folio of those marked at one place which is `named`, or the last, or "" of none.

    Where a page shows pictures alone, the mark of the next stands where its own does.
    """
    return named if named in folios else next(reversed(folios), "")


def _start(span: Span) -> int:
    return span.start
