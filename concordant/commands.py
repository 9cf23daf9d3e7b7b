"""What the Invoke tasks do: each function prints for people and returns the process's exit status.

0: done; 1: the document is at fault, and every problem is told; 2: the machine or the set-up is.
"""

from __future__ import annotations

from pathlib import Path

from rich.console import Console

from concordant.editions.edition import Format
from concordant.pipeline import BUILD, build
from concordant.problem import CannotRun, ConcordantError, ProblemsFound
from concordant.progress import Progress
from concordant.report import tell_built, tell_problems


def run_build(root: Path, edition: str = "") -> int:
    """Build the editions (or the one named) of the document in `root`."""
    console = Console()
    progress = Progress(console)
    try:
        built = build(root, _formats(edition), progress)
    except ProblemsFound as found:
        tell_problems(found.problems, console)
        return found.exit_code
    except ConcordantError as error:
        console.print(f"[red]error:[/] {error}", highlight=False, soft_wrap=True)
        return error.exit_code
    tell_problems(built.warnings, console)
    tell_built(built, root / BUILD, progress)
    return 0


def run_pictures(root: Path) -> int:
    """Take the documentation's pictures from the editions in `build/`."""
    from concordant.showcase import take_pictures  # noqa: PLC0415 - needs packages of developers

    console = Console()
    try:
        for path in take_pictures(root / BUILD, root / "docs" / "pictures"):
            console.print(path.relative_to(root).as_posix(), highlight=False)
    except ConcordantError as error:
        console.print(f"[red]error:[/] {error}", highlight=False, soft_wrap=True)
        return error.exit_code
    return 0


def _formats(edition: str) -> tuple[Format, ...]:
    if not edition:
        return tuple(Format)
    try:
        return (Format(edition.lower()),)
    except ValueError:
        known = ", ".join(Format)
        raise CannotRun(f'there is no edition "{edition}"; known are {known}') from None
