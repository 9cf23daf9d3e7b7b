"""Work that others may do ahead: workers of an executor, where there is one, and else this process when asked."""

from __future__ import annotations

import ctypes
import gc
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager, suppress
from functools import partial
from typing import Generic, ParamSpec, TypeVar

Inputs = ParamSpec("Inputs")
Result = TypeVar("Result")


class Coming(Generic[Result]):
    """The result of a work that a worker may be doing; calling it waits for that.

    Where the worker fails, the work is done here: it may have been killed, and what is wrong with a file is wrong here,
    too, and is told as it is without workers.
    """

    def __init__(self, work: Callable[[], Result], future: Future[Result] | None = None) -> None:
        self._work, self._future = work, future

    @property
    def is_here(self) -> bool:
        """Whether it need not be waited for."""
        return self._future is not None and self._future.done()

    def __call__(self) -> Result:
        """Wait for the result."""
        if self._future is not None:
            with suppress(Exception):
                return self._future.result()
        return self._work()


def ahead(
    executor: Executor | None,
    function: Callable[Inputs, Result],
    *args: Inputs.args,
    **kwargs: Inputs.kwargs,
) -> Coming[Result]:
    """Have a function called by a worker, where there is one, and else here, when its result is asked for."""
    work = partial(function, *args, **kwargs)
    if executor is not None:
        # It may be broken or shut down, or there is no room for a process.
        with suppress(RuntimeError, OSError):
            return Coming(work, executor.submit(_undisturbed, work))
    return Coming(work)


def _undisturbed(work: Callable[[], Result]) -> Result:
    with without_collector():
        try:
            return work()
        finally:
            give_back()


def give_back() -> None:
    """Give back to the system what libraries in C have freed, such as the tree of a long file, where it can be asked."""
    with suppress(OSError, AttributeError, TypeError):  # only the GNU C library has it
        ctypes.CDLL(None).malloc_trim(0)


@contextmanager
def without_collector() -> Iterator[None]:
    """Hold off the cyclic garbage collector: readings are many small objects, and none of them in cycles.

    The builder has the same; the checker shares no code with it.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
