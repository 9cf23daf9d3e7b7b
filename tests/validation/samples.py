"""Documents that are hard to make accessible: long tables with spans, nested structures, several scripts."""

from __future__ import annotations

from pathlib import Path

from tests.documents import METADATA, SVG, Document, write_document


def tables(root: Path) -> Document:
    """Tables over many pages, with cells over several rows and columns in heads and bodies."""
    return write_document(
        root, {"01-tables.md": f"# Tables\n\n{_long_table()}\n\n{_plain_table()}\n"}
    )


def structures(root: Path) -> Document:
    """Lists in lists, notes with lists, captions with notes, quotations, code, definitions, formulas."""
    section = Path(__file__).with_name("structures.md").read_text("utf-8")
    return write_document(root, {"01-structures.md": section}, files={"figures/drawn.svg": SVG})


def scripts(root: Path) -> Document:
    """Paragraphs from right to left, and in Chinese and Japanese, among those in English."""
    section = Path(__file__).with_name("scripts.md").read_text("utf-8")
    return write_document(root, {"01-scripts.md": section}, metadata=METADATA)


def _long_table() -> str:
    widths = (16, 12, 12, 28)
    rule = "+" + "+".join("-" * width for width in widths) + "+"
    head = [
        rule,
        _row(("Region", "Measured", None, "Remark"), widths),
        "|" + " " * 16 + "+" + "-" * 12 + "+" + "-" * 12 + "+" + " " * 28 + "|",
        _row(("", "First", "Second", ""), widths),
        rule.replace("-", "="),
    ]
    body: list[str] = []
    for group in range(60):
        remark = f"Remark {group} with [@one] and words that need two lines"
        body += [
            _row((f"Region {group}", str(group), str(group * 2), remark[:26]), widths),
            "|" + " " * 16 + "+" + "-" * 12 + "+" + "-" * 12 + "+" + "-" * 28 + "+",
            _row(("", f"both {group}", None, "of two columns"), widths),
            rule,
        ]
    return "\n".join([*head, *body, "", ": A long table {#tbl:long}"])


def _row(cells: tuple[str | None, ...], widths: tuple[int, ...]) -> str:
    """Write one line of a grid; `None` continues the cell before it."""
    line = ""
    for cell, width in zip(cells, widths, strict=True):
        line += " " * (width + 1) if cell is None else f"| {cell}".ljust(width + 1)
    return line + "|"


def _plain_table() -> str:
    lines = [f"Item {number:<5} {number:>5}  nothing" for number in range(70)]
    lines[3] += "[^n]"
    head = "Name       Count  Note\n---------- -----  ---------------\n"
    return (
        head
        + "\n".join(lines)
        + "\n\n: A plain table {#tbl:plain}\n\n[^n]: A note called in a table."
    )
