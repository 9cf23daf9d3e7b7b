"""Carrying over: where nothing but words of the text has changed, the chapters around it are as the last build left them.

What one section can say of another stands in its frame: headings, captions, tables with a label, notes, citations, links, labels. While all
frames are as they were, so is every number, and what a section comes to depends on its own text alone. So only the runs of
sections in which a text has changed are read, numbered and written; the others' fragments are recalled.

Where anything else has changed, or anything is wrong, nothing is carried over, and the document is assembled as a whole.
"""

from __future__ import annotations

import hashlib
import marshal
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass, fields, replace
from pathlib import Path
from typing import Any, TypeAlias

from concordant.assembled.annotate import place_of
from concordant.assembled.assemble import Assembled, lint_trees, read_sections
from concordant.assembled.citations import citations_in, print_citations
from concordant.assembled.scope import anchor_of, renamed
from concordant.assembled.sectiontree import SectionTree, begins_chapter
from concordant.cache import Kept, key_of, memory_in_use
from concordant.editions.fragments import (
    Fragment,
    fragment_key,
    recall_fragment,
    write_fragments,
)
from concordant.numbered.chapter import Chapter, Heading, Numbered, Role
from concordant.numbered.declare import Declared
from concordant.numbered.ledger import Declaration, Kind, Mention
from concordant.numbered.number import Numbering, Run, as_a_whole, write_run
from concordant.numbered.refer import Target
from concordant.numbered.terms import Terms
from concordant.numbered.write import Index, Writer, is_reference_list
from concordant.problem import Place
from concordant.sources.drawings import template_of
from concordant.sources.pictures import picture_path
from concordant.sources.project import Project, Section
from concordant.tree import Node

# As plain data: a declaration and a mention, each with file and line at its end; a chapter without its text, and its fragment's key.
_Declaration: TypeAlias = tuple[Any, ...]
_Mention: TypeAlias = tuple[Any, ...]
_Chapter: TypeAlias = tuple[str, list[tuple[Any, ...]], dict[str, str], str]


@dataclass(frozen=True, slots=True)
class Written:
    """A document whose chapters are fragments: its numbers, the targets of its pictures."""

    numbered: Numbered
    fragments: tuple[Fragment, ...]
    targets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Section:
    """A section as the last build found it: its name, digests of its text and its frame, its new anchors, and packed numbers.

    Those are what its citations print, and its declarations, each with the landmark that declares it.
    """

    name: str
    text: bytes
    frame: bytes
    renames: dict[str, str]
    numbers: bytes


@dataclass(frozen=True, slots=True)
class _Run:
    """A run of the last build: how many sections it has, and what it came to."""

    sections: int
    chapters: list[_Chapter]
    declarations: list[_Declaration]
    mentions: list[_Mention]

    @property
    def without_lines(self) -> tuple[Any, ...]:
        """What the lines and the words of the sections do not decide."""
        chapters = [chapter[:-1] for chapter in self.chapters]
        told = [each[:-1] for each in (*self.declarations, *self.mentions)]
        return self.sections, chapters, told


@dataclass(frozen=True, slots=True)
class _Last:
    """What the last build found: a digest of what all sections depend on, the state of each picture, the packed index."""

    causes: str
    pictures: dict[str, tuple[bool, bool]]
    sections: list[_Section]
    runs: list[_Run]
    references: list[_Declaration]
    index: bytes


def carry_over(project: Project, terms: Terms) -> Written | None:
    """Return the document, if nothing but words of its text are other than in the last build; else None."""
    memory = memory_in_use()
    last = _look_up(memory, project.root) if memory else None
    if memory is None or last is None or not _stands(last, project):
        return None
    digests = [_digest(each) for each in project.sections]
    changed = [new != old.text for new, old in zip(digests, last.sections, strict=True)]
    runs: list[Run | None] = []
    start = 0
    for known in last.runs:
        span = slice(start, start + known.sections)
        run = _write_again(span, last, project, terms) if any(changed[span]) else None
        if any(changed[span]) and run is None:
            return None
        runs.append(run)
        start = span.stop
    return _put_together(runs, digests, last, project, memory)


