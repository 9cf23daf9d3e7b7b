"""The bibliography's entries (CSL 1.0.2 data, or BibTeX), as far as they must be judged before citeproc reads them."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any

import yaml

from concordant import pandoc
from concordant.cache import remembered
from concordant.problem import Place, Problem, Severity, relative_place
from concordant.sources.dates import HINT, impossible_date, with_dates_as_text
from concordant.sources.languages import lint_language
from concordant.sources.locate import Lines
from concordant.sources.unreadable import Fault, not_utf8, not_yaml

# libyaml reads ten times as fast; a machine without it reads the same.
LOADER = with_dates_as_text(getattr(yaml, "CSafeLoader", yaml.SafeLoader))
_DATES = ("issued", "accessed", "available-date", "event-date", "original-date", "submitted")
_KEY = re.compile(
    r"""\bid["']?\s*:\s*["']?(?P<key>[^"',}\n]+?)["']?\s*[,}\n]|\{\s*(?P<bibtex>[^\s,{}]+)\s*,"""
)
_TITLE = "add `title = {…},`"
_TITLES = {".json": 'add `"title": "…"`', ".bib": _TITLE, ".bibtex": _TITLE, ".biblatex": _TITLE}
BIBTEX = {".bib": "biblatex", ".bibtex": "bibtex", ".biblatex": "biblatex"}
_ENTRY = "an entry begins with its type and its key, as in `@book{key,`"
_LIST = "an entry begins with a line `- id: key` and goes on with `title: …` and the like below it"


class Unreadable(Exception):
    """A bibliography cannot be read, and why."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.message)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Reference:
    """One entry of the bibliography: its key, its title, where it stands, its language if that is told, and a date in it if there
    is no such one.

    The language has a line of its own, 0 where that is unknown.
    """

    key: str
    title: str
    place: Place
    language: str = ""
    language_line: int = 0
    impossible: str = ""


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
        except Unreadable as error:
            fault = error.fault
            place, message = Place(place.file, fault.line), f"the bibliography {fault.message}"
            problems.append(Problem("bibliography-unreadable", message, place, fault.hint))
    return tuple(references), problems


def _read(path: Path, name: str) -> list[Reference]:
    try:
        text = path.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise Unreadable(not_utf8(error)) from error
    return [
        Reference(key, title, Place(name, line), language, said, impossible)
        for key, title, line, language, said, impossible in _entries(path.suffix.lower(), text)
    ]


@remembered
def _entries(suffix: str, text: str) -> list[tuple[str, str, int, str, int, str]]:
    """Return each entry's key, title and line, its language and the line that says it, a date that there is not."""
    starts = _starts(text)
    lines = Lines(text)
    entries = []
    items = _items(suffix, text)
    keys = [_key(item, suffix) for item in items]
    begun = [] if all(keys) else _beginnings(text)
    for index, (key, item) in enumerate(zip(keys, items, strict=True)):
        language = str(item.get("language") or "")
        start = _next(starts[key]) if key or not begun else begun[index]
        line = lines.of(start)
        said = lines.of(_language_start(language, start, text)) if language else 0
        dates = (impossible_date(item.get(name)) for name in _DATES)
        impossible = next(filter(None, dates), "")
        title = str(item.get("title") or "")
        entries.append((key, title, line, language, said or line, impossible))
    return entries


def _key(item: dict[str, Any], suffix: str) -> str:
    """Return an entry's key as pandoc takes it."""
    key = item.get("id")
    return str(key) if isinstance(key, str) or (key is not None and suffix == ".json") else ""


def _beginnings(text: str) -> list[int]:
    """Return where the entries of a bibliography in YAML begin; JSON is that, too, but for its tabs."""
    try:
        root = yaml.compose(text, yaml.SafeLoader)
    except yaml.YAMLError:
        return []
    lists = [root] if isinstance(root, yaml.SequenceNode) else []
    if isinstance(root, yaml.MappingNode):
        lists = [value for key, value in root.value if key.value == "references"]
    return [entry.start_mark.index for each in lists for entry in each.value]


def _items(suffix: str, text: str) -> list[dict[str, Any]]:
    """Return the entries of a bibliography.

    Raises:
        Unreadable: it is not what its file name says.
    """
    try:
        if form := BIBTEX.get(suffix):
            return pandoc.read_bibliography(text, form=form)
        data = json.loads(text) if suffix == ".json" else yaml.load(text, LOADER)
    except yaml.YAMLError as error:
        raise Unreadable(not_yaml(error, text)) from error
    except json.JSONDecodeError as error:
        raise Unreadable(Fault(f"is not JSON: {error.msg}", error.lineno)) from error
    except pandoc.Failed as error:
        found = re.search(r"\(line (\d+)", str(error))
        message = f"cannot be read: {' '.join(str(error).split())}"
        raise Unreadable(Fault(message, int(found[1]) if found else 0, _ENTRY)) from error
    except ValueError as error:
        raise Unreadable(Fault(f"cannot be read: {error}")) from error
    if isinstance(data, dict) and data and "references" not in data:
        raise Unreadable(Fault("has no list `references:`", hint=_LIST))
    items = data.get("references") if isinstance(data, dict) else data
    if not isinstance(items or [], list) or not all(isinstance(each, dict) for each in items or []):
        raise Unreadable(Fault("is no list of entries", hint=_LIST))
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
    """Yield what is wrong with the entries: no title, no such date, one key twice, one title twice, an unknown language."""
    for reference in references:
        if not reference.key:
            whose = f'the entry "{reference.title}"' if reference.title else "an entry"
            message = f"{whose} has no key"
            hint = "give it an `id:`; one that is a number needs quotation marks"
            yield Problem("ref-keyless", message, reference.place, hint)
        if not reference.title.strip():
            whose = f'the entry "{reference.key}"' if reference.key else "an entry"
            file = PurePath(reference.place.file)
            hint = _TITLES.get(file.suffix.lower(), "add a `title:`")
            yield Problem("ref-untitled", f"{whose} has no title", reference.place, hint)
        if reference.impossible:
            message = f'the entry "{reference.key}" has the date {reference.impossible}, which there is not'
            yield Problem("ref-date", message, reference.place, HINT)
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
