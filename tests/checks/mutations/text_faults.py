"""Faults in headings, captions, words and contents; see `markup_faults` for citations and notes."""

from __future__ import annotations

import copy
import re
from random import Random

from lxml import etree

from tests.checks.mutations import markup as m
from tests.checks.mutations.base import Hit
from tests.checks.mutations.markup_faults import fault, renumber, word_changed_in


@fault("declaration-label", "number-gap", "number-duplicate", "declaration-missing")
def heading_number_changed(docs: m.Docs, random: Random) -> Hit | None:
    heading = m.pick(random, m.headings(docs))
    if heading is None:
        return None
    label = m.label_of(heading)
    return Hit(label) if m.edit_text(heading, r"\d+(?![\d.])", m.up) else None


@fault("declaration-text")
def heading_text_changed(docs: m.Docs, random: Random) -> Hit | None:
    return word_changed_in(m.pick(random, m.headings(docs)))


@fault("declaration-missing")
def heading_dropped(docs: m.Docs, random: Random) -> Hit | None:
    heading = m.pick(random, m.headings(docs))
    if heading is None:
        return None
    label = m.label_of(heading)
    m.remove(heading)
    return Hit(label)


@fault("declaration-label", "number-duplicate", "number-gap", "declaration-missing")
def caption_number_changed(docs: m.Docs, random: Random) -> Hit | None:
    caption = m.pick(random, m.captions(docs))
    if caption is None:
        return None
    label = m.label_of(caption)
    return Hit(label) if m.edit_text(caption, r"\d+", m.up) else None


@fault("declaration-text")
def caption_text_changed(docs: m.Docs, random: Random) -> Hit | None:
    return word_changed_in(m.pick(random, m.captions(docs)), skip=1)


@fault("declaration-missing", "kind-missing")
def captioned_thing_dropped(docs: m.Docs, random: Random) -> Hit | None:
    caption = m.pick(random, m.captions(docs))
    if caption is None:
        return None
    kind = m.text(caption).split()[0].lower()
    whole = [p for p in caption.iterancestors() if m.local(p) in ("figure", "table")][-1]
    m.remove(whole)
    return Hit(near=kind)


@fault("declaration-text", "declaration-order", "number-order", "declaration-label", "link-target")
def captions_exchanged(docs: m.Docs, random: Random) -> Hit | None:
    kind = random.choice(("figcaption", "caption"))
    pair = m.two(random, [c for c in m.captions(docs) if m.local(c) == kind])
    if pair is None:
        return None
    m.swap(*pair)
    return Hit()


@fault("link-target", "mention-label", "mention-undeclared")
def mention_number_changed(docs: m.Docs, random: Random) -> Hit | None:
    return renumber(m.pick(random, m.mentions(docs)))


@fault("link-target", "link-lost")
def mention_retargeted(docs: m.Docs, random: Random) -> Hit | None:
    pair = m.two(random, m.mentions(docs))
    if pair is None or m.fragment(pair[0]) == m.fragment(pair[1]):
        return None
    m.lead(docs, pair[0], m.fragment(pair[1]))
    return Hit(m.label_of(pair[0]))


@fault("link-missing", "mention-missing")
def mention_unlinked(docs: m.Docs, random: Random) -> Hit | None:
    link = m.pick(random, m.mentions(docs))
    if link is None:
        return None
    label = m.label_of(link)
    m.remove(link, keep_text=True)
    return Hit(label)


@fault("link-dead", "mention-missing")
def target_without_identifier(docs: m.Docs, random: Random) -> Hit | None:
    link = m.pick(random, m.mentions(docs))
    if link is None:
        return None
    del m.by_id(docs)[m.fragment(link)].attrib["id"]
    return Hit(m.label_of(link))


@fault("declaration-label", "declaration-missing", "kind-missing", "link-target", "number-gap")
def equation_number_changed(docs: m.Docs, random: Random) -> Hit | None:
    places = [e for e in m.everything(docs) if re.fullmatch(r"\(\d+\)", m.text(e)) and len(e) == 0]
    place = m.pick(random, places)
    if place is None:
        return None
    label = m.label_of(place)
    return Hit(label) if m.edit_text(place, r"\d+", m.up) else None


