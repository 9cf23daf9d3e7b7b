"""Runs faults and harmless changes against three good editions, and counts what was caught."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from random import Random

from concordant.checks.begun import start_reading
from concordant.checks.check import read_edition, verdict_on
from concordant.checks.model import Edition, Finding, Reading
from concordant.checks.pieces.shelf import Shelf
from tests.checks.memories import Notebook
from tests.checks.mutations.base import Fault, Hit
from tests.checks.placeless import without_places


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one mutant."""

    fault: Fault
    seed: int
    hit: Hit
    caught: bool
    findings: tuple[Finding, ...]

    def __str__(self) -> str:
        codes = sorted({finding.code for finding in self.findings})
        said = f"reported {', '.join(codes)}" if codes else "nothing reported"
        return f"{self.fault.edition} {self.fault.name} (seed {self.seed}, {self.hit}): {said}"


class Bench:
    """Holds the good editions as they were read once, and reads a changed one again.

    It reads a changed one thrice: also with a memory of the good ones, which must give the same, and in pieces, which must give
    the same but for places, and the same verdict.
    """

    def __init__(self, files: dict[Edition, Path], scratch: Path) -> None:
        self.files = files
        self.scratch = scratch
        self.memory = Notebook()
        self.data = {edition: path.read_bytes() for edition, path in files.items()}
        self.in_pieces = self.as_a_whole = 0
        self.pieces: dict[Edition, Reading] = {}
        self.readings = {edition: self._read(edition, path) for edition, path in files.items()}
        self.known = self._findings(self.readings)

    def _read(self, edition: Edition, path: Path) -> Reading:
        reading = read_edition(edition, path)
        assert read_edition(edition, path, self.memory) == reading
        pieces = start_reading(edition, path, memory=self.memory).seen().reading
        self.in_pieces += pieces.in_pieces
        self.as_a_whole += not pieces.in_pieces
        assert without_places(pieces, self.memory) == without_places(reading, self.memory)
        self.pieces[edition] = pieces
        return reading

    def _findings(self, readings: dict[Edition, Reading]) -> tuple[Finding, ...]:
        return verdict_on(list(readings.values())).findings

    def findings(self, edition: Edition, data: bytes) -> tuple[Finding, ...]:
        """Return what the checker says when one edition is replaced, but for what it says anyway."""
        path = self.scratch / f"changed.{edition}"
        path.write_bytes(data)
        good = self.pieces[edition]
        readings = self.readings | {edition: self._read(edition, path)}
        found = self._findings(readings)
        assert self._at_first_sight() == _named(found)
        self.pieces[edition] = good
        known = _named(self.known)
        return tuple(each for each in found if not known.issuperset(_named((each,))))

    def _at_first_sight(self) -> set[tuple[str, str]]:
        """Return what is found in readings in pieces: the same, though it is not known where."""
        shelf = Shelf(self.memory, "the good editions")
        found = verdict_on(list(self.pieces.values()), shelf).findings
        shelf.close()
        return _named(found)

    def run(self, fault: Fault, seed: int) -> Outcome | None:
        """Make one mutant; None where the editions offer no place for it."""
        if fault.edition not in self.files:
            return None
        made = fault.change(self.data[fault.edition], Random(f"{fault.name} {seed}"))
        if made is None or made[0] == self.data[fault.edition]:
            return None
        findings = self.findings(fault.edition, made[0])
        return Outcome(fault, seed, made[1], fault.caught(findings, made[1]), findings)


def _named(findings: Iterable[Finding]) -> set[tuple[str, str]]:
    return {(finding.code, finding.message) for finding in findings}


def run_all(bench: Bench, faults: Iterable[Fault], places: int) -> list[Outcome]:
    """Make up to `places` mutants of each fault."""
    outcomes = []
    for fault in faults:
        for seed in range(places):
            if outcome := bench.run(fault, seed):
                outcomes.append(outcome)
    return outcomes


def report(outcomes: list[Outcome]) -> str:
    """Return kinds, mutants, killed, and the survivors one by one."""
    kinds = {outcome.fault.name for outcome in outcomes}
    killed = [outcome for outcome in outcomes if outcome.caught]
    lines = [f"{len(kinds)} kinds of faults, {len(outcomes)} mutants, {len(killed)} killed"]
    return "\n".join([*lines, *(f"survivor: {o}" for o in outcomes if not o.caught)])
