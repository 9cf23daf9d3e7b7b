"""`source/metadata.yaml`: what the document is called, by whom, and how it is to be built."""

from __future__ import annotations

import difflib
import re
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

import yaml

from concordant.problem import Place, Problem, Severity
from concordant.sources.dates import HINT, moment_of, with_dates_as_text
from concordant.sources.exemptions import Exemption, lint_exemptions, read_exemptions, texts
from concordant.sources.languages import lint_direction, lint_language
from concordant.sources.locate import Lines
from concordant.sources.unreadable import Fault, not_yaml

DEFAULT_STYLE = "styles/concordant-numeric.csl"
_LOADER = with_dates_as_text(yaml.SafeLoader)
_REQUIRED = ("title", "lang")
# pandoc's keys that could do nothing here, each with what to do instead.
INSTEAD = {"nocite": "the reference list has what the text cites: cite the entry in the text"}
_LISTS = ("authors", "keywords", "bibliography", "sections")


@dataclass(frozen=True, slots=True)
class Metadata:
    """The document's metadata; every field is text or a tuple of texts, empty where not given."""

    title: str = "Untitled"
    subtitle: str = ""
    slug: str = ""
    lang: str = "en"
    version: str = ""
    date: str = ""
    publisher: str = ""
    description: str = ""
    rights: str = ""
    identifier: str = ""
    url: str = ""
    csl: str = DEFAULT_STYLE
    authors: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    bibliography: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    exceptions: tuple[Exemption, ...] = ()


def read_metadata(text: str, name: str) -> tuple[Metadata, list[Problem]]:
    """Read the text of a metadata file called `name`; return the metadata and what is wrong with it."""
    try:
        raw = yaml.load(text, _LOADER) or {}
    except yaml.YAMLError as error:
        return Metadata(), [unreadable(not_yaml(error, text), name)]
    except ValueError as error:  # what YAML makes of a value that it takes for another kind
        message = f"the metadata cannot be read: {error}"
        return Metadata(), [Problem("metadata-unreadable", message, Place(name))]
    if not isinstance(raw, Mapping):
        message = "the metadata must be a list of `key: value` lines"
        return Metadata(), [Problem("metadata-unreadable", message, Place(name, 1))]
    # As it is written, the version 1.10 is not 1.1, and the title "Yes" not true.
    written = yaml.load(text, yaml.BaseLoader)
    metadata = _from(
        {key: written.get(str(key), raw[key]) for key in raw if raw[key] is not None},
        raw,
        text,
        name,
    )
    problems = [*_missing(raw, text, name), *_unknown(raw, text, name)]
    problems += _lint_values(raw, metadata, text, name)
    problems += lint_exemptions(metadata.exceptions)
    if raw.get("lang"):
        place = _place("lang", text, name)
        problems += [*lint_language(metadata.lang, place), *lint_direction(metadata.lang, place)]
    return metadata, problems


def unreadable(fault: Fault, name: str) -> Problem:
    """Return the problem that a metadata file called `name` cannot be read."""
    place = Place(name, fault.line)
    return Problem("metadata-unreadable", f"the metadata {fault.message}", place, fault.hint)


def _missing(raw: Mapping[str, Any], text: str, name: str) -> Iterator[Problem]:
    for key in _REQUIRED:
        if not raw.get(key):
            hint = f"add a line `{key}: …`"
            if raw.get(key) is False:  # YAML takes `no`, which is Norwegian, for a negation
                hint = f'write `{key}: "no"`'
            elif key in raw:
                hint = f"write it behind `{key}:`"
            place = _place(key, text, name)
            yield Problem("metadata-missing", f'the metadata has no "{key}"', place, hint)


def _unknown(raw: Mapping[str, Any], text: str, name: str) -> Iterator[Problem]:
    known = [field.name for field in fields(Metadata)]
    for key in raw:
        if key in known:
            continue
        close = difflib.get_close_matches(str(key), known, 1)
        hint = f'did you mean "{close[0]}"?' if close else "known are " + ", ".join(known)
        hint = INSTEAD.get(str(key), hint)
        message = f'"{key}" means nothing here'
        place = _place(str(key), text, name)
        yield Problem("metadata-unknown", message, place, hint, Severity.WARNING)


def _place(key: str, text: str, name: str) -> Place:
    found = re.search(rf"^{re.escape(key)}\s*:", text, re.MULTILINE)
    return Place(name, Lines(text).of(found.start() if found else -1))


def _lint_values(
    raw: Mapping[str, Any], metadata: Metadata, text: str, name: str
) -> Iterator[Problem]:
    """Yield the values that are none for their keys."""
    for field in fields(Metadata):
        value, place = raw.get(field.name), _place(field.name, text, name)
        several = value if isinstance(value, list) and field.name in _LISTS else [value]
        if field.name != "exceptions" and any(isinstance(each, (list, dict)) for each in several):
            may = "words, or a list of them" if field.name in _LISTS else "words"
            yield Problem("metadata-value", f'"{field.name}" is to be {may}', place)
    if isinstance(raw.get("date"), (str, int)) and not moment_of(metadata.date):
        message = f'"{metadata.date}" is no date'
        hint = f"{HINT}; it is printed in the document's language"
        yield Problem("metadata-value", message, _place("date", text, name), hint)
    if re.search(r"[/\\]|^\.|^check$", metadata.slug):
        message = f'no edition can have the name "{metadata.slug}"'
        hint = "let the slug be letters, digits and hyphens"
        yield Problem("metadata-value", message, _place("slug", text, name), hint)


def _from(written: Mapping[str, Any], raw: Mapping[str, Any], text: str, name: str) -> Metadata:
    values: dict[str, Any] = {}
    for field in fields(Metadata):
        value = written.get(field.name)
        if value is None or value == "":
            continue
        if field.name == "exceptions":
            values[field.name] = read_exemptions(raw[field.name], text, name)
        elif field.name in _LISTS:
            values[field.name] = texts(value)
        else:
            values[field.name] = " ".join(str(value).split())
    values.setdefault("slug", slug_of(values.get("title", "document")))
    values.setdefault("identifier", f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, values['slug'])}")
    return Metadata(**values)


def slug_of(title: str) -> str:
    """Return a file name for a title: lower-case words joined by hyphens."""
    return re.sub(r"[^\w]+", "-", title.lower()).strip("-_") or "document"