@fault("words-differ")
def word_changed(docs: m.Docs, random: Random) -> Hit | None:
    paragraph = m.pick(random, m.paragraphs(docs))
    if paragraph is None:
        return None
    word = m.edit_text(
        paragraph, r"\b[a-z]{5,}\b", lambda match: "x" + match[0], random.randrange(3)
    )
    return Hit(near="x" + word) if word else None


@fault("words-differ")
def word_dropped(docs: m.Docs, random: Random) -> Hit | None:
    paragraph = m.pick(random, m.paragraphs(docs))
    if paragraph is None:
        return None
    word = m.edit_text(paragraph, r"\b[a-z]{5,} ", lambda _: "", random.randrange(3))
    return Hit(near=word) if word else None


@fault("words-differ")
def number_in_the_text_changed(docs: m.Docs, random: Random) -> Hit | None:
    things = [
        *(p for p in m.paragraphs(docs) if re.search(r"(?<![\d.])\d{2,}(?![\d.])", p.text or "")),
        *(
            t
            for t in m.everything(docs)
            if m.local(t) == "td" and re.fullmatch(r"\d{2,}", (t.text or "").strip())
        ),
    ]
    thing = m.pick(random, things)
    number = None if thing is None else m.edit_text(thing, r"(?<![\d.])\d{2,}(?![\d.])", m.up)
    return Hit(near=str(int(number) + 1)) if number else None


@fault("words-differ", "mention-missing")
def paragraph_dropped(docs: m.Docs, random: Random) -> Hit | None:
    plain = [p for p in m.paragraphs(docs) if len(p) == 0 or random.random() < 0.5]
    paragraph = m.pick(random, plain)
    if paragraph is None:
        return None
    words = re.findall(r"\w+", paragraph.text or m.text(paragraph))[0]
    m.remove(paragraph)
    return Hit(near=words if len(words) > 3 else "")


@fault("words-differ", "mention-extra")
def paragraph_doubled(docs: m.Docs, random: Random) -> Hit | None:
    paragraph = m.pick(random, m.paragraphs(docs))
    if paragraph is None:
        return None
    twin = copy.deepcopy(paragraph)
    for each in twin.iter():
        m.without(each, "id")
    paragraph.addnext(twin)
    return Hit()


@fault("words-differ", "mention-missing", "mention-extra", "mention-label")
def paragraphs_exchanged(docs: m.Docs, random: Random) -> Hit | None:
    pair = m.two(random, m.paragraphs(docs))
    if pair is None:
        return None
    m.swap(*pair)
    return Hit()


@fault("words-differ")
def sentence_cut(docs: m.Docs, random: Random) -> Hit | None:
    ending = [p for p in m.paragraphs(docs) if len(p) and len((p[-1].tail or "").split()) > 3]
    paragraph = m.pick(random, ending)
    if paragraph is None:
        return None
    words = (paragraph[-1].tail or "").split()
    paragraph[-1].tail = " " + " ".join(words[:-3])
    return Hit(near=words[-2])


@fault("words-differ")
def code_changed(docs: m.Docs, random: Random) -> Hit | None:
    code = m.pick(random, [e for e in m.everything(docs) if m.local(e) == "pre"])
    if code is None or not m.edit_text(code, r"[A-Za-z]{3,}", lambda match: match[0] + "q"):
        return None
    return Hit()


def _nav_links(docs: m.Docs, begins: str = r"(?:\w+\s)?\d") -> list[etree._Element]:
    """The lines of contents that begin so: if not told otherwise, those for what has a number."""
    return [
        e
        for e in m.everything(docs)
        if m.local(e) == "a"
        and m.inside(e, "nav", "doc-toc")
        and re.match(begins, m.text(e))
        and not m.inside(e, "page-list", "doc-pagelist", "landmarks")
    ]


@fault("contents-text")
def contents_text_changed(docs: m.Docs, random: Random) -> Hit | None:
    link = m.pick(random, _nav_links(docs))
    if link is None or not m.edit_text(link, r"[a-z]{4,}", lambda match: match[0][::-1] + "q"):
        return None
    return Hit(near=m.text(link)[:12])


@fault("contents-text")
def contents_number_changed(docs: m.Docs, random: Random) -> Hit | None:
    link = m.pick(random, _nav_links(docs))
    if link is None or not m.edit_text(link, r"\d+(?![\d.])", m.up):
        return None
    return Hit(near=m.text(link)[:12])


