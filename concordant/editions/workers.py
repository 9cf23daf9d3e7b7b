"""Workers: where parts are printed: in this process, in processes of this machine, or elsewhere.

All work is plain functions on values, so any `concurrent.futures.Executor` will do; results come in the order
of the work, however many workers there are and whoever is done first.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import (
    BrokenExecutor,
    Executor,
    Future,
    ProcessPoolExecutor,
    ThreadPoolExecutor,
)
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import wait
from shutil import rmtree
from tempfile import TemporaryDirectory
from threading import Lock, Thread
from types import ModuleType
from typing import Any, Generic, TypeVar

from concordant.callstack import with_room
from concordant.collector import stay_out_of_the_way
from concordant.isolation import isolate
from concordant.problem import CannotRun

if sys.platform == "win32":
    from multiprocessing.context import SpawnContext as _BaseContext
    from multiprocessing.context import SpawnProcess as _BaseProcess
else:
    from multiprocessing.context import ForkServerContext as _BaseContext
    from multiprocessing.context import ForkServerProcess as _BaseProcess

Work = TypeVar("Work")
Result = TypeVar("Result")
_LAYOUT = (
    "concordant.editions.press.printing",
    "concordant.editions.press.fitting",
    "concordant.editions.press.weasy",
    "concordant.editions.cover",
)
_CHECK = ("concordant.checks.check", "concordant.checks.readers.pdf")
LATER_BY_WORKERS = ("concordant.editions.binding.part", *_CHECK)  # when pages are laid out
_TRIES = 3
_LARGE = 200_000  # characters or bytes


class ThisProcess(Executor):
    """Does all work at once, here."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Call the function and return what came of it as a future."""
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


