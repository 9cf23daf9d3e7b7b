"""Language tags: whether a text's language is named so that software knows it (BCP 47: RFC 5646, IANA's registry)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import cache
from typing import Any, TypeVar

from babel import Locale, UnknownLocaleError
from babel.core import get_global

from concordant.cache import remembered
from concordant.problem import Place, Problem, Severity

Entry = TypeVar("Entry")
_FALLBACK = "en"
# RFC 5646, section 2.1, without the tags that are registered whole.
_TAG = re.compile(
    r"(?P<language>[a-z]{2,8})(?:-(?P<extlang>[a-z]{3}))?(?:-(?P<script>[a-z]{4}))?"
    r"(?:-(?P<region>[a-z]{2}|\d{3}))?(?P<variants>(?:-(?:[a-z\d]{5,8}|\d[a-z\d]{3}))*)"
    r"(?P<extensions>(?:-[a-wyz\d](?:-[a-z\d]{2,8})+)*)(?:-x(?:-[a-z\d]{1,8})+)?",
    re.IGNORECASE,
)
_PRIVATE_TAG = re.compile(r"x(?:-[a-z\d]{1,8})+", re.IGNORECASE)
# Subtags that the registry gives as ranges, for private use.
_PRIVATE = {
    "language": re.compile(r"q[a-t][a-z]"),
    "script": re.compile(r"qa(?:a[a-z]|b[a-x])"),
    "region": re.compile(r"q[m-z]|x[a-z]|aa|zz"),
}
# The languages that label words are known for.
LABELLED = ("en", "de", "fr", "es", "it", "nl", "pt")


def in_language(table: Mapping[str, Entry], tag: str) -> Entry:
    """Return what a table has for a tag's language, or for English."""
    return table.get(tag.split("-", maxsplit=1)[0].lower(), table[_FALLBACK])


def lint_language(tag: str, place: Place, *, grave: bool = True) -> Iterator[Problem]:
    """Yield what is wrong with a language tag: none that is registered, or one that has been replaced.

    Where nothing depends on the tag but letter case, it is not `grave`, and what is wrong a warning.
    """
    about = frozenset({tag})
    if fault := fault_of(tag):
        message = f'"{tag}" is no language tag: {fault}'
        close = suggestion(tag)
        hint = (
            f'did you mean "{close}"?' if close else "write a BCP 47 tag such as en, de-AT, zh-Hans"
        )
        severity = Severity.ERROR if grave else Severity.WARNING
        yield Problem("language-unknown", message, place, hint, severity, about)
    elif better := replacement(tag):
        message = f'the language tag "{tag}" is outdated'
        hint = f'write "{better}"'
        yield Problem("language-outdated", message, place, hint, Severity.WARNING, about)


def lint_direction(tag: str, place: Place) -> Iterator[Problem]:
    """Yield what a document in a language that is written from right to left has to expect."""
    with suppress(ValueError, UnknownLocaleError):
        if Locale.parse(tag, sep="-").text_direction == "rtl":
            message = (
                f'"{tag}" is written from right to left; the editions are set from left to right'
            )
            hint = "words from right to left can stand in a document in another language"
            about = frozenset({tag})
            yield Problem("language-direction", message, place, hint, Severity.WARNING, about)


def _registry() -> Any:
    from language_tags import tags  # noqa: PLC0415 - its many files take time, and are not asked twice

    return tags


@cache
@remembered
def fault_of(tag: str) -> str:
    """Say why a tag is not valid (RFC 5646, section 2.2.9); nothing for one that is."""
    if _PRIVATE_TAG.fullmatch(tag) or _registry().tag(tag).type == "grandfathered":
        return ""
    found = _TAG.fullmatch(tag)
    if not found:
        return "it has not the form of one"
    variants = found["variants"].lower().split("-")[1:]
    singletons = re.findall(r"-([a-z\d])(?=-)", found["extensions"].lower())
    for each in (variants, singletons):
        if len(each) > len(set(each)):
            return f'"{max(each, key=each.count)}" stands in it twice'
    parts = [(kind, found[kind]) for kind in ("language", "extlang", "script", "region")]
    parts += [("variant", each) for each in variants]
    unknown = (f'there is no {kind} "{part}"' for kind, part in parts if not _known(kind, part))
    return next(unknown, "")


def _known(kind: str, part: str | None) -> bool:
    if part is None or _registry().type(part, kind) is not None:
        return True
    return kind in _PRIVATE and bool(_PRIVATE[kind].fullmatch(part.lower()))


@cache
@remembered
def replacement(tag: str) -> str:
    """Return what the registry puts in the place of a valid tag; nothing where it stands."""
    tags = _registry()
    whole = tags.tag(tag).preferred
    if whole is not None:
        return str(whole.format)
    first, *rest = tag.split("-")
    language = tags.language(first)
    better = language.preferred if language is not None else None
    return "-".join([str(better.format), *rest]) if better is not None else ""


@cache
def suggestion(tag: str) -> str:
    """Return a valid tag that an author may have meant by one that is not valid; nothing if none comes to mind."""
    first, *rest = re.split(r"[-_ ]+", tag.strip())
    languages = get_global("language_aliases")
    regions = get_global("territory_aliases")
    others = [regions.get(each.upper(), [each])[0] for each in rest]
    code = _codes_by_name().get(tag.strip().casefold(), "")
    for each in (code, "-".join([languages.get(first.lower(), first).replace("_", "-"), *others])):
        if each and not fault_of(each):
            return each
    return ""


@cache
def _codes_by_name() -> dict[str, str]:
    """The languages' codes by their names in the languages that label words are known for (Unicode CLDR)."""
    tables = (Locale.parse(lang).languages for lang in reversed(LABELLED))
    return {
        name.casefold(): code.replace("_", "-") for table in tables for code, name in table.items()
    }
