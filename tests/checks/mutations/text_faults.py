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


def _nav_links(docs: m.Docs) -> list[etree._Element]:
    return [
        e
        for e in m.everything(docs)
        if m.local(e) == "a"
        and m.inside(e, "nav", "doc-toc")
        and re.match(r"(?:\w+\s)?\d", m.text(e))
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
