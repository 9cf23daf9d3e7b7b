"""Fragments: each chapter once as HTML, the same for the three editions."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from zlib import crc32

from lxml import etree

from concordant import pandoc
from concordant.cache import at_hand, key_for, recalled_by_key, remembered
from concordant.editions.elements import (
    HEADINGS,
    MATH,
    REFUSED,
    Element,
    classes,
    inner,
    parse,
    remove,
    text_of,
)
from concordant.editions.speech import speak
from concordant.editions.wording import wordings
from concordant.numbered.blank import BLANK
from concordant.numbered.chapter import Chapter
from concordant.numbered.decorate import PARAGRAPH
from concordant.numbered.write import is_reference_list
from concordant.problem import Problem
from concordant.sources.project import Project, first_place
from concordant.tree import Node, attribute, div, identifier_of

_NOTES = "chapter-notes"
_LONG = 200  # entries of a list that is written in groups
_GROUP = 64  # entries in a group, on average
_TEX = re.compile(r"\$+(.*?)\$+", re.DOTALL)
# Behind the attribute, the page may begin, and a label with something else.
_BLANK = re.compile(rf' {BLANK}="([^"]*)"([^>]*>(?:<span [^>]*(?:/>|></span>))?[^<0-9]*)(0+)')


@dataclass(frozen=True, slots=True)
class Fragment:
    """One chapter as well-formed HTML: its `section` element, and one `div` for each footnote.

    The chapter has its headings, but its text no more; where that had blanks the fragment has them, too, until `set_numbers`.
    `wordings` has, by anchor, what contents lists print of its headings and captions that are more than plain words; `printed`
    the characters of the text, with those that no edition can hold, which are left out of it, `formulas` those of the formulas
    in it, `written` those of the HTML; `unread` the formulas that pandoc cannot read.
    """

    chapter: Chapter
    body: str
    notes: tuple[str, ...]
    wordings: Mapping[str, str] = field(default_factory=dict)
    printed: str = ""
    formulas: str = ""
    written: str = ""
    unread: tuple[str, ...] = ()


def write_fragments(chapters: Iterable[Chapter], lang: str) -> tuple[Fragment, ...]:
    """Write every chapter, its blocks and footnotes, as a fragment, with pandoc, several at a time."""
    every = [*chapters]
    asked = [(each.blocks, each.notes, lang) for each in every]
    written = pandoc.several_remembered(_write, asked)
    return tuple(
        Fragment(chapter.without_text(), *each)
        for chapter, each in zip(every, written, strict=True)
    )


def fragment_key(chapter: Chapter, lang: str) -> str:
    """Return the key under which is kept what this chapter has been written as, for `recall_fragment`."""
    return key_for(_write, chapter.blocks, chapter.notes, lang)


def recall_fragment(outline: Chapter, key: str) -> Fragment | None:
    """Return the fragment of a chapter, given without its text, if it is kept."""
    known = recalled_by_key(_write, key)
    return Fragment(outline, *known[0]) if known else None


_Written = tuple[str, tuple[str, ...], dict[str, str], str, str, str, tuple[str, ...]]


@remembered
def _write(blocks: list[Node], notes: list[Node], lang: str) -> _Written:
    root, refused = _written([*blocks, div(notes, attribute(_NOTES))], lang)
    container = next(element for element in root.iter("div") if element.get("id") == _NOTES)
    parent = container.getparent()
    assert parent is not None
    parent.remove(container)
    _tidy(root)
    _tidy(container)
    body, own = inner(root), tuple(text_of(note) for note in container)
    printed, formulas = (
        characters_in(*texts(root), *texts(container)) for texts in (_outside, _in_formulas)
    )
    printed = characters_in(printed, *refused)
    unread = tuple(_unread(root, container))
    return body, own, wordings(root), printed, formulas, characters_in(body, *own), unread


def _written(blocks: list[Node], lang: str) -> tuple[Element, set[str]]:
    """Have pandoc write blocks; a long reference list in groups, of which an edit changes few.

    The characters that no edition can hold are left out, and returned.
    """
    refused: set[str] = set()

    def parsed(html: str) -> Element:
        refused.update(REFUSED.findall(html))
        return parse(REFUSED.sub("", html))

    frame = [div([], block["c"][0]) if _is_long_list(block) else block for block in blocks]
    root = parsed(pandoc.write_html(frame, lang=lang))
    for block in filter(_is_long_list, blocks):
        holder = next(each for each in root.iter("div") if each.get("id") == identifier_of(block))
        holder.text = "\n"
        for group in _groups(block["c"][1]):
            holder.extend(parsed(_group(group, lang)))
    return root, refused


def _is_long_list(block: Node) -> bool:
    return is_reference_list(block) and len(block["c"][1]) > _LONG


def _groups(entries: list[Node]) -> Iterator[list[Node]]:
    """Part entries into groups: which of them begins one it decides itself."""
    group: list[Node] = []
    for entry in entries:
        if group and crc32(identifier_of(entry).encode()) % _GROUP == 0:
            yield group
            group = []
        group.append(entry)
    yield group


@remembered
def _group(entries: list[Node], lang: str) -> str:
    return pandoc.write_html(entries, lang=lang)


def _unread(*roots: Element) -> Iterator[str]:
    """Yield, as TeX, the formulas that pandoc has left as they were."""
    for root in roots:
        for span in root.iter("span"):
            if "math" in classes(span) and (
                tex := _TEX.fullmatch("".join(map(str, span.itertext())))
            ):
                yield tex[1].strip()


def lint_formulas(fragments: Iterable[Fragment], project: Project) -> Iterator[Problem]:
    """Yield an error for each formula that cannot be read, as the editions would print its TeX."""
    for tex in dict.fromkeys(tex for each in fragments for tex in each.unread):
        message = f"the formula {tex} cannot be read"
        hint = "look for an unknown command, or for a brace too many or too few"
        yield Problem("formula-unreadable", message, first_place(tex, project), hint)


def _outside(root: Element) -> Iterator[str]:
    """Yield the text of an element but for what stands in formulas."""
    if next(root.iter(MATH), None) is not None:
        root = copy.deepcopy(root)
        etree.strip_elements(root, MATH, with_tail=False)
    yield from map(str, root.itertext())


def _in_formulas(root: Element) -> Iterator[str]:
    """Yield the text of the formulas in an element."""
    return (str(text) for formula in root.iter(MATH) for text in formula.itertext())


def set_numbers(html: str, chapter: Chapter) -> str:
    """Put the numbers into the blanks of a chapter's text, whatever has become of what stands around them."""
    return _set(html, tuple(chapter.numbers.items())) if BLANK in html else html


