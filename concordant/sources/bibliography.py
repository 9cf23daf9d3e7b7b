"""The bibliography's entries (CSL 1.0.2 data, or BibTeX), as far as they must be judged before citeproc reads them."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from concordant import pandoc
from concordant.cache import remembered
from concordant.problem import Place, Problem, Severity, relative_place
from concordant.sources.languages import lint_language
from concordant.sources.locate import Lines

# libyaml reads ten times as fast; a machine without it reads the same.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_KEY = re.compile(
    r"""\bid["']?\s*:\s*["']?(?P<key>[^"',}\n]+?)["']?\s*[,}\n]|\{\s*(?P<bibtex>[^\s,{}]+)\s*,"""
)
_BIBTEX = {".bib": "biblatex", ".bibtex": "bibtex", ".biblatex": "biblatex"}


@dataclass(frozen=True, slots=True)
class Reference:
    """One entry of the bibliography: its key, its title, where it stands, and its language if that is told.

    The language has a line of its own, 0 where that is unknown.
    """

    key: str
    title: str
    place: Place
    language: str = ""
    language_line: int = 0


def read_bibliographies(
    paths: Sequence[Path], root: Path
) -> tuple[tuple[Reference, ...], list[Problem]]:
    """Read the bibliography files; return their entries, and the files that cannot be read."""
    references: list[Reference] = []
    problems: list[Problem] = []
    for path in paths:
        place = relative_place(path, root)
        try:
            references += _read(path, place.file)
        except FileNotFoundError:
            hint = "name the file under `bibliography:` in source/metadata.yaml"
            problems.append(
                Problem("bibliography-missing", "there is no such bibliography", place, hint)
            )
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 0
            message = f"the bibliography is not YAML: {error.problem}"
            problems.append(Problem("bibliography-unreadable", message, Place(place.file, line)))
        except pandoc.Failed as error:
            found = re.search(r"\(line (\d+)", str(error))
            message = f"the bibliography cannot be read: {' '.join(str(error).split())}"
            place = Place(place.file, int(found[1]) if found else 0)
            problems.append(Problem("bibliography-unreadable", message, place))
        except (ValueError, AttributeError, TypeError) as error:
            message = f"the bibliography cannot be read: {error}"
            problems.append(Problem("bibliography-unreadable", message, place))
    return tuple(references), problems


def _read(path: Path, name: str) -> list[Reference]:
    found = _entries(path.suffix.lower(), path.read_text("utf-8"))
    return [
        Reference(key, title, Place(name, line), language, said)
        for key, title, line, language, said in found
    ]


@remembered
def _entries(suffix: str, text: str) -> list[tuple[str, str, int, str, int]]:
    """Return each entry's key, title and line, its language and the line that says it."""
    starts = _starts(text)
    lines = Lines(text)
    entries = []
    for item in _items(suffix, text):
        key, language = item.get("id"), str(item.get("language") or "")
        key = str(key) if isinstance(key, str) or suffix == ".json" else ""  # as pandoc takes it
        start = _next(starts[key])
        line = lines.of(start)
        said = lines.of(_language_start(language, start, text)) if language else 0
        entries.append((key, str(item.get("title") or ""), line, language, said or line))
    return entries


def _items(suffix: str, text: str) -> list[dict[str, Any]]:
    if form := _BIBTEX.get(suffix):
        return pandoc.read_bibliography(text, form=form)
    data = json.loads(text) if suffix == ".json" else yaml.load(text, LOADER)
    items: list[dict[str, Any]] = data.get("references", []) if isinstance(data, dict) else data
    return items or []


def _starts(text: str) -> defaultdict[str, list[int]]:
    """Return where the keys of entries stand, by key: one that is there twice has two places."""
    starts = defaultdict[str, list[int]](list)
    for found in _KEY.finditer(text):
        starts[found["key"] or found["bibtex"]].append(found.start())
    return starts


def _next(starts: list[int]) -> int:
    """Take the first of several places; the last one stays."""
    return starts.pop(0) if len(starts) > 1 else next(iter(starts), -1)


def _language_start(language: str, start: int, text: str) -> int:
    said = rf"""\blang(?:uage|id)["']?\s*[:=]\s*["'{{]?{re.escape(language)}(?!\w)"""
    found = re.compile(said).search(text, start) if start >= 0 else None
    return found.start() if found else -1


def lint_bibliography(references: Sequence[Reference]) -> Iterator[Problem]:
    """Yield what is wrong with the entries: no title, one key twice, one title twice, an unknown language."""
    for reference in references:
        if not reference.key:
            message = f'the entry "{reference.title}" has no key'
            hint = "give it an `id:`; one that is a number needs quotation marks"
            yield Problem("ref-keyless", message, reference.place, hint)
        if not reference.title.strip():
            message = f'the entry "{reference.key}" has no title'
            yield Problem("ref-untitled", message, reference.place, "add a `title:`")
        if reference.language:
            place = Place(reference.place.file, reference.language_line)
            yield from lint_language(reference.language, place, grave=False)
    for key, same in _groups(references, "key"):
        others = ", ".join(str(each.place) for each in same[1:])
        message = f'the key "{key}" stands for several entries, also at {others}'
        yield Problem("ref-duplicate", message, same[0].place, "give each entry a key of its own")
    for title, same in _groups(references, "title"):
        keys = frozenset(each.key for each in same)
        if title and len(keys) > 1:
            named = ", ".join(sorted(keys))
            yield Problem(
                "ref-same-title",
                f"the entries {named} have the same title",
                same[-1].place,
                "keep one, or declare an exception with a reason in source/metadata.yaml",
                Severity.WARNING,
                keys,
            )


def _groups(references: Sequence[Reference], field: str) -> Iterator[tuple[str, list[Reference]]]:
    groups: defaultdict[str, list[Reference]] = defaultdict(list)
    for reference in references:
        groups[getattr(reference, field)].append(reference)
    return ((value, same) for value, same in groups.items() if value and len(same) > 1)
