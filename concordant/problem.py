"""Problems: what is wrong with a document, said to its author with a place and a hint."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class Severity(StrEnum):
    """How bad a problem is: an error stops the build, a warning does not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A place in the sources: a file (relative to the project's folder) and a 1-based line (0: the whole file)."""

    file: str
    line: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" if self.line else self.file


@dataclass(frozen=True, slots=True)
class Problem:
    """One diagnostic: a stable code, a message for the author, its place, and what to do about it.

    `about` names what is at fault, as the author wrote it (keys, a tag, a target): declared exceptions go by it.
    """

    code: str
    message: str
    place: Place
    hint: str = ""
    severity: Severity = Severity.ERROR
    about: frozenset[str] = frozenset()

    def __str__(self) -> str:
        tail = f"; {self.hint}" if self.hint else ""
        return f"{self.place}: {self.severity}[{self.code}]: {self.message}{tail}"


class ConcordantError(Exception):
    """Any failure that Concordant explains itself; `exit_code` is the process's exit status."""

    exit_code = 2


class ProblemsFound(ConcordantError):
    """The document has errors; nothing was written. Exit status 1."""

    exit_code = 1

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))

    def __reduce__(self) -> tuple[type[ProblemsFound], tuple[tuple[Problem, ...]]]:
        return type(self), (self.problems,)  # as it goes from process to process


class CannotRun(ConcordantError):
    """The machine or the project's set-up is at fault, not the document. Exit status 2."""


def errors_among(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return those of the problems that stop a build."""
    return tuple(problem for problem in problems if problem.severity is Severity.ERROR)


def relative_place(path: Path, root: Path, line: int = 0) -> Place:
    """Return the place of a line of `path`, named relative to the project's folder `root`."""
    name = path.relative_to(root) if path.is_relative_to(root) else path
    return Place(name.as_posix(), line)
