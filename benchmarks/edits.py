"""Edits: what an author does to a book between two builds."""

from __future__ import annotations

import re

from benchmarks.book import Book

_END = re.compile(r"( \d+ times)?\.$")  # of a paragraph, as `change_paragraph` may have left it


def change_paragraph(book: Book, turn: int) -> None:
    """Change a word in the first paragraph of a chapter in the middle of the book; `turn` tells one change from the next."""
    path = book.chapters[len(book.chapters) // 2]
    blocks = path.read_text("utf-8").split("\n\n")
    at = next(at for at, each in enumerate(blocks) if each[:1].isalnum() and _END.search(each))
    blocks[at] = _END.sub(f" {turn + 2} times.", blocks[at])
    path.write_text("\n\n".join(blocks), "utf-8")


def add_citation(book: Book, turn: int) -> None:
    """Cite, at the book's beginning, a reference that was cited last: later references move up by one."""
    path = book.chapters[0]
    first, paragraph, rest = path.read_text("utf-8").split("\n\n", 2)
    key = book.references[-1 - turn]
    path.write_text(f"{first}\n\n{paragraph}\n\nThe ledger agrees [@{key}].\n\n{rest}", "utf-8")


def change_nothing(book: Book, turn: int) -> None:
    """Leave the book as it is."""
