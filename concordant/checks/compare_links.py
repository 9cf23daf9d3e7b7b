"""Checks each edition by itself: links lead where they say, numbers are complete, pages are what is printed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Sequence

from concordant.checks.labels import counter, folio_value
from concordant.checks.model import (
    FORMULA,
    Declaration,
    Edition,
    Entry,
    Finding,
    Kind,
    Mention,
    Printed,
    Reading,
)
from concordant.checks.terms import KIND_OF_TERM
from concordant.checks.words import around_formulas, letters_of, shortened
from concordant.problem import Severity

_TERM_FIRST = re.compile(r"([^\W\d_]{2,})\.?\s+(?:\d|[A-Z]\b)")
_A_FEW = 3
_NAVIGATION = "navigation"
_END_OF_SENTENCE = re.compile(r"[.!?](?=\s|$)|$")
_MUST_BE_MENTIONED = (Kind.REFERENCE, Kind.FOOTNOTE)
_SHOULD_BE_MENTIONED = (Kind.FIGURE, Kind.TABLE, Kind.LISTING, Kind.EQUATION)


def check_edition(reading: Reading) -> Iterator[Finding]:
    """Yield what is wrong in one edition, whatever the others say."""
    yield from _links(reading)
    yield from _complete(reading)
    yield from _mentioned(reading)
    yield from _printed_pages(reading)
    yield from _folios(reading)
    yield from _contents(reading)
    yield from _ways_back(reading)


def _links(reading: Reading) -> Iterator[Finding]:
    declared = {(thing.kind, thing.label) for thing in reading.declarations}
    for mention in reading.mentions:
        name = f"{mention.kind} {mention.label}"
        if mention.dead:
            yield _of(reading, "link-dead", f"the link “{mention.label}” leads nowhere", mention)
        elif not mention.linked and not mention.implied:
            yield _of(reading, "link-missing", f"{name} is mentioned without a link", mention)
        elif mention.linked and mention.lands is None and not mention.implied:
            yield _of(
                reading, "link-lost", f"the link to {name} leads to nothing numbered", mention
            )
        elif mention.lands and not _meets(mention, mention.lands, declared):
            where = f"{mention.lands.kind} {mention.lands.label}"
            yield _of(reading, "link-target", f"a link prints {name} but leads to {where}", mention)
        if not mention.dead and (mention.kind, mention.label) not in declared:
            parent = (mention.kind, mention.label.rstrip("abcdefghijklmnopqrstuvwxyz"))
            if parent not in declared or parent[1] == mention.label:
                yield _of(
                    reading,
                    "mention-undeclared",
                    f"{name} is mentioned but stands nowhere",
                    mention,
                )


def _meets(mention: Mention, thing: Declaration, declared: set[tuple[Kind, str]]) -> bool:
    if mention.kind is not thing.kind:
        return False
    part_of = mention.label[:-1] == thing.label and mention.label[-1:].isalpha()
    whole_missing = (mention.kind, mention.label) not in declared
    return mention.label == thing.label or (part_of and whole_missing)


def _of(reading: Reading, code: str, message: str, mention: Mention) -> Finding:
    printed = (Printed(reading.edition, mention.context or mention.label, mention.spot),)
    return Finding(code, message, mention.kind, mention.label, printed, mention.place)


def _complete(reading: Reading) -> Iterator[Finding]:
    """Check that the numbers of each kind count one by one."""
    for kind in Kind:
        things = reading.declared(kind)
        seen: Counter[str] = Counter()
        last: dict[str, int] = {}
        for thing in things:
            seen[thing.label] += 1
            if seen[thing.label] > 1:
                yield _at(
                    reading, "number-duplicate", f"two {kind}s are numbered {thing.label}", thing
                )
                continue
            place = counter(thing.label)
            if place is None:
                continue
            series, number = place
            before = last.get(series, 0)
            if number > before + 1:
                left_out = (
                    f"{kind} {series.removeprefix('A-')}{before + 1}"
                    if before or series
                    else f"{kind} 1"
                )
                yield _at(
                    reading, "number-gap", f"{left_out} is left out before {thing.label}", thing
                )
            elif number <= before:
                yield _at(
                    reading, "number-order", f"{kind} {thing.label} stands after {before}", thing
                )
            last[series] = max(number, before)


def _at(
    reading: Reading,
    code: str,
    message: str,
    thing: Declaration,
    severity: Severity = Severity.ERROR,
) -> Finding:
    printed = (Printed(reading.edition, f"{thing.label} {thing.text}".strip(), thing.spot),)
    return Finding(code, message, thing.kind, thing.label, printed, thing.place, severity)


def _mentioned(reading: Reading) -> Iterator[Finding]:
    for kind in (*_MUST_BE_MENTIONED, *_SHOULD_BE_MENTIONED):
        mentioned = {mention.label for mention in reading.mentioned(kind)}
        mentioned |= {label[:-1] for label in mentioned if label[-1:].isalpha()}
        severity = Severity.ERROR if kind in _MUST_BE_MENTIONED else Severity.WARNING
        for thing in reading.declared(kind):
            if thing.label not in mentioned and not thing.label[-1:].isalpha():
                message = f"{kind} {thing.label} is mentioned nowhere"
                yield _at(reading, "never-mentioned", message, thing, severity)


def citation_order(reading: Reading) -> Iterator[Finding]:
    """Yield the references that are first cited before one with a smaller number."""
    seen: set[str] = set()
    expected = 1
    for mention in reading.mentioned(Kind.REFERENCE):
        if mention.label in seen or not mention.label.isdigit():
            continue
        seen.add(mention.label)
        if int(mention.label) != expected:
            message = f"reference {mention.label} is first cited where {expected} should be"
            yield _of(reading, "citation-order", message, mention)
        expected = int(mention.label) + 1


def _printed_pages(reading: Reading) -> Iterator[Finding]:
    for mention in reading.page_mentions:
        if mention.label != mention.lands:
            there = f"page {mention.lands}" if mention.lands else "a page without a folio"
            message = f"page {mention.label} is printed, but the link lands on {there}"
            printed = (Printed(reading.edition, mention.context, mention.spot),)
            yield Finding("page-number", message, Kind.PAGE, mention.label, printed)


def _folios(reading: Reading) -> Iterator[Finding]:
    if reading.edition is not Edition.PDF:
        return
    before: tuple[int, tuple[str, int]] | None = None
    for index, page in enumerate(reading.pages):
        printed = (Printed(reading.edition, page.label, page.spot),)
        if page.named and page.label and page.named != page.label:
            message = f"the page labelled {page.named} in the file prints the folio {page.label}"
            yield Finding("folio-label", message, Kind.PAGE, page.label, printed)
        value = folio_value(page.label)
        if value is None:
            continue
        if before and before[1][0] == value[0] and value[1] - before[1][1] != index - before[0]:
            message = f"folio {page.label} follows {before[1][1]} after {index - before[0]} page(s)"
            yield Finding("folio-order", message, Kind.PAGE, page.label, printed)
        before = index, value


def _contents(reading: Reading) -> Iterator[Finding]:
    terms = _terms(reading.entries)
    for entry in reading.entries:
        printed = (Printed(reading.edition, entry.text, entry.spot),)
        if entry.dead:
            message = f"“{shortened(entry.text)}” in the {entry.source} leads nowhere"
            yield Finding("link-dead", message, None, entry.text, printed)
        elif not _says_what_stands(entry, terms):
            message = f"“{shortened(entry.text)}” in the {entry.source} leads to “{shortened(entry.lands)}”"
            kind = entry.thing.kind if entry.thing else None
            yield Finding(
                "contents-text", message, kind, entry.thing.label if entry.thing else "", printed
            )
    depths = [_depth(thing) for thing in reading.declarations]
    places = {id(thing): place for place, thing in enumerate(reading.declarations)}
    for source in dict.fromkeys(entry.source for entry in reading.entries):
        listed = [entry for entry in reading.entries if entry.source == source and not entry.dead]
        yield from _left_out(reading, source, listed, depths)
        yield from _out_of_order(reading, source, listed, places)
        yield from _doubled(reading, source, listed)


def _terms(entries: Iterable[Entry]) -> frozenset[str]:
    """Return the words with which at least a few entries introduce a number: "Luku 1", "Luku 2"."""
    words = Counter(
        match[1].casefold() for each in entries if (match := _TERM_FIRST.match(each.text))
    )
    return frozenset(word for word, count in words.items() if count >= _A_FEW)


def _says_what_stands(entry: Entry, terms: Container[str]) -> bool:
    """Whether an entry prints the heading, caption or folio that it leads to, with or without its number and a term before that."""
    if entry.text == entry.lands:
        return True
    said, stands = letters_of(entry.text), letters_of(entry.lands)
    if FORMULA in stands:
        said = _with_formulas(said, entry.lands, entry.thing.text if entry.thing else "")
    if said == stands or said.casefold() == stands.casefold():
        return True
    if entry.thing is None:
        return not re.search(r"\d", entry.text) and not stands
    said = said.rstrip(".")
    text = next((part for part in _openings(entry.thing.text) if said.endswith(part)), "")
    before = said.removesuffix(text).strip("([§.:)–")
    label = letters_of(entry.thing.label)
    term = before.removesuffix(label).strip("([§.:").casefold()
    is_term = term in terms or term in KIND_OF_TERM or stands.casefold().startswith(term)
    return bool(text) and (not before or (before.endswith(label) and is_term))


def _openings(text: str) -> list[str]:
    """Return the letters of a text up to each end of a sentence in it, the whole first."""
    ends = [match.start() for match in _END_OF_SENTENCE.finditer(text)]
    return [part for end in reversed(ends) if (part := letters_of(text[:end]).rstrip("."))]


def _with_formulas(said: str, *texts: str) -> str:
    """Return what an entry prints as its heading or caption does: with a sign where that shows a formula."""
    for text in (part for whole in texts for part in _openings(whole)):
        if FORMULA in text and (match := around_formulas(text).search(said.rstrip("."))):
            return said[: match.start()] + text
    return said


def _left_out(
    reading: Reading, source: str, listed: list[Entry], depths: list[tuple[Kind, int]]
) -> Iterator[Finding]:
    """Yield the things that are left out of a list in which others of their depth stand; `depths` are of all declarations."""
    things = {id(entry.thing) for entry in listed if entry.thing}
    wanted = {_depth(entry.thing) for entry in listed if entry.thing}
    for thing, depth in zip(reading.declarations, depths, strict=True):
        if depth in wanted and id(thing) not in things:
            message = f"{thing.kind} {thing.label} is left out of the {source}"
            yield _at(reading, "contents-missing", message, thing)


def _depth(thing: Declaration) -> tuple[Kind, int]:
    sub = thing.label[-1:].isalpha() and len(thing.label) > 1
    return thing.kind, thing.label.count(".") + 1 + sub


def _out_of_order(
    reading: Reading, source: str, listed: list[Entry], places: dict[int, int]
) -> Iterator[Finding]:
    last: dict[Kind, int] = {}
    for entry in listed:
        if entry.thing is None:
            continue
        kind, place = entry.thing.kind, places[id(entry.thing)]
        if place < last.get(kind, 0):
            printed = (Printed(reading.edition, entry.text, entry.spot),)
            message = f"“{shortened(entry.text)}” is out of order in the {source}"
            yield Finding("contents-order", message, kind, printed=printed)
        last[kind] = max(place, last.get(kind, 0))


def _doubled(reading: Reading, source: str, listed: list[Entry]) -> Iterator[Finding]:
    """Yield the entries that stand twice in a list; headings without a number may have the same words.

    A page may have several stretches of navigation: there, only what stands twice on end does so in one list.
    """
    headings = Counter(letters_of(passage.heading) for passage in reading.passages)
    seen: Counter[tuple[int, str]] = Counter()
    before = 0, ""
    for entry in listed if "page" not in source else ():
        said = letters_of(entry.text)
        last, before = before, (id(entry.thing), said)
        seen[before] += 1
        most = 1 if entry.thing else max(headings[said], 1)
        if seen[before] > most and (before == last or source != _NAVIGATION):
            kind = entry.thing.kind if entry.thing else None
            printed = (Printed(reading.edition, entry.text, entry.spot),)
            message = f"“{shortened(entry.text)}” stands twice in the {source}"
            yield Finding("contents-order", message, kind, printed=printed)


def _ways_back(reading: Reading) -> Iterator[Finding]:
    for back in reading.backlinks:
        if not back.meets:
            printed = (Printed(reading.edition, back.context, back.spot),)
            message = f"the way back from {back.kind} {back.label} meets no mention of it"
            yield Finding("backlink-wrong", message, back.kind, back.label, printed)
    for kind in _MUST_BE_MENTIONED:
        with_one = {back.label for back in reading.backlinks if back.kind is kind}
        things = reading.declared(kind)
        if len(with_one) * 2 <= len(things):
            continue
        for thing in things:
            if thing.label not in with_one:
                yield _at(
                    reading, "backlink-missing", f"{kind} {thing.label} has no way back", thing
                )


def grouped(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Join the findings that are the same in several editions into one each."""
    joined: dict[tuple[str, str, str], Finding] = {}
    for finding in findings:
        key = (
            finding.code,
            finding.message,
            "|".join(p.text for p in finding.printed[:1] if finding.kind),
        )
        first = joined.get(key)
        if first is None or first.editions == finding.editions:
            joined[(*key[:2], key[2] + f"#{len(joined)}") if first else key] = finding
            continue
        both = Finding(
            first.code,
            first.message,
            first.kind,
            first.label,
            (*first.printed, *finding.printed),
            first.place or finding.place,
            first.severity,
        )
        joined[key] = both
    return tuple(joined.values())
