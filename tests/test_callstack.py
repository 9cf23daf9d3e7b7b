"""Calls find room for their frames, however deep the call that makes them is."""

from __future__ import annotations

import sys

import pytest

from concordant.callstack import with_room
from concordant.editions.workers import local_workers

resource = pytest.importorskip("resource")
CALLS = 2_000
DEPTHS = range(300)  # more than a chunk holds


def calls_at(depth: int) -> None:
    """Call a function many times, from within so many other calls."""

    def nothing() -> None:
        pass

    if depth:
        return calls_at(depth - 1)
    for _ in range(CALLS):
        nothing()
    return None


def taken_at(depth: int) -> int:
    """Return how many pages of memory this process is given while it makes the calls."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    calls_at(depth)
    given: int = resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before
    return given


def most_taken() -> int:
    """Return how many pages calls are given at the depth where they are given most."""
    return max(map(taken_at, DEPTHS))


def test_no_depth_takes_memory_at_every_call() -> None:
    assert with_room(most_taken) < CALLS / 10


def test_workers_have_room() -> None:
    with local_workers(1) as workers:
        assert workers.submit(most_taken).result() < CALLS / 10


@pytest.mark.skipif(
    sys.version_info >= (3, 13), reason="later releases keep a chunk for the next call"
)
def test_without_room_one_depth_does() -> None:
    assert most_taken() >= CALLS


def test_what_is_called_gets_all_and_gives_all() -> None:
    def told(*args: object, **more: object) -> object:
        return args, more

    assert with_room(told, 1, function=2) == ((1,), {"function": 2})
    with pytest.raises(ZeroDivisionError):
        with_room(divmod, 1, 0)
