"""Keeping words together on paper: a citation stays with the word before it, and no short word ends a paragraph alone.

Only spaces change, into no-break spaces; WeasyPrint justifies lines by stretching the other spaces.
"""

from __future__ import annotations

import re

from concordant.editions.elements import HEADINGS, Element, classes

NBSP = "\N{NO-BREAK SPACE}"
_SPACE = re.compile(r"\s+$")
_LONGEST_GROUP = 3  # citations; a longer group must be free to break
_ENDING = re.compile(r"(?<=\S)\s(?=\S{1,7}\s*$)")
_HEADING_ENDING = re.compile(r"(?<=\S)\s(?=\S{1,12}\s*$)")


def keep_together(root: Element) -> None:
    """Forbid the line breaks that a compositor would not make."""
    for citation in [each for each in root.iter("span") if "citation" in classes(each)]:
        _keep_with_word_before(citation)
        if len(citation) <= _LONGEST_GROUP:
            for link in citation:
                link.tail = (link.tail or "").replace(" ", NBSP)
    for paragraph in root.iter("p"):
        _keep_ending(paragraph, _ENDING)
    for heading in root.iter(*HEADINGS):
        _keep_ending(heading, _HEADING_ENDING)
    for entry in [each for each in root.iter("span") if "words" in classes(each)]:
        _keep_ending(entry, _HEADING_ENDING)
    for link in root.iter("a"):
        if "note-number" in classes(link):
            link.tail = NBSP + (link.tail or "").lstrip()


def _keep_with_word_before(citation: Element) -> None:
    """Move the space before a citation into it: Pango lets one at the end of a text hang over the margin."""
    parent, before = citation.getparent(), citation.getprevious()
    assert parent is not None
    text = (parent.text if before is None else before.tail) or ""
    if text != (bare := _SPACE.sub("", text)) and (bare or before is not None):
        citation.text = NBSP + (citation.text or "")
        if before is None:
            parent.text = bare
        else:
            before.tail = bare


def _keep_ending(element: Element, ending: re.Pattern[str]) -> None:
    """Keep a short last word with the one before it, where both are plain text."""
    if len(element):
        element[-1].tail = ending.sub(NBSP, element[-1].tail or "")
    else:
        element.text = ending.sub(NBSP, element.text or "")
