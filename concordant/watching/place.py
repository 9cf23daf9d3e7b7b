"""The place of an edit: the address of the first thing in the text that is not as it was."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import takewhile, zip_longest

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
    old, new = _changed([*before], [*after])
    return _first_change(_pieces(old, bare=True), _pieces(new, bare=True)) or _first_change(
        _pieces(old, bare=False), _pieces(new, bare=False)
    )


def _changed(
    before: Sequence[Fragment], after: Sequence[Fragment]
) -> tuple[Sequence[Fragment], Sequence[Fragment]]:
    """Leave out the chapters at the beginning that read as they did, but never all of the new ones."""
    pairs = zip(before, after[:-1], strict=False)
    alike = takewhile(lambda pair: _html(pair[0]) == _html(pair[1]), pairs)
    first = sum(1 for _ in alike)
    return before[first:], after[first:]


def _first_change(before: Iterable[tuple[str, str]], after: Iterable[tuple[str, str]]) -> str:
    last, alike = "", True
    for old, new in zip_longest(before, after):
        alike = alike and old == new
        if old and new and not alike:
            return new[0]
        last = new[0] if new else last
    return "" if alike else last


def _pieces(fragments: Iterable[Fragment], *, bare: bool) -> Iterator[tuple[str, str]]:
    """Yield the text in pieces, each from one address to the next; a chapter begins with one."""
    for each in fragments:
        html = _html(each)
        _, *parts = _ADDRESS.split(_NUMBERS.sub("", html) if bare else html)
        yield from zip(parts[::2], parts[1::2], strict=True)


def _html(fragment: Fragment) -> str:
    return "".join((fragment.body, *fragment.notes))
