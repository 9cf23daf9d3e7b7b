"""Contrast: whether what the style sheets colour can be read on its ground (WCAG 2.2, 1.4.3, level AA).

Said of the sheets, before anything is built: each colour of text is set against the ground that the same rules
give it, in every surrounding in which they apply. What only a system or a picture decides is left out.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path, PurePosixPath

from concordant.cache import remembered
from concordant.editions import cover, package, paged, reading
from concordant.editions.cascade import VARIABLE, Cascade, Layer, Setting, Value
from concordant.problem import Place, Problem, relative_place
from concordant.sources.colours import BOLD, Colour, contrast, needed
from concordant.sources.stylesheets import Selector, read_sheet
from concordant.sources.tokens import read_tokens, token_lines

_PX = {"px": 1.0, "pt": 4 / 3, "rem": 16.0, "em": 16.0, "%": 0.16, "mm": 96 / 25.4}
_LINK = Selector(("a",))
_LENGTH = re.compile(r"([\d.]+)(px|pt|rem|em|%|mm)")

_EPUB_NIGHT = (Layer(package.SHEETS), Layer(package.DARK_SHEETS, "dark"))
SETTINGS = (
    Setting("the HTML edition", (Layer(reading.SHEETS),)),
    Setting("the HTML edition in the dark", (Layer(reading.SHEETS, "dark"),), "dark"),
    Setting("the HTML edition on paper", (Layer(reading.SHEETS),), medium="print"),
    Setting("the EPUB edition", (Layer(package.SHEETS),)),
    # How dark a page is, a reading system decides; ours stands for the others.
    Setting("the EPUB edition in the dark", _EPUB_NIGHT, "dark", ink="#fff", ground="var(--paper)"),
    Setting("the PDF edition", (Layer(paged.SHEETS),), medium="print"),
    Setting("the cover", (Layer(cover.SHEETS),), medium="print", judged=("cover.css",)),
)


@dataclass(frozen=True, slots=True)
class _Finding:
    """Text that is too close to its ground, and the declaration that makes it so."""

    whose: str
    value: Value
    ink: Colour
    ground: Colour
    needed: float
    setting: str

    @property
    def ratio(self) -> float:
        return contrast(self.ink.over(self.ground), self.ground)


def lint_contrast(styles: Path, root: Path) -> list[Problem]:
    """Return the colours of text in the sheets of `styles` whose contrast is below level AA."""
    file = styles / "tokens.yaml"
    tokens = {scheme: dict(read_tokens(file, scheme)) for scheme in ("light", "dark")}
    names = {name for each in SETTINGS for layer in each.layers for name in layer.sheets}
    folder = relative_place(styles, root).file
    sheets = tuple(
        (name, f"{folder}/{name}", path.read_text("utf-8"))
        for name in sorted(names)
        if (path := styles / name).is_file()
    )
    return [
        _problem(message, Place(*place), value, file, root)
        for message, place, value in _found(sheets, tokens)
    ]


def _problem(
    message: str, place: Place, value: tuple[str, str], tokens: Path, root: Path
) -> Problem:
    written, scheme = value
    lines = token_lines(tokens, scheme)
    named = [
        f"{name} ({relative_place(tokens, root, lines[name])})"
        for name, _ in VARIABLE.findall(written)
        if name in lines
    ]
    hint = f"change {', '.join(named)}, or take another colour" if named else "take another colour"
    return Problem("contrast-low", message, place, hint, about=frozenset({written}))


@remembered
def _found(
    sheets: tuple[tuple[str, str, str], ...], tokens: dict[str, dict[str, str]]
) -> list[tuple[str, tuple[str, int], tuple[str, str]]]:
    """Judge the sheets, each given by its name, its file and its text, with the colours of each scheme.

    Returns for each finding its message, its file and line, and the colour as it is written, with its scheme.
    """
    read = {name: read_sheet(text, file) for name, file, text in sheets}
    findings = [
        each for setting in SETTINGS for each in _judge(setting, Cascade(setting, read, tokens))
    ]
    return [_told(group) for group in _groups(findings)]


def _judge(setting: Setting, cascade: Cascade) -> Iterator[_Finding]:
    for name, pairs_of in (("color", _coloured), ("background", _grounded)):
        for selector, value in cascade.values(name):
            if cascade.is_wordless(selector) or not _is_judged(value, setting):
                continue
            least = _needed(selector, cascade)
            for whose, ink, ground in pairs_of(selector, value, cascade):
                seen = replace(ink, alpha=ink.alpha * cascade.opacity(selector))
                finding = _Finding(whose, value, seen, ground, least, setting.name)
                if finding.ratio < least:
                    yield finding


def _is_judged(value: Value, setting: Setting) -> bool:
    return not setting.judged or PurePosixPath(value.place.file).name in setting.judged


def _coloured(
    selector: Selector, value: Value, cascade: Cascade
) -> Iterator[tuple[str, Colour, Colour]]:
    """Yield a colour of text with each ground behind it."""
    if ink := cascade.colour(value.text):
        for ground in cascade.grounds(selector):
            yield f'the text of "{selector}"', ink, ground


def _grounded(
    selector: Selector, value: Value, cascade: Cascade
) -> Iterator[tuple[str, Colour, Colour]]:
    """Yield a ground with each colour that text and links on it may have, where it is not the page's own."""
    colour = cascade.ground(value.text)
    if colour is None or not colour.alpha:
        return
    grounds = [each for each in cascade.on(colour, selector.outer) if each not in cascade.page()]
    for ink, ground in product(cascade.inks(selector), grounds):
        yield f'the text of "{selector}"', ink, ground
    # Links are named where text and ground are not set together, and where they have no rule of their own.
    links = cascade.own_inks(_LINK)
    own = cascade.own_inks(Selector((*selector.compounds, "a")))
    if links == own and not cascade.found(selector, "color"):
        for ink, ground in product(links, grounds):
            yield f'a link in "{selector}"', ink, ground


def _needed(selector: Selector, cascade: Cascade) -> float:
    size = max(map(_px, cascade.found(selector, "font-size")), default=0)
    weights = cascade.found(selector, "font-weight")
    bold = any(each == "bold" or (each.isdigit() and int(each) >= BOLD) for each in weights)
    return needed(size, BOLD if bold else 400)


def _px(text: str) -> float:
    found = _LENGTH.fullmatch(text)
    return float(found[1]) * _PX[found[2]] if found else 0


def _groups(findings: Iterable[_Finding]) -> list[list[_Finding]]:
    """Gather what one change puts right: the same colour, written the same way, in one file."""
    groups: dict[tuple[str, str, Colour], list[_Finding]] = {}
    for each in findings:
        key = (each.value.place.file, each.value.written, each.ink)
        groups.setdefault(key, []).append(each)
    return list(groups.values())


def _told(group: list[_Finding]) -> tuple[str, tuple[str, int], tuple[str, str]]:
    first = min(group, key=lambda each: (each.value.place, each.ratio))
    others = len({each.whose for each in group}) - 1
    also = f", as of {others} more," if others else ""
    ratio = math.floor(first.ratio * 100) / 100
    message = (
        f"{first.whose}{also} is {first.ink} on {first.ground} in {first.setting}: "
        f"a contrast of {ratio:.2f}:1, where WCAG 2.2 AA asks for {first.needed:.1f}:1"
    )
    place, value = first.value.place, first.value
    return message, (place.file, place.line), (value.written, value.scheme)
