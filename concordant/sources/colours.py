"""Colours as CSS writes them (CSS Color 4 and 5, as far as sRGB), and the contrast between them (WCAG 2.2)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import tinycss2

from concordant.later import deferred

parse_color = deferred("tinycss2.color5", "parse_color")
AA, AA_LARGE = 4.5, 3.0  # the ratios of level AA (WCAG 2.2, 1.4.3)
BOLD = 700  # font-weight
_LARGE, _LARGE_BOLD = 24.0, 18.66  # CSS px: 18 pt, 14 pt
_SRGB_OF_XYZ = (
    (3.2409699419, -1.5373831776, -0.4986107603),
    (-0.9692436363, 1.8759675015, 0.0415550574),
    (0.0556300797, -0.2039769589, 1.0569715142),
)


@dataclass(frozen=True, slots=True)
class Colour:
    """A colour in sRGB: red, green, blue and alpha, each from 0 to 1."""

    red: float
    green: float
    blue: float
    alpha: float = 1.0

    def __str__(self) -> str:
        digits = "".join(f"{round(each * 255):02x}" for each in self.channels)
        return f"#{digits}" + (f" at {self.alpha:.0%}" if self.alpha < 1 else "")

    @property
    def channels(self) -> tuple[float, float, float]:
        """Red, green and blue."""
        return self.red, self.green, self.blue

    def over(self, ground: Colour) -> Colour:
        """Return what is seen of this colour on an opaque ground."""
        pairs = zip(self.channels, ground.channels, strict=True)
        return _colour(self.alpha * own + (1 - self.alpha) * below for own, below in pairs)

    @property
    def luminance(self) -> float:
        """The relative luminance of WCAG 2.2, 0 for black to 1 for white."""
        red, green, blue = (
            each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4
            for each in self.channels
        )
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Colour, other: Colour) -> float:
    """Return the contrast ratio of two opaque colours, 1 to 21 (WCAG 2.2)."""
    darker, lighter = sorted((one.luminance, other.luminance))
    return (lighter + 0.05) / (darker + 0.05)


def needed(size: float, weight: float) -> float:
    """Return the contrast ratio that AA asks for, of letters of a size in CSS px and a font-weight."""
    return AA_LARGE if size >= (_LARGE_BOLD if weight >= BOLD else _LARGE) else AA


def colour_of(text: str, scheme: str = "light") -> Colour | None:
    """Read a CSS colour without variables; None for what is none, or depends on the element or the system."""
    node = tinycss2.parse_one_component_value(text, skip_comments=True)
    if node.type == "error":
        return None
    if node.type == "function" and node.lower_name == "color-mix":
        return _mixed(node.arguments, scheme)
    parsed = parse_color(node, [scheme])
    return None if parsed is None or isinstance(parsed, str) else _srgb(parsed)


def _srgb(parsed: Any) -> Colour | None:
    try:
        return _colour(parsed.to("srgb").coordinates, parsed.alpha)
    except NotImplementedError:
        pass
    try:
        xyz = parsed.to("xyz-d65").coordinates
    except NotImplementedError:
        return None
    linear = [sum(a * b for a, b in zip(row, xyz, strict=True)) for row in _SRGB_OF_XYZ]
    encoded = [
        12.92 * each if each <= 0.0031308 else 1.055 * each ** (1 / 2.4) - 0.055 for each in linear
    ]
    return _colour(encoded, parsed.alpha)


def _colour(channels: Iterable[float], alpha: float = 1.0) -> Colour:
    red, green, blue = (min(1.0, max(0.0, each)) for each in channels)
    return Colour(red, green, blue, alpha)


def _mixed(arguments: list[Any], scheme: str) -> Colour | None:
    """Mix two colours (CSS Color 5, `color-mix()`), in sRGB, which is what style sheets here ask for."""
    space, *parts = split_at_commas(arguments)
    mixed = [_part(each, scheme) for each in parts]
    if tinycss2.serialize(space).split() != ["in", "srgb"] or len(mixed) != 2 or None in mixed:
        return None
    (one, share), (other, rest) = (each for each in mixed if each)
    share, rest = _shares(share, rest)
    whole = share + rest
    if not whole:
        return None
    first, second = one.alpha * share / whole, other.alpha * rest / whole
    alpha = first + second
    pairs = zip(one.channels, other.channels, strict=True)
    channels = ((a * first + b * second) / (alpha or 1.0) for a, b in pairs)
    return _colour(channels, alpha * min(1.0, whole))


def split_at_commas(nodes: Iterable[Any]) -> list[list[Any]]:
    """Part component values (CSS Syntax 3) at their commas."""
    parts: list[list[Any]] = [[]]
    for node in nodes:
        if node.type == "literal" and node.value == ",":
            parts.append([])
        else:
            parts[-1].append(node)
    return parts


def _part(nodes: list[Any], scheme: str) -> tuple[Colour, float | None] | None:
    """Return a colour of a mixture with its share, None for one that is not told."""
    shares = [node.value / 100 for node in nodes if node.type == "percentage"]
    colours = [node for node in nodes if node.type != "percentage"]
    colour = colour_of(tinycss2.serialize(colours), scheme)
    return (colour, shares[0] if shares else None) if colour else None


def _shares(one: float | None, other: float | None) -> tuple[float, float]:
    if one is None and other is None:
        return 0.5, 0.5
    one = 1 - (other or 0.0) if one is None else one
    return one, 1 - one if other is None else other
