"""The style sheets in an author's SVG, put into its elements: in a page, of which it becomes a part, they would style all of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import tinycss2
from lxml import etree

from concordant.sources.svgrules import CLASSES, SVG

STYLE = f"{{{SVG}}}style"
_SILENT = {"charset", "namespace"}  # at-rules that say nothing of the looks
IMPORTANT = " !important"
_KEPT_CLASSES = frozenset(CLASSES.split())
# What the layout engine hands down from the picture's root only where it is an attribute of its own.
_HANDED_DOWN = """
color fill fill-opacity fill-rule font-family font-size font-style font-weight letter-spacing stroke stroke-dasharray
stroke-linecap stroke-linejoin stroke-miterlimit stroke-opacity stroke-width text-anchor
"""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A rule that is left out, and its line: it holds for some readers only, or cannot be read."""

    line: int
    rule: str


@dataclass(frozen=True, slots=True)
class _Rule:
    """A rule that holds for all readers: its compiled selectors, and its declarations as an element has them."""

    selectors: tuple[Any, ...]
    declarations: str


def inline_styles(svg: etree._Element) -> list[LeftOut]:
    """Put the rules of a picture's style sheets into the elements that they style; return what is left out.

    The sheets go, and so do classes but for those of drawn figures: without the sheets, only the page's would know them.
    """
    from cssselect2 import ElementWrapper, Matcher  # noqa: PLC0415 - few pictures have style sheets

    matcher, left_out = Matcher(), []
    for rule in (rule for sheet in svg.iter(STYLE) for rule in _rules(sheet)):
        if isinstance(rule, LeftOut):
            left_out.append(rule)
        else:
            for selector in rule.selectors:
                matcher.add_selector(selector, rule.declarations)
    for each in ElementWrapper.from_xml_root(svg).iter_subtree():
        found = [declarations for *_, declarations in matcher.match(each)]
        _style(each.etree_element, found)
    etree.strip_elements(svg, STYLE, with_tail=False)
    return left_out


def _style(element: etree._Element, found: list[str]) -> None:
    """Give an element declarations, weakest first; its own outdo them."""
    if found:
        element.set("style", ";".join(filter(None, [*found, element.get("style")])))
    if "class" in element.attrib:
        kept = [each for each in str(element.get("class")).split() if each in _KEPT_CLASSES]
        element.set("class", " ".join(kept))
        if not kept:
            del element.attrib["class"]


def hand_down(svg: etree._Element) -> None:
    """Say once more in attributes what the root's style hands down to its elements."""
    for name, value in declarations_of(str(svg.get("style", ""))):
        if name in _HANDED_DOWN.split():
            svg.set(name, value.removesuffix(IMPORTANT))


def declarations_of(style: Any) -> Iterator[tuple[str, str]]:
    """Yield the names and values of declarations; an important one says so at its end."""
    for each in tinycss2.parse_blocks_contents(style, skip_comments=True, skip_whitespace=True):
        if each.type == "declaration":
            value = tinycss2.serialize(each.value).strip()
            yield each.name, value + (IMPORTANT if each.important else "")


def _rules(sheet: etree._Element) -> Iterator[_Rule | LeftOut]:
    """Yield what a style sheet says, rule by rule."""
    before = (getattr(sheet, "sourceline", None) or 1) - 1
    kind, media = sheet.get("type", "text/css"), sheet.get("media", "all")
    if kind != "text/css" or media != "all":
        yield LeftOut(before + 1, f'<style type="{kind}" media="{media}">')
        return
    text = "".join(map(str, sheet.itertext()))
    for rule in tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True):
        if rule.type == "qualified-rule":
            yield _rule(rule) or LeftOut(before + rule.source_line, _named(rule.prelude))
        elif rule.type == "at-rule" and rule.lower_at_keyword not in _SILENT:
            yield LeftOut(before + rule.source_line, f"@{rule.at_keyword}")


def _rule(rule: Any) -> _Rule | None:
    """Return a rule that is compiled; None if its selectors are none, or speak of states or of parts of an element."""
    from cssselect2 import SelectorError, compile_selector_list  # noqa: PLC0415 - as above

    try:
        selectors = tuple(
            each
            for each in compile_selector_list(rule.prelude)
            if not (each.never_matches or each.pseudo_element)
        )
    except SelectorError:
        return None
    declared = ";".join(map(":".join, declarations_of(rule.content)))
    return _Rule(selectors, declared) if selectors else None


def _named(prelude: Any) -> str:
    return " ".join(tinycss2.serialize(prelude).split())
