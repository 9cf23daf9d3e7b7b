"""Readings without the places of what they hold, and with the words of those in pieces: what two ways to recognise have in common."""

from __future__ import annotations

from dataclasses import replace

from concordant.checks.memory import Memory
from concordant.checks.model import (
    Declaration,
    Drawing,
    Entry,
    Mention,
    Page,
    PageMention,
    Passage,
    Places,
    Reading,
    Running,
    Spot,
    Words,
)
from concordant.checks.pieces.shelf import kept_words


def without_places(reading: Reading, memory: Memory) -> Reading:
    """Return a reading to be compared with one that was recognised in another way."""
    return replace(
        reading,
        declarations=tuple(each._replace(spot=Spot()) for each in reading.declarations),
        mentions=tuple(map(_mention, reading.mentions)),
        pages=tuple(Page(each.label, each.words, Spot(), each.named) for each in reading.pages),
        page_mentions=tuple(sorted(map(_page_mention, reading.page_mentions))),
        entries=tuple(sorted(map(_entry, reading.entries), key=str)),
        backlinks=tuple(each._replace(spot=Spot(), context="") for each in reading.backlinks),
        passages=tuple(_passage(each, memory) for each in reading.passages),
        drawings=tuple(Drawing(each.text, Spot()) for each in reading.drawings),
        running=Running(),
        places=Places(),
        in_pieces=False,
    )


def _mention(mention: Mention) -> Mention:
    lands = mention.lands and Declaration(mention.lands.kind, mention.lands.label, "")
    return mention._replace(spot=Spot(), context="", lands=lands)


def _page_mention(mention: PageMention) -> PageMention:
    return PageMention(mention.label, mention.lands, Spot())


def _entry(entry: Entry) -> Entry:
    thing = entry.thing and entry.thing._replace(spot=Spot())
    return entry._replace(spot=Spot(), thing=thing)


def _passage(passage: Passage, memory: Memory) -> Passage:
    words = kept_words(passage.kept, memory) if passage.kept else passage.words
    assert words is not None
    return Passage(passage.heading, Words(tuple(words.texts), words.broken), level=passage.level)
