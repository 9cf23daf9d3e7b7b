"""Telling: the table of variations and what differs, for people."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from concordant.pipeline import LEDGER
from concordant.reproducing.reproduce import Reproduction, Row, Verdict

_COLOUR = {
    Verdict.IDENTICAL: "green",
    Verdict.DIFFERENT: "red",
    Verdict.FAILED: "red",
    Verdict.LEFT_OUT: "yellow",
}
_DIGITS = 8


def tell_reproduction(result: Reproduction, root: Path, console: Console) -> None:
    """Print the table of variations, then every difference with its cause, then one line in all."""
    names = sorted(result.hashes)
    table = Table(box=box.SIMPLE_HEAD)
    table.add_column("variation", no_wrap=True)
    table.add_column("what was varied")
    table.add_column("verdict", no_wrap=True)
    for name in names:
        heading = "ledger" if name == LEDGER else name.rpartition(".")[2]
        table.add_column(heading, no_wrap=True)
    table.add_row("(plain)", "", "measure", *(result.hashes[name][:_DIGITS] for name in names))
    for row in result.rows:
        table.add_row(*_cells(row, names, result))
    console.print(table)
    for row in result.rows:
        _tell_row(row, root, console)
    console.print(_in_all(result), highlight=False, soft_wrap=True)


def _cells(row: Row, names: list[str], result: Reproduction) -> list[str]:
    verdict = f"[{_COLOUR[row.verdict]}]{row.verdict}[/]"
    hashes = [
        digest if row.hashes.get(name) == result.hashes[name] else f"[red]{digest}[/]"
        for name in names
        for digest in [row.hashes.get(name, "")[:_DIGITS] or "–"]
    ]
    return [row.variation.name, escape(row.variation.what), verdict, *hashes]


def _tell_row(row: Row, root: Path, console: Console) -> None:
    if row.verdict is Verdict.IDENTICAL:
        return
    said = f": {row.said}" if row.said else ""
    line = f"{row.variation.name} ({row.variation.what}) – {row.verdict}{said}"
    console.print(escape(line), style=_COLOUR[row.verdict], highlight=False, soft_wrap=True)
    for each in row.differences:
        where = each.report.relative_to(root) if each.report.is_relative_to(root) else ""
        console.print(f"  {each.name}  {where}", highlight=False, soft_wrap=True, markup=False)
        for text in each.lines:
            console.print(f"    {text}", highlight=False, soft_wrap=True, markup=False)


def _in_all(result: Reproduction) -> str:
    count = Counter(row.verdict for row in result.rows)
    parts = [f"{count[verdict]} {verdict}" for verdict in Verdict if count[verdict]]
    return f"{len(result.rows)} variations: {', '.join(parts)}."
