"""The ledger: the one table of all numbers of a build."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

from concordant.problem import Place

SCHEMA = "urn:concordant:ledger:1"


class Kind(StrEnum):
    """What can carry a number."""

    REFERENCE = "reference"
    FOOTNOTE = "footnote"
    SECTION = "section"
    FIGURE = "figure"
    TABLE = "table"
    EQUATION = "equation"
    LISTING = "listing"


def first_sentence(text: str) -> str:
    """Return a text as far as its first sentence goes, without the full stop."""
    return re.split(r"(?<=[^\W_]{3})\.\s+(?=[^a-z\s])|\.$", text, maxsplit=1)[0]


@dataclass(frozen=True, slots=True)
class Declaration:
    """Where a numbered thing stands: `number` is 2.1, `label` is what a reader sees, Figure 2 or [12]."""

    kind: Kind
    anchor: str
    number: str
    label: str
    text: str
    place: Place

    @property
    def title(self) -> str:
        """The first sentence of the text, which is what lists of figures and tables name."""
        return first_sentence(self.text)


@dataclass(frozen=True, slots=True)
class Mention:
    """Where the text points at a numbered thing.

    `printed` is false inside a collapsed range: [7–9] mentions 8 without printing it. `anchor` is the
    place in the editions to which a back-link can lead, `within` the number of the section around it, and
    `note` the number of the footnote in which the mention stands, or empty.
    """

    kind: Kind
    target: str
    number: str
    printed: bool
    anchor: str
    within: str
    note: str
    place: Place


@dataclass(frozen=True, slots=True)
class Ledger:
    """Every declaration and every mention, in document order."""

    declarations: tuple[Declaration, ...]
    mentions: tuple[Mention, ...]

    def of(self, kind: Kind) -> tuple[Declaration, ...]:
        """Return the declarations of one kind."""
        return tuple(each for each in self.declarations if each.kind is kind)


def ledger_json(ledger: Ledger, document: Mapping[str, str]) -> str:
    """Write the ledger as JSON (see `ledger.schema.json`): sorted keys, document order, a line a value.

    It is what `json.dumps` writes with an indent of 1, which takes ten times as long.
    """
    kinds = {kind.value: _kind(ledger, kind) for kind in sorted(Kind)}
    members = (_object(document, 1), _members(kinds, 1), json.dumps(SCHEMA))
    return _members(dict(zip(("document", "kinds", "schema"), members, strict=True)), 0) + "\n"


def _kind(ledger: Ledger, kind: Kind) -> str:
    declarations = (_declaration(each) for each in ledger.of(kind))
    mentions = _mentions(each for each in ledger.mentions if each.kind is kind)
    return _members({"declarations": _array(declarations, 3), "mentions": _array(mentions, 3)}, 2)


def _array(values: Iterable[Mapping[str, Any]], depth: int) -> str:
    written = [_object(each, depth + 1) for each in values]
    return _around("[]", f",{_line(depth + 1)}".join(written), depth)


def _members(values: Mapping[str, str], depth: int) -> str:
    """Write an object whose values are written already."""
    members = f",{_line(depth + 1)}".join(f'"{name}": {value}' for name, value in values.items())
    return _around("{}", members, depth)


def _object(value: Mapping[str, Any], depth: int) -> str:
    """Write an object that holds no others."""
    return _around("{}", _encoder(depth).encode(dict(value))[1:-1], depth)


@cache
def _encoder(depth: int) -> json.JSONEncoder:
    separators = f",{_line(depth + 1)}", ": "
    return json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=separators)


def _around(brackets: str, inner: str, depth: int) -> str:
    if not inner:
        return brackets
    return f"{brackets[0]}{_line(depth + 1)}{inner}{_line(depth)}{brackets[1]}"


def _line(depth: int) -> str:
    return "\n" + " " * depth


def _declaration(each: Declaration) -> dict[str, Any]:
    return {
        "id": each.anchor,
        "number": each.number,
        "label": each.label,
        "text": each.text,
        "place": str(each.place),
    }


def _mentions(mentions: Iterable[Mention]) -> Iterable[dict[str, Any]]:
    for each in mentions:
        yield {
            "target": each.target,
            "number": each.number,
            "printed": each.printed,
            "section": each.within,
            "note": each.note,
            "place": str(each.place),
        }
