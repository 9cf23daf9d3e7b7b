"""Workers: where parts are printed: in this process, in processes of this machine, or elsewhere.

All work is plain functions on values, so any `concurrent.futures.Executor` will do; results come in the order
of the work, however many workers there are and whoever is done first.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from typing import Any, TypeVar

from concordant.isolation import isolate

Work = TypeVar("Work")
Result = TypeVar("Result")
_LOADED = "concordant.editions.weasy"


class ThisProcess(Executor):
    """Does all work at once, here."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Call the function and return its result as a future."""
        future: Future[Any] = Future()
        future.set_result(fn(*args, **kwargs))
        return future


@contextmanager
def local_workers(count: int = 0) -> Iterator[Executor]:
    """Give as many processes as this machine has cores for us, or `count`.

    They come from a server process without threads, which loads the layout engine once for all of them, while
    this process goes on. The engine's own variables are cleared first, since a process inherits them.
    """
    count = count or len(os.sched_getaffinity(0))
    isolate()
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([_LOADED])
    with ProcessPoolExecutor(count, context) as executor:
        yield executor


def do_all(
    function: Callable[..., Result], works: Sequence[Work], executor: Executor, *shared: Any
) -> list[Result]:
    """Return `function(work, *shared)` for each work; the largest goes first, so that none is left for the end."""
    order = sorted(range(len(works)), key=lambda index: (-_size(works[index]), index))
    futures = {index: executor.submit(function, works[index], *shared) for index in order}
    return [futures[index].result() for index in range(len(works))]


def _size(work: object) -> int:
    return len(work) if isinstance(work, str) else 0
