"""Measure: one command as processes of its own: seconds, processor seconds, and the peak of its memory.

A process that others outlive would take their figures with it. So each command runs below a small process that
inherits such orphans (Linux: `PR_SET_CHILD_SUBREAPER`, prctl(2)) and waits for them all; elsewhere, orphans are not counted.
"""

from __future__ import annotations

import ctypes
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

LOG = "command.log"  # what the last command in a folder said
_SUBREAPER = 36  # PR_SET_CHILD_SUBREAPER


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
    log = folder / LOG
    answer, told = os.pipe()
    with log.open("wb") as output, os.fdopen(answer) as said:
        watcher = (sys.executable, "-S", str(Path(__file__).resolve()), str(told), *command)
        process = subprocess.Popen(
            watcher,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            pass_fds=[told],
        )
        os.close(told)
        cost = said.read()
        status = process.wait()
    if status or not cost:
        text = log.read_text("utf-8", "replace")[-2000:]
        raise CommandFailed(f"{command[0]} ended with status {status}:\n{text}")
    return Cost(**json.loads(cost))


def _watch(told: int, command: Sequence[str]) -> int:
    """Run a command, wait for all that comes of it, tell what it took; return its exit status."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SUBREAPER, 1, 0, 0, 0)
    os.set_inheritable(told, False)
    start = time.perf_counter()
    first = subprocess.Popen(command)
    wall, status, cpu, memory = 0.0, 1, 0.0, 0
    while True:
        try:
            number, ended, usage = os.wait4(-1, 0)
        except ChildProcessError:
            break
        if number == first.pid:
            wall, status = time.perf_counter() - start, os.waitstatus_to_exitcode(ended)
            first.returncode = status
        cpu += usage.ru_utime + usage.ru_stime
        memory = max(memory, usage.ru_maxrss * 1024)
    if not status:
        os.write(told, json.dumps(asdict(Cost(wall, cpu, memory))).encode())
    return status


def middle(costs: Sequence[Cost]) -> Cost:
    """Return the medians of several runs, each figure by itself."""
    return _each_figure(costs, median)


def least(costs: Sequence[Cost]) -> Cost:
    """Return the least of several runs, each figure by itself: what others on the machine have disturbed the least."""
    return _each_figure(costs, min)


def _each_figure(costs: Sequence[Cost], of: Callable[[list[float]], float]) -> Cost:
    return Cost(
        of([cost.wall for cost in costs]),
        of([cost.cpu for cost in costs]),
        int(of([cost.memory for cost in costs])),
    )


def in_sequence(costs: Sequence[Cost]) -> Cost:
    """Return what commands take one after the other: times add up, of the memories the largest counts."""
    return Cost(
        sum(cost.wall for cost in costs),
        sum(cost.cpu for cost in costs),
        max((cost.memory for cost in costs), default=0),
    )


if __name__ == "__main__":
    raise SystemExit(_watch(int(sys.argv[1]), sys.argv[2:]))
