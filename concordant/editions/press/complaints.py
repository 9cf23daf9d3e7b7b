"""Complaints: what the layout engine only logs when it leaves something out, such as a drawing, and how it fails."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from traceback import walk_tb

_ENGINE = "weasyprint"
_LOGGER = logging.getLogger(_ENGINE)
logging.getLogger("weasyprint.progress").setLevel(logging.ERROR)  # which would tell every page


class NotDrawn(Exception):
    """The layout engine has left something out; the arguments are the first address of the part, and what it says."""


class NotLaidOut(Exception):
    """The layout engine has failed; the arguments are the first address of the part, and how."""


class _Listener(logging.Handler):
    """Keeps errors; the exceptions behind them are logged after them, for debugging."""

    def __init__(self) -> None:
        super().__init__()
        self.errors: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.levelno >= logging.ERROR:
            self.errors.append(record.getMessage())
        elif self.errors and record.exc_info:
            self.errors[-1] += f" ({record.exc_info[1]!r})"


@contextmanager
def heard(anchor: str) -> Iterator[None]:
    """Let nothing be left out of a part whose first address is `anchor`.

    Raises:
        NotDrawn: something was.
        NotLaidOut: the layout engine has failed.
    """
    listener, level, heard_by_all = _Listener(), _LOGGER.level, _LOGGER.propagate
    _LOGGER.addHandler(listener)
    _LOGGER.setLevel(logging.DEBUG)
    _LOGGER.propagate = False
    try:
        yield
    except Exception as error:
        if _is_its_own(error):
            raise NotLaidOut(anchor, f"{type(error).__name__}: {error}") from error
        raise
    finally:
        _LOGGER.removeHandler(listener)
        _LOGGER.setLevel(level)
        _LOGGER.propagate = heard_by_all
    if listener.errors:
        raise NotDrawn(anchor, *dict.fromkeys(listener.errors))


def _is_its_own(error: Exception) -> bool:
    """Whether the engine has failed by itself, or in a library that it calls: not in what it was given by this package."""
    modules = [
        str(frame.f_globals.get("__name__")).partition(".")[0]
        for frame, _ in walk_tb(error.__traceback__)
    ]
    return _ENGINE in modules and modules[-1] != __name__.partition(".")[0]
