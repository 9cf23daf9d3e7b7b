"""Work that others may do ahead: workers of an executor, where there is one, and else this process when asked."""

from __future__ import annotations

import ctypes
import gc
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager, suppress
from functools import partial
from typing import ParamSpec, TypeVar

Inputs = ParamSpec("Inputs")
Result = TypeVar("Result")


def ahead(
    executor: Executor | None,
    function: Callable[Inputs, Result],
    *args: Inputs.args,
    **kwargs: Inputs.kwargs,
) -> Callable[[], Result]:
    """Have a function called by a worker; return what waits for its result.

    Where that fails the function is called here: a worker may be killed, and what is wrong with a file is wrong
    here, too, and is told as it is without workers.
    """
    here = partial(function, *args, **kwargs)
    if executor is None:
        return here
    try:
        future = executor.submit(_undisturbed, here)
    except (RuntimeError, OSError):  # it is broken or shut down; there is no room for a process
        return here

    def result() -> Result:
        with suppress(Exception):
            return future.result()
        return here()

    return result


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
