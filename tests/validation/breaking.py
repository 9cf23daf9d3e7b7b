"""Ways to break an edition, one for each validator to find."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pikepdf

Breaker = Callable[[Path], None]


def change_text(old: str, new: str) -> Breaker:
    """Replace the first occurrence of a text in a file."""

    def breaker(path: Path) -> None:
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), "utf-8")

    return breaker


def in_turn(*breakers: Breaker) -> Breaker:
    """Break a file in several ways."""

    def breaker(path: Path) -> None:
        for each in breakers:
            each(path)

    return breaker


def change_member(member: str, old: str, new: str) -> Breaker:
    """Replace the first occurrence of a text in a file of an EPUB."""

    def breaker(path: Path) -> None:
        buffer = io.BytesIO()
        seen = False
        with zipfile.ZipFile(path) as source, zipfile.ZipFile(buffer, "w") as target:
            for info in source.infolist():
                data = source.read(info)
                if info.filename == member:
                    seen = old in data.decode()
                    data = data.decode().replace(old, new, 1).encode()
                target.writestr(info, data)
        assert seen
        path.write_bytes(buffer.getvalue())

    return breaker


def change_pdf(change: Callable[[pikepdf.Pdf], None]) -> Breaker:
    """Change a PDF's objects."""

    def breaker(path: Path) -> None:
        with pikepdf.open(path, allow_overwriting_input=True) as pdf:
            change(pdf)
            pdf.save(path)

    return breaker


def drop_language(pdf: pikepdf.Pdf) -> None:
    """Leave the document without a language."""
    del pdf.Root.Lang


def drop_output_intent(pdf: pikepdf.Pdf) -> None:
    """Leave its colours without a meaning."""
    del pdf.Root.OutputIntents


def name_figure_after_file(pdf: pikepdf.Pdf) -> None:
    """Give a figure a text alternative that tells nothing, which no rule of a standard forbids."""
    for each in pdf.objects:
        if isinstance(each, pikepdf.Dictionary) and each.get("/S") == pikepdf.Name.Figure:
            each.Alt = pikepdf.String("image001.png")
