"""A reading that was packed for another process is the same there, object by object."""

from __future__ import annotations

import pickle
from dataclasses import replace
from pathlib import Path

import pytest

from concordant.checks.check import read_edition
from concordant.checks.model import Declaration, Edition, Identity, Kind, Mention, Reading
from concordant.checks.packing import packed, unpacked


@pytest.mark.parametrize("edition", [Edition.PDF, Edition.EPUB, Edition.HTML])
def test_a_reading_comes_out_as_it_went_in(harbour: dict[str, Path], edition: Edition) -> None:
    reading = read_edition(edition, harbour[edition.value])
    assert reading.mentions
    assert reading.entries
    made = unpacked(packed(reading))
    assert made == reading
    for name in ("declarations", "mentions", "page_mentions", "entries", "backlinks"):
        kinds = [type(each) for each in getattr(made, name)]
        assert kinds == [type(each) for each in getattr(reading, name)]


def test_what_is_one_object_stays_one(harbour: dict[str, Path]) -> None:
    reading = read_edition(Edition.PDF, harbour["pdf"])
    landed = [each.lands for each in reading.mentions if each.lands]
    own = {id(each) for each in reading.declarations}
    assert any(id(each) in own for each in landed)
    made = unpacked(packed(reading))
    again = {id(each) for each in made.declarations}
    assert [id(each.lands) in again for each in made.mentions if each.lands] == [
        id(each) in own for each in landed
    ]


def test_a_mention_may_land_on_what_the_reading_does_not_declare(harbour: dict[str, Path]) -> None:
    reading = read_edition(Edition.EPUB, harbour["epub"])
    abroad = Declaration(Kind.TABLE, "99", "of another")
    more = (Mention(Kind.TABLE, "99", lands=abroad), Mention(Kind.TABLE, "98"))
    reading = replace(reading, mentions=(*reading.mentions, *more))
    assert unpacked(packed(reading)) == reading


def test_columns_take_less_than_objects(harbour: dict[str, Path]) -> None:
    reading = read_edition(Edition.HTML, harbour["html"])
    assert len(packed(reading)) < len(pickle.dumps(reading, pickle.HIGHEST_PROTOCOL))


def test_nothing_can_be_packed() -> None:
    empty = Reading(Edition.EPUB, "name", Identity(title="T"))
    assert unpacked(packed(empty)) == empty
