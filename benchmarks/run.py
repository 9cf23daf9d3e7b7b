"""Run: books of the wanted sizes, every command on each, several times, in turn."""

from __future__ import annotations

import os
import platform
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

from rich.console import Console

from benchmarks import edits
from benchmarks.book import Book, copied, generate
from benchmarks.contestants import (
    ROOT,
    Contestant,
    Team,
    contestants,
    layout_alone,
    ours,
    proof,
)
from benchmarks.measure import LOG, CommandFailed, Cost, measure
from benchmarks.profile import Profile, profile_text, read_steps
from benchmarks.session import saves
from benchmarks.table import Row, to_json, to_text
from concordant import pandoc
from concordant.cache import OWN
from concordant.pipeline import BUILD
from concordant.problem import CannotRun, ProblemsFound
from concordant.staging import replace_all

SIZES = (90, 360)
_EDITS = {
    "nothing changed": edits.change_nothing,
    "a paragraph changed": edits.change_paragraph,
    "a citation added": edits.add_citation,
}


def run_bench(
    sizes: Sequence[int],
    runs: int,
    *,
    outside: bool = False,
    steps: bool = False,
    own: bool = False,
) -> int:
    """Measure, print the table and write it to `build/bench.json`; return the exit status.

    A size of 0 is this project's own document.
    """
    console = Console()
    rows: list[Row] = []
    profiles: list[Profile] = []
    with tempfile.TemporaryDirectory(prefix="concordant-bench-") as folder:
        try:
            for size in sorted(sizes):
                what = f"a book of {size} pages" if size else "this document"
                console.print(f"{what}, {runs} runs …", highlight=False)
                book = book_of(Path(folder) / str(size), size)
                rows += bench(book, runs, outside=outside, own=own)
                profiles += [profile(book)] if steps else []
        except (CommandFailed, CannotRun, ProblemsFound) as error:
            console.print(f"error: {error}", markup=False, highlight=False)
            return 2
    print(to_text(rows) + profile_text(profiles))
    replace_all(ROOT / "build", {"bench.json": to_json(rows, profiles, _machine()).encode()})
    return 0


def book_of(root: Path, size: int) -> Book:
    """Put a book of a wanted length, or this project's own document (0), into a new folder, with the project's styles.

    Raises:
        ProblemsFound: there are errors in that document.
    """
    root.mkdir(parents=True, exist_ok=True)
    (root / "styles").symlink_to(ROOT / "styles")
    return generate(root, size) if size else copied(root, ROOT)


def bench(book: Book, runs: int, *, outside: bool = False, own: bool = False) -> Iterator[Row]:
    """Measure every command on a book, or our own cold build alone.

    Raises:
        CommandFailed: one of the commands ended with an error.
    """
    left_out = {Team.BARE} if own else set()
    left_out |= {Team.OUTSIDE} if own or not outside else set()
    entered = [each for each in contestants(book) if each.team not in left_out]
    for each, costs in in_turn(entered, runs):
        yield _row(book.pages, each, costs)
    if not own:
        yield from _after_edits(book, runs)


def in_turn(entered: Sequence[Contestant], runs: int) -> Iterator[tuple[Contestant, list[Cost]]]:
    """Measure commands cold, in turn; yield them with their costs, and with the reason where an engine outside has none.

    Raises:
        CommandFailed: one of those that are compared ended with an error.
    """
    there = {each.name: each for each in entered}
    costs: dict[str, list[Cost]] = {name: [] for name in there}
    for name in [*there] * runs:
        each = there[name]
        if each.missing:
            continue
        _make_cold(each)
        try:
            costs[name].append(measure(each.command, each.folder))
        except CommandFailed as failed:  # another engine need not manage every document
            if each.team is not Team.OUTSIDE:
                raise
            there[name] = replace(each, missing=f"it fails: {str(failed).splitlines()[-1]}")
            costs[name].clear()
    yield from ((each, costs[name]) for name, each in there.items())


def profile(book: Book) -> Profile:
    """Build a book once more from nothing, and tell its steps."""
    contestant, layout = ours(book), layout_alone(book)
    page = next(each for each in contestants(book) if each.team is Team.BARE)
    measure(page.command, page.folder)  # which is laid out below
    _make_cold(contestant)
    whole = measure(contestant.command, contestant.folder)
    log = (contestant.folder / LOG).read_text("utf-8")
    floor = measure(layout.command, layout.folder)
    cores = os.cpu_count() or 1
    return Profile(book.pages, read_steps(log), whole, floor.cpu / cores, cores)


def _make_cold(contestant: Contestant) -> None:
    if contestant.team is Team.OURS:
        for name in (BUILD, OWN):
            shutil.rmtree(contestant.folder / name, ignore_errors=True)


def _after_edits(book: Book, runs: int) -> Iterator[Row]:
    contestant = ours(book)
    measure(contestant.command, contestant.folder)
    checked = proof(book)
    costs = [measure(checked.command, checked.folder) for _ in range(runs)]
    yield _row(book.pages, checked, costs)
    for name, edit in _EDITS.items():
        costs = []
        for turn in range(runs):
            edit(book, turn)
            costs.append(measure(contestant.command, contestant.folder))
        yield Row(book.pages, f"concordant, {name}", Team.EDITED, tuple(costs))
    costs = saves(book, edits.change_paragraph, runs)
    name = "concordant, a paragraph saved in inv watch"
    yield Row(book.pages, name, Team.EDITED, tuple(costs))


def _row(size: int, each: Contestant, costs: list[Cost]) -> Row:
    return Row(size, each.name, each.team, tuple(costs), each.pages(), each.missing)


def _machine() -> dict[str, str | int]:
    return {
        "cores": os.cpu_count() or 0,
        "machine": platform.machine(),
        "pandoc": pandoc.version(),
        "python": platform.python_version(),
        "weasyprint": version("weasyprint"),
    }
