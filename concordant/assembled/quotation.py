"""Quotation marks: those of the language in which a quotation stands, as Docutils knows them."""

from __future__ import annotations

from functools import cache
from typing import Any

from babel.core import get_global

from concordant.cache import remembered
from concordant.tree import Node, Visitor, attr_of, rewrite, string

_ENGLISH = ("“", "”", "‘", "’")  # so no English document waits for the table


def set_marks(value: Any, lang: str) -> Any:
    """Return a copy of what is written in a language, in which quotation marks are words like others."""

    def visit(node: Node) -> list[Node] | None:
        if node["t"] == "Quoted":
            return _marked(node, lang, visit)
        if node["t"] == "Cite":
            citations, printed = node["c"]
            around = [_set_around(each, visit) for each in citations]
            return [{**node, "c": [around, rewrite(printed, visit)]}]
        own = _language_of(node)
        return [{**node, "c": set_marks(node["c"], own)}] if own not in ("", lang) else None

    return rewrite(value, visit)


def _marked(quoted: Node, lang: str, visit: Visitor) -> list[Node]:
    kind, inlines = quoted["c"]
    first = 0 if kind["t"] == "DoubleQuote" else 2
    opening, closing = marks_of(lang)[first : first + 2]
    return [string(opening), *rewrite(inlines, visit), string(closing)]


def _set_around(citation: dict[str, Any], visit: Visitor) -> dict[str, Any]:
    """Set the marks in the words before and behind a key."""
    words = {name: rewrite(citation[name], visit) for name in ("citationPrefix", "citationSuffix")}
    return {**citation, **words}


def _language_of(node: Node) -> str:
    attr = attr_of(node)
    return str(dict(attr[2]).get("lang", "")) if attr and attr[2] else ""


@cache
def marks_of(lang: str) -> tuple[str, ...]:
    """Return the marks that open and close a quotation, and those of one within another; of an unknown language English ones."""
    tag = lang.lower().replace("_", "-")
    return _ENGLISH if tag.split("-")[0] == "en" else tuple(_known(tag))


@remembered
def _known(tag: str) -> list[str]:
    from docutils.utils.smartquotes import smartchars  # noqa: PLC0415 - takes time, and is not asked twice

    found = (smartchars.quotes.get(each) for each in _names(tag))
    marks = next(filter(None, found), _ENGLISH)
    # The wide space beside French marks would be stretched with the others of its line.
    return [each.replace("\u00a0", "\u202f") for each in marks]


def _names(tag: str) -> list[str]:
    """Return under which names a language may be known: with its region, also where only the script tells it, or without."""
    language, *others = tag.split("-")
    script = next((each.title() for each in others if len(each) == 4), "")
    region = next((each for each in others if len(each) == 2), "")
    usual = get_global("likely_subtags").get(f"{language}_{script}" if script else language, "")
    usual_region = usual.rpartition("_")[2].lower()
    return [f"{language}-{region}", language, f"{language}-{usual_region}"]
