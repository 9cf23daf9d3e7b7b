"""Progress: each step on the terminal while it runs, plain lines elsewhere."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console


class Progress:
    """Tells the steps of a build as they come, with the time that each took, in seconds."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.started = time.perf_counter()

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Tell one step; one that fails is not told as done."""
        start = time.perf_counter()
        if self.console.is_terminal:
            with self.console.status(name):
                yield
        else:
            yield
        self.console.print(f"{name:<24}{time.perf_counter() - start:6.2f} s", highlight=False)

    @property
    def elapsed(self) -> float:
        """Seconds since the first step."""
        return time.perf_counter() - self.started
