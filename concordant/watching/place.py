"""The place of an edit: the address of the first thing in the text that is not as it was."""

from __future__ import annotations

import re
from collections.abc import Iterable

from concordant.editions.fragments import Fragment

# What has an address of its own and is large enough to be shown: paragraphs, sections, captioned things, notes.
_ADDRESS = re.compile(r'<(?:p|section|figure|table|div|li|ol|pre)\b[^<>]*?\sid="([^"]+)"')
# Numbers, which one edit can change anywhere, are no places of it; what a link leads to is.
_NUMBERS = re.compile(
    r'(?<=>)[^<>]+(?=</a>)|<sup>\d+</sup>|<span class="(?:number|label|entry-label)">.*?</span>'
    r'|\s(?:id|href)="#?(?:cite-[\w.-]+|(?:fn|fnref)-\d+)"(?!\sclass="footnote")',
    re.DOTALL,
)


def edited(before: Iterable[Fragment], after: Iterable[Fragment]) -> str:
    """Return the address of the first place whose words have changed; else whose numbers have; else nothing."""
    old, new = list(before), list(after)
    return _first_change(_pieces(old, bare=True), _pieces(new, bare=True)) or _first_change(
        _pieces(old, bare=False), _pieces(new, bare=False)
    )


def _first_change(before: list[tuple[str, str]], after: list[tuple[str, str]]) -> str:
    for old, new in zip(before, after, strict=False):
        if old != new:
            return new[0]
    return after[-1][0] if after and len(before) != len(after) else ""


def _pieces(fragments: Iterable[Fragment], *, bare: bool) -> list[tuple[str, str]]:
    """Return the text in pieces, each from one address to the next."""
    html = "".join("".join((each.body, *each.notes)) for each in fragments)
    _, *parts = _ADDRESS.split(_NUMBERS.sub("", html) if bare else html)
    return list(zip(parts[::2], parts[1::2], strict=True))
