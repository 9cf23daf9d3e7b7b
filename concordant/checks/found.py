"""Finds the numbered things in a flow: what stands where, with which printed label and text."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sized
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from concordant.checks.flow import LINE, Cover, Flow, Innermost, Role, Span, outermost
from concordant.checks.labels import ANY_LABEL, NUMBER
from concordant.checks.model import FORMULA, Declaration, Kind
from concordant.checks.terms import KIND_OF_TERM

ASIDE_ROLES = (Role.NAVIGATION, Role.CONTENTS, Role.FURNITURE, Role.COLOPHON, Role.TITLE_PAGE)
_SILENT_ROLES = (Role.FURNITURE, Role.BACKLINK, Role.PAGE_MARK)
_HEADING = re.compile(
    rf"^(?:([^\W\d_]+)[\s\u00a0]+)?({NUMBER}|[A-Z])(?=[\s\u00a0.:]|$)[.:]?[\s\u00a0]*"
)
_CAPTION = re.compile(
    rf"^(?:([^\W\d_][^\d\n{LINE}]{{0,30}}?)\.?[\s\u00a0]*)?({NUMBER}[a-z]?)(?![\w])[\s\u00a0]*([.:–—|]?)[\s\u00a0]*"
)
_SUB_CAPTION = re.compile(r"^\(?([a-z])\)[\s\u00a0]*")
_EQUATION = re.compile(rf"\(({NUMBER}[a-z]?)\)")
_NEAR = 4
_FIRST = ("0", "1", "A", "I")
_CAPTIONED = (Kind.FIGURE, Kind.TABLE, Kind.LISTING)


@dataclass(frozen=True, slots=True)
class Found:
    """A declaration and its extent: [start, end), its label's end, and the container a link may lead to.

    `tail` is where the ways back of an entry begin (-1 where it is not known).
    """

    declaration: Declaration
    start: int
    end: int
    label_end: int
    container: tuple[int, int]
    tail: int = -1

    @property
    def kind(self) -> Kind:
        """What is declared."""
        return self.declaration.kind

    @property
    def label(self) -> str:
        """The label as printed, without ornament."""
        return self.declaration.label


@dataclass(frozen=True, slots=True)
class Outside:
    """What a link meets that leads out of the part of an edition that is read: the things there, and the heading's letters."""

    things: tuple[Found, ...] = ()
    title: str = ""


