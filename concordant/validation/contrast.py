"""Contrast that axe-core cannot work out (letters in drawings, letters over other elements), measured in pixels.

The window is photographed as it is, and once more with its letters unpainted. Where the two differ there is ink, and
there the second shows what is behind it. The ratio is WCAG 2.2's, of the letters' colour and the ground that
differs least from it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any

from PIL import Image

from concordant.sources.colours import Colour, contrast, needed

if TYPE_CHECKING:
    from playwright.sync_api import Page

Pixel = tuple[int, int, int]
# Of 255: by so much a channel differs in the midst of a letter, and by so little where letters are next to unseen.
_STROKE, _TRACE = 24, 1
_UNPAINTED = """
* { color: transparent !important; -webkit-text-fill-color: transparent !important;
    text-shadow: none !important; transition: none !important; }
text, tspan { fill: transparent !important; stroke: transparent !important; }
"""
# A sheet of the script's own is no business of the page's security policy.
_PAINT = """([css, on]) => {
    globalThis.unpainted ??= new CSSStyleSheet();
    unpainted.replaceSync(css);
    const others = document.adoptedStyleSheets.filter(each => each !== unpainted);
    document.adoptedStyleSheets = on ? others : [...others, unpainted];
}"""
# For each element: the box of its text in the window, the colour of its letters, whether all of it is in sight.
_LOOK = """selectors => {
    const canvas = new OffscreenCanvas(1, 1).getContext("2d", {willReadFrequently: true});
    const rgba = colour => {
        canvas.clearRect(0, 0, 1, 1);
        canvas.fillStyle = colour;
        canvas.fillRect(0, 0, 1, 1);
        return [...canvas.getImageData(0, 0, 1, 1).data];
    };
    const ancestors = element => element ? [element, ...ancestors(element.parentElement)] : [];
    const within = (box, frame) => box.left >= frame.left && box.right <= frame.right
        && box.top >= frame.top && box.bottom <= frame.bottom;
    const view = {left: 0, top: 0, right: innerWidth, bottom: innerHeight};
    return selectors.map(selector => {
        const element = document.querySelector(selector);
        const style = getComputedStyle(element);
        const box = element.getBoundingClientRect();
        const drawn = element instanceof SVGElement;
        const paint = drawn ? style.fill : style.color;
        const around = ancestors(element);
        const opacity = around.reduce((all, each) => all * getComputedStyle(each).opacity, drawn ? style.fillOpacity : 1);
        const frames = around.slice(1).filter(each => getComputedStyle(each).overflowX !== "visible");
        return {
            box: [box.left, box.top, box.right, box.bottom],
            colour: CSS.supports("color", paint) ? rgba(paint) : null,
            opacity,
            size: parseFloat(style.fontSize) * (drawn ? element.getScreenCTM().a : 1),
            weight: parseFloat(style.fontWeight),
            insight: [view, ...frames.map(each => each.getBoundingClientRect())].every(each => within(box, each)),
        };
    });
}"""


@dataclass(frozen=True, slots=True)
class Contrast:
    """What was measured of one element: its ratio (1 to 21), and the ratio that AA asks for (WCAG 2.2, 1.4.3)."""

    ratio: float
    needed: float

    @property
    def enough(self) -> bool:
        """Whether the letters can be read."""
        return self.ratio >= self.needed


def measure(page: Page, selectors: Sequence[str]) -> dict[str, Contrast]:
    """Measure the contrast of elements' letters, by selector; those whose letters are not seen are left out."""
    found: dict[str, Contrast] = {}
    waiting = list(dict.fromkeys(selectors))
    while waiting:
        page.locator(waiting[0]).first.evaluate(
            "each => each.scrollIntoView({block: 'center', inline: 'center', behavior: 'instant'})"
        )
        looks = dict(zip(waiting, page.evaluate(_LOOK, waiting), strict=True))
        painted = _photograph(page)
        page.evaluate(_PAINT, [_UNPAINTED, False])
        ground = _photograph(page)
        page.evaluate(_PAINT, [_UNPAINTED, True])
        now = [each for each in waiting if looks[each]["insight"]] or waiting[:1]
        for selector in now:
            if measured := _contrast(looks[selector], painted, ground):
                found[selector] = measured
        waiting = [each for each in waiting if each not in now]
    return found


def _photograph(page: Page) -> Image.Image:
    return Image.open(BytesIO(page.screenshot(scale="css", caret="hide"))).convert("RGB")


def _contrast(
    look: Mapping[str, Any], painted: Image.Image, ground: Image.Image
) -> Contrast | None:
    left, top, right, bottom = (round(each) for each in look["box"])
    box = (max(left, 0), max(top, 0), min(right, painted.width), min(bottom, painted.height))
    if not look["colour"] or box[0] >= box[2] or box[1] >= box[3]:
        return None
    red, green, blue, alpha = (channel / 255 for channel in look["colour"])
    ink = Colour(red, green, blue, alpha * look["opacity"])
    before, behind = painted.crop(box), ground.crop(box)
    grounds = _grounds(before, behind, _STROKE) or _grounds(before, behind, _TRACE)
    papers = (Colour(red / 255, green / 255, blue / 255) for red, green, blue in grounds)
    ratios = [contrast(ink.over(paper), paper) for paper in papers]
    return Contrast(min(ratios), needed(look["size"], look["weight"])) if ratios else None


def _grounds(painted: Image.Image, ground: Image.Image, least: int) -> set[Pixel]:
    """Return what is behind the ink: the colours of the ground where the pictures differ."""
    return {
        behind
        for before, behind in zip(_pixels(painted), _pixels(ground), strict=True)
        if max(abs(one - other) for one, other in zip(before, behind, strict=True)) >= least
    }


def _pixels(picture: Image.Image) -> Iterator[Pixel]:
    data = picture.tobytes()
    return zip(data[0::3], data[1::3], data[2::3], strict=True)
