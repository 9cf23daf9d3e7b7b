"""The faults in markup, by name: here those of citations, references and notes.

Each changes one place, chosen by a seeded random generator.
"""

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


def renumber(link: etree._Element | None) -> Hit | None:
    if link is None or m.edit_text(link, r"\d+(?!.*\d)", m.up) is None:
        return None
    return Hit(m.label_of(link))


@fault("link-target")
def citation_number_changed(docs: m.Docs, random: Random) -> Hit | None:
    return renumber(m.pick(random, m.citations(docs)))


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
    return word_changed_in(m.pick(random, m.entries(docs)))


@fault("declaration-text")
def entry_year_changed(docs: m.Docs, random: Random) -> Hit | None:
    dated = [entry for entry in m.entries(docs) if re.search(r"\b(18|19|20)\d\d\b", m.text(entry))]
    entry = m.pick(random, dated)
    if entry is None or not m.edit_text(entry, r"\b(?:18|19|20)\d\d\b", m.up):
        return None
    return Hit(m.label_of(entry))


@fault("declaration-text")
def words_added_behind_an_entry(docs: m.Docs, random: Random) -> Hit | None:
    """Before the ways back, as if they introduced these."""
    listed = [e for e in m.entries(docs) if any(map(_is_way_back, e.iter()))]
    entry = m.pick(random, listed)
    if entry is None:
        return None
    label = m.label_of(entry)
    back = next(filter(_is_way_back, entry.iter()))
    before, parent = back.getprevious(), m.parent_of(back)
    if before is None:
        parent.text = f"{parent.text or ''} see 24 June 1999 "
    else:
        before.tail = f"{before.tail or ''} see 24 June 1999 "
    return Hit(label)


def _is_way_back(element: etree._Element) -> bool:
    return m.local(element) == "a" and m.inside(element, "doc-backlink", "backlink")


def word_changed_in(element: etree._Element | None, skip: int = 0) -> Hit | None:
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
    hit = word_changed_in(note)
    return Hit(_note_label(docs, note)) if note is not None and hit else None


@fault("declaration-text")
def words_added_beside_a_formula_in_a_note(docs: m.Docs, random: Random) -> Hit | None:
    formulas = [e for note in m.notes(docs) for e in note.iter() if m.local(e) == "math"]
    formula = m.pick(random, formulas)
    if formula is None:
        return None
    formula.tail = f" of another year {formula.tail or ''}"
    return Hit(near="another year")


@fault("declaration-text", "declaration-order", "number-order", "declaration-label")
def notes_exchanged(docs: m.Docs, random: Random) -> Hit | None:
    pair = m.two(random, m.notes(docs))
    if pair is None:
        return None
    m.swap(*pair)
    return Hit()


@fault("link-target", "mention-label")
def call_number_changed(docs: m.Docs, random: Random) -> Hit | None:
    return renumber(m.pick(random, m.calls(docs)))


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


@fault("backlink-missing")
def all_ways_back_of_notes_removed(docs: m.Docs, random: Random) -> Hit | None:
    backs = [
        each for each in m.everything(docs) if m.local(each) == "a" and _leads_back(docs, each)
    ]
    for link in backs:
        m.remove(link, keep_text=True)
    return Hit() if backs else None


def _leads_back(docs: m.Docs, link: etree._Element) -> bool:
    """Whether a link leads from a note to a call: by its role, or because it is the note's own number."""
    listed = set(m.notes(docs))
    own = m.inside_list(link, listed) and m.fragment(link) in {c.get("id") for c in m.calls(docs)}
    return own or _is_back(docs, link)
