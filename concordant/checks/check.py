"""The check: read the editions, compare them, give a verdict."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from concordant.checks.ahead import without_collector
from concordant.checks.begun import Begun, Seen, Turn, start_reading
from concordant.checks.compare import COMPARED, agreed, compare_numbers
from concordant.checks.compare_aids import compare_aids
from concordant.checks.compare_links import check_edition, citation_order, grouped
from concordant.checks.compare_pages import compare_page_marks
from concordant.checks.compare_pictures import compare_pictures
from concordant.checks.compare_words import compare_words, title_matter, word_count
from concordant.checks.identity import compare_identities
from concordant.checks.memory import Memory
from concordant.checks.model import (
    Aside,
    Count,
    Edition,
    Finding,
    Identity,
    Kind,
    Reading,
    Verdict,
)
from concordant.checks.pieces.shelf import Forgotten, Shelf
from concordant.checks.plain import set_plain_apart
from concordant.problem import CannotRun


def check(
    pdf: Path | None = None,
    epub: Path | None = None,
    html: Path | None = None,
    ledger: Path | None = None,
) -> Verdict:
    """Read the finished files and compare what a reader sees in them, as `check_files` does."""
    files = {Edition.PDF: pdf, Edition.EPUB: epub, Edition.HTML: html, Edition.LEDGER: ledger}
    return check_files({edition: path for edition, path in files.items() if path is not None})


def check_files(
    files: Mapping[str, Path], executor: Executor | None = None, memory: Memory | None = None
) -> Verdict:
    """Read the finished files, given by the names of editions, and compare what a reader sees in them.

    At least two of the files, or one and the ledger, are needed. Workers of `executor` read them side by side: they
    must find the same files under these paths. Without it, this process does all. What `memory` has of the same bytes
    is not read again.

    Raises `CannotRun` when a file is missing or cannot be read.
    """
    checking = Checking(executor, memory)
    for edition, path in files.items():
        checking.begin(edition, path)
    return checking.verdict()


class Checking:
    """A check under way: each file is read from when it is there."""

    def __init__(self, executor: Executor | None = None, memory: Memory | None = None) -> None:
        self._executor, self._memory = executor, memory
        self._begun: dict[str, Begun] = {}

    def begin(self, edition: str, path: Path, new: float = 0.5) -> None:
        """Begin to read a file as the edition of this name, and go on with those before.

        `new` is the share of it that is said to be new to the memory: it decides who reads it, not what is read.
        """
        with without_collector():
            self._begun[edition] = start_reading(
                Edition(edition), path, self._executor, self._memory, new
            )
            self._go_on()

    def read_now(self, edition: str) -> None:
        """Read a file that was begun, if that is for this process, which has nothing else to do; what is wrong is told by the verdict."""
        begun = self._begun[edition]
        if begun.turn is Turn.READ_HERE:
            with without_collector(), suppress(CannotRun):
                begun.seen()

    def _go_on(self, *, waiting: bool = False) -> None:
        """Give workers what they are to do. The file that was begun first takes longest, first here and at last in this process.

        So one other goes before what that waits for, and the rest behind it: then the workers end when this process does.
        """
        first, *others = self._begun.values()
        has_all = first.go_on(waiting)
        for begun in others if has_all else others[:1]:
            begun.go_on(waiting)

    def verdict(self) -> Verdict:
        """Compare the files, in the order of the editions; what was begun is used up, as it takes much room.

        Where there is a memory, warnings beside an agreement may not tell their places.

        Raises `CannotRun` when there are not two, or one cannot be read.
        """
        if len(self._begun) < 2:
            raise CannotRun(
                "a check compares at least two files: give a PDF, an EPUB, an HTML file, a ledger"
            )
        with without_collector():
            self._go_on(waiting=True)
            every = {each: self._begun.pop(each) for each in Edition if each in self._begun}
            by_turn = sorted(every, key=lambda each: every[each].turn)
            seen = {each: every[each].seen() for each in by_turn}
            readings = [seen[each].reading for each in every]
            if verdict := self._at_first_sight(readings, seen):
                return verdict
            whole = [
                begun.whole() if reading.in_pieces else reading
                for begun, reading in zip(every.values(), readings, strict=True)
            ]
            return verdict_on(whole, seen=seen)

    def _at_first_sight(
        self, readings: Sequence[Reading], seen: Mapping[Edition, Seen]
    ) -> Verdict | None:
        """Compare readings in pieces; None where they disagree, as they cannot tell where, or their words are forgotten."""
        if not self._memory or not any(each.in_pieces for each in readings):
            return None
        with suppress(Forgotten):
            shelf = Shelf(self._memory, _identity(readings).title)
            verdict = verdict_on(readings, shelf, seen)
            if verdict.agrees:
                shelf.close()
                return verdict
        return None


def read_edition(edition: Edition, path: Path, memory: Memory | None = None) -> Reading:
    """Read one file as the edition that it is said to be."""
    return start_reading(edition, path, memory=memory).whole()


def verdict_on(
    readings: Sequence[Reading],
    shelf: Shelf | None = None,
    seen: Mapping[Edition, Seen] | None = None,
) -> Verdict:
    """Compare readings with each other; `shelf` has the words of those in pieces; some may have been `seen` by themselves.

    Raises `Forgotten` where the shelf has not the words.
    """
    readings, plain = set_plain_apart(readings)
    editions = [reading for reading in readings if reading.edition is not Edition.LEDGER]
    findings = [
        *plain,
        *compare_identities(readings),
        *compare_numbers(readings),
        *(finding for reading in editions for finding in _alone(reading, seen or {})),
        *_citation_order(editions),
        *compare_page_marks(readings),
        *compare_aids(readings),
        *compare_words(editions, shelf),
        *compare_pictures(editions),
    ]
    places = _places(readings)
    return Verdict(
        files=tuple((reading.edition, reading.name) for reading in readings),
        identity=_identity(readings),
        counts=tuple(_counts(readings)),
        words=tuple((r.edition, word_count(r)) for r in editions),
        asides=tuple((r.edition, aside) for r in editions for aside in _asides(r)),
        findings=tuple(_placed(finding, places) for finding in grouped(findings)),
    )


def _alone(reading: Reading, seen: Mapping[Edition, Seen]) -> Iterable[Finding]:
    """Return what is wrong in a reading whatever the others say."""
    known = seen.get(reading.edition)
    # It is another reading where mentions that no edition links have been set apart since.
    return known.findings if known and known.reading is reading else check_edition(reading)


def _identity(readings: Sequence[Reading]) -> Identity:
    return next((r.identity for r in readings if r.edition is Edition.LEDGER), readings[0].identity)


def _citation_order(editions: list[Reading]) -> Iterator[Finding]:
    """Ask for the order of first citation where most editions number their references so."""
    orders = {r.edition: tuple(f.message for f in citation_order(r)) for r in editions}
    if editions and not orders[agreed(orders)]:
        for reading in editions:
            yield from citation_order(reading)


def _counts(readings: Sequence[Reading]) -> Iterator[Count]:
    for kind in COMPARED:
        for reading in readings:
            if kind in reading.kinds:
                declared, mentioned = len(reading.declared(kind)), len(reading.mentioned(kind))
                yield Count(kind, reading.edition, declared, mentioned)
    for reading in readings:
        labels = [page for page in reading.pages if page.label]
        if reading.edition is not Edition.LEDGER:
            yield Count(Kind.PAGE, reading.edition, len(labels), len(reading.page_mentions))


def _asides(reading: Reading) -> Iterator[Aside]:
    yield from reading.asides
    if words := title_matter(reading):
        yield Aside("title matter", words)


def _places(readings: Sequence[Reading]) -> dict[tuple[Kind, str], str]:
    return {
        (thing.kind, thing.label): thing.place
        for reading in readings
        for thing in reading.declarations
        if thing.place
    }


def _placed(finding: Finding, places: dict[tuple[Kind, str], str]) -> Finding:
    """Add the place in the source that the ledger gives for the number that a finding is about."""
    if finding.place or finding.kind is None:
        return finding
    return replace(finding, place=places.get((finding.kind, finding.label), ""))
