"""Contrast in drawn figures: what lies under each line of text decides."""

from __future__ import annotations

from pathlib import Path

import pytest

from concordant.sources.figurecontrast import lint_figure, looks_of
from concordant.sources.tokens import read_tokens
from concordant.sources.typeface import figure_typeface
from tests.documents import ROOT

TOKENS = ROOT / "styles" / "tokens.yaml"
LOOKS = looks_of(read_tokens(TOKENS), read_tokens(TOKENS, "dark"))
PAPER = '<text class="fig-paper" fill="#fdfcf8" x="20" y="25" text-anchor="middle">ab</text>'


def told(tmp_path: Path, body: str) -> list[str]:
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="90" height="40">\n{body}\n</svg>'
    template = tmp_path / "x.svg.jinja"
    template.write_text(svg, "utf-8")
    return [str(each) for each in lint_figure(svg, template, figure_typeface(), LOOKS, tmp_path)]


def test_text_that_is_as_light_as_the_page_is_told(tmp_path: Path) -> None:
    [message] = told(tmp_path, f"<g>\n{PAPER}\n</g>")
    assert message == (
        'x.svg.jinja:3: error[contrast-low]: the text "ab" of the figure is #fdfcf8 on #ffffff on '
        "white paper: a contrast of 1.02:1, where WCAG 2.2 AA asks for 4.5:1; take another colour"
    )


@pytest.mark.parametrize(
    "shape",
    [
        '<circle class="fig-accent" fill="#9a3f1d" cx="20" cy="20" r="9"/>',
        '<ellipse class="fig-accent" fill="#9a3f1d" cx="20" cy="20" rx="12" ry="8"/>',
        '<rect class="fig-ink" fill="#1c1a17" x="10" y="10" width="20" height="20"/>',
        '<polygon class="fig-ink" fill="#1c1a17" points="5,5 35,5 20,35"/>',
        '<path class="fig-ink" fill="#1c1a17" d="M5 5h30l-15 30"/>',
        '<g class="fig-ink" fill="#1c1a17"><path d="M5 5c10 -5 20 -5 30 0v30h-30z"/></g>',
    ],
)
def test_text_on_a_dark_shape_may_be_light(tmp_path: Path, shape: str) -> None:
    assert not told(tmp_path, shape + PAPER)
    assert told(tmp_path, PAPER + shape), "what is painted later is not under it"


@pytest.mark.parametrize(
    "shape",
    [
        '<circle class="fig-ink" fill="#1c1a17" cx="60" cy="20" r="9"/>',
        '<circle class="fig-ink" fill="none" cx="20" cy="20" r="9"/>',
        '<circle class="fig-ink" fill="#1c1a17" fill-opacity="0.2" cx="20" cy="20" r="9"/>',
        '<defs><rect class="fig-ink" fill="#1c1a17" width="90" height="40"/></defs>',
        '<path class="fig-ink" fill="#1c1a17" d="M0 0h40"/>',
        '<rect class="fig-ink" fill="#1c1a17" width="90" height="40"/><rect class="fig-paper" '
        'fill="#fdfcf8" width="90" height="40"/>',
    ],
)
def test_a_shape_that_is_not_under_it_does_not_help(tmp_path: Path, shape: str) -> None:
    assert told(tmp_path, shape + PAPER)


@pytest.mark.parametrize(
    "body",
    [
        f'<g transform="translate(50 0)">{PAPER}</g>',
        f'<rect transform="scale(9)" fill="#1c1a17" width="9" height="9"/>{PAPER}',
        f'<linearGradient id="g"/><rect fill="url(#g)" width="90" height="40"/>{PAPER}',
    ],
)
def test_what_cannot_be_told_is_left_out(tmp_path: Path, body: str) -> None:
    assert not told(tmp_path, body)


def test_a_colour_that_does_not_follow_the_scheme_is_told_in_the_dark(tmp_path: Path) -> None:
    text = '<text {} x="5" y="20">ab</text>'
    assert not told(tmp_path, text.format('class="fig-ink" fill="#1c1a17"'))
    [message] = told(tmp_path, text.format('fill="#1c1a17"'))
    assert "#1c1a17 on #171512 in the dark" in message


def test_large_text_needs_less(tmp_path: Path) -> None:
    text = '<text fill="#858585" font-size="{}" x="5" y="20">ab</text>'
    assert told(tmp_path, text.format(23))
    assert not told(tmp_path, text.format(24))


def test_each_line_of_a_text_has_its_own_ground(tmp_path: Path) -> None:
    box = '<rect class="fig-ink" fill="#1c1a17" y="20" width="90" height="20"/>'
    text = (
        '<text class="fig-ink" fill="#1c1a17" x="5" y="15">ab<tspan x="5" dy="20">cd</tspan></text>'
    )
    messages = told(tmp_path, box + text)
    assert messages
    assert all('"cd"' in each for each in messages)