def note(
    project: Project,
    assembled: Assembled,
    numbering: Numbering,
) -> None:
    """Note what a build that has found nothing wrong comes to, when its fragments have been written."""
    memory = memory_in_use()
    if memory is None or not _can_be_parted(numbering.runs):
        return
    lang = project.metadata.lang
    last = _Last(
        _causes(project),
        _pictures(targets_of(assembled), project),
        [*_sections(project, assembled, numbering)],
        [
            _run(each, [fragment_key(chapter, lang) for chapter in each.chapters])
            for each in numbering.runs
        ],
        [_declaration(each) for each in numbering.references],
        _packed_index(numbering.index),
    )
    _keep(memory, project.root, last)


def targets_of(assembled: Assembled) -> tuple[str, ...]:
    """Return the targets of a document's pictures, in document order."""
    nodes = _landmarks(assembled.sections)
    return tuple(dict.fromkeys(node["c"][2][0] for node in nodes if node["t"] == "Image"))


def _can_be_parted(runs: Sequence[Run]) -> bool:
    """Whether what is counted within a heading is counted within one run alone."""
    if not all(begins_chapter(run.sections[0].blocks) for run in runs):
        return False
    places = [
        {
            anchor_of(each.number or each.title)
            for chapter in run.chapters
            for each in chapter.headings
        }
        for run in runs
    ]
    return sum(map(len, places)) == len(set[str]().union(*places))


def _stands(last: _Last, project: Project) -> bool:
    """Whether all is as it was but for the texts of sections."""
    names = [each.name for each in last.sections]
    return (
        names == [each.name for each in project.sections]
        and last.causes == _causes(project)
        and last.pictures == _pictures(last.pictures, project)
    )


def _write_again(span: slice, last: _Last, project: Project, terms: Terms) -> Run | None:
    """Number the sections of a run as they were numbered, if all of them have their frames and nothing is wrong."""
    parsed = read_sections(project.sections[span], project.metadata.lang)
    known = last.sections[span]
    if any(new.frame != old.frame or new.problems for new, old in zip(parsed, known, strict=True)):
        return None
    trees = [renamed(new.scope.tree, old.renames) for new, old in zip(parsed, known, strict=True)]
    if any(lint_trees(trees, project)) or any(map(is_reference_list, _landmarks(trees))):
        return None
    numbers = [marshal.loads(each.numbers) for each in known]
    cites = citations_in(trees)
    trees = [*print_citations(trees, cites, [each for printed, _ in numbers for each in printed])]
    declared: Declared = {}
    for tree, (_, declarations) in zip(trees, numbers, strict=True):
        landmarks = [*tree.landmarks]
        for index, told in declarations:
            place = place_of(landmarks[index], tree.name)
            declared[id(landmarks[index])] = replace(_as_declaration(told), place=place)
    writer = Writer(declared, _as_index(last.index), terms)
    run = write_run(trees, writer)
    run = replace(run, chapters=writer.finish(run.chapters, (), ()))
    return None if writer.problems else run


def _put_together(
    runs: Sequence[Run | None],
    digests: Sequence[bytes],
    last: _Last,
    project: Project,
    memory: Kept,
) -> Written | None:
    """Return the document from the runs that were numbered again and those that were not, and note it for the next build."""
    lang = project.metadata.lang
    again = [chapter for run in runs if run for chapter in run.chapters]
    keys = [fragment_key(chapter, lang) for chapter in again]
    written = iter(write_fragments(again, lang))
    key = iter(keys)
    now = []
    for run, known in zip(runs, last.runs, strict=True):
        now.append(_run(run, [next(key) for _ in run.chapters]) if run else known)
        if now[-1].without_lines != known.without_lines:
            return None
    fragments = [
        next(written) if run else recall_fragment(_as_chapter(each), each[-1])
        for run, known in zip(runs, last.runs, strict=True)
        for each in known.chapters
    ]
    found = [each for each in fragments if each]
    if len(found) < len(fragments):
        return None
    if again:
        sections = [
            replace(each, text=digest) for each, digest in zip(last.sections, digests, strict=True)
        ]
        _keep(memory, project.root, replace(last, sections=sections, runs=now))
    whole = as_a_whole(map(_as_run, now), map(_as_declaration, last.references))
    numbered = replace(whole, chapters=tuple(each.chapter for each in found))
    return Written(numbered, tuple(found), tuple(last.pictures))


def _digest(section: Section) -> bytes:
    return hashlib.sha256(section.text.encode()).digest()


