"""Assemble: parse every section once, scope its identifiers, resolve its citations."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial

from concordant import pandoc
from concordant.assembled.access import last_level, lint_access, lint_outline
from concordant.assembled.annotate import annotate, flatten_alternatives
from concordant.assembled.citations import Entry, cite, separate
from concordant.assembled.lint import lint_tree
from concordant.assembled.scope import scope
from concordant.cache import remembered
from concordant.problem import Place, Problem, Severity
from concordant.sources.locate import Locator
from concordant.sources.project import Project, Section
from concordant.tree import Node


@dataclass(frozen=True, slots=True)
class SectionTree:
    """One section as pandoc's tree; nodes that can be at fault carry their line as `at`."""

    name: str
    blocks: list[Node]


@dataclass(frozen=True, slots=True)
class Assembled:
    """The document's tree, section by section, citations resolved, and the reference list's entries."""

    sections: tuple[SectionTree, ...]
    entries: tuple[Entry, ...]


def assemble(project: Project) -> tuple[Assembled, list[Problem]]:
    """Read every section with pandoc and citeproc; return the tree with what is wrong in it."""
    with ThreadPoolExecutor() as pool:
        parsed = list(pool.map(partial(_parse, lang=project.metadata.lang), project.sections))
    trees = [tree for tree, _ in parsed]
    problems = [problem for _, found in parsed for problem in found]
    problems += _lint_outlines(trees)
    locators = {section.name: Locator(section.name, section.text) for section in project.sections}
    scoped, clashes = scope([(tree.name, tree.blocks) for tree in trees], locators)
    problems += clashes
    sections = [replace(tree, blocks=blocks) for tree, blocks in zip(trees, scoped, strict=True)]
    for tree in sections:
        problems += lint_tree(tree.blocks, tree.name, project)
    cited, entries, found = cite([tree.blocks for tree in sections], project)
    problems += found
    sections = [replace(tree, blocks=blocks) for tree, blocks in zip(sections, cited, strict=True)]
    return Assembled(tuple(sections), entries), problems


def _parse(section: Section, lang: str) -> tuple[SectionTree, list[Problem]]:
    blocks, warnings = _read(section.name, section.text)
    locator = Locator(section.name, section.text)
    problems = [*_from_pandoc(section, warnings), *lint_access(blocks, locator, lang)]
    return SectionTree(section.name, blocks), problems


@remembered
def _read(name: str, text: str) -> tuple[list[Node], tuple[str, ...]]:
    """Return a section's blocks with the lines of what can be at fault, and pandoc's warnings."""
    parsed = pandoc.read_markdown(text)
    blocks = separate(flatten_alternatives(parsed.blocks))
    return annotate(blocks, Locator(name, text)), parsed.warnings


def _lint_outlines(trees: list[SectionTree]) -> Iterator[Problem]:
    """Yield the headings that skip a level; a section may go on below the headings of the one before."""
    level = 0
    for tree in trees:
        yield from lint_outline(tree.blocks, tree.name, level)
        level = last_level(tree.blocks, level)


def _from_pandoc(section: Section, warnings: tuple[str, ...]) -> Iterator[Problem]:
    for warning in warnings:
        message = " ".join(warning.split())
        yield Problem("pandoc", message, Place(section.name), severity=Severity.WARNING)
