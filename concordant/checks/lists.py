"""Finds the entries of the reference list and the notes: by role where there is one, else by links and print."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from concordant.checks.flow import LINE, Cover, Flow, Link, Role, Span, outermost
from concordant.checks.found import Found, Text
from concordant.checks.model import Declaration, Kind
from concordant.checks.terms import CITED, KIND_OF_TERM, part_named_by

_BARE = r"(\d{1,4})(?=[\s.):\u00a0]|[^\W\d_]|[“\"‘'(\[]|$)"
# What is printed of a label, its number in square brackets or not, or, of an entry, in round ones.
_LABEL = re.compile(rf"\s*((?:\[(\d{{1,4}})\]|{_BARE})[.):]?)[\s\u00a0]*")
_ENTRY_LABEL = re.compile(rf"\s*((?:\[(\d{{1,4}})\]|{_BARE}|\((\d{{1,4}})\))[.):]?)[\s\u00a0]*")
_BRACKETED = re.compile(r"\[(\d{1,4})\]")
# Only short words and terms may follow, such as "den Seiten": anything else is the entry's own text.
_MORE_WORDS = rf"(?:\s+(?:[^\W\d_]{{1,3}}|{'|'.join(map(re.escape, KIND_OF_TERM))})\b)*"
_CITED = re.compile(rf"[\s(\[↑↩^–—-]*\b(?:{CITED})\b{_MORE_WORDS}[^\w.]*$", re.IGNORECASE)
_BULLETS = frozenset("•◦▪‣⁃●○■")
_TAIL = " \n\u00a0\u2028↑↩︎⤴^,;–—-[(•·"


@dataclass(frozen=True, slots=True)
class Start:
    """Where an entry or a note begins, and its printed label."""

    offset: int
    label: str
    label_end: int


def notes(text: Text) -> list[Found]:
    """Find the footnotes and endnotes."""
    if text.flow.of(Role.NOTE):
        return notes_by_role(text)
    areas = text.flow.of(Role.NOTE_AREA)
    if areas:
        return _between(text, Kind.FOOTNOTE, _numbered_blocks(text, areas, _LABEL))
    return notes_by_links(text)


def notes_by_role(text: Text) -> list[Found]:
    """Find the notes that the format itself says to be such."""
    return _from_roles(text, Kind.FOOTNOTE, outermost(text.flow.of(Role.NOTE)))


def entries(text: Text) -> list[Found]:
    """Find the entries of the reference list."""
    way, found = entries_in_lists(text)
    return found if way else _between(text, Kind.REFERENCE, _bracketed_starts(text), [])


def entries_in_lists(text: Text) -> tuple[str, list[Found]]:
    """Find the entries where the format or a heading says that such a list is; tell which of the two ways it is, "" for neither."""
    outer = outermost(text.flow.of(Role.ENTRY))
    if outer:
        return "role", _from_roles(text, Kind.REFERENCE, outer)
    regions = text.flow.of(Role.BIBLIOGRAPHY) or _regions_by_heading(text)
    ends = [span.end for span in regions]
    starts = _numbered_blocks(text, regions, _ENTRY_LABEL)
    return "region" if regions else "", _between(text, Kind.REFERENCE, starts, ends)


def _from_roles(text: Text, kind: Kind, spans: list[Span]) -> list[Found]:
    markers = {span.start: span for span in text.flow.of(Role.MARKER)}
    called = {text.skip(link.target): link for link in reversed(text.flow.links) if link.target}
    pattern = _ENTRY_LABEL if kind is Kind.REFERENCE else _LABEL
    found = []
    for span in spans:
        start = _start_at(text, span.start, markers, pattern)
        if start is None and kind is Kind.FOOTNOTE:
            start = _called(text, called.get(text.skip(span.start)), span)
        if start:
            found.append(_found(text, kind, start, span.end))
    return found


def calls(text: Text, found: list[Found]) -> list[Span]:
    """Return the links that print the number of the note that they lead to."""
    labels = {note.start: note.label for note in found}
    return [
        Span(Role.CALL, link.start, link.end)
        for link in text.flow.links
        if link.target is not None
        and number_in(text.flow, link)
        in (labels.get(text.skip(link.target)), labels.get(text.flow.skip_space(link.target)))
    ]


def _called(text: Text, call: Link | None, span: Span) -> Start | None:
    """Return the number of a note that prints none itself: a reading system shows it at the call."""
    number = "" if call is None else number_in(text.flow, call)
    begin = text.skip(span.start)
    return Start(begin, number, begin) if number.isdigit() else None


def _start_at(
    text: Text, offset: int, markers: dict[int, Span], pattern: re.Pattern[str]
) -> Start | None:
    """Return the label at the offset: printed text where it is one, else the number of the list item."""
    # The number itself may be the way back to the call: then it is silent, and yet the label.
    bare = text.flow.skip_space(offset)
    begin = bare if pattern.match(text.flow.text, bare) else text.skip(offset)
    match = pattern.match(text.flow.text, begin)
    marker = markers.get(offset) or markers.get(bare) or markers.get(begin)
    if match and (marker is None or marker.end > marker.start or _stands_out(text, match)):
        return _start(begin, match)
    return Start(begin, marker.value, begin) if marker and marker.value else None


def _start(begin: int, match: re.Match[str]) -> Start:
    number = next(filter(None, match.groups()[1:]))
    return Start(begin, number, match.end())


def _stands_out(text: Text, match: re.Match[str]) -> bool:
    """Whether a printed number is a label of its own, and not how the sentence begins."""
    own = text.standing_out
    return bool(match[2]) or match.span(1) in own or match.span(3) in own


def _numbered_blocks(text: Text, regions: list[Span], pattern: re.Pattern[str]) -> list[Start]:
    markers = {span.start: span for span in text.flow.of(Role.MARKER)}
    cover = Cover(regions)
    inner = Cover(text.flow.of(Role.HEADING))
    starts: dict[int, Start] = {}
    for block in (block for block in text.flow.of(Role.BLOCK) if block.start in cover):
        begin = text.skip(block.start)
        if begin not in inner and begin not in starts and begin < block.end:
            start = _start_at(text, block.start, markers, pattern)
            if start:
                starts[begin] = start
    return _one_style(text, _without_citations(text, list(starts.values())))


def _without_citations(text: Text, starts: list[Start]) -> list[Start]:
    """Drop blocks that begin with a citation: its number leads to another of them."""
    offsets = {start.offset for start in starts}

    def leads_to_another(start: Start) -> bool:
        links = text.flow.links_from(start.offset, start.label_end)
        targets = {text.skip(link.target) for link in links if link.target is not None}
        return bool(targets & offsets - {start.offset})

    return [start for start in starts if not leads_to_another(start)]


def _one_style(text: Text, starts: list[Start]) -> list[Start]:
    """Drop blocks that only happen to begin with a number, when the labels are in brackets (that of the first is, or those of most), or with one in round ones."""
    signs = [text.flow.text[start.offset] for start in starts]
    for bracket in "[(":
        if signs[:1] == [bracket] or signs.count(bracket) * 2 >= len(signs):
            return [start for start, sign in zip(starts, signs, strict=True) if sign == bracket]
    return [start for start, sign in zip(starts, signs, strict=True) if sign != "("]


def _regions_by_heading(text: Text) -> list[Span]:
    headings = [span for span in text.flow.of(Role.HEADING) if span.start not in text.aside]
    regions = []
    for index, span in enumerate(headings):
        name = re.sub(r"^[\dA-Z.]{1,6}\s+", "", text.printed(span.start, span.end).strip())
        if part_named_by(name) == "references":
            later = (h.start for h in headings[index + 1 :] if h.level <= span.level)
            regions.append(Span(Role.BIBLIOGRAPHY, span.end, next(later, len(text.flow.text))))
    return regions


def _bracketed_starts(text: Text) -> list[Start]:
    """Find the blocks that begin with "[n]" and are no citations, where some link leads to one of them."""
    targets = {text.skip(link.target) for link in text.flow.links if link.target is not None}
    starts = bracketed(text)
    return starts if any(start.offset in targets for start in starts) else []


def bracketed(text: Text) -> list[Start]:
    """Find the blocks that begin with "[n]" and are no citations."""
    flow = text.flow
    linked = Cover(Span(Role.OWN, link.start, link.end) for link in flow.links)
    starts = []
    for match in _BRACKETED.finditer(flow.text):
        begin = match.start()
        if (
            not text.starts_block(begin)
            or begin in linked
            or match.start(1) in linked
            or begin in text.aside
        ):
            continue
        starts.append(Start(begin, match[1], match.end()))
    return starts


def notes_by_links(text: Text) -> list[Found]:
    """Find the notes by links alone."""
    return _between(text, Kind.FOOTNOTE, _note_starts(text))


def may_call_notes(text: Text, outside: int) -> Iterator[Link]:
    """Yield the numbers that lead to targets from `outside` on: if others of a text, they may call notes there, or stand before notes."""
    for link in text.flow.links:
        if link.target is not None and link.target >= outside and _is_number(text.flow, link):
            yield link


def begins_like_a_note(text: Text, target: int) -> bool:
    """Whether a link to the target meets a block that begins with a number."""
    return _bare_start(text, _with_label(text, text.skip(target))) is not None


def _note_starts(text: Text) -> list[Start]:
    """Find the notes by links: a number that leads to a line that begins with a number, and the way back."""
    flow = text.flow
    candidates: dict[int, Start] = {}
    numeric = [link for link in flow.links if _is_number(flow, link) and link.target is not None]
    places = sorted(link.start for link in numeric)
    for link in numeric:
        target = _with_label(text, text.skip(link.target or 0))
        start = _bare_start(text, target)
        if start and (start.label == number_in(flow, link) or _leads_back(flow, target, link)):
            candidates[target] = start
        if text.starts_block(link.start) and _meets(places, link):
            start = _bare_start(text, link.start)
            if start and (link.target or 0) < link.start:
                candidates.setdefault(link.start, start)
    return [candidates[offset] for offset in sorted(candidates)]


def _with_label(text: Text, target: int) -> int:
    """Step back over a number that hangs before the place where a link lands."""
    for block in text.blocks.around(target):
        begin = text.skip(block.start)
        if begin < target:
            label = _LABEL.match(text.flow.text, begin)
            return begin if label and label.end() == target else target
    return target


def _bare_start(text: Text, offset: int) -> Start | None:
    flow = text.flow
    barred = offset in text.captions or offset in text.aside or text.headings.at(offset)
    if flow.text[offset : offset + 1] == "[" or barred:
        return None
    match = _LABEL.match(flow.text, offset)
    if (
        not match
        or not text.starts_block(offset)
        or not flow.text[match.end() : match.end() + 1].strip()
    ):
        return None
    return _start(offset, match)


def _is_number(flow: Flow, link: Link) -> bool:
    return link.end - link.start <= 8 and number_in(flow, link).isdigit()


def number_in(flow: Flow, link: Link) -> str:
    """Return what a link prints, without brackets and the like."""
    return flow.text[link.start : link.end].strip(" \u00a0\n\u2028[]().:")


def _leads_back(flow: Flow, target: int, call: Link) -> bool:
    """Whether a link at the start of the block at `target` leads back to the call."""
    return any(
        link.target is not None and abs(link.target - call.start) <= 4
        for link in flow.links_from(target - 2, target + 3)
    )


def _meets(places: list[int], link: Link) -> bool:
    index = bisect_right(places, (link.target or 0) + 4) - 1
    return (
        index >= 0 and abs(places[index] - (link.target or 0)) <= 4 and places[index] != link.start
    )


def _between(
    text: Text, kind: Kind, starts: list[Start], ends: list[int] | None = None
) -> list[Found]:
    offsets = [start.offset for start in starts]
    found = []
    for index, start in enumerate(starts):
        following = offsets[index + 1] if index + 1 < len(offsets) else None
        if ends is not None:
            region = next((end for end in ends if end > start.offset), len(text.flow.text))
            last = following is None or following >= region
            end = _last_end(text, starts[: index + 1], region) if last else following or region
        else:
            end = _block_end(text, start.offset, following)
        found.append(_found(text, kind, start, end))
    return found


def _last_end(text: Text, starts: list[Start], region: int) -> int:
    """Return where the last of the entries ends: with its block, if text follows in the region and the others end so, else with
    the region.
    """
    *_, last = starts
    end = _block_end(text, last.offset, None)
    if end >= region or not text.printed(end, region).strip():
        return region
    alone = bool(text.printed(last.label_end, end).strip())  # and not only its label
    for start, following in pairwise(each.offset for each in starts):
        alone &= not text.printed(_block_end(text, start, following), following).strip()
    return end if alone else region


def _block_end(text: Text, start: int, following: int | None) -> int:
    """Return where the thing that begins at `start` ends: with the largest block without the `following` one."""
    end = None
    for block in text.blocks.around(start):
        other = following if following is not None and following < block.end else None
        if text.skip(block.start) == start and other is None:
            end = block.end
        elif end is None:
            return block.end if other is None else other
        else:
            break
    return end if end is not None else len(text.flow.text)


def _found(text: Text, kind: Kind, start: Start, end: int) -> Found:
    cut = _ways_back(text, kind, start.label_end, end)
    words = _without_back_references(text, start.label_end, cut, end).split(" ")
    # The bullets of a list in a note are drawn in a paged file, and text nowhere else.
    printed = " ".join(word for word in words if word not in _BULLETS)
    declaration = Declaration(kind, start.label, printed, text.flow.spot(start.offset))
    label_end = max(start.label_end, start.offset + 1)
    tail = _tail(text, start.label_end, cut, end)
    return Found(declaration, start.offset, end, label_end, (start.offset,) * 2, tail)


def _ways_back(text: Text, kind: Kind, start: int, end: int) -> int:
    """Return where the links back begin that end an entry or note, or its end where there are none."""
    tail = [link for link in text.flow.links_from(start, end) if link.end <= end]
    cut = end
    for link in reversed(tail):
        between = text.printed(link.end, cut)
        outside = link.target is None or not start <= link.target < end
        if not (
            outside and _is_back_label(text, kind, link) and not re.search(r"[^\W\d_]{4,}", between)
        ):
            break
        cut = link.start
    return cut


def _without_back_references(text: Text, start: int, cut: int, end: int) -> str:
    """Return the text of an entry or note without the links back that follow it."""
    printed = text.told_in_list(start, cut)
    if cut != end:
        printed = _CITED.sub("", printed.rstrip(_TAIL))
    return " ".join(printed.replace(LINE, " ").split()).rstrip(_TAIL)


def _tail(text: Text, start: int, cut: int, end: int) -> int:
    """Return where the ways back begin, with the words that introduce them."""
    printed = text.flow.text[start:cut].rstrip(_TAIL) if cut != end else ""
    match = _CITED.search(printed)
    return start + match.start() if match else cut


def _is_back_label(text: Text, kind: Kind, link: Link) -> bool:
    """Whether a link at the end of an entry looks like a way back: a sign, a letter, a number, a folio.

    A note ends more often with a citation or a cross-reference than with a number that leads back.
    """
    printed = text.printed(link.start, link.end).strip(" \u00a0\u2028.,;()")
    if link.back or re.fullmatch(r"\W*|[a-z]{1,2}", printed):
        return True
    bracketed = text.flow.text[link.start - 1 : link.start] == "["
    number = re.fullmatch(r"\d{1,4}|[ivxlcdm]{1,15}|[\d.]{1,8}|§.{1,8}", printed)
    return kind is Kind.REFERENCE and bool(number) and not bracketed
