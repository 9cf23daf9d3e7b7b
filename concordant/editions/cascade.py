"""The cascade, as far as selectors tell it without a document: who has which colour on which ground.

It goes by the selectors alone. A rule holds for what a longer selector with the same end matches; what stands around
an element is what its selector names around it; of two rules with one selector the later holds, unless it has a
condition (a window's width, say), when both may.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from concordant.editions.plainstyle import plain
from concordant.problem import Place
from concordant.sources.colours import Colour, colour_of
from concordant.sources.stylesheets import Declaration, Selector

VARIABLE = re.compile(r"var\(\s*--([\w-]+)\s*(?:,((?:[^()]|\([^()]*\))*))?\)")
_SCHEME = re.compile(r"prefers-color-scheme:\s*(\w+)")
_PICTURE = re.compile(r"gradient\(|url\(|image")
_PART = re.compile(r"[\w-]+\((?:[^()]|\([^()]*\))*\)|\S+")
_ROOTS = tuple(Selector((name,)) for name in ("body", "html", "@page"))
_PROPERTIES = {
    "color": "color",
    "background": "background",
    "background-color": "background",
    "opacity": "opacity",
    "content": "content",
    "font-size": "font-size",
    "font-weight": "font-weight",
}
_CLEAR = Colour(0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Layer:
    """Sheets that are read with the colours of one scheme."""

    sheets: tuple[str, ...]
    scheme: str = "light"


@dataclass(frozen=True, slots=True)
class Setting:
    """A surrounding in which an edition is read.

    Its layers, in the cascade's order; scheme and medium; the ink and the ground that are there without a rule; and
    the sheets that are judged, all if none is named.
    """

    name: str
    layers: tuple[Layer, ...]
    scheme: str = "light"
    medium: str = "screen"
    ink: str = "#000"
    ground: str = "#fff"
    judged: tuple[str, ...] = ()

    def applies(self, conditions: Iterable[str]) -> bool:
        """Tell whether rules under these conditions (Media Queries 5) may hold here."""
        for each in conditions:
            scheme = _SCHEME.search(each)
            media = {name for name in ("print", "screen") if re.search(rf"\b{name}\b", each)}
            if "forced-colors" in each or (media and self.medium not in media):
                return False
            if scheme and scheme[1] != self.scheme:
                return False
        return True


@dataclass(frozen=True, slots=True)
class Value:
    """What a declaration says: as it is written, with its variables worked out, where, for which scheme."""

    written: str
    text: str
    place: Place
    scheme: str


class Cascade:
    """The rules of one setting."""

    def __init__(
        self,
        setting: Setting,
        sheets: Mapping[str, Sequence[Declaration]],
        tokens: Mapping[str, Mapping[str, str]],
    ) -> None:
        self._setting = setting
        self._values: dict[tuple[Selector, str], list[Value]] = {}
        self._default = setting.ground, tokens[setting.scheme]
        for layer in setting.layers:
            applying = [
                each
                for name in layer.sheets
                for each in sheets.get(name, ())
                if setting.applies(each.conditions)
            ]
            self._read(applying, tokens[layer.scheme], layer.scheme)

    def _read(
        self, declarations: Sequence[Declaration], tokens: Mapping[str, str], scheme: str
    ) -> None:
        own = {
            each.name[2:]: each.value
            for each in declarations
            if each.name.startswith("--") and str(each.selector) == ":root"
        }
        properties = {**tokens, **own}
        for each in declarations:
            if name := _PROPERTIES.get(each.name):
                value = Value(each.value, _resolved(each.value, properties), each.place, scheme)
                others = self._values.get((each.selector, name), [])
                # What holds under a condition stands beside what holds without.
                kept = others if _conditional(each.conditions) else []
                self._values[each.selector, name] = [*kept, value]

    def values(self, name: str) -> Iterator[tuple[Selector, Value]]:
        """Yield every value of a property, except what only says the page's ground."""
        for (selector, property_), values in self._values.items():
            if property_ == name and not (name == "background" and selector in _ROOTS):
                yield from ((selector, value) for value in values)

    def is_wordless(self, selector: Selector) -> bool:
        """Tell whether the rules draw a box without text."""
        content = self._values.get((selector, "content"), [])
        return bool(content) and all(each.text in {'""', "''", "none"} for each in content)

    def found(self, selector: Selector, name: str) -> list[str]:
        """Return what a property may be for an element, by its most particular rule."""
        return next(
            (
                [each.text for each in self._values[general, name]]
                for general in selector.general()
                if (general, name) in self._values
            ),
            [],
        )

    def opacity(self, selector: Selector) -> float:
        """Return the lowest opacity of an element's own rule; what is hidden is shown at other times."""
        found = [each.text for each in self._values.get((selector, "opacity"), [])]
        numbers = [float(each) for each in found if re.fullmatch(r"[\d.]+", each)]
        return min((each for each in numbers if each), default=1.0)

    def colour(self, text: str) -> Colour | None:
        """Read a colour of text."""
        return colour_of(text, self._setting.scheme)

    def ground(self, text: str) -> Colour | None:
        """Return the colour of a background, clear where it has none; None where a picture decides."""
        if _PICTURE.search(text):
            return None
        if text in {"none", "transparent", "initial", "unset"}:
            return _CLEAR
        colours = (self.colour(part) for part in _PART.findall(text))
        return next((each for each in colours if each), None)

    def grounds(self, selector: Selector | None) -> list[Colour]:
        """Return the opaque colours that may be behind an element; none where they cannot be told."""
        if selector is None:
            return self.page()
        found = self.found(selector, "background")
        if not found:
            return self.grounds(selector.outer)
        owns = [self.ground(each) for each in found]
        return [each for own in owns if own for each in self.on(own, selector.outer)]

    def on(self, own: Colour, outer: Selector | None) -> list[Colour]:
        """Return what is seen of a background in an element."""
        return [own] if own.alpha == 1 else [own.over(each) for each in self.grounds(outer)]

    def page(self) -> list[Colour]:
        """Return the page's own ground."""
        for root in _ROOTS:
            for value in self._values.get((root, "background"), []):
                colour = self.ground(value.text)
                if colour and colour.alpha == 1:
                    return [colour]
        default = self.colour(_resolved(*self._default))
        return [default] if default else []

    def inks(self, selector: Selector | None) -> list[Colour]:
        """Return the colours that an element's text may have."""
        if selector is None:
            roots = [colour for root in _ROOTS for colour in self.own_inks(root)]
            default = self.colour(self._setting.ink)
            return roots[:1] or ([default] if default else [])
        return self.own_inks(selector) or self.inks(selector.outer)

    def own_inks(self, selector: Selector) -> list[Colour]:
        """Return the colours that rules give to an element itself."""
        colours = (self.colour(each) for each in self.found(selector, "color"))
        return [each for each in colours if each]


def _conditional(conditions: Iterable[str]) -> bool:
    return any(not (_SCHEME.search(each) or "print" in each) for each in conditions)


def _resolved(value: str, properties: Mapping[str, str]) -> str:
    """Put the values of custom properties in their places, and work out products."""
    for _ in range(9):  # a property may name another; a circle ends here
        if "var(" not in value:
            return plain(value, {}).strip()
        value = VARIABLE.sub(lambda use: properties.get(use[1], use[2] or "").strip(), value)
    return ""
