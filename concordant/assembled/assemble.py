"""Assemble: parse every section once, scope its identifiers, resolve its citations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields

from concordant import pandoc
from concordant.assembled.access import lint_access, lint_outline
from concordant.assembled.annotate import (
    annotate,
    close_displays,
    flatten_alternatives,
    part_definitions,
)
from concordant.assembled.citations import Entry, cite, read_citation_files, separate
from concordant.assembled.lint import lint_order, lint_tree
from concordant.assembled.quotation import set_marks
from concordant.assembled.scope import (
    Name,
    Renames,
    Scope,
    anchored,
    names_in,
    renamed,
    scope,
)
from concordant.assembled.sectiontree import SectionTree, frame_of, landmarks_in, landmarks_of
from concordant.cache import remembered
from concordant.problem import Place, Problem, Severity
from concordant.sources.drawings import template_of
from concordant.sources.locate import Locator
from concordant.sources.metadata import INSTEAD, Metadata
from concordant.sources.pictures import picture_path
from concordant.sources.project import Project, Section
from concordant.tree import Node, join_words


@dataclass(frozen=True, slots=True)
class Assembled:
    """The document's tree, section by section, citations resolved, and the reference list's entries.

    For each section, `renames` has new anchors by those that it would have by itself, and `frames` what decides the numbers.
    `pictures` has each target with whether its file is there, and whether a template draws it. `cited_by` is the key of all by which
    citations are printed.
    """

    sections: tuple[SectionTree, ...]
    entries: tuple[Entry, ...]
    renames: tuple[Renames, ...]
    frames: tuple[bytes, ...]
    pictures: Mapping[str, tuple[bool, bool]]
    cited_by: str


def assemble(project: Project) -> tuple[Assembled, list[Problem]]:
    """Read every section with pandoc and citeproc; return the tree with what is wrong in it."""
    parsed = read_sections(project.sections, project.metadata.lang)
    scopes = [each.scope for each in parsed]
    problems = [problem for each in parsed for problem in each.problems]
    problems += _lint_outlines(scopes)
    renames, clashes = scope(scopes)
    sections = [renamed(each.tree, new) for each, new in zip(scopes, renames, strict=True)]
    problems += clashes
    problems += lint_order(sections)
    pictures = states_of(_targets(sections), project)
    problems += lint_trees(sections, project)
    files = read_citation_files(project)
    cited, entries, found = cite(sections, project, files)
    facts = tuple(renames), tuple(each.frame for each in parsed), pictures, files.key(project)
    return Assembled(cited, entries, *facts), [*problems, *found]


@dataclass(frozen=True, slots=True)
class Parsed:
    """A section by itself: its scope, what decides its part of the document's numbers, and what is wrong in it."""

    scope: Scope
    frame: bytes
    problems: tuple[Problem, ...]


def read_sections(sections: Sequence[Section], lang: str) -> list[Parsed]:
    """Read sections with pandoc, each by itself."""
    read = pandoc.several_remembered(_read, [(each.name, each.text, lang) for each in sections])
    return [_parsed(*each) for each in zip(sections, read, strict=True)]


def lint_trees(sections: Iterable[SectionTree], project: Project) -> Iterator[Problem]:
    """Yield what is wrong in the trees of sections, each by itself."""
    # What a bibliography would have had that cannot be read, which has been told, nobody knows.
    keys = {reference.key for reference in project.references}
    known = keys if project.whole_bibliography else None
    for tree in sections:
        yield from lint_tree(tree, project, known)


def _targets(sections: Iterable[SectionTree]) -> Iterator[str]:
    return (node["c"][2][0] for node in landmarks_of(sections) if node["t"] == "Image")


def states_of(targets: Iterable[str], project: Project) -> dict[str, tuple[bool, bool]]:
    """Return for each target of a picture whether its file is there, and whether a template draws it."""
    paths = {target: picture_path(target, project) for target in targets}
    return {
        target: (path.is_file(), template_of(path) is not None) for target, path in paths.items()
    }


def _parsed(section: Section, read: _Read) -> Parsed:
    blocks, landmarks, names, frame, warnings, found = read
    problems = list(_from_pandoc(section, warnings))
    for code, message, line, hint, severity, about in found:
        place = Place(section.name, line)
        problems.append(
            Problem(code, message, place, hint, Severity(severity), about=frozenset(about))
        )
    tree = SectionTree(section.name, blocks, landmarks)
    return Parsed(Scope(section.name, tree, names), frame, tuple(problems))


Found = tuple[str, str, int, str, str, list[str]]  # a problem's fields, as plain data
_Read = tuple[list[Node], list[list[Node]], list[Name], bytes, tuple[str, ...], list[Found]]


@remembered
def _read(name: str, text: str, lang: str) -> _Read:
    """Return a section's blocks with the lines of what can be at fault, the landmarks in each, the names in them, the frame,
    what pandoc says, and what would keep readers out.
    """
    parsed, locator = pandoc.read_markdown(text), Locator(name, text)
    marked = set_marks(part_definitions(join_words(parsed.blocks)), lang)
    blocks = annotate(close_displays(separate(flatten_alternatives(marked))), locator)
    found = [
        (
            each.code,
            each.message,
            each.place.line,
            each.hint,
            each.severity.value,
            sorted(each.about),
        )
        for each in (*_lint_metadata(parsed.metadata, name), *lint_access(blocks, locator, lang))
    ]
    tree, names = anchored(blocks), names_in(blocks, locator)
    landmarks = landmarks_in(tree)
    return tree, landmarks, names, frame_of(tree, landmarks, names), parsed.warnings, found


def _lint_metadata(keys: Sequence[str], section: str) -> Iterator[Problem]:
    known = [field.name for field in fields(Metadata) if field.name in keys]
    if known:
        message = f"metadata in a section mean nothing here ({', '.join(known)})"
        hint = "let them stand in source/metadata.yaml"
        yield Problem("metadata-misplaced", message, Place(section, 1), hint, Severity.WARNING)
    for key in sorted({*keys} - {*known}):
        message, hint = f'"{key}" means nothing here', INSTEAD.get(key, "take it out")
        yield Problem("metadata-misplaced", message, Place(section, 1), hint, Severity.WARNING)


def _lint_outlines(scopes: list[Scope]) -> Iterator[Problem]:
    """Yield the headings that skip a level; a section may go on below the headings of the one before."""
    level = 0
    for each in scopes:
        level = yield from lint_outline(each.tree.blocks, each.section, level)


def _from_pandoc(section: Section, warnings: tuple[str, ...]) -> Iterator[Problem]:
    for warning in warnings:
        message = " ".join(warning.split())
        yield Problem("pandoc", message, Place(section.name), severity=Severity.WARNING)
