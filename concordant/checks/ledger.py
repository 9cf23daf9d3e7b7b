"""Reads the ledger of a build as one more voice: what the numbering stage says that the editions print."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from concordant.checks.model import Declaration, Edition, Identity, Kind, Mention, Reading, Spot
from concordant.problem import CannotRun


def read_ledger(path: Path) -> Reading:
    """Read `numbers.json`.

    Raises `CannotRun` when it is no JSON or not of the ledger's shape.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        document, kinds = data["document"], data["kinds"]
        known = {kind: kinds[kind.value] for kind in Kind if kind.value in kinds}
        declarations = [d for kind, part in known.items() for d in _declarations(kind, part)]
        mentions = [m for kind, part in known.items() for m in _mentions(kind, part)]
    except (json.JSONDecodeError, UnicodeDecodeError, KeyError, TypeError, AttributeError) as error:
        raise CannotRun(f"{path.name}: this is not a ledger of numbers: {error!r}") from error
    return Reading(
        edition=Edition.LEDGER,
        name=path.name,
        identity=Identity(
            title=document.get("title", ""),
            identifier=document.get("identifier", ""),
            version=document.get("version", ""),
            source=document.get("source", ""),
        ),
        declarations=tuple(declarations),
        mentions=tuple(mentions),
        kinds=frozenset(known),
    )


def _declarations(kind: Kind, part: dict[str, Any]) -> Iterator[Declaration]:
    for each in part["declarations"]:
        place = each.get("place", "")
        spot = Spot(anchor=each.get("id", ""))
        yield Declaration(kind, each["number"], each.get("text", ""), spot, place)


def _mentions(kind: Kind, part: dict[str, Any]) -> Iterator[Mention]:
    if kind is Kind.FOOTNOTE and not part["mentions"]:
        # A footnote stands in the source where it is called: its declaration is its one mention.
        for note in _declarations(kind, part):
            yield Mention(kind, note.label, context=note.label, place=note.place)
    for each in part["mentions"]:
        place = each.get("place", "")
        implied = not each.get("printed", True)
        if not each["number"]:
            continue  # what has no number is mentioned by its title
        yield Mention(kind, each["number"], implied=implied, context=each["number"], place=place)
