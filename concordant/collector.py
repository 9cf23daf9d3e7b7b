"""The cyclic garbage collector: work that makes many objects and no cycles does better without it."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


def stay_out_of_the_way() -> None:
    """Have the collector look seldom, and never at what is loaded already: a build is short and makes few cycles."""
    gc.freeze()
    gc.set_threshold(1_000_000, 20, 20)


@contextmanager
def held_off() -> Iterator[None]:
    """Hold the collector off while the block runs; a document's trees have no cycles, but many nodes to look at."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