def _causes(project: Project) -> str:
    """Return a digest of what all sections depend on; this package's code is in the memory's own."""
    told = project.metadata
    files = [path for path in (project.csl, *project.bibliographies) if path.is_file()]
    read = tuple(path.read_bytes() for path in files)
    return key_of(told.lang, told.csl, tuple(told.bibliography), read)


def _pictures(targets: Iterable[str], project: Project) -> dict[str, tuple[bool, bool]]:
    """Return for each target whether its file is there, and whether a template that draws it is."""
    paths = {target: picture_path(target, project) for target in targets}
    return {
        target: (path.is_file(), template_of(path) is not None) for target, path in paths.items()
    }


def _landmarks(sections: Iterable[SectionTree]) -> Iterator[Node]:
    return (node for tree in sections for node in tree.landmarks)


def _sections(project: Project, assembled: Assembled, numbering: Numbering) -> Iterator[_Section]:
    facts = zip(
        project.sections, assembled.sections, assembled.frames, assembled.renames, strict=True
    )
    for section, tree, frame, renames in facts:
        printed = [node["c"][1] for node in citations_in([tree])]
        declared = [
            (index, _declaration(found))
            for index, node in enumerate(tree.landmarks)
            if (found := numbering.declared.get(id(node)))
        ]
        numbers = marshal.dumps((printed, declared))
        yield _Section(section.name, _digest(section), frame, dict(renames), numbers)


def _run(run: Run, keys: Iterable[str]) -> _Run:
    chapters = [
        (each.role.value, [astuple(heading) for heading in each.headings], dict(each.numbers), key)
        for each, key in zip(run.chapters, keys, strict=True)
    ]
    declarations, mentions = map(_declaration, run.declarations), map(_mention, run.mentions)
    return _Run(len(run.sections), chapters, [*declarations], [*mentions])


def _as_run(run: _Run) -> Run:
    """Return a run with its numbers alone."""
    declarations = tuple(map(_as_declaration, run.declarations))
    return Run((), (), declarations, tuple(map(_as_mention, run.mentions)))


def _mention(each: Mention) -> _Mention:
    told = each.target, each.number, each.printed, each.anchor, each.within, each.note
    return each.kind.value, *told, each.place.file, each.place.line


def _as_mention(told: _Mention) -> Mention:
    kind, target, number, printed, anchor, within, note_, file, line = told
    return Mention(Kind(kind), target, number, printed, anchor, within, note_, Place(file, line))


def _declaration(each: Declaration) -> _Declaration:
    told = each.anchor, each.number, each.label, each.text
    return each.kind.value, *told, each.place.file, each.place.line


def _as_declaration(told: _Declaration) -> Declaration:
    kind, anchor, number, label, text, file, line = told
    return Declaration(Kind(kind), anchor, number, label, text, Place(file, line))


def _as_chapter(told: _Chapter) -> Chapter:
    """Return a chapter without its text."""
    role, headings, numbers, _ = told
    return Chapter(Role(role), tuple(Heading(*each) for each in headings), [], [], numbers)


def _packed_index(index: Index) -> bytes:
    targets = {
        anchor: (each.kind.value, each.anchor, each.number, each.title, each.appendix)
        for anchor, each in index.targets.items()
    }
    return marshal.dumps((targets, sorted(index.anchors), dict(index.numbers)))


def _as_index(packed: bytes) -> Index:
    told, anchors, numbers = marshal.loads(packed)
    targets = {anchor: Target(Kind(kind), *rest) for anchor, (kind, *rest) in told.items()}
    return Index(targets, frozenset(anchors), numbers)


def _look_up(memory: Kept, root: Path) -> _Last | None:
    known = memory.look_up(_key(root))
    if known is None:
        return None
    causes, pictures, sections, runs, references, index = known[0]
    every = [_Section(*each) for each in sections]
    return _Last(causes, pictures, every, [_Run(*each) for each in runs], references, index)


def _keep(memory: Kept, root: Path, last: _Last) -> None:
    sections, runs = (list(map(_values, each)) for each in (last.sections, last.runs))
    memory.keep(
        _key(root),
        (last.causes, last.pictures, sections, runs, last.references, last.index),
    )


def _values(each: Any) -> tuple[Any, ...]:
    return tuple(getattr(each, field.name) for field in fields(each))


def _key(root: Path) -> bytes:
    return f"what the last build carries over in {root.resolve()}".encode()
