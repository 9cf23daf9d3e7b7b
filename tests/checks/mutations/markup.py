"""Faults in markup: they work on the parsed documents of an HTML edition or of an EPUB's spine alike."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator
from random import Random

from lxml import etree

from tests.checks.mutations.base import Hit

Docs = dict[str, etree._Element]
MarkupFault = Callable[[Docs, Random], Hit | None]
TYPE = "{http://www.idpf.org/2007/ops}type"


def local(element: etree._Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def everything(docs: Docs) -> Iterator[etree._Element]:
    for root in docs.values():
        yield from (each for each in root.iter() if isinstance(each.tag, str))


def text(element: etree._Element) -> str:
    return " ".join(text_of(element).split())


def kind_of(element: etree._Element) -> str:
    return f"{element.get('role', '')} {element.get(TYPE, '')} {element.get('epub:type', '')}"


def inside(element: etree._Element, *names: str) -> bool:
    for each in (element, *element.iterancestors()):
        if local(each) in names or any(name in kind_of(each).split() for name in names):
            return True
    return False


ASIDE = (
    "nav",
    "doc-toc",
    "doc-backlink",
    "head",
    "header",
    "footer",
    "titlepage",
    "cover",
    "colophon",
)


def by_id(docs: Docs) -> dict[str, etree._Element]:
    found: dict[str, etree._Element] = {}
    for each in everything(docs):
        if each.get("id"):
            found.setdefault(each.get("id", ""), each)
    return found


def links(docs: Docs) -> list[etree._Element]:
    """Links of the running text that lead to an identifier inside the edition."""
    return [
        each
        for each in everything(docs)
        if local(each) == "a"
        and "#" in each.get("href", "")
        and "://" not in each.get("href", "")
        and not inside(each, *ASIDE)
        and text(each)
    ]


def fragment(link: etree._Element) -> str:
    return link.get("href", "").partition("#")[2]


def entries(docs: Docs) -> list[etree._Element]:
    marked = [
        each for each in everything(docs) if inside_itself(each, "doc-biblioentry", "biblioentry")
    ]
    return marked or [
        each
        for each in everything(docs)
        if local(each) == "li" and re.match(r"\[\d+\]", text(each))
    ]


def inside_itself(element: etree._Element, *names: str) -> bool:
    return any(name in kind_of(element).split() for name in names)


def notes(docs: Docs) -> list[etree._Element]:
    return [
        each
        for each in everything(docs)
        if inside_itself(each, "doc-footnote", "footnote", "doc-endnote")
    ]


def numbered(docs: Docs, pattern: str, *names: str) -> list[etree._Element]:
    return [
        each
        for each in everything(docs)
        if local(each) in names and not inside(each, *ASIDE) and re.match(pattern, text(each))
    ]


def headings(docs: Docs) -> list[etree._Element]:
    return numbered(docs, r"\d+(\.\d+)*\s", "h1", "h2", "h3", "h4", "h5")


def captions(docs: Docs) -> list[etree._Element]:
    return numbered(docs, r"\w+\s\d+", "figcaption", "caption")


def label_of(element: etree._Element) -> str:
    match = re.search(r"\d+(\.\d+)*", text(element))
    return match[0] if match else ""


def citations(docs: Docs) -> list[etree._Element]:
    ids = by_id(docs)
    listed = set(entries(docs))
    return [
        each
        for each in links(docs)
        if text(each).strip("[]").isdigit()
        and ids.get(fragment(each)) in listed
        and not inside_list(each, listed)
    ]


def inside_list(element: etree._Element, listed: set[etree._Element]) -> bool:
    return any(parent in listed for parent in element.iterancestors())


def calls(docs: Docs) -> list[etree._Element]:
    ids = by_id(docs)
    listed = set(notes(docs))
    return [
        each
        for each in links(docs)
        if text(each).isdigit()
        and ids.get(fragment(each)) in listed
        and not inside_list(each, listed)
    ]


def mentions(docs: Docs) -> list[etree._Element]:
    """Cross-references: links with a number to a figure, table, section, equation or listing."""
    others = {*citations(docs), *calls(docs)}
    listed = {*entries(docs), *notes(docs)}
    ids = by_id(docs)
    return [
        each
        for each in links(docs)
        if each not in others
        and re.search(r"\d$", text(each))
        and not inside_list(each, listed)
        and fragment(each) in ids
        and ids[fragment(each)] not in listed
    ]


def paragraphs(docs: Docs) -> list[etree._Element]:
    listed = {*entries(docs), *notes(docs)}
    return [
        each
        for each in everything(docs)
        if local(each) == "p"
        and len(text(each)) > 60
        and not inside(each, *ASIDE, "figure", "aside", "table")
        and not inside_list(each, listed)
        and before_heading(each)
    ]


def before_heading(element: etree._Element) -> bool:
    """Whether a heading stands before the paragraph: the title matter is not compared."""
    root = element.getroottree().getroot()
    for each in root.iter():
        if each is element:
            return False
        if local(each) in ("h2", "h3", "h4") and not inside(each, *ASIDE):
            return True
    return False


def edit_text(
    element: etree._Element, pattern: str, new: Callable[[re.Match[str]], str], skip: int = 0
) -> str | None:
    """Replace the first match in one of the element's own text nodes; return what was there."""
    for node, attribute in _text_nodes(element):
        value = getattr(node, attribute) or ""
        for match in re.finditer(pattern, value):
            if skip:
                skip -= 1
                continue
            setattr(node, attribute, value[: match.start()] + new(match) + value[match.end() :])
            return match[0]
    return None