class Text:
    """A flow with the questions that recognition asks of its text again and again."""

    def __init__(self, flow: Flow) -> None:
        self.flow = flow

    @cached_property
    def silent(self) -> Cover:
        """What a reader does not read as text where it stands."""
        return self.flow.cover(*_SILENT_ROLES)

    @cached_property
    def _untold(self) -> Cover:
        return self.flow.cover(*_SILENT_ROLES, Role.CALL, Role.PICTURE)

    @cached_property
    def _unmarked(self) -> Cover:
        # What a paged file draws before the items of a list is text nowhere else; what pictures print is compared apart.
        return self.flow.cover(*_SILENT_ROLES, Role.MARKER, Role.PICTURE)

    @cached_property
    def _formulas(self) -> list[Span]:
        return outermost(span for span in self.flow.of(Role.MATH) if span.end > span.start)

    @cached_property
    def formula_ends(self) -> frozenset[int]:
        """Where formulas end."""
        return frozenset(span.end for span in self.flow.of(Role.MATH))

    @cached_property
    def aside(self) -> Cover:
        """What is set apart from the text as a whole."""
        return self.flow.cover(*ASIDE_ROLES)

    @cached_property
    def blocks(self) -> Innermost:
        """The blocks."""
        return self.flow.innermost(Role.BLOCK)

    @cached_property
    def headings(self) -> Innermost:
        """The headings."""
        return self.flow.innermost(Role.HEADING)

    @cached_property
    def captions(self) -> Cover:
        """The captions."""
        return self.flow.cover(Role.CAPTION)

    @cached_property
    def item_starts(self) -> dict[int, int]:
        """Where the drawn signs and numbers of list items end, by where they begin."""
        return {s.start: s.end for s in self.flow.of(Role.MARKER) if s.end > s.start}

    def skip(self, offset: int) -> int:
        """Return the offset of the first character at or after `offset` that a reader reads as text."""
        text = self.flow.text
        while offset < len(text) and (text[offset].isspace() or offset in self.silent):
            offset += 1
        return offset

    @cached_property
    def standing_out(self) -> frozenset[tuple[int, int]]:
        """The extents of elements and ways back, by which a number may stand out from a sentence."""
        return frozenset((s.start, s.end) for s in self.flow.of(Role.OWN, Role.BACKLINK))

    def printed(self, start: int, end: int) -> str:
        """Return the text of a stretch without permalinks, back-links and page marks."""
        return self.silent.remaining(self.flow.text, start, end)

    def told(self, start: int, end: int) -> str:
        """Return a heading, caption or note as lists repeat it: without calls, with `FORMULA` for formulas."""
        return self._with_formulas(self._untold, start, end)

    def told_in_list(self, start: int, end: int) -> str:
        """Return the text of an entry or note, without the numbers and signs of lists and what pictures print, likewise."""
        return self._with_formulas(self._unmarked, start, end)

    def _with_formulas(self, apart: Cover, start: int, end: int) -> str:
        text, parts = self.flow.text, []
        first = bisect_left(self._formulas, start, key=lambda span: span.start)
        for formula in islice(self._formulas, first, None):
            if formula.end > end:
                break
            parts += [apart.remaining(text, start, formula.start), FORMULA]
            start = formula.end
        return "".join([*parts, apart.remaining(text, start, end)])

    def starts_block(self, offset: int) -> bool:
        """Whether nothing is printed before the offset on its line."""
        before = self.flow.text[max(0, offset - 3) : offset]
        return not before.strip(" \u00a0").strip() or before.rstrip(" \u00a0")[-1:] in ("\n", LINE)


def sections(text: Text) -> list[Found]:
    """Find the numbered headings."""
    found, plain = headings_with_numbers(text)
    if only_by_print(found, plain):
        return sorted([*found, *plain], key=lambda f: f.start)
    return found


def only_by_print(found: Sized, plain: Iterable[Found]) -> bool:
    """Whether headings that only begin with a number are numbered, too: where numbers stand in elements of their own, they are not."""
    those = list(plain)
    return len(found) <= len(those) and any(f.label.split(".")[0] in _FIRST for f in those)


def headings_with_numbers(text: Text) -> tuple[list[Found], list[Found]]:
    """Find the headings whose number stands out, and those that only begin with one."""
    flow = text.flow
    stretches = (span for span in flow.of(Role.OWN, Role.MARKER) if span.end > span.start)
    own = {span.start: span.end for span in stretches}
    found: list[Found] = []
    plain: list[Found] = []
    for span in flow.of(Role.HEADING):
        start = text.skip(span.start)
        if any(each and start < each[-1].end for each in (found, plain)):
            continue
        if start in text.aside or start >= span.end:
            continue
        printed = flow.text[start : span.end]
        match = _HEADING.match(printed)
        stands_out = bool(match) and _stands_out(printed, own.get(start, -1) - start)
        if not match or not (stands_out or _is_section_label(match)):
            continue
        label_end = start + match.end()
        made = _make(text, Kind.SECTION, match[2], (start, label_end, span.end))
        (found if stands_out or match[1] else plain).append(made)
    return found, plain


def _stands_out(printed: str, own: int) -> bool:
    """Whether a heading's number is an element of its own; where nothing follows, "H4" is a title rather than a number."""
    label = printed[: max(own, 0)].strip(" .:\u00a0")
    return bool(ANY_LABEL.match(label)) and (label[0].isdigit() or bool(printed[own:].strip()))


