"""The call stack: room for the frames of work whose calls are nested deeply.

CPython keeps a thread's frames in chunks of 16 KB. In many releases since 3.11, where a loop stands at the end of a chunk,
each call in it takes a new one from the operating system and gives it back (CPython's issue gh-142183); layout, whose
calls are nested a hundred deep, lost up to an eighth of its time so. A frame that needs more than a chunk gets a larger
one, and what it calls uses the rest of that.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

_Given = ParamSpec("_Given")
_Result = TypeVar("_Result")
_SLOTS = 70_000  # of 8 bytes each: they fill half a chunk of 1 MB, and no memory as long as nothing is written there


def with_room(
    function: Callable[_Given, _Result], /, *args: _Given.args, **kwargs: _Given.kwargs
) -> _Result:
    """Call a function that finds room for the frames of all that it calls; what it returns or raises passes through."""
    return function(*args, **kwargs)


with_room.__code__ = with_room.__code__.replace(co_stacksize=_SLOTS)