@fault("contents-text")
def contents_line_retargeted(docs: m.Docs, random: Random) -> Hit | None:
    pair = m.two(random, _nav_links(docs))
    if pair is None or pair[0].get("href") == pair[1].get("href"):
        return None
    m.lead(docs, pair[0], m.fragment(pair[1]))
    return Hit(near=m.text(pair[0])[:12])


@fault("contents-missing")
def contents_line_dropped(docs: m.Docs, random: Random) -> Hit | None:
    links = [e for e in _nav_links(docs) if not m.parent_of(e).findall(".//{*}ol")]
    link = m.pick(random, links)
    if link is None or m.local(m.parent_of(link)) != "li":
        return None
    label = m.label_of(link)
    same = [e for e in links if m.label_of(e).count(".") == label.count(".")]
    if len(same) < 2:
        return None
    m.remove(m.parent_of(link))
    return Hit(label)


@fault("page-mark")
def page_mark_moved(docs: m.Docs, random: Random) -> Hit | None:
    marks = _marks(docs)
    if len(marks) < 2:
        return None
    mark, paragraph = random.choice(marks[1:]), m.pick(random, m.paragraphs(docs))
    m.remove(mark)
    mark.tail = None
    paragraph.append(mark)  # type: ignore[union-attr]
    return Hit(_name(mark))


@fault("page-mark")
def page_mark_moved_before_the_last_word_of_a_chapter(docs: m.Docs, random: Random) -> Hit | None:
    ends = [p for p in m.paragraphs(docs) if _ends_a_chapter(p) and _last_text(p)]
    mark, paragraph = m.pick(random, _marks(docs)[1:]), m.pick(random, ends)
    if mark is None or paragraph is None:
        return None
    m.remove(mark)
    text = _last_text(paragraph)
    before, _, mark.tail = text.rpartition(" ")
    if len(paragraph):
        paragraph[-1].tail = f"{before} "
    else:
        paragraph.text = f"{before} "
    paragraph.append(mark)
    return Hit(_name(mark))


def _last_text(paragraph: etree._Element) -> str:
    text = (paragraph[-1].tail if len(paragraph) else paragraph.text) or ""
    return text if re.search(r"[a-z] [a-z]+\W*$", text) else ""


def _ends_a_chapter(paragraph: etree._Element) -> bool:
    """Whether a heading of a chapter comes next, or nothing."""
    if any(isinstance(each.tag, str) for each in paragraph.itersiblings()):
        return False
    every = list(paragraph.getroottree().getroot().iter("*"))
    after = every[every.index(paragraph) + 1 :]
    heading = next((e for e in after if m.local(e) in ("h1", "h2", "h3", "h4")), None)
    return heading is None or m.local(heading) in ("h1", "h2")


@fault("page-mark")
def page_mark_dropped(docs: m.Docs, random: Random) -> Hit | None:
    mark = m.pick(random, _marks(docs)[1:-1])
    if mark is None:
        return None
    m.remove(mark)
    return Hit(_name(mark))


@fault("page-mark")
def last_page_mark_of_the_text_dropped(docs: m.Docs, random: Random) -> Hit | None:
    marks = _marks(docs)
    if len(marks) < 2:
        return None
    m.remove(marks[-1])
    return Hit(_name(marks[-1]))


@fault("page-mark")
def page_mark_without_a_name(docs: m.Docs, random: Random) -> Hit | None:
    marks = _marks(docs)[1:]
    mark = m.pick(random, marks)
    if mark is None:
        return None
    name = _name(mark)
    for attribute in ("title", "aria-label"):
        m.without(mark, attribute)
    return Hit(name)


@fault("page-mark")
def page_mark_with_another_name(docs: m.Docs, random: Random) -> Hit | None:
    mark = m.pick(random, [mark for mark in _marks(docs) if _name(mark).isdigit()])
    if mark is None:
        return None
    name = _name(mark)
    for attribute in {"title", "aria-label"} & set(mark.attrib):
        mark.set(attribute, str(int(name) + 1))
    return Hit(name)


