"""Glyphs: which characters a document uses, and whether its fonts have them all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields

from concordant.editions.elements import REFUSED
from concordant.editions.fragments import Fragment
from concordant.editions.typefaces import mathfont
from concordant.editions.typefaces.fonts import missing_characters
from concordant.problem import Problem
from concordant.sources.metadata import Metadata
from concordant.sources.pictures import Picture
from concordant.sources.project import Occurrence, Project, first_place, occurrences_of


def characters_of(
    project: Project, fragments: Iterable[Fragment], pictures: Iterable[Picture]
) -> frozenset[str]:
    """Return every character that the editions will print."""
    words = [each.printed for each in fragments]
    words += [picture.data.decode() for picture in pictures if picture.is_svg]
    words += words_of_metadata(project.metadata)
    return frozenset("".join(words))


def words_of_metadata(metadata: Metadata) -> list[str]:
    """Return all that a document says of itself."""
    values = (getattr(metadata, field.name) for field in fields(metadata))
    return [
        each
        for value in values
        for each in ([value] if isinstance(value, str) else map(str, value))
    ]


def lint_glyphs(
    characters: Iterable[str], fragments: Iterable[Fragment], project: Project
) -> Iterator[Problem]:
    """Yield an error for each character that no edition can hold, or no font of the editions has, or not the one of the
    fragments' formulas.
    """
    used = frozenset(characters)
    for character in sorted(filter(REFUSED.match, used)):
        first, *others = occurrences_of(character, project)
        column = f" in column {first.column}" if first.column else ""
        message = f"no edition can hold the control character U+{ord(character):04X}{column}"
        yield Problem("character-refused", message + _and_more(others), first.place, "delete it")
    for character in missing_characters(c for c in used if not REFUSED.match(c)):
        first, *others = occurrences_of(character, project)
        message = (
            f"no font of the editions has the character {_named(character)}{_and_more(others)}"
        )
        hint = "use another character, or add a font that has it"
        yield Problem("glyph-missing", message, first.place, hint)
    formulas = "".join(each.formulas for each in fragments)
    for character in missing_characters(formulas, [mathfont.FACE]):
        # It may stand in the text as well, where it is no fault.
        place = first_place(character, project)
        message = f"the formulas' font has not the character {_named(character)}"
        hint = "use another character, or let it stand outside the formula"
        yield Problem("glyph-missing", message, place, hint)


def _named(character: str) -> str:
    return f"{character!r} (U+{ord(character):04X})"


def _and_more(others: Sequence[Occurrence]) -> str:
    """Say in how many places something stands beside the first one."""
    return f", which stands in {len(others)} more place{'s' * (len(others) > 1)}" if others else ""
