"""Later: what takes long to load, and is not needed at once or in most runs, is loaded when it is, or while there is time."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Thread
from types import ModuleType
from typing import Any


def deferred(module: str, name: str) -> Callable[..., Any]:
    """Return what stands for a function or class of a module, which is loaded when that is first called."""

    def call(*args: Any, **kwargs: Any) -> Any:
        return getattr(importlib.import_module(module), name)(*args, **kwargs)

    return call


def meanwhile(work: Callable[..., Any], *args: Any) -> None:
    """Do in a thread what others will ask for, while this process waits for others; what fails is told to who asks.

    Whoever imports a module that is being loaded waits for it alone.
    """

    def do() -> None:
        with suppress(Exception):
            work(*args)

    Thread(target=do).start()


def load(*names: str) -> None:
    """Load modules here and now."""
    for name in names:
        with suppress(ImportError):  # which is told to those who need it
            importlib.import_module(name)


class _Later(ModuleType):
    """Stands for a module of functions and classes."""

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name.startswith("__"):
            raise AttributeError(name)
        return deferred(self.__name__, name)


@contextmanager
def set_aside(*names: str) -> Iterator[None]:
    """Let what is imported while the block runs import these modules without loading them.

    Only what is called in them is there. Whoever imports them after the block gets the modules themselves.
    """
    stand_ins = {name: _Later(name) for name in names if name not in sys.modules}
    sys.modules.update(stand_ins)
    try:
        yield
    finally:
        for name in stand_ins:
            del sys.modules[name]
