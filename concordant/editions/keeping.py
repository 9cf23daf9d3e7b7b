"""Keeping words together on paper: a citation stays with the word before it, and no short word ends a paragraph alone.

Only line breaks are forbidden, by `span` elements of the class `keep`: not a character changes.
"""

from __future__ import annotations

import re

from lxml import etree

from concordant.editions.fragments import Element, classes

LONGEST_GROUP = 4  # citations; a longer group must be free to break
SHORTEST_ENDING = 8  # characters
_LAST_WORD = re.compile(r"\S{1,14}\s$")
_ENDING = re.compile(rf"\S{{1,14}}\s\S{{1,{SHORTEST_ENDING}}}$")


def keep_together(root: Element) -> None:
    """Forbid the line breaks that a compositor would not make."""
    for citation in [each for each in root.iter("span") if "citation" in classes(each)]:
        if len(citation) <= LONGEST_GROUP:
            _with_word_before(citation)
    for paragraph in list(root.iter("p")):
        _ending(paragraph)


def _with_word_before(citation: Element) -> None:
    parent, before = citation.getparent(), citation.getprevious()
    assert parent is not None
    text = (parent.text if before is None else before.tail) or ""
    word = _LAST_WORD.search(text)
    kept = etree.Element("span", {"class": "keep"})
    kept.text = word[0] if word else ""
    kept.tail, citation.tail = citation.tail, None
    parent.replace(citation, kept)
    kept.append(citation)
    rest = text[: word.start()] if word else text
    if before is None:
        parent.text = rest
    else:
        before.tail = rest


def _ending(paragraph: Element) -> None:
    """Keep a short last word with the one before it, where both are plain text."""
    last = paragraph[-1] if len(paragraph) else None
    text = ((paragraph.text if last is None else last.tail) or "").rstrip()
    ending = _ENDING.search(text)
    if not ending:
        return
    kept = etree.SubElement(paragraph, "span", {"class": "keep"})
    kept.text = ending[0]
    if last is None:
        paragraph.text = text[: ending.start()]
    else:
        last.tail = text[: ending.start()]
