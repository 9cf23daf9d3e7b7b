"""Profile: where a cold build's time goes, step by step, and the floor: the layout of the same pages and nothing else."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.measure import Cost

_STEP = re.compile(r"^(\S.*?) +(\d+\.\d\d) s$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Profile:
    """The steps of a build in their order, with their seconds; what the whole took, and the floor under it.

    `floor` is the processor time of the layout, shared out evenly to the `cores`.
    """

    size: int
    steps: tuple[tuple[str, float], ...]
    whole: Cost
    floor: float
    cores: int


def read_steps(log: str) -> tuple[tuple[str, float], ...]:
    """Return the steps of which a build told, from what it printed."""
    return tuple((name, float(seconds)) for name, seconds in _STEP.findall(log))


def sized(pages: int) -> str:
    """Write the size of a book for the head of a row; 0 is that of this project's own document."""
    return f"{pages or 'this':>5}"


def profile_text(profiles: Sequence[Profile]) -> str:
    """Write profiles as a plain table."""
    lines = []
    for each in profiles:
        lines += ["", f"{sized(each.size)}  {'a cold build, by step':<28}{'wall s':>9}{'share':>9}"]
        rest = each.whole.wall - sum(seconds for _, seconds in each.steps)
        for name, seconds in (*each.steps, ("start and end", rest)):
            lines.append(f"{'':>7}{name:<28}{seconds:>9.2f}{seconds / each.whole.wall:>9.0%}")
        busy = each.whole.cpu / (each.whole.wall * each.cores)
        lines.append(f"{'':>7}{'all':<28}{each.whole.wall:>9.2f}  {busy:.0%} of {each.cores} cores")
        least = each.whole.wall / each.floor
        lines.append(f"{'':>7}{'the floor: layout alone':<28}{each.floor:>9.2f}  {least:.2f} times")
    return "\n".join(lines)
