"""Progress: each step on the terminal while it runs, plain lines elsewhere."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

from rich.console import Console


class Progress:
    """Tells the steps of a build as they come; `seconds` keeps how long each took, by its name."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.seconds: dict[str, float] = {}

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Tell one step when it is done; one that fails is not told."""
        start = time.perf_counter()
        with self.status(name):
            yield
        self.tell(name, time.perf_counter() - start)

    def status(self, name: str) -> AbstractContextManager[object]:
        """Tell on a terminal what is under way."""
        return self.console.status(name) if self.console.is_terminal else nullcontext()

    def tell(self, name: str, seconds: float) -> None:
        """Tell that a step is done, and how long it took."""
        self.seconds[name] = seconds
        mark = "[green]✓[/] " if self.console.is_terminal else ""
        self.console.print(f"{mark}{name:<22} {seconds:6.2f} s", highlight=False)
