"""What the Invoke tasks do: each function prints for people and returns the process's exit status.

0: done; 1: the document is at fault, and every problem is told; 2: the machine or the set-up is.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext, suppress
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from concordant.editions.edition import Format
from concordant.editions.workers import workers_at
from concordant.later import deferred
from concordant.pipeline import BUILD, Built, Disagreement, build
from concordant.problem import CannotRun, ConcordantError, ProblemsFound
from concordant.progress import Progress
from concordant.report import in_order, tell_built, tell_problems
from concordant.sources.project import Project
from concordant.unchanged import Record, causes, hashes_of, note_built, outside

print_verdict = deferred("concordant.checks.reports.terminal", "print_verdict")


def run_build(
    root: Path, edition: str = "", before: str = "", *, proven: bool = True, executor: str = ""
) -> int:
    """Build the editions (or the one named) of the document in `root`; `executor` as `workers_at` takes it.

    `before` is the key of the causes at the beginning, where it is known.
    """
    console = Console()
    progress = Progress(console)
    before = before or causes(root)
    try:
        with workers_at(executor) as workers:
            built = build(root, _formats(edition), progress, proven=proven, executor=workers)
    except ProblemsFound as found:
        tell_problems(found.problems, console)
        return found.exit_code
    except Disagreement as found:
        tell_problems(found.warnings, console)
        print_verdict(found.verdict, console)
        console.print("[red]The new editions do not agree;[/] the last good ones are untouched.")
        return found.exit_code
    except ConcordantError as error:
        return _explain(error, console)
    tell_problems(built.warnings, console)
    tell_built(built, root / BUILD, progress)
    note(root, built, before)
    return 0


def note(root: Path, built: Built, before: str) -> None:
    """Write down what was built, so that it need not be built again; `before` are the causes at its beginning."""
    if causes(root) != before:  # what was changed meanwhile may have been read before or after
        return
    others = elsewhere(built.project)
    told = [str(problem) for problem in in_order(built.warnings)]
    made = hashes_of(root / BUILD, built.files)
    key = causes(root, others) if others else before
    note_built(root, Record(key, others, made, built.proven, told))


def elsewhere(project: Project) -> tuple[str, ...]:
    """Return the names of the files that a document consists of, but that do not lie in its folders."""
    sections = (project.root / each.name for each in project.sections)
    return outside(project.root, (project.csl, *project.bibliographies, *sections))


def run_watch(root: Path, port: int, *, opened: bool) -> int:
    """Build the document in `root` after each save, and show its page."""
    import webbrowser  # noqa: PLC0415

    from concordant.watching.watch import watch  # noqa: PLC0415 - loads what no build needs

    console = Console()
    try:
        with suppress(KeyboardInterrupt):
            watch(root, console, port=port, show=webbrowser.open if opened else None)
    except ConcordantError as error:
        return _explain(error, console)
    return 0


def run_pictures(root: Path) -> int:
    """Take the documentation's pictures from the editions in `build/`."""
    from concordant.showcase import take_pictures  # noqa: PLC0415 - needs packages of developers
    from concordant.validation.tools import Tools  # noqa: PLC0415

    console = Console()
    try:
        for path in take_pictures(root / BUILD, root / "docs" / "pictures", Tools(root / ".tools")):
            console.print(path.relative_to(root).as_posix(), highlight=False)
    except ConcordantError as error:
        return _explain(error, console)
    return 0


def run_validate(root: Path, *, strict: bool = False) -> int:
    """Let every validator read the editions in `build/`; `strict` is not content with some."""
    from concordant.reproducing.issue import add_validation  # noqa: PLC0415
    from concordant.validation.validate import run_validate as run  # noqa: PLC0415

    console = Console()
    try:
        status = run(root, strict=strict, console=console)
        add_validation(root / BUILD)
        return status
    except ConcordantError as error:
        return _explain(error, console)


def run_reproduce(root: Path, only: Sequence[str] = ()) -> int:
    """Build the document in `root` in varied surroundings and compare the bytes."""
    from concordant.reproducing.reproduce import reproduce  # noqa: PLC0415 - loads what no build needs
    from concordant.reproducing.telling import tell_reproduction  # noqa: PLC0415

    console = Console()
    try:
        with console.status("plain build") if console.is_terminal else nullcontext():
            result = reproduce(root, only, lambda line: console.print(line, highlight=False))
    except ConcordantError as error:
        return _explain(error, console)
    tell_reproduction(result, root, console)
    return result.exit_status


def run_verify(root: Path, receipt: Path) -> int:
    """Build again what a receipt describes, and say in one line whether the bytes are the same."""
    from concordant.reproducing.verify import verify  # noqa: PLC0415

    console = Console()
    try:
        with console.status("building again") if console.is_terminal else nullcontext():
            found = verify(receipt, root)
    except ConcordantError as error:
        return _explain(error, console)
    for line in (found.headline, *(f"  {each}" for each in found.details)):
        console.print(line, highlight=False, soft_wrap=True, markup=False)
    return found.exit_status


def _explain(error: ConcordantError, console: Console) -> int:
    """Print what an error says; return its exit status."""
    console.print(f"[red]error:[/] {escape(str(error))}", highlight=False, soft_wrap=True)
    return error.exit_code


def _formats(edition: str) -> tuple[Format, ...]:
    if not edition:
        return tuple(Format)
    try:
        return (Format(edition.lower()),)
    except ValueError:
        known = ", ".join(Format)
        raise CannotRun(f'there is no edition "{edition}"; known are {known}') from None
