"""What an EPUB says of its own accessibility (EPUB Accessibility 1.1), worked out from what is in the book."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO

from lxml import etree

from concordant.cache import remembered
from concordant.editions.elements import MATH, Element
from concordant.sources.pictures import Picture
from concordant.sources.svgrules import SVG

_SVG = f"{{{SVG}}}svg"
_MOVING = {f"{{{SVG}}}{name}" for name in ("animate", "animateMotion", "animateTransform", "set")}
_ALWAYS = ("structuralNavigation", "tableOfContents", "readingOrder", "displayTransformability")


@dataclass(frozen=True, slots=True)
class Accessibility:
    """What is in the book, of what its metadata speaks.

    `described`: there are pictures, and every one has words. `moving`: one of them is animated, or may be.
    """

    pictured: bool
    described: bool
    moving: bool
    formulas: bool
    paged: bool

    @property
    def modes(self) -> tuple[str, ...]:
        """The senses that the book speaks to (Schema.org accessMode)."""
        return ("textual", "visual") if self.pictured else ("textual",)

    @property
    def sufficient_modes(self) -> tuple[str, ...]:
        """The sets of senses with which one gets all of it (Schema.org accessModeSufficient)."""
        alone = () if self.pictured and not self.described else ("textual",)
        return ("textual,visual", *alone) if self.pictured else alone

    @property
    def features(self) -> tuple[str, ...]:
        """The features that this very book has (Schema.org accessibilityFeature)."""
        found = [*_ALWAYS]
        found += ["alternativeText"] if self.described else []
        found += ["pageBreakMarkers", "pageNavigation"] if self.paged else []
        found += ["MathML"] if self.formulas else []
        return tuple(found)

    @property
    def hazard(self) -> str:
        """Whether something may flash or move (Schema.org accessibilityHazard)."""
        return "unknown" if self.moving else "none"

    @property
    def summary(self) -> str:
        """The same in words (Schema.org accessibilitySummary)."""
        sentences = ["The text can be read in any size, colour and typeface."]
        sentences += ["Every picture has a text alternative."] if self.described else []
        sentences += ["Formulas are MathML."] if self.formulas else []
        sentences += [
            "Headings, contents, notes and references are marked up and linked in both directions.",
            "Conformance with WCAG has not been evaluated by a third party.",
        ]
        return " ".join(sentences)


@dataclass(frozen=True, slots=True)
class Sight:
    """What a chapter shows: how many pictures, how many of them with words, and whether there are formulas."""

    pictures: int
    described: int
    formulas: bool


def sight_of(roots: Sequence[Element]) -> Sight:
    """Look at a chapter's elements."""
    shown = [each for root in roots for each in root.iter("img", _SVG)]
    formulas = any(next(root.iter(MATH), None) is not None for root in roots)
    return Sight(len(shown), sum(map(_is_described, shown)), formulas)


def look_at(
    chapters: Iterable[Sight], pictures: Iterable[Picture], *, paged: bool
) -> Accessibility:
    """Sum up what the chapters show, and which pictures they are."""
    sights = [*chapters]
    pictured = any(each.pictures for each in sights)
    return Accessibility(
        pictured=pictured,
        described=pictured and all(each.described == each.pictures for each in sights),
        moving=any(map(_may_move, pictures)),
        formulas=any(each.formulas for each in sights),
        paged=paged,
    )


def _is_described(picture: Element) -> bool:
    """Tell whether a picture has words that are not merely its caption once more."""
    figure = next(picture.iterancestors("figure"), None)
    captions = [] if figure is None else figure.iter("figcaption")
    said = {"", *(" ".join("".join(map(str, each.itertext())).split()) for each in captions)}
    return any(" ".join(words.split()) not in said for words in _alternatives(picture))


def _alternatives(picture: Element) -> Iterator[str]:
    """Yield the words that stand for a picture; one without may be there for its looks, but who knows."""
    yield str(picture.get("alt") or picture.get("aria-label") or "").strip()
    names = str(picture.get("aria-labelledby") or "").split()
    for element in picture.iter(etree.Element):
        if element.get("id") in names:
            yield "".join(map(str, element.itertext())).strip()


@remembered
def _may_move(picture: Picture) -> bool:
    if picture.is_svg:
        return next(etree.fromstring(picture.data).iter(*_MOVING), None) is not None
    from PIL import Image  # noqa: PLC0415 - drawn pictures do without

    with Image.open(BytesIO(picture.data)) as image:
        return bool(getattr(image, "is_animated", False))