@fault("page-mark")
def page_marks_exchanged(docs: m.Docs, random: Random) -> Hit | None:
    pair = m.two(random, _marks(docs))
    if pair is None:
        return None
    m.swap(*pair)
    return Hit(_name(pair[0]))


@fault("contents-missing")
def page_left_out_of_the_list_of_pages(docs: m.Docs, random: Random) -> Hit | None:
    lines = [
        e
        for e in m.everything(docs)
        if m.local(e) == "li" and m.inside(e, "page-list", "doc-pagelist")
    ]
    line = m.pick(random, lines)
    if line is None:
        return None
    m.remove(line)
    return Hit(m.text(line))


@fault("contents-text")
def name_in_the_list_of_pages_changed(docs: m.Docs, random: Random) -> Hit | None:
    links = [
        e
        for e in m.everything(docs)
        if m.local(e) == "a" and m.inside(e, "page-list", "doc-pagelist")
    ]
    link = m.pick(random, links)
    if link is None or not m.edit_text(link, r"\d+", m.up):
        return None
    return Hit(near=m.text(link))


@fault("page-mark")
def all_page_marks_dropped(docs: m.Docs, random: Random) -> Hit | None:
    marks = _marks(docs)
    _drop_marks(docs, marks)
    return Hit() if marks else None


@fault("page-mark")
def first_page_marks_dropped(docs: m.Docs, random: Random) -> Hit | None:
    marks = _marks(docs)
    few = marks[: random.randrange(1, len(marks))] if len(marks) > 1 else []
    names = [_name(mark) for mark in few]
    _drop_marks(docs, few)
    return Hit(random.choice(names)) if names else None


def _drop_marks(docs: m.Docs, marks: list[etree._Element]) -> None:
    """Take page marks away, and their lines from the list of pages."""
    listed = {m.text(line): line for line in _lines_of_pages(docs)}
    for mark in marks:
        line = listed.get(_name(mark))
        if line is not None:
            m.remove(line)
        m.remove(mark)


def _lines_of_pages(docs: m.Docs) -> list[etree._Element]:
    return [
        e
        for e in m.everything(docs)
        if m.local(e) == "li" and m.inside(e, "page-list", "doc-pagelist")
    ]


@fault("contents-missing")
def list_of_pages_dropped(docs: m.Docs, random: Random) -> Hit | None:
    lines = [] if "" in docs else _lines_of_pages(docs)  # an HTML edition may do without
    for line in lines:
        m.remove(line)
    return Hit() if lines else None


@fault("contents-order")
def list_of_pages_reversed(docs: m.Docs, random: Random) -> Hit | None:
    lines = _lines_of_pages(docs)
    if len(lines) < 2:
        return None
    parent = m.parent_of(lines[0])
    parent[:] = reversed(lines)
    return Hit()


@fault("contents-missing")
def contents_dropped(docs: m.Docs, random: Random) -> Hit | None:
    """Leave nothing of the contents but, where they hold one, the list of pages."""
    links = [link for link in _nav_links(docs) if re.match(r"[\d.]+\s", m.text(link))]
    links += [link for link in _named_links(docs) if not _is_of_a_thing(link)]
    for link in links:
        m.remove(link)
    return Hit() if links else None


def _named_links(docs: m.Docs) -> list[etree._Element]:
    """The lines of contents that begin with a word."""
    return _nav_links(docs, r"[A-Z][a-z]+")


def _is_of_a_thing(link: etree._Element) -> bool:
    return bool(re.match(r"\w+\s\d", m.text(link)))


@fault("contents-missing")
def heading_without_a_number_left_out(docs: m.Docs, random: Random) -> Hit | None:
    links = [link for link in _named_links(docs) if not _is_of_a_thing(link)]
    link = m.pick(random, links)
    if link is None or m.local(m.parent_of(link)) != "li":
        return None
    name = m.text(link)
    m.remove(m.parent_of(link))
    return Hit(near=name)


@fault("contents-text")
def contents_line_with_words_before(docs: m.Docs, random: Random) -> Hit | None:
    link = m.pick(random, _nav_links(docs))
    if link is None:
        return None
    link.text = f"Not so {link.text or ''}"
    return Hit(near="Not so")


