"""Formulas in words: what a person would read out, for those who hear a formula (WCAG 2.2, 1.1.1).

The words are English. What the tables do not know is read by its Unicode name.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence

from lxml import etree

Element = etree._Element
_OPERATORS = {
    "+": "plus",
    "-": "minus",
    "−": "minus",
    "±": "plus or minus",
    "×": "times",
    "⋅": "times",
    "·": "times",
    "*": "times",
    "∗": "times",
    "/": "divided by",
    "÷": "divided by",
    "=": "equals",
    "≠": "does not equal",
    "≈": "is approximately",
    "∼": "is similar to",
    "≡": "is identical to",
    "<": "is less than",
    ">": "is greater than",
    "≤": "is at most",
    "≥": "is at least",
    "∝": "is proportional to",
    "→": "to",
    "∈": "in",
    "∑": "the sum",
    "∏": "the product",
    "∫": "the integral",
    "√": "the square root of",
    "∂": "partial",
    "∞": "infinity",
    "!": "factorial",
    "%": "percent",
    "(": "open bracket",
    ")": "close bracket",
    "[": "open bracket",
    "]": "close bracket",
    "{": "open brace",
    "}": "close brace",
    "|": "bar",
    "′": "prime",
    "…": "and so on",
    "⋯": "and so on",
}
_SILENT = {"\u2061", "\u2062", "\u2063", "\u2064", ",", ";", ""}
_POWERS = {"2": "squared", "3": "cubed", "′": "prime", "*": "star", "∗": "star"}
_ACCENTS = {
    "¯": "bar",
    "‾": "bar",
    "^": "hat",
    "ˆ": "hat",
    "~": "tilde",
    "˜": "tilde",
    "→": "vector",
    "˙": "dot",
}


def speak(math: Element) -> str:
    """Return what a MathML element says, in words."""
    return " ".join(_words(math).split())


def _words(element: Element) -> str:
    name = etree.QName(element).localname
    text = (element.text or "").strip()
    if name in {"annotation", "annotation-xml", "mspace", "mphantom"}:
        return ""
    if name == "mo":
        return _operator(text)
    if name in {"mi", "mn", "mtext", "ms"}:
        return " ".join(map(_letter, text)) if name == "mi" and not text.isascii() else text
    reader = _READERS.get(name)
    kids = [kid for kid in element if isinstance(kid.tag, str)]
    return reader(kids) if reader else " ".join(map(_words, kids))


def _operator(sign: str) -> str:
    if sign in _SILENT:
        return sign if sign in {",", ";"} else ""
    return _OPERATORS.get(sign) or " ".join(map(_letter, sign))


def _letter(sign: str) -> str:
    if sign.isascii():
        return sign
    if sign in _OPERATORS:
        return _OPERATORS[sign]
    name = unicodedata.name(unicodedata.normalize("NFKC", sign)[0], sign).lower()
    *_, last = name.split(" letter ")
    return f"capital {last}" if "capital" in name and "letter" in name else last


def _fraction(kids: Sequence[Element]) -> str:
    above, below = map(_words, kids)
    if " " in f"{above}{below}".strip():
        return f"the fraction {above} over {below}, end of fraction,"
    return f"{above} over {below}"


def _power(kids: Sequence[Element]) -> str:
    base, exponent = map(_words, kids)
    sign = str(kids[1].xpath("string()")).strip()
    return f"{base} {_POWERS.get(sign) or f'to the power of {exponent}'}"


def _below(kids: Sequence[Element]) -> str:
    base, index = map(_words, kids)
    return f"{base} sub {index}"


def _below_and_power(kids: Sequence[Element]) -> str:
    base, index, exponent = map(_words, kids)
    big = base in {"the sum", "the product", "the integral"}
    if big:
        return f"{base} from {index} to {exponent} of"
    return f"{base} sub {index} to the power of {exponent}"


def _under(kids: Sequence[Element]) -> str:
    base, below = map(_words, kids)
    return (
        f"{base} over {below} of" if base in {"the sum", "the product"} else f"{base} under {below}"
    )


def _over(kids: Sequence[Element]) -> str:
    sign = str(kids[1].xpath("string()")).strip()
    return f"{_words(kids[0])} {_ACCENTS.get(sign) or f'with {_words(kids[1])} above'}"


def _root(kids: Sequence[Element]) -> str:
    return f"the root of degree {_words(kids[1])} of {_words(kids[0])}, end of root,"


def _square_root(kids: Sequence[Element]) -> str:
    return f"the square root of {' '.join(map(_words, kids))}, end of root,"


def _table(kids: Sequence[Element]) -> str:
    return " ".join(f"row {number}: {_words(row)};" for number, row in enumerate(kids, 1))


_READERS: dict[str, Callable[[Sequence[Element]], str]] = {
    "mfrac": _fraction,
    "msup": _power,
    "msub": _below,
    "msubsup": _below_and_power,
    "munder": _under,
    "mover": _over,
    "munderover": _below_and_power,
    "mroot": _root,
    "msqrt": _square_root,
    "mtable": _table,
}