class FirstHere(Executor):
    """Does a few small works here and at once, and has others do the rest: they would have to load what they need first."""

    def __init__(self, executor: Executor, few: int = 8) -> None:
        self._executor, self._left = executor, few

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Return the future of what is done here, or of what the others are to do."""
        self._left -= 1
        executor = ThisProcess() if self._left >= 0 else self._executor
        return executor.submit(fn, *args, **kwargs)


class LocalWorkers(Executor):
    """Processes of this machine; when one has been killed, new ones take their place for what comes next.

    Large work is done by a process of its own, which ends with it: a process that has once been large stays so.
    What they keep among the temporary files, such as WeasyPrint's fonts, is in one folder, as none of them clears up.

    They come from a server process without threads, which loads the modules that they need once for all of them,
    while this process goes on.
    """

    def __init__(self, count: int, loaded: Sequence[str] = _LAYOUT) -> None:
        isolate()  # what processes inherit
        self.count = count
        self._kept = TemporaryDirectory(prefix="concordant-", ignore_cleanup_errors=True)
        self._context = _Context()
        self._context.set_forkserver_preload([*loaded])
        self._pool = self._new_pool(count)
        self._large = ThreadPoolExecutor(count)  # each thread only waits for a process
        self._start = Thread(target=self._start_all, daemon=True)
        self._start.start()

    def _new_pool(self, count: int) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(
            count, self._context, initializer=_belong, initargs=(self._kept.name,)
        )

    def _do_apart(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        pool = self._new_pool(1)
        try:
            return pool.submit(fn, *args, **kwargs).result()
        except OSError:
            return fn(*args, **kwargs)
        finally:
            pool.shutdown(wait=False)  # a large process takes its time to end

    def _start_all(self) -> None:
        """Start the processes before there is work; the server answers when it has loaded all."""
        with suppress(OSError):
            for _ in range(self.count):
                self._pool.submit(os.getpid)

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Have a function called by one of the processes; here, where none can be started."""
        self._start.join()
        if any(_size(each) > _LARGE for each in args):
            return self._large.submit(self._do_apart, fn, *args, **kwargs)
        try:
            return self._pool.submit(fn, *args, **kwargs)
        except BrokenExecutor:
            self._pool.shutdown()
            self._pool = self._new_pool(self.count)
            return self._pool.submit(fn, *args, **kwargs)
        except OSError:  # no room for another process, or for the socket that leads to it
            return ThisProcess().submit(fn, *args, **kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the processes."""
        self._start.join()
        self._large.shutdown(wait, cancel_futures=cancel_futures)
        self._pool.shutdown(wait, cancel_futures=cancel_futures)
        self._kept.cleanup()


def _belong(kept: str) -> None:
    """Have this process keep its temporary files in a folder, look for cycles as seldom as a build, and end when the process that started it does.

    That one takes the folder away; where it was killed, and says nothing, this one does.
    """
    tempfile.tempdir = kept
    stay_out_of_the_way()
    parent = multiprocessing.parent_process()
    if parent is not None:
        Thread(target=_wait_for_end, args=(parent.sentinel, kept), daemon=True).start()


def _wait_for_end(sentinel: int, kept: str) -> None:
    wait([sentinel])
    rmtree(kept, ignore_errors=True)
    os._exit(1)


class _Process(_BaseProcess):
    """A process whose calls have room, and that does not run the program's main module again, which need not be written for that."""

    _one_by_one = Lock()

    def start(self) -> None:
        with self._one_by_one:
            main = sys.modules["__main__"]
            sys.modules["__main__"] = ModuleType("__main__")
            try:
                super().start()
            finally:
                sys.modules["__main__"] = main

    def run(self) -> None:
        with_room(super().run)


def load_ahead(*, has_time: bool = False) -> None:
    """Start the server from which the processes come, which then loads what they need while this process goes on.

    If it `has_time`, it also loads what they need later, once for all of them.
    """
    isolate()
    with suppress(ImportError, OSError):  # where there is none, each process loads by itself
        from multiprocessing import forkserver  # noqa: PLC0415

        forkserver.set_forkserver_preload([*_LAYOUT, *(LATER_BY_WORKERS if has_time else ())])
        forkserver.ensure_running()


class _Context(_BaseContext):
    Process = _Process


@contextmanager
def workers_at(place: str = "") -> Iterator[Executor]:
    """Give the workers that `place` names: none for a process on each core, a number of processes, `dask://host:port`.

    Raises:
        CannotRun: it names none; the cluster cannot be used.
    """
    if place.startswith("dask://"):
        from concordant.editions.cluster import cluster_workers  # noqa: PLC0415 - an extra

        workers = cluster_workers(place)
    elif not place or (place.isdecimal() and int(place)):
        workers = local_workers(int(place or 0))
    else:
        raise CannotRun(f"no workers at {place!r}: give a number of processes, or dask://host:port")
    with workers as executor:
        yield executor


def is_near(executor: Executor) -> bool:
    """Whether those who do an executor's work find files where this process does."""
    return isinstance(executor, LocalWorkers | ThisProcess)


def local(executor: Executor) -> LocalWorkers | None:
    """Return an executor if it is processes of this machine, which find files where this process does; else None."""
    return executor if isinstance(executor, LocalWorkers) else None


@contextmanager
def checking_workers() -> Iterator[Executor]:
    """Give as many processes as this machine has cores for us, to check files but not to lay out pages."""
    with local_workers(loaded=_CHECK) as executor:
        yield executor


@contextmanager
def local_workers(count: int = 0, loaded: Sequence[str] = _LAYOUT) -> Iterator[Executor]:
    """Give as many processes as this machine has cores for us, or `count`; where there can be none, this process."""
    try:
        executor: Executor = LocalWorkers(count or _cores(), loaded)
    except (
        ImportError,
        NotImplementedError,
        OSError,
        ValueError,
    ):  # no semaphores, no such processes
        executor = ThisProcess()
    with executor:
        yield executor


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return multiprocessing.cpu_count()


class Started(Generic[Result]):
    """One piece of work that is under way."""

    def __init__(self, executor: Executor, function: Callable[..., Result], *values: Any) -> None:
        self._again: Callable[[], Result] = partial(function, *values)
        try:
            self._future: Future[Result] | None = executor.submit(function, *values)
        except BrokenExecutor:
            self._future = None

    def result(self) -> Result:
        """Wait for the result; where the worker was killed, do the work here."""
        try:
            return self._future.result() if self._future else self._again()
        except BrokenExecutor:
            return self._again()


class Ahead(Generic[Work, Result]):
    """Works of one kind that may be begun before it is known that all of them are wanted; equal works are done once."""

    def __init__(self, executor: Executor, function: Callable[..., Result], *shared: Any) -> None:
        self._start = partial(Started, executor, function)
        self._shared = shared
        self._begun: dict[Work, Started[Result]] = {}

    def begin(self, works: Iterable[Work]) -> None:
        """Have works done, unless they are under way."""
        for work in works:
            if work not in self._begun:
                self._begun[work] = self._start(work, *self._shared)

    def results(self, works: Sequence[Work]) -> list[Result]:
        """Wait for the results of these works."""
        self.begin(works)
        return [self._begun[work].result() for work in works]


@dataclass(frozen=True, slots=True)
class UnderWay(Generic[Result]):
    """Works that others do; calling it waits for the results, in the order of the works."""

    _wait: Callable[[], list[Result]]
    _futures: Sequence[Future[Result]]

    def __call__(self) -> list[Result]:
        """Wait for the results. Raises as `start_all` says."""
        return self._wait()

    def are_done(self) -> bool:
        """Whether there is nothing to wait for."""
        return all(each.done() for each in self._futures)


def start_all(
    function: Callable[..., Result],
    works: Sequence[Work],
    executor: Executor,
    *shared: Any,
    beside: Sequence[Work] = (),
) -> UnderWay[Result]:
    """Have `function(work, *shared)` done for each work; return what waits for the results.

    The largest goes first, so that none is left for the end. What a killed worker had to do is done again. Works `beside`
    these are begun, too, and not waited for.

    Raises:
        CannotRun: by what is returned, when workers end again and again without a result.
    """

    def submit(indices: Iterable[int]) -> dict[int, Future[Result]]:
        with suppress(BrokenExecutor):
            return {index: executor.submit(function, every[index], *shared) for index in indices}
        return {}

    def wait_for_all() -> list[Result]:
        results = _results({index: started[index] for index in order if index in started})
        for _ in range(_TRIES - 1):
            if left := [index for index in order if index not in results]:
                results |= _results(submit(left))
        if len(results) < len(works):
            raise CannotRun(
                "the processes that lay out the pages were killed; is there enough memory?"
            )
        return [results[index] for index in range(len(works))]

    every = [*works, *beside]
    largest_first = sorted(range(len(every)), key=lambda index: (-_size(every[index]), index))
    order = [index for index in largest_first if index < len(works)]
    started = submit(largest_first)
    return UnderWay(wait_for_all, [started[index] for index in order if index in started])


def _results(futures: Mapping[int, Future[Result]]) -> dict[int, Result]:
    """Return the results, by index, of those works whose worker lived to give one."""
    results = {}
    for index, future in futures.items():
        with suppress(BrokenExecutor):
            results[index] = future.result()
    return results


def _size(work: object) -> int:
    """Return how large a work is, in characters or bytes: a text's length, or what the work says of itself."""
    size: int = len(work) if isinstance(work, str | bytes) else getattr(work, "size", 0)
    return size
