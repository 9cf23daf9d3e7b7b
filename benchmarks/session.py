"""Session: what an author waits for in `inv watch`, from the save of a section to editions that are proven."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO

from benchmarks.book import Book
from benchmarks.measure import CommandFailed, Cost

_DONE = "all editions"  # begins what is told when they are in their places
_CODE = """
import pathlib, sys
from concordant.commands import run_watch
sys.exit(run_watch(pathlib.Path(sys.argv[1]), 0, opened=False))
"""


def saves(book: Book, edit: Callable[[Book, int], None], turns: int) -> list[Cost]:
    """Watch a book, edit it so many times, and return what each took until all editions were there; of costs the wall time alone.

    Raises:
        CommandFailed: the session ended, or the editions could not be made.
    """
    costs = []
    with _session(book) as said:
        _wait(said)
        for turn in range(turns, 2 * turns):  # the others were measured before
            start = time.perf_counter()
            edit(book, turn)
            _wait(said)
            costs.append(Cost(time.perf_counter() - start, 0.0, 0))
    return costs


@contextmanager
def _session(book: Book) -> Iterator[IO[str]]:
    """Give what a session says; it ends with the block."""
    process = subprocess.Popen(
        (sys.executable, "-u", "-c", _CODE, str(book.root)),
        cwd=book.root,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout
    try:
        yield process.stdout
    finally:
        process.terminate()  # who runs us may ignore Ctrl-C, and with that all that we start
        process.stdout.close()
        process.wait()


def _wait(said: IO[str]) -> None:
    told = []
    for line in said:
        if _DONE in line:
            return
        told.append(line)
        if "error" in line:
            break
    raise CommandFailed(f"the session made no editions: {''.join(told)[-2000:]}")