@fault("contents-order")
def contents_line_doubled(docs: m.Docs, random: Random) -> Hit | None:
    things = [*_nav_links(docs), *_named_links(docs)]
    link = m.pick(random, [e for e in things if m.local(m.parent_of(e)) == "li"])
    if link is None:
        return None
    line = etree.Element(m.parent_of(link).tag)
    line.append(copy.deepcopy(link))
    m.parent_of(link).addprevious(line)
    return Hit(near=m.text(link)[:12])


@fault("words-differ")
def digit_moved_to_the_next_cell(docs: m.Docs, random: Random) -> Hit | None:
    cell = m.pick(random, [c for c in _numeric_cells(docs) if _is_numeric(c.getnext())])
    if cell is None:
        return None
    after = cell.getnext()
    assert after is not None
    digits = (cell.text or "").strip()
    cell.text, after.text = digits[:-1], digits[-1] + (after.text or "").strip()
    return Hit(near=after.text)


@fault("words-differ")
def number_in_a_cell_with_a_sign(docs: m.Docs, random: Random) -> Hit | None:
    cell = m.pick(random, _numeric_cells(docs))
    if cell is None:
        return None
    cell.text = f"-{(cell.text or '').strip()}"
    return Hit()


@fault("words-differ")
def number_in_a_cell_parted(docs: m.Docs, random: Random) -> Hit | None:
    cell = m.pick(random, _numeric_cells(docs))
    if cell is None:
        return None
    digits = (cell.text or "").strip()
    cell.text = f"{digits[:1]} {digits[1:]}"
    return Hit(near=cell.text)


def _numeric_cells(docs: m.Docs) -> list[etree._Element]:
    return [e for e in m.everything(docs) if _is_numeric(e) and len((e.text or "").strip()) > 1]


def _is_numeric(cell: etree._Element | None) -> bool:
    if cell is None or m.local(cell) != "td" or len(cell):
        return False
    return (cell.text or "").strip().isdigit()


@fault("declaration-order")
def sections_without_numbers_exchanged(docs: m.Docs, random: Random) -> Hit | None:
    plain = [
        e
        for e in m.everything(docs)
        if m.local(e) in ("h3", "h4") and re.match(r"[A-Z][a-z]", m.text(e)) and m.paragraphs(docs)
    ]
    pairs = [
        (a, b) for a in plain for b in plain if m.parent_of(a) is m.parent_of(b) and a is not b
    ]
    if not pairs:
        return None
    first, second = random.choice(pairs)
    one, other = _section(first), _section(second)
    for here, there in zip(one, other, strict=False):
        m.swap(here, there)
    return Hit() if len(one) == len(other) else None


def _section(heading: etree._Element) -> list[etree._Element]:
    """A heading and the paragraphs behind it."""
    found = [heading]
    for each in heading.itersiblings():
        if m.local(each) != "p":
            break
        found.append(each)
    return found


@fault("link-dead")
def link_without_a_number_led_nowhere(docs: m.Docs, random: Random) -> Hit | None:
    paragraph = m.pick(random, m.paragraphs(docs))
    if paragraph is None or not re.match(r"\w+ \w+ ", paragraph.text or ""):
        return None
    words = re.match(r"(\w+ )(\w+)( .*)", paragraph.text or "", re.S)
    assert words
    link = etree.Element(paragraph.tag[:-1] + "a", href="#not-there")
    paragraph.text, link.text, link.tail = words[1], words[2], words[3]
    paragraph.insert(0, link)
    return Hit(words[2], near=words[2])


@fault("picture-text")
def text_added_to_a_picture(docs: m.Docs, random: Random) -> Hit | None:
    lines = [e for e in m.everything(docs) if m.local(e) == "text" and m.inside(e, "svg")]
    line = m.pick(random, lines)
    if line is None:
        return None
    picture = next(each for each in line.iterancestors() if m.local(each) == "svg")
    more = copy.deepcopy(line)
    more.text = "More letters than before. " * (2 + len(m.text(picture)) // 20)
    line.addnext(more)
    return Hit()


def _marks(docs: m.Docs) -> list[etree._Element]:
    return [e for e in m.everything(docs) if m.inside_itself(e, "doc-pagebreak", "pagebreak")]


def _name(mark: etree._Element) -> str:
    return mark.get("aria-label") or mark.get("title") or m.text(mark)
