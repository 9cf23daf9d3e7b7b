"""The tokens: both schemes are complete, and what is read can be read."""

from pathlib import Path

import pytest

from concordant.sources.tokens import read_tokens

TOKENS = Path(__file__).parents[2] / "styles" / "tokens.yaml"
COLOURS = {"paper", "ink", "muted", "rule", "accent"}


def luminance(colour: str) -> float:
    """The relative luminance of #rrggbb (WCAG 2.2, "relative luminance")."""
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, 1 to 21 (WCAG 2.2)."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_is_the_one_that_wcag_defines() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_is_read_meets_aa_on_paper(scheme: str) -> None:
    tokens = read_tokens(TOKENS, scheme)
    assert tokens.keys() >= COLOURS
    assert contrast(tokens["ink"], tokens["paper"]) >= 12
    assert contrast(tokens["muted"], tokens["paper"]) >= 4.5
    assert contrast(tokens["accent"], tokens["paper"]) >= 4.5


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_accent_stays_apart_from_the_ink_in_grey(scheme: str) -> None:
    tokens = read_tokens(TOKENS, scheme)
    assert contrast(tokens["accent"], tokens["ink"]) >= 1.8


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_rules_are_seen_and_stay_in_the_background(scheme: str) -> None:
    tokens = read_tokens(TOKENS, scheme)
    assert 1.4 <= contrast(tokens["rule"], tokens["paper"]) <= 3


def test_the_schemes_name_the_same_tokens() -> None:
    assert read_tokens(TOKENS, "light").keys() == read_tokens(TOKENS, "dark").keys()


def test_groups_are_flat_names() -> None:
    tokens = read_tokens(TOKENS)
    assert tokens["faces-sans"] == "Source Sans 3"
    assert tokens["print-column"] == "114mm"
    with pytest.raises(KeyError):
        read_tokens(TOKENS, "sepia")