def _is_section_label(match: re.Match[str]) -> bool:
    """Whether a heading's first word is its number: "2.1 Leak" but not "A word" nor "2020 in review"."""
    term, label = match[1], match[2]
    if term:
        return KIND_OF_TERM.get(term.casefold()) is Kind.SECTION
    return "." in label or (label.isdigit() and len(label) <= 2)


def captioned(text: Text) -> list[Found]:
    """Find the figures, tables and listings that have a numbered caption."""
    return with_captions(text, captions_of(text) or blocks_like_captions(text))


def captions_of(text: Text) -> list[Span]:
    """Return the captions that the file says to be such."""
    return [span for span in text.flow.of(Role.CAPTION) if span.start not in text.aside]


def with_captions(text: Text, captions: Iterable[Span]) -> list[Found]:
    """Find what has these captions, as far as they are numbered."""
    flow = text.flow
    containers = Innermost(flow.of(Role.FIGURE, Role.TABLE))
    tables = [span.start for span in flow.of(Role.TABLE)]
    codes = [span.start for span in flow.of(Role.CODE)]
    found: list[Found] = []
    for span in captions:
        start = text.skip(span.start)
        outer = next(containers.around(span.start), span)
        extent = (outer.start, outer.end)
        match = _CAPTION.match(flow.text[start : span.end])
        kind = _kind_of_caption(match, extent, tables, codes) if match else None
        if match and kind:
            found.append(
                _make(text, kind, match[2], (start, start + match.end(), span.end), extent)
            )
        elif sub := _SUB_CAPTION.match(flow.text[start : span.end]):
            made = _make(text, Kind.FIGURE, sub[1], (start, start + sub.end(), span.end), extent)
            found.append(made)
    return _with_parents(found)


def _kind_of_caption(
    match: re.Match[str], extent: tuple[int, int], tables: list[int], codes: list[int]
) -> Kind | None:
    term, punctuation = (match[1] or "").strip(" .\u00a0").casefold(), match[3]
    named = KIND_OF_TERM.get(term)
    if named in _CAPTIONED:
        return named
    if term and not (punctuation and term.count(" ") < 2):
        return None
    if not term and not punctuation and "." not in match[2] and not match[2].isdigit():
        return None
    if any(extent[0] <= start < extent[1] for start in tables):
        return Kind.TABLE
    return Kind.LISTING if any(extent[0] <= s < extent[1] for s in codes) else Kind.FIGURE


def blocks_like_captions(text: Text) -> list[Span]:
    """Find the blocks that begin like a caption, for files that have no captions as such."""
    found = []
    for span in text.flow.of(Role.BLOCK):
        start = text.skip(span.start)
        match = _CAPTION.match(text.flow.text[start : span.end])
        if not match or not match[1] or not match[3] or start in text.aside:
            continue
        if KIND_OF_TERM.get(match[1].strip(" .\u00a0").casefold()) in _CAPTIONED:
            found.append(Span(Role.CAPTION, start, span.end))
    starts = {span.start: span for span in reversed(found)}
    return [starts[start] for start in sorted(starts)]


def _with_parents(found: list[Found]) -> list[Found]:
    """Complete the labels of sub-figures: "(a)" inside Figure 3 is labelled "3a"."""
    result = []
    for thing in found:
        if not thing.label.isalpha():
            result.append(thing)
            continue
        parents = [
            p
            for p in found
            if not p.label.isalpha() and p.container[0] <= thing.start < p.container[1]
        ]
        if parents:
            declared = thing.declaration
            whole = Declaration(
                declared.kind, parents[0].label + thing.label, declared.text, declared.spot
            )
            result.append(Found(whole, thing.start, thing.end, thing.label_end, thing.container))
    return result


