"""The faults in markup, by name: each changes one place, chosen by a seeded random generator."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from random import Random

from lxml import etree

from tests.checks.mutations import markup as m
from tests.checks.mutations.base import Hit

FAULTS: dict[str, tuple[m.MarkupFault, frozenset[str]]] = {}
_MENTION = ("mention-label", "mention-missing", "mention-extra")


def fault(*codes: str) -> Callable[[m.MarkupFault], m.MarkupFault]:
    """Enter a function under its name, with the codes of which one must be reported."""

    def enter(function: m.MarkupFault) -> m.MarkupFault:
        FAULTS[function.__name__.replace("_", " ")] = function, frozenset(codes)
        return function

    return enter


def _renumber(link: etree._Element | None) -> Hit | None:
    if link is None or m.edit_text(link, r"\d+(?!.*\d)", m.up) is None:
        return None
    return Hit(m.label_of(link))


@fault("link-target")
def citation_number_changed(docs: m.Docs, random: Random) -> Hit | None:
    return _renumber(m.pick(random, m.citations(docs)))


@fault("link-target")
def citation_numbers_swapped(docs: m.Docs, random: Random) -> Hit | None:
    things = m.citations(docs)
    pair = m.two(random, things)
    if pair is None or m.text(pair[0]) == m.text(pair[1]):
        return None
    first, second = m.text(pair[0]), m.text(pair[1])
    m.edit_text(pair[0], r"\d+", lambda _: second.strip("[]"))
    m.edit_text(pair[1], r"\d+", lambda _: first.strip("[]"))
    return Hit(second.strip("[]"))


@fault("link-target")
def citation_retargeted(docs: m.Docs, random: Random) -> Hit | None:
    pair = m.two(random, m.citations(docs))
    if pair is None or m.fragment(pair[0]) == m.fragment(pair[1]):
        return None
    m.lead(docs, pair[0], m.fragment(pair[1]))
    return Hit(m.label_of(pair[0]))


@fault("link-dead")
def citation_led_nowhere(docs: m.Docs, random: Random) -> Hit | None:
    link = m.pick(random, m.citations(docs))
    if link is None:
        return None
    link.set("href", link.get("href", "") + "-gone")
    return Hit(m.label_of(link))


@fault("link-lost", "link-target")
def citation_led_to_a_paragraph(docs: m.Docs, random: Random) -> Hit | None:
    link, paragraph = m.pick(random, m.citations(docs)), m.pick(random, m.paragraphs(docs))
    if link is None or paragraph is None:
        return None
    paragraph.set("id", paragraph.get("id") or "some-paragraph")
    m.lead(docs, link, paragraph.get("id", ""))
    return Hit(m.label_of(link))


@fault("link-missing")
def citation_unlinked(docs: m.Docs, random: Random) -> Hit | None:
    link = m.pick(random, m.citations(docs))
    if link is None:
        return None
    label = m.label_of(link)
    m.remove(link, keep_text=True)
    return Hit(label)


@fault("mention-missing")
def citation_removed(docs: m.Docs, random: Random) -> Hit | None:
    link = m.pick(random, m.citations(docs))
    if link is None:
        return None
    label = m.label_of(link)
    m.remove(link)
    return Hit(label)


@fault("mention-extra", "mention-label")
def citation_added(docs: m.Docs, random: Random) -> Hit | None:
    pair = m.two(random, m.citations(docs))
    if pair is None:
        return None
    twin = copy.deepcopy(pair[0])
    m.without(twin, "id")
    twin.tail = ", "
    pair[1].addprevious(twin)
    return Hit(m.label_of(twin))


@fault("mention-missing", "mention-label")
def range_made_a_pair(docs: m.Docs, random: Random) -> Hit | None:
    ranges = [link for link in m.citations(docs) if (link.tail or "").strip() in ("–", "-")]
    link = m.pick(random, ranges)
    if link is None:
        return None
    link.tail = ", "
    return Hit(str(int(m.label_of(link)) + 1))


@fault("declaration-missing")
def entry_dropped(docs: m.Docs, random: Random) -> Hit | None:
    entry = m.pick(random, m.entries(docs))
    if entry is None:
        return None
    label = m.label_of(entry)
    m.remove(entry)
    return Hit(label)


@fault("declaration-extra", "number-duplicate")
def entry_doubled(docs: m.Docs, random: Random) -> Hit | None:
    entry = m.pick(random, m.entries(docs))
    if entry is None:
        return None
    twin = copy.deepcopy(entry)
    for each in twin.iter():
        m.without(each, "id")
    entry.addnext(twin)
    return Hit(m.label_of(entry))


@fault("declaration-order", "declaration-label", "number-order", "number-gap")
def entries_reordered(docs: m.Docs, random: Random) -> Hit | None:
    pair = m.two(random, m.entries(docs))
    if pair is None:
        return None
    m.swap(*pair)
    return Hit()


@fault("declaration-label", "declaration-missing", "number-duplicate")
def entry_label_changed(docs: m.Docs, random: Random) -> Hit | None:
    entry = m.pick(random, m.entries(docs))
    if entry is None:
        return None
    label = m.label_of(entry)
    return Hit(label) if m.edit_text(entry, r"\d+", m.up) else None


@fault("declaration-text")
def entry_text_changed(docs: m.Docs, random: Random) -> Hit | None:
    return _word_changed(m.pick(random, m.entries(docs)))


@fault("declaration-text")
def entry_year_changed(docs: m.Docs, random: Random) -> Hit | None:
    dated = [entry for entry in m.entries(docs) if re.search(r"\b(18|19|20)\d\d\b", m.text(entry))]
    entry = m.pick(random, dated)
    if entry is None or not m.edit_text(entry, r"\b(?:18|19|20)\d\d\b", m.up):
        return None
    return Hit(m.label_of(entry))


def _word_changed(element: etree._Element | None, skip: int = 0) -> Hit | None:
    if element is None:
        return None
    changed = m.edit_text(element, r"[a-z]{5,}", lambda match: match[0][::-1] + "x", skip)
    return Hit(m.label_of(element)) if changed else None


def _note_label(docs: m.Docs, note: etree._Element) -> str:
    return next((m.text(c) for c in m.calls(docs) if m.fragment(c) == note.get("id")), "")


@fault("declaration-missing", "link-dead")
def note_dropped(docs: m.Docs, random: Random) -> Hit | None:
    note = m.pick(random, m.notes(docs))
    if note is None:
        return None
    label = _note_label(docs, note)
    m.remove(note)
    return Hit(label)


@fault("declaration-text")
def note_text_changed(docs: m.Docs, random: Random) -> Hit | None:
    note = m.pick(random, m.notes(docs))
    hit = _word_changed(note)
    return Hit(_note_label(docs, note)) if note is not None and hit else None


@fault("declaration-text", "declaration-order", "number-order", "declaration-label")
def notes_exchanged(docs: m.Docs, random: Random) -> Hit | None:
    pair = m.two(random, m.notes(docs))
    if pair is None:
        return None
    m.swap(*pair)
    return Hit()


@fault("link-target", "mention-label")
def call_number_changed(docs: m.Docs, random: Random) -> Hit | None:
    return _renumber(m.pick(random, m.calls(docs)))


@fault("link-target")
def call_retargeted(docs: m.Docs, random: Random) -> Hit | None:
    pair = m.two(random, m.calls(docs))
    if pair is None:
        return None
    m.lead(docs, pair[0], m.fragment(pair[1]))
    return Hit(m.label_of(pair[0]))


@fault("mention-missing", "never-mentioned")
def call_removed(docs: m.Docs, random: Random) -> Hit | None:
    link = m.pick(random, m.calls(docs))
    if link is None:
        return None
    label = m.label_of(link)
    m.remove(link)
    return Hit(label)


@fault("declaration-label", "link-target", "mention-label")
def notes_counted_from_one_again(docs: m.Docs, random: Random) -> Hit | None:
    calls = m.calls(docs)
    if len(calls) < 3:
        return None
    start = random.randrange(1, len(calls) - 1)
    ids = m.by_id(docs)
    for number, link in enumerate(calls[start:], 1):
        note = ids[m.fragment(link)]
        old = m.text(link)
        m.edit_text(link, r"\d+", lambda _, n=number: str(n))  # type: ignore[misc]
        if re.match(rf"\W*{old}\b", m.text(note)):
            m.edit_text(note, r"\d+", lambda _, n=number: str(n))  # type: ignore[misc]
        else:
            note.set("value", str(number))
    return Hit()


@fault("backlink-wrong", "backlink-missing")
def way_back_retargeted(docs: m.Docs, random: Random) -> Hit | None:
    backs = [each for each in m.everything(docs) if m.local(each) == "a" and _is_back(docs, each)]
    pair = m.two(random, backs)
    if pair is None or m.fragment(pair[0]) == m.fragment(pair[1]):
        return None
    if pair[0].getparent() is pair[1].getparent():
        return None
    m.lead(docs, pair[0], m.fragment(pair[1]))
    return Hit()


def _is_back(docs: m.Docs, link: etree._Element) -> bool:
    listed = set(m.notes(docs))
    return m.inside_itself(link, "doc-backlink", "backlink") and m.inside_list(link, listed)


@fault("backlink-missing")
def way_back_removed(docs: m.Docs, random: Random) -> Hit | None:
    backs = [each for each in m.everything(docs) if m.local(each) == "a" and _is_back(docs, each)]
    link = m.pick(random, [b for b in backs if not re.search(r"\w", m.text(b))] or backs)
    if link is None:
        return None
    m.remove(link, keep_text=True)
    return Hit()


@fault("declaration-label", "number-gap", "number-duplicate", "declaration-missing")
def heading_number_changed(docs: m.Docs, random: Random) -> Hit | None:
    heading = m.pick(random, m.headings(docs))
    if heading is None:
        return None
    label = m.label_of(heading)
    return Hit(label) if m.edit_text(heading, r"\d+(?![\d.])", m.up) else None


@fault("declaration-text")
def heading_text_changed(docs: m.Docs, random: Random) -> Hit | None:
    return _word_changed(m.pick(random, m.headings(docs)))


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
    return _word_changed(m.pick(random, m.captions(docs)), skip=1)


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
    return _renumber(m.pick(random, m.mentions(docs)))


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
    return Hit()


@fault("page-mark")
def page_mark_dropped(docs: m.Docs, random: Random) -> Hit | None:
    marks = _marks(docs)[1:-1]
    mark = m.pick(random, marks)
    if mark is None:
        return None
    m.remove(mark)
    return Hit()


def _marks(docs: m.Docs) -> list[etree._Element]:
    return [e for e in m.everything(docs) if m.inside_itself(e, "doc-pagebreak", "pagebreak")]
