"""Publishing: from the sources to a publication, which is all that the editions share.

That takes trees, which leave much room behind them that the process cannot use for anything else. So with a large document it is done
by a process of its own, which ends with it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from io import StringIO
from pathlib import Path

from rich.console import Console

from concordant import pandoc
from concordant.assembled.assemble import Assembled, assemble
from concordant.cache import Store, remembering
from concordant.carrying import Written, carry_over, note
from concordant.collector import held_off
from concordant.editions.contrast import lint_contrast
from concordant.editions.fragments import lint_formulas, write_fragments
from concordant.editions.publication import Publication
from concordant.editions.typefaces.fonts import cut_fonts
from concordant.editions.typefaces.glyphs import characters_of, lint_glyphs
from concordant.editions.workers import Started
from concordant.numbered.number import Numbering, number
from concordant.numbered.terms import Terms, terms_for
from concordant.problem import Problem, ProblemsFound, errors_among
from concordant.progress import Progress
from concordant.sources.exemptions import unanswered, unused
from concordant.sources.identity import identify, lint_date
from concordant.sources.length import size_of
from concordant.sources.pictures import read_pictures
from concordant.sources.project import Project, read_project

_LARGE = 8_000_000  # bytes of sections: some 3,000 pages
Published = tuple[Publication, tuple[Problem, ...]]
_Done = tuple[Publication, tuple[Problem, ...], dict[str, float]]  # with the seconds of each step


@dataclass(frozen=True, slots=True)
class _Document:
    """A document's folder, where results are kept, and how many bytes its sections have."""

    root: Path
    store: Store | None
    size: int


def publish_apart(
    root: Path, progress: Progress, workers: Executor | None, store: Store | None
) -> Published:
    """Publish as `publish` does; have one of the workers do it if there are any, the document is large, and trees of all of it are needed.

    Raises as `publish` does.
    """
    size = size_of(root)
    if workers is None or size < _LARGE:
        return publish(root, progress)
    with progress.status("read and number the sections"):
        done = _publish_carried(root)
        if done is None:
            work = Started(workers, _publish_here, _Document(root, store, size))
            done = work.result()
    publication, warnings, seconds = done
    for name, taken in seconds.items():
        progress.tell(name, taken)
    pandoc.end_idle()
    return publication, warnings


def _publish_carried(root: Path) -> _Done | None:
    progress = Progress(Console(file=StringIO()))
    with held_off():
        published = _publish(root, progress, _carried)
    return (*published, progress.seconds) if published else None


def _publish_here(document: _Document) -> _Done:
    progress = Progress(Console(file=StringIO()))
    with remembering(document.store):
        publication, warnings = publish(document.root, progress)
    return replace(publication), warnings, progress.seconds  # a copy without what it has worked out


def publish(root: Path, progress: Progress) -> Published:
    """Take a document as far as fragments, which is all that its editions share.

    Raises:
        ProblemsFound: the document has errors, all that could be found.
    """
    with held_off():
        published = _publish(root, progress, _carried, _numbered)
    assert published  # as a whole, any document is numbered
    return published


@dataclass(frozen=True, slots=True)
class _Whole:
    """A document that was assembled and numbered as a whole, and what is wrong with it."""

    assembled: Assembled
    numbering: Numbering
    problems: list[Problem]

    @property
    def targets(self) -> tuple[str, ...]:
        """The targets of its pictures."""
        return tuple(self.assembled.pictures)


def _publish(root: Path, progress: Progress, *ways: _Way) -> Published | None:
    """Publish a document in the first of these ways that numbers it, if any does."""
    with progress.step("read the sources"):
        project, problems = read_project(root)
        source = identify(project)
        problems += [*lint_date(source.dating), *lint_contrast(project.styles, root)]
    terms, exceptions = terms_for(project.metadata.lang), project.metadata.exceptions
    ways_taken = (way(project, terms, progress) for way in ways)
    numbered = next((each for each in ways_taken if each), None)
    if numbered is None:
        return None
    problems += [] if isinstance(numbered, Written) else numbered.problems
    with progress.step("draw the pictures"):
        _stop_at_errors(unanswered(problems, exceptions))
        pictures, found = read_pictures(numbered.targets, project)
        problems += found
        _stop_at_errors(unanswered(problems, exceptions))
    written = numbered if isinstance(numbered, Written) else _written(numbered, project, progress)
    del numbered  # whose trees take most of the memory
    fragments = written.fragments
    problems += lint_formulas(fragments, project)
    with progress.step("cut the fonts"):
        characters = characters_of(project, fragments, pictures.values())
        problems += lint_glyphs(characters, fragments, project)
        _stop_at_errors(unanswered(problems, exceptions))
        fonts = cut_fonts(characters)
    publication = Publication(
        project,
        source,
        terms,
        written.numbered,
        fragments,
        pictures,
        fonts,
    )
    return publication, (*unanswered(problems, exceptions), *unused(problems, exceptions))


_Way = Callable[[Project, Terms, Progress], Written | _Whole | None]


def _carried(project: Project, terms: Terms, progress: Progress) -> Written | None:
    start = time.perf_counter()
    with progress.status("write what has changed"):
        carried = carry_over(project, terms)
    if carried:
        pandoc.end_idle()
        progress.tell("write what has changed", time.perf_counter() - start)
    return carried


def _numbered(project: Project, terms: Terms, progress: Progress) -> _Whole:
    with progress.step("assemble the sections"):
        assembled, problems = assemble(project)
    with progress.step("number"):
        numbering, found = number(assembled, project.references, terms)
    return _Whole(assembled, numbering, [*problems, *found])


def _written(whole: _Whole, project: Project, progress: Progress) -> Written:
    with progress.step("write the fragments"):
        numbered = whole.numbering.numbered
        fragments = write_fragments(numbered.chapters, project.metadata.lang)
        pandoc.end_idle()
        if not whole.problems:
            note(project, whole.assembled, whole.numbering)
        return Written.of(numbered, fragments, whole.targets)


def _stop_at_errors(problems: Sequence[Problem]) -> None:
    if errors_among(problems):
        raise ProblemsFound(problems)
