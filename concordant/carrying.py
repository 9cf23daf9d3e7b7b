"""Carrying over: where nothing but words of the text have changed, the chapters around them are as the last build left them.

What one section can say of another stands in its frame: headings, captions, tables with a label, notes, citations, links, labels. While
all frames are as they were, so is every number, and what a section comes to depends on its own text alone. So only the runs of
sections in which a text has changed are read, numbered and written; the fragments of the others are recalled.

Where anything else has changed, or anything is wrong, nothing is carried over, and the document is assembled as a whole.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from concordant.assembled.annotate import place_of
from concordant.assembled.assemble import Assembled, lint_trees, read_sections, states_of
from concordant.assembled.citations import (
    citations_in,
    print_citations,
    read_citation_files,
)
from concordant.assembled.scope import anchor_of, renamed
from concordant.assembled.sectiontree import begins_chapter, landmarks_of
from concordant.cache import memory_in_use
from concordant.editions.fragments import (
    Fragment,
    fragment_key,
    recall_fragment,
    write_fragments,
)
from concordant.lastbuild import (
    KnownRun,
    KnownSection,
    LastBuild,
    keep,
    last_build,
    look_up,
    pack_numbers,
)
from concordant.numbered.chapter import Numbered
from concordant.numbered.declare import Declared
from concordant.numbered.number import Numbering, Run, as_a_whole, write_run
from concordant.numbered.terms import Terms
from concordant.numbered.write import Writer, is_reference_list
from concordant.sources.project import Project, Section

_FEW = 8  # runs that are worth carrying the others over


@dataclass(frozen=True, slots=True)
class Written:
    """A document whose chapters are fragments: its numbers, the targets of its pictures."""

    numbered: Numbered
    fragments: tuple[Fragment, ...]
    targets: tuple[str, ...]

    @classmethod
    def of(
        cls, numbered: Numbered, fragments: tuple[Fragment, ...], targets: Iterable[str]
    ) -> Written:
        """Return a numbered document with its fragments; of its chapters, those have all but the outlines."""
        outlines = tuple(each.chapter for each in fragments)
        return cls(replace(numbered, chapters=outlines), fragments, tuple(targets))


def carry_over(project: Project, terms: Terms) -> Written | None:
    """Return the document, if nothing but words of its text are other than in the last build; else None."""
    memory = memory_in_use()
    last = look_up(memory, project.root) if memory else None
    if memory is None or last is None or not _stands(last, project):
        return None
    now = _with_changes(last, project, terms)
    written = _put_together(now, project) if now else None
    if now and written and now != last:
        keep(memory, project.root, now)
    return written


def note(project: Project, assembled: Assembled, numbering: Numbering) -> None:
    """Note for the next build what one that has found nothing wrong comes to, when its fragments have been written."""
    memory = memory_in_use()
    changed = assembled.pictures != states_of(assembled.pictures, project)
    if memory is None or changed or not _can_be_parted(numbering.runs):
        return
    found = last_build(
        assembled.cited_by,
        assembled.pictures,
        _sections(project, assembled, numbering),
        (_known(each, project.metadata.lang) for each in numbering.runs),
        numbering,
    )
    keep(memory, project.root, found)


def _stands(last: LastBuild, project: Project) -> bool:
    """Whether all is as it was but for the texts of sections."""
    names = [each.name for each in last.sections]
    return (
        names == [each.name for each in project.sections]
        and last.cited_by == read_citation_files(project).key(project)
        and last.pictures == states_of(last.pictures, project)
    )


def _can_be_parted(runs: Sequence[Run]) -> bool:
    """Whether what is counted within a heading is counted within one run alone."""
    places = [
        {anchor_of(title.number or title.title) for each in run.chapters for title in each.headings}
        for run in runs
    ]
    alone = sum(map(len, places)) == len(set[str]().union(*places))
    return alone and all(begins_chapter(run.sections[0].blocks) for run in runs)


def _with_changes(last: LastBuild, project: Project, terms: Terms) -> LastBuild | None:
    """Return what this build finds, if it numbers the document as the last one did."""
    texts = zip(last.sections, project.sections, strict=True)
    sections = [replace(known, text=_digest(section)) for known, section in texts]
    spans = [*_spans(last.runs)]
    changed = {index for index, span in enumerate(spans) if sections[span] != last.sections[span]}
    if len(changed) > _FEW:  # as a whole, several are read at once
        return None
    runs = []
    for index, known in enumerate(last.runs):
        again = _again(spans[index], last, project, terms) if index in changed else known
        if again is None or again.without_lines != known.without_lines:
            return None
        runs.append(again)
    return replace(last, sections=sections, runs=runs)


def _spans(runs: Iterable[KnownRun]) -> Iterator[slice]:
    """Yield which of the sections make up each run."""
    end = 0
    for each in runs:
        start, end = end, end + each.sections
        yield slice(start, end)


def _again(span: slice, last: LastBuild, project: Project, terms: Terms) -> KnownRun | None:
    """Read, number and write the sections of a run, if all of them have their frames and nothing is wrong."""
    known = last.sections[span]
    parsed = read_sections(project.sections[span], project.metadata.lang)
    pairs = [*zip(parsed, known, strict=True)]
    if any(new.problems or new.frame != old.frame for new, old in pairs):
        return None
    trees = [renamed(new.scope.tree, old.renames) for new, old in pairs]
    if any(lint_trees(trees, project)) or any(map(is_reference_list, landmarks_of(trees))):
        return None
    numbers = [each.numbers for each in known]
    printed = [inlines for each, _ in numbers for inlines in each]
    cited = print_citations(trees, citations_in(trees), printed)
    declared: Declared = {}
    for tree, (_, declarations) in zip(cited, numbers, strict=True):
        landmarks = [*tree.landmarks]
        for index, each in declarations:
            node = landmarks[index]
            declared[id(node)] = replace(each, place=place_of(node, tree.name))
    writer = Writer(declared, last.index, terms)
    run = write_run(cited, writer)
    run = replace(run, chapters=writer.finish(run.chapters, (), ()))
    if writer.problems:
        return None
    write_fragments(run.chapters, project.metadata.lang)
    return _known(run, project.metadata.lang)


def _put_together(now: LastBuild, project: Project) -> Written | None:
    """Return the document, if all fragments are there."""
    outlines = [each for run in now.runs for each in run.outlines]
    recalled = (recall_fragment(*each) for each in outlines)
    fragments = tuple(each for each in recalled if each)
    if len(fragments) < len(outlines):
        return None
    whole = as_a_whole((each.numbers for each in now.runs), now.entries)
    return Written.of(whole, fragments, now.pictures)


def _known(run: Run, lang: str) -> KnownRun:
    return KnownRun.of(run, [fragment_key(each, lang) for each in run.chapters])


def _sections(
    project: Project, assembled: Assembled, numbering: Numbering
) -> Iterator[KnownSection]:
    facts = assembled.sections, assembled.frames, assembled.renames
    for section, tree, frame, renames in zip(project.sections, *facts, strict=True):
        printed = [node["c"][1] for node in citations_in([tree])]
        landmarks = enumerate(tree.landmarks)
        declared = ((index, numbering.declared.get(id(node))) for index, node in landmarks)
        packed = pack_numbers(printed, ((index, each) for index, each in declared if each))
        yield KnownSection(section.name, _digest(section), frame, dict(renames), packed)


def _digest(section: Section) -> bytes:
    return hashlib.sha256(section.text.encode()).digest()
