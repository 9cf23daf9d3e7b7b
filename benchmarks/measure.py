"""Measure: one command as a process of its own: seconds, processor seconds, and the peak of its memory."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median


@dataclass(frozen=True, slots=True)
class Cost:
    """What a command took: wall and processor time in seconds, memory in bytes.

    Memory is the largest resident set of any one process that the command started, itself included.
    """

    wall: float
    cpu: float
    memory: int


class CommandFailed(Exception):
    """A command that was to be measured did not end well; the message has the end of what it said."""


def measure(command: Sequence[str], folder: Path) -> Cost:
    """Run a command in a folder and wait for it.

    Raises:
        CommandFailed: its exit status is not 0.
    """
    log = folder / "command.log"
    start = time.perf_counter()
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=folder, stdin=subprocess.DEVNULL, stdout=output, stderr=output
        )
        _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        said = log.read_text("utf-8", "replace")[-2000:]
        raise CommandFailed(f"{command[0]} ended with status {process.returncode}: {said}")
    return Cost(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024)


def middle(costs: Sequence[Cost]) -> Cost:
    """Return the medians of several runs, each figure by itself."""
    return Cost(
        median(cost.wall for cost in costs),
        median(cost.cpu for cost in costs),
        int(median(cost.memory for cost in costs)),
    )


def in_sequence(costs: Sequence[Cost]) -> Cost:
    """Return what commands take one after the other: times add up, of the memories the largest counts."""
    return Cost(
        sum(cost.wall for cost in costs),
        sum(cost.cpu for cost in costs),
        max(cost.memory for cost in costs),
    )
