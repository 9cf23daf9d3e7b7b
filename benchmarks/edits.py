"""Edits: what an author does to a generated book between two builds."""

from __future__ import annotations

import re

from benchmarks.book import Book


def change_paragraph(book: Book, turn: int) -> None:
    """Change a word in a paragraph in the middle of the book; `turn` tells one change from the next."""
    path = book.chapters[len(book.chapters) // 2]
    first, paragraph, rest = path.read_text("utf-8").split("\n\n", 2)
    changed = re.sub(r"( \d+ times)?\.$", f" {turn + 2} times.", paragraph)
    path.write_text("\n\n".join((first, changed, rest)), "utf-8")


def add_citation(book: Book, turn: int) -> None:
    """Cite, at the book's beginning, a reference that was cited last: later references move up by one."""
    path = book.chapters[0]
    first, paragraph, rest = path.read_text("utf-8").split("\n\n", 2)
    key = f"r{book.references - 1 - turn}"
    path.write_text(f"{first}\n\n{paragraph}\n\nThe ledger agrees [@{key}].\n\n{rest}", "utf-8")


def change_nothing(book: Book, turn: int) -> None:
    """Leave the book as it is."""
