"""Numbers as they are printed: labels, ranges, roman and arabic folios."""

from __future__ import annotations

import re

# "12", "2.1", "A", "A.1", "3a", "iv" are matched by separate patterns: what is allowed depends on the place.
NUMBER = r"(?:\d{1,4}(?:\.\d{1,3})*|[A-Z](?:\.\d{1,3})+|[A-Z]\d{1,3}(?:\.\d{1,3})*)"
ANY_LABEL = re.compile(rf"^(?:{NUMBER}[a-z]?|[A-Z])$")
FOLIO = re.compile(r"^(?:\d{1,4}|[ivxlcdm]{1,15}|[IVXLCDM]{1,15})$")
DASHES = "-–—‒‑−"
DASH = r"\-–—‒‑−"  # the same, inside a character class of a pattern
_RANGE = re.compile(rf"^\s*(\d{{1,4}})\s*[{DASH}]\s*(\d{{1,4}})\s*$")
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}


def expand(first: str, last: str) -> tuple[str, ...]:
    """Return the labels strictly between the ends of a collapsed range: ("7", "9") gives ("8",)."""
    left, right = counter(first), counter(last)
    if left is None or right is None or left[0] != right[0]:
        return ()
    series, numbers = left[0], range(left[1] + 1, right[1])
    if series == "A-":
        return tuple(chr(ord("A") + number - 1) for number in numbers)
    return tuple(f"{series}{number}" for number in numbers)


def whole_range(text: str) -> tuple[str, ...]:
    """Return all labels of a printed range ("7–9"), or () when the text is none."""
    match = _RANGE.match(text)
    if not match or int(match[1]) >= int(match[2]):
        return ()
    return (match[1], *expand(match[1], match[2]), match[2])


def folio_value(folio: str) -> tuple[str, int] | None:
    """Return the style ("arabic", "roman") and value of a folio, or None when it is none."""
    if folio.isdigit():
        return "arabic", int(folio)
    letters = folio.lower()
    if not FOLIO.match(folio) or any(letter not in _ROMAN for letter in letters):
        return None
    values = [_ROMAN[letter] for letter in letters]
    total = sum(-v if v < max(values[i:]) else v for i, v in enumerate(values))
    return ("roman", total) if roman(total) == letters else None


def roman(number: int) -> str:
    """Return a positive number in lower-case roman digits."""
    digits = (1000, "m", 900, "cm", 500, "d", 400, "cd", 100, "c", 90, "xc")
    digits += (50, "l", 40, "xl", 10, "x", 9, "ix", 5, "v", 4, "iv", 1, "i")  # type: ignore[assignment]
    text = ""
    for value, letters in zip(digits[::2], digits[1::2], strict=True):
        count, number = divmod(number, int(value))
        text += str(letters) * count
    return text


def counter(label: str) -> tuple[str, int] | None:
    """Split a label into the series it counts in and its number: "2.3" gives ("2.", 3); "B" gives ("", 2)."""
    head, _, tail = label.rpartition(".")
    series = f"{head}." if head else ""
    if tail.isdigit():
        return series, int(tail)
    if re.fullmatch(r"[A-Z]", tail):
        return "A-" + series, ord(tail) - ord("A") + 1
    return None
