"""Checks that each edition has what helps to find the way, where another has it: contents, bookmarks, lists of pages, page labels, ways back.

Editions of other tools may do without: then it is a warning. Those with a ledger come from one build.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass

from concordant.checks.model import Edition, Entry, Finding, Kind, Printed, Reading
from concordant.checks.words import letters_of, shortened
from concordant.problem import Severity

_OUTLINE = "outline"


@dataclass(frozen=True, slots=True)
class _List:
    """A list: its name, which lines are its own, and which of other lists say that there should be one."""

    name: str
    holds: Callable[[Entry], bool]
    is_alike: Callable[[Entry], bool]


def _is_page(entry: Entry) -> bool:
    return "page" in entry.source


def _is_contents(entry: Entry) -> bool:
    of_sections = entry.thing is None or entry.thing.kind is Kind.SECTION
    return of_sections and not _is_page(entry) and "landmarks" not in entry.source


def _is_bookmark(entry: Entry) -> bool:
    return entry.source == _OUTLINE


def _is_printed(entry: Entry) -> bool:
    return _is_contents(entry) and not _is_bookmark(entry)


_CONTENTS = _List("contents", _is_contents, _is_contents)
_PRINTED = _List("printed contents", _is_printed, _is_contents)
_BOOKMARKS = _List("bookmarks", _is_bookmark, _is_contents)
_PAGES = _List("list of pages", _is_page, _is_page)


def compare_aids(readings: Sequence[Reading]) -> Iterator[Finding]:
    """Yield what an edition lacks as a whole although another has it."""
    editions = [each for each in readings if each.edition is not Edition.LEDGER]
    severity = severity_of_absence(readings)
    yield from _lists(editions, severity)
    yield from _left_out(editions, severity)
    yield from _labels(editions, severity)
    yield from _ways_back(editions, Kind.FOOTNOTE, severity)
    # That a reference list says where each entry is cited is a matter of style.
    yield from _ways_back(editions, Kind.REFERENCE, Severity.WARNING)


def severity_of_absence(readings: Sequence[Reading]) -> Severity:
    """Return how grave it is that an edition has nothing of what another has: an error beside a ledger, as one build made all."""
    with_ledger = any(each.edition is Edition.LEDGER for each in readings)
    return Severity.ERROR if with_ledger else Severity.WARNING


def _lists(editions: Sequence[Reading], severity: Severity) -> Iterator[Finding]:
    by_edition = {each: [e for e in editions if e.edition is each] for each in Edition}
    pdf, epub, html = (by_edition[each] for each in (Edition.PDF, Edition.EPUB, Edition.HTML))
    markup = [*epub, *html]
    yield from _without(_CONTENTS, editions, editions, severity)
    yield from _without(_BOOKMARKS, pdf, editions, severity)
    yield from _without(_PAGES, epub, markup, severity)
    yield from _without(_PAGES, html, markup, Severity.WARNING)
    if severity is Severity.ERROR:  # a short paper may well do without, by a template of its own
        yield from _without(_PRINTED, pdf, markup, Severity.WARNING)


def _without(
    what: _List, wanted: Sequence[Reading], editions: Sequence[Reading], severity: Severity
) -> Iterator[Finding]:
    """Yield those of the wanted editions that have no such list, where one of all has what is like it."""
    lines = {each.edition: sum(map(what.is_alike, each.entries)) for each in editions}
    having = [edition for edition, count in lines.items() if count]
    for reading in wanted if having else ():
        if not any(map(what.holds, reading.entries)):
            names = " and ".join(having)
            message = f"{reading.edition} has no {what.name}; such a list is in {names}"
            printed = [Printed(edition, f"{lines[edition]} lines") for edition in having]
            told = (*printed, Printed(reading.edition, ""))
            yield Finding("contents-missing", message, printed=told, severity=severity)


def _left_out(editions: Sequence[Reading], severity: Severity) -> Iterator[Finding]:
    """Yield the headings without a number that a list leaves out, though it has others of their level, and another list has them.

    Those with a number are told by it, whatever other lists have.
    """
    lists = [each for reading in editions for each in _lists_of(reading)]
    for reading, source, listed in lists:
        # Bookmarks are often made of all headings there are.
        others = [each[-1] for each in lists if each[-1] is not listed and each[1] != _OUTLINE]
        for name, (heading, count) in _unnumbered(reading, listed).items():
            elsewhere = max((other[name] for other in others), default=0)
            if listed[name] < min(count, elsewhere):
                message = f"“{shortened(heading)}” is left out of the {source} of {reading.edition}, though another list has it"
                printed = (Printed(reading.edition, heading),)
                yield Finding(
                    "contents-missing", message, Kind.SECTION, printed=printed, severity=severity
                )


def _lists_of(reading: Reading) -> Iterator[tuple[Reading, str, Counter[str]]]:
    """Yield the lists of sections: the source of each, and how often it names a heading."""
    lines = list(filter(_is_contents, reading.entries))
    for source in dict.fromkeys(line.source for line in lines):
        those = (line.lands for line in lines if line.source == source)
        yield reading, source, Counter(map(_name, those))


def _unnumbered(reading: Reading, listed: Container[str]) -> dict[str, tuple[str, int]]:
    """Return the headings without a number that are of the levels of those listed, by name, and how many have it."""
    numbered = {_name(f"{thing.label}{thing.text}") for thing in reading.declared(Kind.SECTION)}
    apart = {*numbered, _name(reading.identity.title), ""}
    headings = [(_name(each.heading), each) for each in reading.passages]
    levels = {each.level for name, each in headings if name in listed}
    found: dict[str, tuple[str, int]] = {}
    for name, each in headings:
        if each.level in levels and name not in apart:
            found[name] = each.heading, found.get(name, ("", 0))[1] + 1
    return found


def _name(printed: str) -> str:
    return letters_of(printed).casefold()


def _labels(editions: Sequence[Reading], severity: Severity) -> Iterator[Finding]:
    """Yield the PDF whose file does not name its pages although other editions mark them, and its pages without a name."""
    marking = [each for each in editions if each.edition is not Edition.PDF and each.pages]
    for reading in (each for each in editions if each.edition is Edition.PDF):
        unnamed = [page for page in reading.pages if page.label and not page.named]
        counted = all(page.label in ("", str(n)) for n, page in enumerate(reading.pages, 1))
        if any(page.named for page in reading.pages):
            for page in unnamed:
                message = f"the page that prints the folio {page.label} has no label in the file, though others have"
                where = (Printed(reading.edition, page.label, page.spot),)
                yield Finding(
                    "folio-label", message, Kind.PAGE, page.label, where, severity=severity
                )
        elif unnamed and marking and not counted:
            names = " and ".join(each.edition for each in marking)
            message = f"{reading.edition} has no page labels; its pages are marked by their folios in {names}"
            told = [Printed(each.edition, f"{len(each.pages)} page marks") for each in marking]
            printed = (*told, Printed(reading.edition, ""))
            yield Finding("folio-label", message, Kind.PAGE, printed=printed, severity=severity)


def _ways_back(editions: Sequence[Reading], kind: Kind, severity: Severity) -> Iterator[Finding]:
    """Yield the editions in which few or none of the notes or entries have a way back, where most have in another."""
    counts = {
        each.edition: (
            len({back.label for back in each.backlinks if back.kind is kind}),
            len(each.declared(kind)),
        )
        for each in editions
    }
    most = {edition for edition, (backs, things) in counts.items() if backs * 2 > things}
    lacking = [edition for edition, (_, things) in counts.items() if things and edition not in most]
    for edition in lacking if most else ():
        backs, things = counts[edition]
        message = f"{backs} of {things} {kind}s of {edition} have a way back; elsewhere most have"
        told = tuple(Printed(each, "{} of {}".format(*counts[each])) for each in counts)
        yield Finding("backlink-missing", message, kind, printed=told, severity=severity)
