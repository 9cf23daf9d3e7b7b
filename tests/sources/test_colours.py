"""Colours and their contrast, against the values that the standards give."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concordant.sources.colours import Colour, colour_of, contrast

CHANNEL = st.floats(0, 1)
COLOURS = st.builds(Colour, CHANNEL, CHANNEL, CHANNEL)
BLACK, WHITE = Colour(0, 0, 0), Colour(1, 1, 1)


def test_contrast_is_the_one_that_wcag_defines() -> None:
    assert contrast(BLACK, WHITE) == pytest.approx(21)
    grey = colour_of("#777")
    assert grey
    assert contrast(grey, WHITE) == pytest.approx(4.48, abs=0.005)


@given(COLOURS, COLOURS)
def test_contrast_goes_from_1_to_21_and_both_ways(one: Colour, other: Colour) -> None:
    assert 1 <= contrast(one, other) <= 21.001
    assert contrast(one, other) == contrast(other, one)


@given(COLOURS, COLOURS)
def test_what_is_clear_shows_its_ground(one: Colour, ground: Colour) -> None:
    clear = Colour(*one.channels, 0)
    assert clear.over(ground).channels == pytest.approx(ground.channels)
    assert one.over(ground).channels == pytest.approx(one.channels)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("#9a3f1d", "#9a3f1d"),
        ("RebeccaPurple", "#663399"),
        ("hsl(120 100% 25%)", "#008000"),
        ("rgb(0 0 0 / 50%)", "#000000 at 50%"),
        ("oklch(0.628 0.2577 29.23)", "#ff0000"),
        ("color-mix(in srgb, red, blue)", "#800080"),
        ("color-mix(in srgb, white 25%, black)", "#404040"),
        ("color-mix(in srgb, red 30%, transparent)", "#ff0000 at 30%"),
        ("color-mix(in srgb, red 20%, blue 20%)", "#800080 at 40%"),
    ],
)
def test_colours_are_read_as_css_writes_them(text: str, shown: str) -> None:
    assert str(colour_of(text)) == shown


def test_the_scheme_chooses() -> None:
    assert colour_of("light-dark(#fff, #000)") == WHITE
    assert colour_of("light-dark(#fff, #000)", "dark") == BLACK


@pytest.mark.parametrize(
    "text", ["inherit", "currentcolor", "CanvasText", "", "url(a.png)", "12px"]
)
def test_what_is_no_colour_by_itself_is_left_out(text: str) -> None:
    assert colour_of(text) is None
