"""Declare: give every numbered thing its number, in one walk through the document."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from concordant.assembled.annotate import LABEL, place_of
from concordant.assembled.citations import Entry
from concordant.assembled.scope import anchor_of
from concordant.assembled.sectiontree import SectionTree
from concordant.numbered.ledger import Declaration, Kind
from concordant.numbered.terms import Terms
from concordant.problem import Place
from concordant.sources.bibliography import Reference
from concordant.tree import Node, classes_of, identifier_of, text_of

PREFIX = {Kind.FIGURE: "fig", Kind.TABLE: "tbl", Kind.EQUATION: "eq", Kind.LISTING: "lst"}
_CAPTIONED = {"Figure": Kind.FIGURE, "Table": Kind.TABLE, "CodeBlock": Kind.LISTING}
UNNUMBERED = {"unnumbered", "frontmatter"}
NBSP = "\u00a0"


@dataclass(slots=True)
class _Counters:
    """The numbers given so far; the only state of the stage, alive for one walk."""

    sections: list[int] = field(default_factory=list)
    appendix: bool = False
    silent: int | None = None
    things: Counter[Kind] = field(default_factory=Counter)

    def section(self, level: int, appendix: bool) -> str:
        if level == 1 and appendix and not self.appendix:
            self.appendix, self.sections = True, []
        del self.sections[level:]
        self.sections += [0] * (level - len(self.sections))
        self.sections[level - 1] += 1
        first = letters(self.sections[0]) if self.appendix else str(self.sections[0])
        return ".".join([first, *map(str, self.sections[1:])])

    def is_silent(self, node: Node) -> bool:
        """Tell whether a heading has no number: it is marked so, or stands below one that is."""
        level = node["c"][0]
        if self.silent is not None and level > self.silent:
            return True
        self.silent = level if UNNUMBERED & set(classes_of(node)) else None
        return self.silent is not None

    def next(self, kind: Kind) -> str:
        self.things[kind] += 1
        return str(self.things[kind])


Declared = dict[int, Declaration]


def declare(sections: Sequence[SectionTree], terms: Terms) -> Declared:
    """Return the declarations, in document order, by the identity of the node that declares."""
    counters = _Counters()
    declared: Declared = {}
    for tree in sections:
        for node, found in _in(tree.landmarks, tree.name, counters, terms):
            declared[id(node)] = found
    return declared


def declare_references(
    entries: Iterable[Entry], references: Iterable[Reference]
) -> Iterator[Declaration]:
    """Yield the reference list's declarations, in the order that the citation style gives them."""
    places = {reference.key: reference.place for reference in references}
    for number, entry in enumerate(entries, 1):
        label = text_of(entry.left).strip() or f"[{number}]"
        yield Declaration(
            Kind.REFERENCE,
            f"ref-{anchor_of(entry.key)}",
            str(number),
            label,
            text_of(entry.right).strip(),
            places.get(entry.key, Place("")),
        )


def _in(
    nodes: Iterable[Node], section: str, counters: _Counters, terms: Terms
) -> Iterator[tuple[Node, Declaration]]:
    inside: dict[int, str] = {}
    for node in nodes:
        place = place_of(node, section)
        if node["t"] == "Header":
            if not counters.is_silent(node):
                yield node, _section(node, place, counters)
        elif node["t"] == "Note":
            number = counters.next(Kind.FOOTNOTE)
            text = text_of(node["c"]).strip()
            yield node, Declaration(Kind.FOOTNOTE, f"fn-{number}", number, number, text, place)
        elif node["t"] == "Str" and (label := LABEL.match(node["c"])):
            number, anchor = counters.next(Kind.EQUATION), anchor_of(label[1])
            yield node, Declaration(Kind.EQUATION, anchor, number, f"({number})", "", place)
        elif kind := kind_of(node):
            number = inside.get(id(node)) or counters.next(kind)
            for letter, part in enumerate(sub_figures(node), 1):
                inside[id(part)] = number + letters(letter).lower()
            yield node, _captioned(node, kind, number, place, terms)


def _section(node: Node, place: Place, counters: _Counters) -> Declaration:
    level, title = node["c"][0], text_of(node["c"][2])
    number = counters.section(level, "appendix" in classes_of(node))
    return Declaration(Kind.SECTION, identifier_of(node), number, number, title, place)


def _captioned(node: Node, kind: Kind, number: str, place: Place, terms: Terms) -> Declaration:
    label = terms.one(PREFIX[kind]) + NBSP + number
    label = label[0].upper() + label[1:]
    text = text_of(caption_of(node)).strip()
    return Declaration(kind, identifier_of(node), number, label, text, place)


def kind_of(node: Node) -> Kind | None:
    """Return what a labelled figure, table or listing is; None for anything without a label."""
    kind = _CAPTIONED.get(node["t"])
    if node["t"] == "Div" and sub_figures(node):
        kind = Kind.FIGURE
    if kind and identifier_of(node).startswith(PREFIX[kind] + "-"):
        return kind
    return None


def sub_figures(node: Node) -> list[Node]:
    """Return the figures inside a `::: {#fig:…}` group, lettered a, b, …; elsewhere nothing."""
    if node["t"] != "Div" or not identifier_of(node).startswith("fig-"):
        return []
    return [each for each in node["c"][1] if each["t"] == "Figure"]


def caption_of(node: Node) -> list[Node]:
    """Return the caption's blocks of a figure, table, listing or group of figures."""
    if node["t"] == "CodeBlock":
        return [{"t": "Str", "c": dict(node["c"][0][2]).get("caption", "")}]
    blocks: list[Node]
    if node["t"] == "Div":
        blocks = [each for each in node["c"][1] if each["t"] == "Para"][-1:]
    else:
        blocks = node["c"][1][1]
    return blocks


def letters(number: int) -> str:
    """Return A for 1, Z for 26, AA for 27 …"""
    result = ""
    while number:
        number, rest = divmod(number - 1, 26)
        result = chr(ord("A") + rest) + result
    return result
