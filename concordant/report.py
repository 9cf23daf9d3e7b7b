"""Report: a build's problems and its closing table, for people."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from concordant.numbered.ledger import Kind, Ledger
from concordant.pipeline import Built, step_of
from concordant.problem import Problem, Severity, errors_among
from concordant.progress import Progress

_COLOUR = {Severity.ERROR: "red", Severity.WARNING: "yellow"}


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """Return problems in the order of files and lines."""
    return sorted(problems, key=lambda each: (each.place, each.code, each.message))


def tell_problems(problems: Iterable[Problem], console: Console) -> None:
    """Print one line a problem, in the order of files and lines, and how many there are."""
    ordered = in_order(problems)
    for problem in ordered:
        before, _, after = str(problem).partition(f": {problem.severity}[")
        colour = _COLOUR[problem.severity]
        console.print(
            f"{escape(before)}: [{colour}]{problem.severity}\\[{escape(after)}[/]",
            highlight=False,
            soft_wrap=True,
        )
    errors = len(errors_among(ordered))
    if errors:
        console.print(f"{errors} error{'s' * (errors > 1)}; the last good editions are untouched.")


def tell_built(built: Built, folder: Path, progress: Progress) -> None:
    """Print the closing table: each edition's size, pages and time, and what was numbered."""
    from rich import box  # noqa: PLC0415 - loaded while pages are laid out
    from rich.table import Table  # noqa: PLC0415

    table = Table(box=box.SIMPLE_HEAD, title_justify="left")
    table.add_column("edition")
    for name in ("size", "pages", "time"):
        table.add_column(name, justify="right")
    for edition in built.editions:
        table.add_row(
            f"{folder.name}/{edition.name}",
            f"{edition.size / 1000:,.0f} kB",
            str(edition.pages or "–"),
            f"{progress.seconds[step_of(edition.form)]:.2f} s",
        )
    progress.console.print(table)
    progress.console.print(
        f"{'Proven to agree' if built.proven else 'Numbered, not checked'}: {_counts(built.numbered.ledger)}.",
        highlight=False,
    )
    total = sum(progress.seconds.values())
    progress.console.print(
        f"Done in {total:.1f} s; the ledger is {folder.name}/numbers.json.", highlight=False
    )


def _counts(ledger: Ledger) -> str:
    counts = [(kind, len(ledger.of(kind))) for kind in Kind]
    return ", ".join(f"{count} {kind}{'s' * (count != 1)}" for kind, count in counts if count)