@at_hand
def _set(html: str, numbers: tuple[tuple[str, str], ...]) -> str:
    by_anchor = dict(numbers)

    def number(blank: re.Match[str]) -> str:
        known = by_anchor.get(blank[1])
        return blank[2] + known if known else blank[0]

    return _BLANK.sub(number, html)


def characters_in(*texts: str) -> str:
    """Return, sorted, the characters of texts, each once."""
    return "".join(sorted(frozenset().union(*texts)))


def _tidy(root: Element) -> None:
    for element in list(root.iter(etree.Element)):
        if element.tag == "span" and PARAGRAPH in classes(element):
            _address(element)
        elif element.tag == "div" and element.get("id") == "refs":
            _listed(element)
        elif element.tag == "th" and "scope" not in element.attrib:
            in_head = any(above.tag == "thead" for above in element.iterancestors())
            element.set("scope", "col" if in_head else "row")
        elif element.tag in HEADINGS:
            _drop(element, "class")
        elif element.tag == MATH:
            element.set("alttext", speak(element))


def _address(marker: Element) -> None:
    """Give a paragraph the address that its marker carries."""
    parent = marker.getparent()
    if parent is not None and parent.tag == "p":
        parent.set("id", marker.get("id", ""))
    remove(marker)


def _drop(element: Element, name: str) -> None:
    if name in element.attrib:
        del element.attrib[name]


def _listed(references: Element) -> None:
    references.tag = "ol"
    _drop(references, "role")
    for entry in references:
        entry.tag = "li"
