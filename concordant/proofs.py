"""Proofs: the files of a build on a stage, which the check reads from when they are there."""

from __future__ import annotations

from concurrent.futures import Executor
from functools import cached_property
from typing import TYPE_CHECKING

from concordant.checks.memory import Memory
from concordant.staging import Stage

if TYPE_CHECKING:
    from concordant.checks.check import Checking
    from concordant.checks.model import Verdict

_SOME = 0.5  # of a file is new: that is for a worker to read


class Proofs:
    """The files of a build, which may be going to be `compared`.

    One may be put there ahead, as it will probably be: if it turns out so, it is being read already.
    """

    def __init__(
        self, stage: Stage, executor: Executor | None, memory: Memory | None, *, compared: bool
    ) -> None:
        self.stage, self.compared = stage, compared
        self._executor, self._memory = executor, memory
        self._ahead: dict[str, bytes] = {}
        self._someone_is_idle = False  # who has read ahead, while this process has not

    def read_here(self) -> None:
        """Have this process read all of them, and not the executor; to be said before the first is there."""
        self._executor = None

    def put_ahead(self, kind: str, name: str, data: bytes) -> None:
        """Put there what will probably be the file of this kind, while this process has nothing else to do."""
        self._ahead[kind] = data
        self._begin(kind, name, data, _SOME)
        if self.compared:
            self._checking.read_now(kind)

    def put(self, kind: str, name: str, data: bytes, new: float = _SOME) -> None:
        """Put a file there; `kind` and `new` as `Checking.begin` takes them."""
        if self._ahead.pop(kind, None) == data:
            self._someone_is_idle = True
        else:
            self._begin(kind, name, data, _SOME if self._someone_is_idle else new)

    def _begin(self, kind: str, name: str, data: bytes, new: float) -> None:
        path = self.stage.write(name, data)
        if self.compared:
            self._checking.begin(kind, path, new)

    def verdict(self) -> Verdict:
        """Compare the files. Raises `CannotRun` when one cannot be read."""
        return self._checking.verdict()

    @cached_property
    def _checking(self) -> Checking:
        from concordant.checks.check import Checking  # noqa: PLC0415 - loaded while pages are laid out

        return Checking(self._executor, self._memory)