def _text_nodes(element: etree._Element) -> Iterator[tuple[etree._Element, str]]:
    if local(element) in ("math", "svg", "style", "script"):
        return
    yield element, "text"
    for child in element:
        yield from _text_nodes(child)
        yield child, "tail"


def pick(random: Random, things: list[etree._Element]) -> etree._Element | None:
    return random.choice(things) if things else None


def two(
    random: Random, things: list[etree._Element]
) -> tuple[etree._Element, etree._Element] | None:
    return tuple(random.sample(things, 2)) if len(things) > 1 else None  # type: ignore[return-value]


def remove(element: etree._Element, keep_text: bool = False) -> None:
    """Take an element out of the tree, and leave its tail (and, if asked, its text) in place."""
    parent = parent_of(element)
    kept = (text_of(element) if keep_text else "") + (element.tail or "")
    previous = element.getprevious()
    if previous is not None:
        previous.tail = (previous.tail or "") + kept
    else:
        parent.text = (parent.text or "") + kept
    parent.remove(element)


def text_of(element: etree._Element) -> str:
    return "".join(str(part) for part in element.itertext())


def parent_of(element: etree._Element) -> etree._Element:
    parent = element.getparent()
    assert parent is not None
    return parent


def without(element: etree._Element, name: str) -> None:
    """Take an attribute away, if it is there."""
    if name in element.attrib:
        del element.attrib[name]


def swap(a: etree._Element, b: etree._Element) -> None:
    """Exchange two elements that do not hold each other; tails stay where they are."""
    for one, other in ((a, b), (b, a)):
        assert other not in list(one.iterancestors())
    a_mark, b_mark = etree.Element("mark"), etree.Element("mark")
    a_tail, b_tail = a.tail, b.tail
    parent_of(a).replace(a, a_mark)
    parent_of(b).replace(b, b_mark)
    parent_of(a_mark).replace(a_mark, b)
    parent_of(b_mark).replace(b_mark, a)
    b.tail, a.tail = a_tail, b_tail


def lead(docs: Docs, link: etree._Element, anchor: str) -> None:
    """Let a link lead to an identifier, in whichever document it is."""
    target = by_id(docs)[anchor].getroottree().getroot()
    name = next(name for name, root in docs.items() if root is target)
    own = link.getroottree().getroot()
    here = next((each for each, root in docs.items() if root is own), "")
    path = posixpath.relpath(name, posixpath.dirname(here) or ".") if name else ""
    link.set("href", f"#{anchor}" if own is target else f"{path}#{anchor}")


def up(match: re.Match[str]) -> str:
    return str(int(match[0]) + 1)
