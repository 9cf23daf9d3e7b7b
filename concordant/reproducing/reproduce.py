"""Reproducing: the same document is built in varied surroundings, and the bytes are compared.

A plain build in a copy of the project is the measure; every variation is one more copy, built in fresh
processes, as is the measure itself. What comes out different is described by what was varied.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from concordant import cache
from concordant.problem import CannotRun
from concordant.reproducing import differences
from concordant.reproducing.fixtures import at_clock
from concordant.reproducing.variations import CLOCK, Variation, variations
from concordant.reproducing.workshop import BUILD, LeftOut, Outcome, Workshop, run_builds

DIFFERENCES = "differences"
_AT_ONCE = 2  # builds; more would only wait for each other's memory on a small machine


class Verdict(StrEnum):
    """How one variation came out."""

    IDENTICAL = "identical"
    DIFFERENT = "different"
    FAILED = "failed"
    LEFT_OUT = "left out"


@dataclass(frozen=True, slots=True)
class FileDifference:
    """One file that came out different: where, in a few lines, and the whole report's path."""

    name: str
    lines: tuple[str, ...]
    report: Path


@dataclass(frozen=True, slots=True)
class Row:
    """One variation and what came of it; `said`: why it failed or was left out, or what else is the cause."""

    variation: Variation
    verdict: Verdict
    hashes: dict[str, str]
    differences: tuple[FileDifference, ...] = ()
    said: str = ""


@dataclass(frozen=True, slots=True)
class Reproduction:
    """The plain build's hashes by file name, and a row for every variation."""

    hashes: dict[str, str]
    rows: tuple[Row, ...]

    @property
    def exit_status(self) -> int:
        """0: all that ran came out identical; 1: something did not; 2: nothing could be varied."""
        verdicts = [row.verdict for row in self.rows]
        if Verdict.DIFFERENT in verdicts or Verdict.FAILED in verdicts:
            return 1
        return 0 if Verdict.IDENTICAL in verdicts else 2


def reproduce(root: Path, only: Sequence[str], tell: Callable[[str], None]) -> Reproduction:
    """Build the project in `root` plainly and in its variations (or those named in `only`), and compare.

    `tell` is told what has been done. Reports of differences are written to `build/differences/`.

    Raises:
        CannotRun: a name is unknown, or already the plain build fails.
    """
    chosen = _chosen(root, only)
    shutil.rmtree(root / BUILD / DIFFERENCES, ignore_errors=True)
    with _workshop(root) as workshop:
        measure = workshop.build(workshop.setting())
        if measure.receipt is None:
            raise CannotRun(f"the plain build fails already:\n{measure.said}")
        tell("plain build: done")
        rows = _rows(workshop, chosen, measure, tell)
        return Reproduction(measure.hashes(), rows)


def _chosen(root: Path, only: Sequence[str]) -> tuple[Variation, ...]:
    known = variations(root)
    names = [each.name for each in known]
    for name in only:
        if name not in names:
            raise CannotRun(f'there is no variation "{name}"; known are {", ".join(names)}')
    return tuple(each for each in known if not only or each.name in only)


@contextmanager
def _workshop(root: Path) -> Iterator[Workshop]:
    home = Path(tempfile.mkdtemp(prefix="concordant-reproduce-")).resolve()
    try:
        yield Workshop(root, home)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _rows(
    workshop: Workshop,
    chosen: Sequence[Variation],
    measure: Outcome,
    tell: Callable[[str], None],
) -> tuple[Row, ...]:
    def one(variation: Variation) -> Row:
        row = _row(workshop, variation, measure)
        tell(f"{variation.name}: {row.verdict}")
        return row

    with ThreadPoolExecutor(min(_AT_ONCE, os.cpu_count() or 1)) as pool:
        rows = tuple(pool.map(one, chosen))
    return _explained(rows, workshop)


def _row(workshop: Workshop, variation: Variation, measure: Outcome) -> Row:
    setting = workshop.setting()
    try:
        setting = variation.vary(setting, workshop)
        outcome = workshop.build(setting)
        if outcome.receipt is None:
            return Row(variation, Verdict.FAILED, {}, said=outcome.said)
        found = tuple(_compare(workshop.root, variation.name, measure, outcome))
        verdict = Verdict.DIFFERENT if found else Verdict.IDENTICAL
        return Row(variation, verdict, outcome.hashes(), found)
    except LeftOut as reason:
        return Row(variation, Verdict.LEFT_OUT, {}, said=str(reason))
    finally:
        for folder in (setting.folder, setting.room):
            shutil.rmtree(folder, ignore_errors=True)


def _compare(root: Path, name: str, measure: Outcome, outcome: Outcome) -> Iterator[FileDifference]:
    """Compare the very files, not what the receipts say of them."""
    for file in measure.hashes():
        here, there = (each.folder / BUILD / file for each in (measure, outcome))
        if not there.is_file():
            yield FileDifference(file, ("it is missing",), there)
            continue
        data = here.read_bytes(), there.read_bytes()
        if data[0] != data[1]:
            target = root / BUILD / DIFFERENCES / name / f"{file}.txt"
            lines = differences.summary(file, *data)
            yield FileDifference(file, tuple(lines), differences.report(here, there, target))


def _explained(rows: tuple[Row, ...], workshop: Workshop) -> tuple[Row, ...]:
    """Where builds differ between which nothing was varied, find out why; the other rows then tell nothing."""
    for row in rows:
        if row.variation.name == "again" and row.verdict is Verdict.DIFFERENT:
            cause = _cause(workshop)
            return tuple(replace(each, said=cause) if each.differences else each for each in rows)
    return rows


def _cause(workshop: Workshop) -> str:
    """Tell apart what is different even between two plain builds, by a clock that stands still."""
    try:
        plain = at_clock(workshop.setting().having(**{cache.PLACE: "off"}), CLOCK)
        first = workshop.build(plain).hashes()
        if run_builds(plain, "--no-check", "--force").hashes() != first:
            return "chance (random numbers): even in one folder, while the clock stands still"
        if workshop.build(at_clock(workshop.setting(), CLOCK)).hashes() != first:
            return "the checkout's path: in another folder, while the clock stands still"
    except LeftOut as reason:
        return f"the clock, the checkout's path or chance; to tell which, {reason}"
    return "the clock: when it stands still, nothing differs"
