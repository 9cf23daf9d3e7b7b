"""Glyphs: which characters a document uses, and whether its fonts have them all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import fields

from concordant.editions.elements import REFUSED
from concordant.editions.fragments import Fragment
from concordant.editions.typefaces import mathfont
from concordant.editions.typefaces.fonts import missing_characters
from concordant.problem import Problem
from concordant.sources.metadata import Metadata
from concordant.sources.pictures import Picture
from concordant.sources.project import Project, first_place, occurrences_of


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
    hint = "use another character, or add a font that has it"
    used = frozenset(characters)
    yield from _refused(filter(REFUSED.match, used), project)
    drawn = (character for character in used if not REFUSED.match(character))
    yield from _missing(missing_characters(drawn), "no font of the editions has", hint, project)
    formulas = "".join(each.formulas for each in fragments)
    lacking = missing_characters(formulas, [mathfont.FACE])
    hint = "use another character, or let it stand outside the formula"
    yield from _missing(lacking, "the formulas' font has not", hint, project)


def _refused(characters: Iterable[str], project: Project) -> Iterator[Problem]:
    """Yield an error for each character that is for controls, with its first place."""
    for character in sorted(characters):
        first = occurrences_of(character, project)[0]
        column = f" in column {first.column}" if first.column else ""
        message = f"no edition can hold the control character U+{ord(character):04X}{column}"
        yield Problem("character-refused", message, first.place, "delete it")


def _missing(
    characters: Iterable[str], where: str, hint: str, project: Project
) -> Iterator[Problem]:
    """Yield an error for each character, with its first place."""
    for character in characters:
        message = f"{where} the character {character!r} (U+{ord(character):04X})"
        yield Problem("glyph-missing", message, first_place(character, project), hint)
