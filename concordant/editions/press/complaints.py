"""Complaints: what the layout engine only logs when it leaves something out, such as a drawing that it cannot draw."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

_LOGGER = logging.getLogger("weasyprint")
logging.getLogger("weasyprint.progress").setLevel(logging.ERROR)  # which would tell every page


class NotDrawn(Exception):
    """The layout engine has left something out; the arguments are the first address of the part, and what it says."""


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
    """
    listener, level, heard_by_all = _Listener(), _LOGGER.level, _LOGGER.propagate
    _LOGGER.addHandler(listener)
    _LOGGER.setLevel(logging.DEBUG)
    _LOGGER.propagate = False
    try:
        yield
    finally:
        _LOGGER.removeHandler(listener)
        _LOGGER.setLevel(level)
        _LOGGER.propagate = heard_by_all
    if listener.errors:
        raise NotDrawn(anchor, *dict.fromkeys(listener.errors))
