"""The verdict as a table and a list of disagreements, for a terminal."""

from __future__ import annotations

import io

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from concordant.checks.codes import RULES
from concordant.checks.model import Edition, Finding, Kind, Verdict
from concordant.problem import Severity

_SHOWN = 40


def print_verdict(verdict: Verdict, console: Console, limit: int = _SHOWN) -> None:
    """Print the table of kinds by editions, each disagreement, and the verdict."""
    console.print(_table(verdict))
    console.print(_apart(verdict), style="dim", highlight=False)
    for finding in verdict.findings[:limit]:
        _print_finding(finding, console)
    if len(verdict.findings) > limit:
        console.print(f"… and {len(verdict.findings) - limit} more; see the JSON or HTML report")
    console.print(
        summary(verdict), style="bold green" if verdict.agrees else "bold red", highlight=False
    )


def as_text(verdict: Verdict, width: int = 100) -> str:
    """Return the same as plain text, without colours."""
    out = io.StringIO()
    print_verdict(
        verdict, Console(file=out, width=width, force_terminal=False), len(verdict.findings)
    )
    return out.getvalue()


def summary(verdict: Verdict) -> str:
    """Return the verdict in one line."""
    warnings = len(verdict.findings) - len(verdict.errors)
    also = f" ({warnings} warning{'s' if warnings > 1 else ''})" if warnings else ""
    if verdict.agrees:
        return f"The editions agree{also}."
    count = len(verdict.errors)
    return f"The editions disagree: {count} disagreement{'s' if count > 1 else ''}{also}."


def _table(verdict: Verdict) -> Table:
    editions = [edition for edition, _ in verdict.files]
    table = Table(title=escape(verdict.identity.title) or None, box=None, pad_edge=False)
    table.add_column("kind")
    for edition in editions:
        table.add_column(edition.value, justify="right")
    table.add_column("verdict")
    for kind in Kind:
        counts = {c.edition: (c.declared, c.mentioned) for c in verdict.counts if c.kind is kind}
        if any(any(pair) for pair in counts.values()):
            cells = [_cell(counts.get(edition)) for edition in editions]
            table.add_row(kind.value, *cells, _mark(verdict, kind))
    words = dict(verdict.words)
    cells = [f"{words[edition]:,}" if edition in words else "–" for edition in editions]
    table.add_row("words", *cells, _mark(verdict, None))
    return table


def _cell(count: tuple[int, int] | None) -> str:
    return "–" if count is None else f"{count[0]} / {count[1]}"


def _mark(verdict: Verdict, kind: Kind | None) -> str:
    wrong = sum(1 for finding in verdict.errors if finding.kind is kind)
    return f"[red]{wrong} differ[/red]" if wrong else "[green]agree[/green]"


def _apart(verdict: Verdict) -> str:
    """Say what each edition sets apart by role, so that no text is passed over in silence."""
    lines = ["Numbers are declared / mentioned. Set apart by role, in words:"]
    for edition in Edition:
        parts = [
            f"{aside.role} {aside.words:,}" for each, aside in verdict.asides if each is edition
        ]
        if parts:
            lines.append(f"  {edition.value}: {', '.join(parts)}")
    return "\n".join(lines)


def _print_finding(finding: Finding, console: Console) -> None:
    colour = "red" if finding.severity is Severity.ERROR else "yellow"
    head = f"[{colour}]{finding.severity}[/{colour}]\\[{finding.code}] {escape(finding.message)}"
    console.print(head, highlight=False)
    for printed in finding.printed:
        text = printed.text or "nothing"
        console.print(
            f"    {printed.edition.value:<6} {escape(str(printed.spot))}", highlight=False
        )
        console.print(f"           {escape(text)}", style="dim", highlight=False)
    if finding.place:
        console.print(f"    source {escape(finding.place)}", highlight=False)
    console.print(f"    hint   {RULES[finding.code].hint}", highlight=False)
