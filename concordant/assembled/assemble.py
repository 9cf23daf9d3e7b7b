"""Assemble: parse every section once, scope its identifiers, resolve its citations."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from concordant import pandoc
from concordant.assembled.access import lint_access, lint_outline
from concordant.assembled.annotate import annotate, close_displays, flatten_alternatives
from concordant.assembled.citations import Entry, cite, separate
from concordant.assembled.lint import lint_order, lint_tree
from concordant.assembled.scope import Name, Scope, anchored, names_in, scope
from concordant.assembled.sectiontree import SectionTree, landmarks_in
from concordant.cache import remembered
from concordant.problem import Place, Problem, Severity
from concordant.sources.locate import Locator
from concordant.sources.project import Project, Section
from concordant.tree import Node, join_words


@dataclass(frozen=True, slots=True)
class Assembled:
    """The document's tree, section by section, citations resolved, and the reference list's entries."""

    sections: tuple[SectionTree, ...]
    entries: tuple[Entry, ...]


def assemble(project: Project) -> tuple[Assembled, list[Problem]]:
    """Read every section with pandoc and citeproc; return the tree with what is wrong in it."""
    asked = [(each.name, each.text, project.metadata.lang) for each in project.sections]
    read = pandoc.several_remembered(_read, asked)
    parsed = [_scope(*each) for each in zip(project.sections, read, strict=True)]
    scopes = [each for each, _ in parsed]
    problems = [problem for _, found in parsed for problem in found]
    problems += _lint_outlines(scopes)
    sections, clashes = scope(scopes)
    problems += clashes
    problems += lint_order(sections)
    known = {reference.key for reference in project.references}
    for tree in sections:
        problems += lint_tree(tree, project, known)
    cited, entries, found = cite(sections, project)
    return Assembled(cited, entries), [*problems, *found]


def _scope(section: Section, read: _Read) -> tuple[Scope, list[Problem]]:
    blocks, landmarks, names, warnings, found = read
    problems = list(_from_pandoc(section, warnings))
    for code, message, line, hint, severity, about in found:
        place = Place(section.name, line)
        problems.append(
            Problem(code, message, place, hint, Severity(severity), about=frozenset(about))
        )
    return Scope(section.name, SectionTree(section.name, blocks, landmarks), names), problems


Found = tuple[str, str, int, str, str, list[str]]  # a problem's fields, as plain data
_Read = tuple[list[Node], list[list[Node]], list[Name], tuple[str, ...], list[Found]]


@remembered
def _read(name: str, text: str, lang: str) -> _Read:
    """Return a section's blocks with the lines of what can be at fault, the landmarks in each, the names in them, what pandoc
    says, and what would keep readers out.
    """
    parsed, locator = pandoc.read_markdown(text), Locator(name, text)
    blocks = annotate(
        close_displays(separate(flatten_alternatives(join_words(parsed.blocks)))), locator
    )
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
    return tree, landmarks_in(tree), names, parsed.warnings, found


def _lint_metadata(keys: Sequence[str], section: str) -> Iterator[Problem]:
    if keys:
        message = f"metadata in a section mean nothing here ({', '.join(keys)})"
        hint = "let them stand in source/metadata.yaml"
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
