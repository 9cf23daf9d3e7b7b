"""Files that cannot be read: what is wrong in one that is not UTF-8, or not YAML, in which line, and what to do."""

from __future__ import annotations

from dataclasses import dataclass

import yaml
from yaml.reader import ReaderError

from concordant.sources.locate import Lines

_QUOTE = "put quotation marks around a value that has a colon in it"


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a file cannot be read: a message that goes on after its name, the line (0 if unknown), a hint."""

    message: str
    line: int = 0
    hint: str = ""


def not_utf8(error: UnicodeDecodeError) -> Fault:
    """Return the first byte that is wrong in what was decoded as a whole."""
    line = error.object.count(b"\n", 0, error.start) + 1
    message = f"is not UTF-8 text: byte {error.object[error.start]:02X} is not"
    return Fault(message, line, "save it as UTF-8")


def not_yaml(error: yaml.YAMLError, text: str) -> Fault:
    """Return what YAML cannot read in a text."""
    if isinstance(error, ReaderError):
        line = Lines(text).of(text.find(chr(error.character)))
        return Fault(f"has the control character U+{error.character:04X}", line, "delete it")
    if not isinstance(error, yaml.MarkedYAMLError):
        return Fault(f"is not YAML: {error}")
    line = error.problem_mark.line + 1 if error.problem_mark else 0
    colon = "mapping values are not allowed" in (error.problem or "")
    return Fault(f"is not YAML: {error.problem}", line, _QUOTE if colon else "")
