"""Exchange: while the editions are laid out, a function of ours stands where the layout engine looks for its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import get_ident
from typing import Any


@contextmanager
def exchanged(name: str, make: Callable[[Any], Any], *holders: Any) -> Iterator[None]:
    """Let what `make` returns for it stand in place of what holders have under a name, until the block ends.

    All holders (modules or classes) have the same there.
    """
    original = getattr(holders[0], name)
    ours = make(original)
    for holder in holders:
        setattr(holder, name, ours)
    try:
        yield
    finally:
        for holder in holders:
            setattr(holder, name, original)


def nothing_here(function: Callable[..., list[Any]]) -> Callable[..., list[Any]]:
    """Return what gives this thread an empty list, and any other, which may need it meanwhile, what the function gives."""
    thread = get_ident()

    def ours(*args: Any, **kwargs: Any) -> list[Any]:
        return [] if get_ident() == thread else function(*args, **kwargs)

    return ours
