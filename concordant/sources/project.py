"""The project: a document's folder as values, read once."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from concordant.problem import CannotRun, Place, Problem, relative_place
from concordant.sources.bibliography import Reference, lint_bibliography, read_bibliographies
from concordant.sources.locate import Lines, Locator
from concordant.sources.metadata import DEFAULT_STYLE, Metadata, read_metadata, unreadable
from concordant.sources.unreadable import not_utf8

SOURCE = "source"
STYLES = "styles"
BIBLIOGRAPHY = "references.yaml"  # where the metadata names none


@dataclass(frozen=True, slots=True)
class Section:
    """One Markdown file: its name relative to the project's folder, and its text."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Project:
    """Everything that the author keeps under version control, as one build reads it."""

    root: Path
    metadata: Metadata
    sections: tuple[Section, ...]
    references: tuple[Reference, ...]
    whole_bibliography: bool = True
    """Whether all files of the bibliography could be read."""

    @property
    def source(self) -> Path:
        """The folder of the sections."""
        return self.root / SOURCE

    @property
    def styles(self) -> Path:
        """The folder of templates, style sheets and CSL files."""
        return self.root / STYLES

    @property
    def bibliographies(self) -> tuple[Path, ...]:
        """The bibliography's files."""
        return _bibliographies(self.source, self.metadata)

    @property
    def csl(self) -> Path:
        """The citation style's file."""
        return self.root / self.metadata.csl


def read_project(root: Path) -> tuple[Project, list[Problem]]:
    """Read the document in `root`; return it with every problem that reading finds.

    Raises:
        CannotRun: the folder has no `source/`.
    """
    source = root / SOURCE
    if not source.is_dir():
        raise CannotRun(f"there is no folder {SOURCE}/ in {root}")
    metadata, problems = _read_metadata(source, root)
    sections, section_problems = _read_sections(source, root, metadata)
    references, bibliography_problems = read_bibliographies(_bibliographies(source, metadata), root)
    # Metadata that cannot be read may name another bibliography.
    unread = [*bibliography_problems, *(e for e in problems if e.code == "metadata-unreadable")]
    project = Project(root, metadata, sections, references, not unread)
    problems += section_problems + bibliography_problems
    problems += [*lint_bibliography(references), *_lint_style(project)]
    return project, problems


def language_of(root: Path) -> str:
    """Return the language (BCP 47) of the document in `root`, whatever else its metadata say."""
    return _read_metadata(root / SOURCE, root)[0].lang


def _read_metadata(source: Path, root: Path) -> tuple[Metadata, list[Problem]]:
    path = source / "metadata.yaml"
    place = relative_place(path, root)
    if not path.is_file():
        hint = "begin with the lines `title: …` and `lang: en`"
        return Metadata(), [Problem("metadata-missing", "there is no metadata", place, hint)]
    try:
        return read_metadata(path.read_text("utf-8"), place.file)
    except UnicodeDecodeError as error:
        return Metadata(), [unreadable(not_utf8(error), place.file)]


def _read_sections(
    source: Path, root: Path, metadata: Metadata
) -> tuple[tuple[Section, ...], list[Problem]]:
    present = sorted(path.name for path in source.glob("*.md"))
    names = metadata.sections or tuple(present)
    sections, problems = [], []
    for name in names:
        path = source / name
        place = relative_place(path, root)
        try:
            sections.append(Section(place.file, path.read_text("utf-8-sig")))
        except FileNotFoundError:
            close = difflib.get_close_matches(name, present, 1)
            hint = f'did you mean "{close[0]}"?' if close else "see `sections:` in the metadata"
            problems.append(Problem("section-missing", "there is no such section", place, hint))
        except UnicodeDecodeError as error:
            fault = not_utf8(error)
            place, message = Place(place.file, fault.line), f"the section {fault.message}"
            problems.append(Problem("section-unreadable", message, place, fault.hint))
    if not names:
        place = Place(SOURCE)
        problems.append(
            Problem("section-missing", "there is no section", place, "add a file 01-name.md")
        )
    return tuple(sections), problems


def _bibliographies(source: Path, metadata: Metadata) -> tuple[Path, ...]:
    """Return the files that the metadata names, or else the one that need not be named, where it is."""
    named = tuple(source / name for name in metadata.bibliography)
    usual = source / BIBLIOGRAPHY
    return named or ((usual,) if usual.is_file() else ())


def _lint_style(project: Project) -> Iterator[Problem]:
    if not project.csl.is_file():
        message = f'there is no citation style "{project.metadata.csl}"'
        hint = f"the built-in one is {DEFAULT_STYLE}"
        yield Problem("style-missing", message, Place(f"{SOURCE}/metadata.yaml"), hint)


@dataclass(frozen=True, slots=True)
class Occurrence:
    """Where something stands in what the author has written; columns count from 1, and 0 is an unknown one."""

    place: Place
    column: int = 0


def occurrences_of(words: str, project: Project) -> list[Occurrence]:
    """Return where these very characters stand in what the author has written, or a single one as an escape stands for it.

    What is nowhere is somewhere in the source.
    """
    texts = _texts(project)
    found = [*_occurrences(re.escape(words), texts)]
    if not found and len(words) == 1:
        found = [*_occurrences(_escapes(ord(words)), texts)]
    return found or [Occurrence(Place(SOURCE))]


def first_place(words: str, project: Project) -> Place:
    """Return where these very characters first stand in what the author has written."""
    return occurrences_of(words, project)[0].place


def _texts(project: Project) -> dict[str, str]:
    """Return what the author has written, by the files' names: the sections first."""
    texts = {section.name: section.text for section in project.sections}
    for path in sorted(project.source.rglob("*")):
        if path.is_file() and path.suffix in {".yaml", ".json", ".bib", ".csv", ".svg", ".jinja"}:
            name = path.relative_to(project.root).as_posix()
            texts[name] = path.read_text("utf-8", errors="replace")
    return texts


def _occurrences(pattern: str, texts: Mapping[str, str]) -> Iterator[Occurrence]:
    for name, text in texts.items():
        lines = Lines(text)
        for found in re.finditer(pattern, text):
            start = found.start()
            column = start - text.rfind("\n", 0, start)
            yield Occurrence(Place(name, lines.of(start)), column)


def _escapes(code: int) -> str:
    """Return the pattern of what stands for a code point in Markdown, or in YAML and JSON."""
    return rf"(?i:&#(?:0*{code}|x0*{code:x});|\\(?:x{code:02x}|u{code:04x}|U{code:08x}))"


def place_of_table(cells: Sequence[str], turn: int, section: Place, project: Project) -> Place:
    """Return where a table stands whose first row has these cells: behind the heading of its section and `turn` others that begin so.

    Where the place of the section is not known, it is the only such table, or the place is not known either.
    """
    files = [each for each in project.sections if each.name == section.file]
    found = [
        place
        for each in files or project.sections
        for place in _tables(cells, Locator(each.name, each.text))
        if place.line > section.line
    ]
    if files:
        return found[turn] if turn < len(found) else section
    return found[0] if len(found) == 1 else section


def _tables(cells: Sequence[str], locator: Locator) -> Iterator[Place]:
    while (place := locator.table(cells)).line:
        yield place
