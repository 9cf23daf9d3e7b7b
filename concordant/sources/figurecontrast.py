"""Contrast in drawn figures: each line of text against what is painted under it (WCAG 2.2, 1.4.3, level AA)."""

from __future__ import annotations

import contextlib
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lxml import etree

from concordant.cache import remembered
from concordant.later import deferred
from concordant.problem import Place, Problem, relative_place
from concordant.sources.colours import Colour, colour_of, contrast, needed
from concordant.sources.locate import Lines
from concordant.sources.svgrules import SVG
from concordant.sources.typeface import Typeface

parse_path = deferred("fontTools.svgLib.path", "parse_path")
ControlBoundsPen = deferred("fontTools.pens.boundsPen", "ControlBoundsPen")
PointInsidePen = deferred("fontTools.pens.pointInsidePen", "PointInsidePen")
RecordingPen = deferred("fontTools.pens.recordingPen", "RecordingPen")
_ANCHOR = {"start": 0.5, "middle": 0.0, "end": -0.5}
_MIDDLE = 0.3  # of the size: from the baseline to the middle of small letters
_UNSEEN = {"defs", "symbol", "clipPath", "mask", "marker", "pattern"}
_SHAPES = {"rect", "circle", "ellipse", "path", "polygon", "polyline", "use"}
_NOTHING = (1.0, 1.0, 0.0, 0.0)  # a box without points
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Look:
    """How an edition shows a drawing: with the colours it carries, or (`tokens`) with those of a scheme."""

    name: str
    ground: str
    tokens: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of text: its words, the element that has its colour, the middle of its box, what AA asks for."""

    words: str
    element: etree._Element
    middle: Point
    needed: float


def looks_of(light: Mapping[str, str], dark: Mapping[str, str]) -> tuple[Look, ...]:
    """Return how the editions show a drawing: on white paper, and on pages of both schemes."""
    return (
        Look("on white paper", "#fff"),
        Look("in the light", light["paper"], light),
        Look("in the dark", dark["paper"], dark),
    )


def lint_figure(
    svg: str, template: Path, typeface: Typeface, looks: tuple[Look, ...], root: Path
) -> Iterator[Problem]:
    """Yield the colours of text in a drawing that are too close to what lies under it, once each.

    What is moved by a transformation, or filled with a gradient or pattern, is left out.
    """
    for message, written in _faint(svg, str(typeface.path), looks):
        place, about = _place(written, template, root), frozenset({written})
        yield Problem("contrast-low", message, place, "take another colour", about=about)


@remembered
def _faint(svg: str, font: str, looks: tuple[Look, ...]) -> list[tuple[str, str]]:
    """Return what is too close to its ground: what to say of it, and its colour as the template writes it."""
    tree = etree.fromstring(svg.encode())
    lines = [each for each in _lines(tree, Typeface(Path(font))) if not _is_moved(each.element)]
    under = _under(tree, lines)
    names = {value: name for look in looks for name, value in (look.tokens or {}).items()}
    found: dict[str, str] = {}
    for look in looks:
        for line, below in zip(lines, under, strict=True):
            ink, ground = _fill(line.element, look), _ground(below, look)
            if ink is None or ground is None:
                continue
            ratio = contrast(ink.over(ground), ground)
            written = _written(line.element, look)
            written = names.get(written, written)
            if ratio < line.needed and written not in found:
                found[written] = (
                    f'the text "{line.words}" of the figure is {ink} on {ground} {look.name}: '
                    f"a contrast of {math.floor(ratio * 100) / 100:.2f}:1, "
                    f"where WCAG 2.2 AA asks for {line.needed:.1f}:1"
                )
    return [(message, written) for written, message in found.items()]


def _lines(tree: etree._Element, typeface: Typeface) -> Iterator[_Line]:
    for text in tree.iter(f"{{{SVG}}}text"):
        x, y = _number(text, "x"), _number(text, "y")
        for part in (text, *text.iterfind(f".//{{{SVG}}}tspan")):
            x = _number(part, "x", x) + _number(part, "dx")
            y = _number(part, "y", y) + _number(part, "dy")
            words = " ".join((part.text or "").split())
            if words:
                size = float(re.sub(r"[^\d.]", "", _inherited(part, "font-size", "16")) or 16)
                weight = _inherited(part, "font-weight", "400").replace("bold", "700")
                heavy = int(weight) if weight.isdigit() else 400
                width = typeface.width(words, size, heavy)
                shift = _ANCHOR.get(_inherited(part, "text-anchor", "start"), 0.5) * width
                # A drawing's units are CSS px.
                yield _Line(words, part, (x + shift, y - _MIDDLE * size), needed(size, heavy))


@dataclass(frozen=True, slots=True)
class _Shape:
    """A painted shape: when it is painted, the box around it, and its outline; no box if it cannot be told."""

    element: etree._Element
    turn: int
    box: tuple[float, float, float, float] | None
    outline: Any  # a RecordingPen

    def covers(self, point: Point) -> bool:
        """Tell whether a point is in it, as far as that can be told."""
        if self.box is None:
            return True
        left, low, right, high = self.box
        if not (left <= point[0] <= right and low <= point[1] <= high):
            return False
        pen = PointInsidePen(None, point)
        self.outline.replay(pen)
        return bool(pen.getResult())


def _under(tree: etree._Element, lines: list[_Line]) -> list[list[_Shape]]:
    """Return what is painted under each line, in the order of painting."""
    turns = {element: turn for turn, element in enumerate(tree.iter())}
    shapes = [_shape(each, turn) for each, turn in turns.items() if _is_painted(each)]
    return [
        [each for each in shapes if each.turn < turns[line.element] and each.covers(line.middle)]
        for line in lines
    ]


def _is_painted(element: etree._Element) -> bool:
    inside = {etree.QName(each).localname for each in element.iterancestors()}
    return etree.QName(element).localname in _SHAPES and not inside & _UNSEEN


def _shape(element: etree._Element, turn: int) -> _Shape:
    drawn, closed, bounds = RecordingPen(), RecordingPen(), ControlBoundsPen(None)
    with contextlib.suppress(ValueError, IndexError):  # what is no outline paints nothing
        parse_path(_outline(element), drawn)
    # A fill closes what is open.
    closed.value = [("closePath", ()) if each[0] == "endPath" else each for each in drawn.value]
    closed.replay(bounds)
    moved = _is_moved(element) or etree.QName(element).localname == "use"
    return _Shape(element, turn, None if moved else bounds.bounds or _NOTHING, closed)


def _outline(shape: etree._Element) -> str:
    """Return a shape as the data of a path (SVG 2, chapter 10)."""
    kind = etree.QName(shape).localname
    if kind == "rect":
        x, y, width, height = (_number(shape, name) for name in ("x", "y", "width", "height"))
        return f"M{x} {y}h{width}v{height}h{-width}z"
    if kind in {"circle", "ellipse"}:
        radius = _number(shape, "r")
        x, y, across, down = (
            _number(shape, name, default)
            for name, default in (("cx", 0), ("cy", 0), ("rx", radius), ("ry", radius))
        )
        half = f"a{across} {down} 0 0 1"
        return f"M{x - across} {y}{half} {2 * across} 0{half} {-2 * across} 0z"
    points = str(shape.get("points", ""))
    return f"M{points}z" if points else str(shape.get("d", ""))


def _is_moved(element: etree._Element) -> bool:
    return any("transform" in each.attrib for each in (element, *element.iterancestors()))


def _ground(below: list[_Shape], look: Look) -> Colour | None:
    """Return what is seen behind a point; None where it cannot be told."""
    ground = colour_of(look.ground)
    for shape in below:
        own = _fill(shape.element, look)
        if _written(shape.element, look) == "none":
            continue
        if shape.box is None or own is None:
            ground = None
        elif own.alpha == 1 or ground:
            ground = own.over(ground) if ground else own
    return ground


def _written(element: etree._Element, look: Look) -> str:
    """Return an element's fill as the drawing says it: a token's name, or a colour."""
    for each in (element, *element.iterancestors()):
        names = [name.removeprefix("fig-") for name in str(each.get("class", "")).split()]
        if look.tokens and (known := [name for name in names if name in look.tokens]):
            return known[0]
        if fill := each.get("fill"):
            return str(fill)
    return "#000"


def _fill(element: etree._Element, look: Look) -> Colour | None:
    written = _written(element, look)
    colour = colour_of(look.tokens.get(written, written) if look.tokens else written)
    if colour is None:
        return None
    opacity = float(_inherited(element, "fill-opacity", "1"))
    for each in (element, *element.iterancestors()):
        opacity *= float(str(each.get("opacity", "1")))
    return Colour(*colour.channels, colour.alpha * opacity)


def _inherited(element: etree._Element, name: str, default: str) -> str:
    values = (each.get(name) for each in (element, *element.iterancestors()))
    return str(next((each for each in values if each), default))


def _number(element: etree._Element, name: str, default: float = 0.0) -> float:
    found = re.match(r"\s*-?[\d.]+", str(element.get(name, "")))
    return float(found[0]) if found else default


def _place(written: str, template: Path, root: Path) -> Place:
    """Return the first line of the template that uses a colour, given by its token or as it is written."""
    text, colour = template.read_text("utf-8"), re.escape(written)
    use = rf"token\(\s*[\"']{colour}[\"']\s*\)|\bfig-{colour}(?![\w-])|[\"']{colour}[\"']"
    found = re.search(use, text)
    return relative_place(template, root, Lines(text).of(found.start() if found else -1))
