"""Glyphs: which characters a document uses, and whether its fonts have them all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import fields

from concordant.editions.fragments import Fragment
from concordant.editions.typefaces import mathfont
from concordant.editions.typefaces.fonts import missing_characters
from concordant.problem import Problem
from concordant.sources.metadata import Metadata
from concordant.sources.pictures import Picture
from concordant.sources.project import Project, first_place


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
    return [str(getattr(metadata, field.name)) for field in fields(metadata)]


def lint_glyphs(
    characters: Iterable[str], fragments: Iterable[Fragment], project: Project
) -> Iterator[Problem]:
    """Yield an error for each character that no font of the editions has, or not the one of the fragments' formulas."""
    hint = "use another character, or add a font that has it"
    yield from _missing(
        missing_characters(characters), "no font of the editions has", hint, project
    )
    formulas = "".join(each.formulas for each in fragments)
    lacking = missing_characters(formulas, [mathfont.FACE])
    hint = "use another character, or let it stand outside the formula"
    yield from _missing(lacking, "the formulas' font has not", hint, project)


def _missing(
    characters: Iterable[str], where: str, hint: str, project: Project
) -> Iterator[Problem]:
    """Yield an error for each character, with its first place."""
    for character in characters:
        message = f"{where} the character {character!r} (U+{ord(character):04X})"
        yield Problem("glyph-missing", message, first_place(character, project), hint)
