"""Table: what was measured, as rows, as text for a terminal, and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

from benchmarks.contestants import Team
from benchmarks.measure import Cost, in_sequence, least, middle
from benchmarks.profile import Profile, sized

_NAME = 42  # signs: the longest name has as many


@dataclass(frozen=True, slots=True)
class Row:
    """What one command took on a book of `size` pages, each time that it was run; `missing` says why it was not."""

    size: int
    name: str
    team: Team
    costs: tuple[Cost, ...]
    pages: int = 0
    missing: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Concordant's cost on a book of `size` pages as a ratio to the bare commands one after another.

    They are those of medians, but for `least`, which compares the least wall times. `growth` is the wall time as a ratio to that at the
    next smaller size, 0 at the smallest. The others are 0 where the bare commands were not run.
    """

    size: int
    wall: float
    least: float
    cpu: float
    memory: float
    growth: float


def verdicts(rows: Sequence[Row]) -> list[Verdict]:
    """Compare, size by size."""
    result: list[Verdict] = []
    before = 0.0
    for size in sorted({row.size for row in rows}):
        run = [row for row in rows if row.size == size]
        (ours, our_least), (bare, bare_least) = (
            _of_team(run, team) for team in (Team.OURS, Team.BARE)
        )
        growth = ours.wall / before if before else 0.0
        figures = (0.0, 0.0, 0.0, 0.0)
        if bare.wall:
            times = ours.wall / bare.wall, our_least.wall / bare_least.wall, ours.cpu / bare.cpu
            figures = (*times, ours.memory / bare.memory)
        result.append(Verdict(size, *figures, growth))
        before = ours.wall if size else 0.0  # from this document to a book there is no growth
    return result


def _of_team(rows: Iterable[Row], team: Team) -> tuple[Cost, Cost]:
    """Return the medians, and the least, of a team's commands one after another, as far as they were run."""
    each = [row.costs for row in rows if row.team is team and row.costs]
    return in_sequence([*map(middle, each)]), in_sequence([*map(least, each)])


def ratios(rows: Sequence[Row]) -> list[float]:
    """Return, row by row, the wall time as a ratio to that of the bare commands on the same book; 0 where one of them was not run."""
    bare = {
        size: _of_team((row for row in rows if row.size == size), Team.BARE)[0].wall
        for size in {row.size for row in rows}
    }
    return [
        middle(row.costs).wall / bare[row.size] if row.costs and bare[row.size] else 0.0
        for row in rows
    ]


def to_text(rows: Sequence[Row]) -> str:
    """Write the rows and the verdicts as a plain table."""
    head = f"{'size':>5}  {'command':<{_NAME}}{'wall s':>9}{'least':>9}{'/ bare':>9}{'cpu s':>9}{'peak MB':>9}"
    lines = [f"{head}{'pages':>7}"]
    for row, ratio in zip(rows, ratios(rows), strict=True):
        head = f"{sized(row.size)}  {row.name:<{_NAME}}"
        if not row.costs:
            lines.append(f"{head}not run: {row.missing}")
            continue
        cost = middle(row.costs)
        pages = str(row.pages) if row.pages else ""
        cpu = (
            f"{cost.cpu:.2f}" if cost.cpu else "–"
        )  # of a session nobody knows which save it belongs to
        memory = f"{cost.memory / 1e6:.0f}" if cost.memory else "–"
        walls = f"{cost.wall:>9.2f}{least(row.costs).wall:>9.2f}"
        walls += f"{ratio:>9.3f}" if ratio else f"{'–':>9}"
        lines.append(f"{head}{walls}{cpu:>9}{memory:>9}{pages:>7}".rstrip())
    head = (
        f"{'size':>5}  {'concordant / bare':<{_NAME}}{'wall':>9}{'least':>9}{'cpu':>9}{'peak':>9}"
    )
    lines += ["", f"{head}{'growth':>8}"]
    for each in verdicts(rows):
        *figures, growth = (
            f"{value:.2f}" if value else "–"
            for value in (each.wall, each.least, each.cpu, each.memory, each.growth)
        )
        text = "".join(f"{figure:>9}" for figure in figures)
        lines.append(f"{sized(each.size)}  {'':<{_NAME}}{text}{growth:>8}")
    return "\n".join(lines)


def to_json(rows: Sequence[Row], profiles: Sequence[Profile], machine: dict[str, str | int]) -> str:
    """Write the rows with each run, the verdicts and the profiles, with what they were measured on."""
    value = {
        "machine": machine,
        "rows": [
            {**asdict(row), "ratio": ratio} for row, ratio in zip(rows, ratios(rows), strict=True)
        ],
        "verdicts": [asdict(each) for each in verdicts(rows)],
        "profiles": [asdict(each) for each in profiles],
    }
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"
