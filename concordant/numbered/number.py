"""Number: a pure function from the assembled tree to chapters whose every label is text, and the ledger."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from concordant.assembled.assemble import Assembled
from concordant.assembled.scope import free_anchor
from concordant.assembled.sectiontree import (
    SectionTree,
    begins_chapter,
    landmarks_of,
    tree_of,
)
from concordant.numbered.chapter import Chapter, Numbered
from concordant.numbered.declare import Declared, declare, declare_references
from concordant.numbered.ledger import Declaration, Ledger, Mention
from concordant.numbered.terms import Terms
from concordant.numbered.write import (
    Index,
    Writer,
    index_of,
    is_reference_list,
    lint_anchors,
)
from concordant.problem import Place, Problem
from concordant.sources.bibliography import Reference
from concordant.tree import attribute, div, identifier_of, string


@dataclass(frozen=True, slots=True)
class Run:
    """Sections from one that begins a chapter as far as the next that does, and what they are numbered."""

    sections: tuple[SectionTree, ...]
    chapters: tuple[Chapter, ...]
    declarations: tuple[Declaration, ...]
    mentions: tuple[Mention, ...]


@dataclass(frozen=True, slots=True)
class Numbering:
    """A numbered document, run by run; the declarations of the reference list, and those of nodes by their identity."""

    runs: tuple[Run, ...]
    references: tuple[Declaration, ...]
    declared: Declared
    index: Index

    @property
    def numbered(self) -> Numbered:
        """The numbered document as a whole."""
        return as_a_whole(self.runs, self.references)


def number(
    assembled: Assembled, references: Sequence[Reference], terms: Terms
) -> tuple[Numbering, list[Problem]]:
    """Number a document; return it with the mentions that lead nowhere."""
    sections = _with_reference_list(assembled, terms)
    declared = declare(sections, terms)
    listed = tuple(declare_references(assembled.entries, references))
    index = index_of(sections, declared, listed, terms)
    writer = Writer(declared, index, terms)
    written = [write_run(each, writer) for each in runs_of(sections)]
    runs = tuple(
        replace(each, chapters=writer.finish(each.chapters, listed, assembled.entries))
        for each in written
    )
    problems = [*lint_anchors(sections, index.numbers), *writer.problems]
    problems += [] if writer.problems else _lint_chapters(runs)
    return Numbering(runs, listed, declared, index), problems


def _lint_chapters(runs: Sequence[Run]) -> Iterator[Problem]:
    """Yield the problem of a document in which nothing stands."""
    if runs and not any(each.chapters for each in runs):
        place = Place(runs[0].sections[0].name, 1)
        message = "there is nothing in the document, which needs a heading of level 1 at least"
        yield Problem("heading-missing", message, place, "begin the first section with `# Title`")


def write_run(sections: Sequence[SectionTree], writer: Writer) -> Run:
    """Write the labels and links of a run's sections, but not the reference list."""
    before = len(writer.mentions)
    chapters = tuple(writer.chapters(sections))
    # What stands beside a number is known only when the mentions in it have been written.
    declarations = tuple(writer.told(sections))
    return Run(tuple(sections), chapters, declarations, tuple(writer.mentions[before:]))


def runs_of(sections: Iterable[SectionTree]) -> list[list[SectionTree]]:
    """Part sections into runs."""
    runs: list[list[SectionTree]] = []
    for each in sections:
        if begins_chapter(each.blocks) or not runs:
            runs.append([])
        runs[-1].append(each)
    return runs


def as_a_whole(runs: Iterable[Run], references: Iterable[Declaration]) -> Numbered:
    """Return runs as one document."""
    every = [*runs]
    declarations = (declared for each in every for declared in each.declarations)
    mentions = (mention for each in every for mention in each.mentions)
    ledger = Ledger((*declarations, *references), tuple(mentions))
    return Numbered(tuple(chapter for each in every for chapter in each.chapters), ledger)


def _with_reference_list(assembled: Assembled, terms: Terms) -> list[SectionTree]:
    """Add a last chapter for the reference list where the author has not placed it."""
    sections = list(assembled.sections)
    placed = any(map(is_reference_list, landmarks_of(sections)))
    if assembled.entries and not placed:
        title = [string(terms.one("references"))]
        header = {"t": "Header", "c": [1, attribute(_free_anchor(sections), ["unnumbered"]), title]}
        sections.append(tree_of("", [header, div([], attribute("refs"))]))
    return sections


def _free_anchor(sections: Sequence[SectionTree]) -> str:
    """Return an address for the reference list's chapter that nothing of the author's has."""
    taken = {identifier_of(node) for node in landmarks_of(sections)}
    return free_anchor("references", taken)
