"""The data that figures are drawn from: CSV and YAML files of the data folder, read as rows."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NoReturn

import yaml

from concordant.sources.unreadable import not_utf8


class DataError(Exception):
    """Data that cannot be used: a message, a hint, and where known the file and line."""

    def __init__(
        self, message: str, hint: str = "", file: Path | None = None, line: int = 0
    ) -> None:
        super().__init__(message)
        self.message, self.hint, self.file, self.line = message, hint, file, line


class Row(dict[str, Any]):
    """One row: its values by column name. Asking for a column it lacks raises DataError."""

    def __missing__(self, column: str) -> NoReturn:
        raise DataError(f'the data has no column "{column}"', closest(column, self))


def read_rows(name: str, data_dir: Path) -> tuple[Row, ...]:
    """Return the rows of a data file, in its order.

    `name` is the file's name inside `data_dir`. Values of CSV are strings, those of YAML are what
    YAML says. Raises DataError when the file is outside, missing,
    of another kind, not UTF-8, or not a table.
    """
    path = (data_dir / name).resolve()
    if not path.is_relative_to(data_dir.resolve()):
        raise DataError(
            f'"{name}" is outside the data folder', f"data is read from {data_dir.name}/ only"
        )
    if not path.is_file():
        siblings = [entry.name for entry in data_dir.iterdir()] if data_dir.is_dir() else []
        raise DataError(f'there is no data file "{name}"', closest(name, siblings))
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        fault = not_utf8(error)
        raise DataError(f"the file {fault.message}", fault.hint, path, fault.line) from None
    match path.suffix.lower():
        case ".csv":
            return tuple(_csv_rows(text, path))
        case ".yaml" | ".yml":
            return tuple(_yaml_rows(text, path))
        case other:
            raise DataError(f'data files are .csv or .yaml, not "{other}"', file=path)


def closest(name: str, known: Iterable[str]) -> str:
    """Return a hint: the known name that is nearest to `name`, or else all of them."""
    names = sorted(known)
    if near := get_close_matches(name, names, n=1):
        return f'did you mean "{near[0]}"?'
    return f"there are: {', '.join(names)}" if names else ""


def _csv_rows(text: str, path: Path) -> Iterator[Row]:
    reader = csv.reader(text.splitlines(keepends=True), strict=True)
    try:
        header = next(reader, [])
        if not header or len(set(header)) < len(header) or "" in header:
            raise DataError("the first line must name every column, each once", file=path, line=1)
        for values in reader:
            if values and len(values) != len(header):
                message = f"{len(values)} values for {len(header)} columns"
                raise DataError(
                    message, "quote a value that has a comma in it", path, reader.line_num
                )
            if values:
                yield Row(zip(header, values, strict=True))
    except csv.Error as error:
        raise DataError(f"not CSV: {error}", file=path, line=reader.line_num) from None


def _yaml_rows(text: str, path: Path) -> Iterator[Row]:
    try:
        rows = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        reason = getattr(error, "problem", None) or str(error)
        raise DataError(
            f"not YAML: {reason}", file=path, line=mark.line + 1 if mark else 0
        ) from None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise DataError("the file must be a list of mappings", "start each row with a dash", path)
    yield from map(Row, rows)
