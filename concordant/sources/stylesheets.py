"""Style sheets as lists of declarations, each with its selector, its conditions and its line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import tinycss2

from concordant.problem import Place
from concordant.sources.colours import split_at_commas

_GROUPS = {"media", "supports", "layer", "container", "scope", "starting-style"}
_STATE = re.compile(r"(?<!^)(?<!:):[\w-]+(?=$|:)")
_PART = re.compile(r"(?<!^)::[\w-]+$")


@dataclass(frozen=True, slots=True)
class Selector:
    """A complex selector: its compounds, from an outer element to the element itself.

    What stands beside an element (`+`, `~`) is left out, since neither colour nor ground comes from there.
    """

    compounds: tuple[str, ...]

    def __str__(self) -> str:
        return " ".join(self.compounds)

    @property
    def outer(self) -> Selector | None:
        """The selector of an element around this one, as far as it is told."""
        return Selector(self.compounds[:-1]) if len(self.compounds) > 1 else None

    def general(self) -> Iterator[Selector]:
        """Yield selectors that match all that this one does, itself first: without state, without surroundings."""
        for start in range(len(self.compounds)):
            some = self.compounds[start:]
            calm = _STATE.sub("", some[-1]).strip()
            for last in dict.fromkeys((some[-1], calm, _PART.sub("", calm))):
                yield Selector((*some[:-1], last))


@dataclass(frozen=True, slots=True)
class Declaration:
    """One declaration: to whom it applies, under which conditions, and where it stands."""

    selector: Selector
    name: str
    value: str
    place: Place
    conditions: tuple[str, ...] = ()


def read_sheet(text: str, name: str) -> tuple[Declaration, ...]:
    """Read a style sheet (CSS Syntax 3) called `name`; what cannot be read is left out, as browsers do."""
    rules = tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True)
    return tuple(_in_rules(rules, name, ()))


def _in_rules(rules: list[Any], name: str, conditions: tuple[str, ...]) -> Iterator[Declaration]:
    for rule in rules:
        if rule.type == "qualified-rule":
            for selector in _selectors(rule.prelude):
                yield from _in_block(rule.content, selector, name, conditions)
        elif rule.type == "at-rule" and rule.content is not None:
            yield from _in_at_rule(rule, name, conditions)


def _in_at_rule(rule: Any, name: str, conditions: tuple[str, ...]) -> Iterator[Declaration]:
    words = " ".join(tinycss2.serialize(rule.prelude).split())
    if rule.lower_at_keyword in _GROUPS:
        inner = tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True)
        condition = words if rule.lower_at_keyword == "media" else rule.lower_at_keyword
        yield from _in_rules(inner, name, (*conditions, condition))
    elif rule.lower_at_keyword == "page":
        page = Selector((f"@page {words}".strip(),))
        yield from _in_block(rule.content, page, name, conditions)


def _in_block(
    content: list[Any], selector: Selector, name: str, conditions: tuple[str, ...]
) -> Iterator[Declaration]:
    parts = tinycss2.parse_blocks_contents(content, skip_comments=True, skip_whitespace=True)
    for part in parts:
        if part.type == "declaration":
            value = tinycss2.serialize(part.value).strip()
            place = Place(name, part.source_line)
            yield Declaration(selector, part.lower_name, value, place, conditions)
        elif part.type == "at-rule" and part.content is not None:  # a page's margin box
            box = Selector((*selector.compounds, f"@{part.lower_at_keyword}"))
            yield from _in_block(part.content, box, name, conditions)
        elif part.type == "qualified-rule":  # CSS Nesting
            for inner in _selectors(part.prelude):
                nested = Selector(_nested(selector.compounds, inner.compounds))
                yield from _in_block(part.content, nested, name, conditions)


def _nested(outer: tuple[str, ...], inner: tuple[str, ...]) -> tuple[str, ...]:
    if not inner[0].startswith("&"):
        return (*outer, *inner)
    return (*outer[:-1], outer[-1] + inner[0][1:], *inner[1:])


def _selectors(prelude: list[Any]) -> Iterator[Selector]:
    for part in split_at_commas(prelude):
        for written in _without_lists(part):
            compounds = _compounds(written)
            if compounds:
                yield Selector(compounds)


def _without_lists(nodes: list[Any]) -> Iterator[list[Any]]:
    """Write out the alternatives of `:is()` and `:where()`."""
    for index, node in enumerate(nodes):
        if node.type == "function" and node.lower_name in {"is", "where"}:
            for each in split_at_commas(node.arguments):
                inner = [*nodes[: index - 1], *_stripped(each), *nodes[index + 1 :]]
                yield from _without_lists(inner)
            return
    yield nodes


def _compounds(nodes: list[Any]) -> tuple[str, ...]:
    compounds: list[str] = []
    current, beside = "", False
    for node in [*_stripped(nodes), None]:
        combinator = node is not None and node.type == "literal" and node.value in {"+", "~", ">"}
        if node is not None and node.type != "whitespace" and not combinator:
            current += node.serialize()
            continue
        if current and beside:
            compounds[-1] = current
        elif current:
            compounds.append(current)
        beside = (beside and not current) or bool(combinator and node.value in {"+", "~"})
        current = ""
    return tuple(compounds)


def _stripped(nodes: list[Any]) -> list[Any]:
    kept = list(nodes)
    while kept and kept[0].type == "whitespace":
        kept.pop(0)
    while kept and kept[-1].type == "whitespace":
        kept.pop()
    return kept