def equations(text: Text) -> list[Found]:
    """Find the numbered equations: blocks, or elements in them, that print nothing but a formula and "(n)"."""
    flow = text.flow
    drawn = Cover(flow.of(Role.MATH, Role.PICTURE, Role.FURNITURE, Role.BACKLINK, Role.PAGE_MARK))
    roles = (Role.HEADING, Role.CAPTION, Role.CODE, Role.ENTRY)
    barred = [drawn, text.aside, *(Cover(flow.of(role)) for role in roles)]
    barred.append(Cover(_tables_of_words(flow)))
    linked = Cover(Span(Role.OWN, link.start, link.end) for link in flow.links)
    found = []
    for match in _EQUATION.finditer(flow.text):
        start, end = match.span()
        if any(start in each for each in barred) or match.start(1) in linked:
            continue  # a number that is a link mentions something, such as a reference in a cell of its own
        if outer := _printed_with_formula(text, drawn, match):
            found.append(
                _make(text, Kind.EQUATION, match[1], (start, end, end), (outer.start, outer.end))
            )
    return found


def _tables_of_words(flow: Flow) -> Iterator[Span]:
    """Yield the tables without formulas: what they print in brackets may be amounts below nought."""
    formulas = sorted(span.start for span in flow.of(Role.MATH, Role.PICTURE))
    for table in flow.of(Role.TABLE):
        first = bisect_left(formulas, table.start)
        if first == len(formulas) or formulas[first] >= table.end:
            yield table


def _printed_with_formula(text: Text, drawn: Cover, match: re.Match[str]) -> Span | None:
    """Return the block around a number, or the element in a block, that prints nothing else but a formula."""
    start, end = match.span()

    def is_alone(span: Span) -> bool:
        return drawn.remaining(text.flow.text, span.start, span.end).strip() == match[0]

    block = text.blocks.at(start)
    if block is None:
        return None
    if is_alone(block):
        larger = (b for b in text.blocks.around(start) if b.end - b.start > end - start + 2)
        spread = next(larger, block)
        return spread if is_alone(spread) else block
    if text.formula_ends.isdisjoint(range(start - _NEAR, start + 1)):
        return None
    within = (s for s in text.flow.innermost(Role.OWN).around(start) if s.start < start)
    return next(filter(is_alone, within), None)


def _make(
    text: Text,
    kind: Kind,
    label: str,
    extent: tuple[int, int, int],
    container: tuple[int, int] | None = None,
) -> Found:
    start, label_end, end = extent
    printed = " ".join(text.told(label_end, end).replace(LINE, " ").split())
    spot = text.flow.spot(start)
    declaration = Declaration(kind, label, printed, spot)
    return Found(declaration, start, end, label_end, container or (start, label_end))


class Arrivals:
    """Tells which declarations a link's target stands for."""

    def __init__(
        self, text: Text, found: Iterable[Found], outside: Mapping[int, Outside] | None = None
    ) -> None:
        self._text = text
        self.outside = outside or {}
        self._found = sorted(found, key=lambda thing: thing.start)
        self._starts = [thing.start for thing in self._found]
        spans = [
            (Span(Role.FIGURE, *thing.container), thing)
            for thing in self._found
            if thing.kind is not Kind.SECTION
        ]
        self._holders = Innermost(span for span, _ in spans)
        self._held: dict[tuple[int, int], list[Found]] = {}
        for span, thing in spans:
            self._held.setdefault((span.start, span.end), []).append(thing)

    def at(self, target: int) -> list[Found]:
        """Return the declarations that begin at the target, then those whose container holds it."""
        if target in self.outside:
            return list(self.outside[target].things)
        # A label may itself be silent, as the way back: look at both readings of the place.
        places = {self._text.skip(target), self._text.flow.skip_space(target)}
        # What a list's item begins with stands beside the item's sign or number.
        ends = self._text.item_starts
        beside = {self._text.skip(ends[at]) for at in places if at in ends}
        exact: list[Found] = []
        for place in sorted(places | beside):
            last = bisect_right(self._starts, place)
            near = self._found[max(last - _NEAR, 0) : last]
            exact += [f for f in near if place <= max(f.label_end, f.start) and f not in exact]
        held = [
            thing
            for place in (target, *sorted(beside))
            for span in self._holders.around(place)
            for thing in self._held.get((span.start, span.end), ())
        ]
        return exact + [thing for thing in dict.fromkeys(held) if thing not in exact]
