"""Number: a pure function from the assembled tree to chapters whose every label is text, and the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from concordant.assembled.assemble import Assembled
from concordant.assembled.scope import free_anchor
from concordant.assembled.sectiontree import SectionTree, tree_of
from concordant.numbered.chapter import Numbered
from concordant.numbered.declare import declare, declare_references
from concordant.numbered.ledger import Ledger
from concordant.numbered.terms import Terms
from concordant.numbered.write import Writer, is_reference_list
from concordant.problem import Problem
from concordant.sources.bibliography import Reference
from concordant.tree import attribute, div, identifier_of, string


def number(
    assembled: Assembled, references: Sequence[Reference], terms: Terms
) -> tuple[Numbered, list[Problem]]:
    """Number a document; return it with the mentions that lead nowhere."""
    sections = _with_reference_list(assembled, terms)
    declarations, declared = declare(sections, terms)
    entries = tuple(declare_references(assembled.entries, references))
    writer = Writer(sections, declared, assembled.entries, entries, terms)
    chapters = tuple(writer.chapters(sections))
    # What stands beside a number is known only when the mentions in it have been written.
    texts = writer.texts
    told = [replace(each, text=texts.get(each.anchor, each.text)) for each in declarations]
    ledger = Ledger((*told, *entries), tuple(writer.mentions))
    return Numbered(writer.finish(chapters), ledger), writer.problems


def _with_reference_list(assembled: Assembled, terms: Terms) -> list[SectionTree]:
    """Add a last chapter for the reference list where the author has not placed it."""
    sections = list(assembled.sections)
    placed = any(is_reference_list(node) for tree in sections for node in tree.landmarks)
    if assembled.entries and not placed:
        title = [string(terms.one("references"))]
        header = {"t": "Header", "c": [1, attribute(_free_anchor(sections), ["unnumbered"]), title]}
        sections.append(tree_of("", [header, div([], attribute("refs"))]))
    return sections


def _free_anchor(sections: Sequence[SectionTree]) -> str:
    """Return an address for the reference list's chapter that nothing of the author's has."""
    taken = {identifier_of(node) for tree in sections for node in tree.landmarks}
    return free_anchor("references", taken)
