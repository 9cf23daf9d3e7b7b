"""Compares the running text of the editions, passage by passage."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from concordant.checks.compare import agreed
from concordant.checks.model import (
    Edition,
    Finding,
    Passage,
    Printed,
    Reading,
    Spot,
    Words,
)
from concordant.checks.pieces.shelf import Shelf
from concordant.checks.words import Difference, count_of, differences, letters_of, offset_of

_AROUND = 5
_SHOWN = 30
_Name = tuple[str, int]  # the letters of a heading, and the how many-th it is of that name


def compare_words(readings: Sequence[Reading], shelf: Shelf | None = None) -> Iterator[Finding]:
    """Yield where the running text of the editions differs; title matter is left to the title pages.

    The words of readings in pieces are on a shelf. Raises `Forgotten` where it has not those that are wanted.
    """
    passages = {r.edition: _by_heading(r) for r in readings if r.passages}
    if len(passages) < 2:
        return
    spots = {r.edition: r for r in readings}
    yield from _moved(passages, spots)
    headings = list(dict.fromkeys(key for each in passages.values() for key in each))
    for key in headings:
        having = {e: each[key] for e, each in passages.items() if key in each}
        if len(having) < len(passages):
            yield from _absent(key[0], having, passages, spots)
        if len(having) > 1:
            yield from _unless_known(having, spots, shelf) if shelf else _differ(having, spots)


def _unless_known(
    having: dict[Edition, Passage], readings: dict[Edition, Reading], shelf: Shelf
) -> Iterator[Finding]:
    if not shelf.has(having):
        findings = list(_differ(shelf.opened(having), readings))
        yield from findings
        if not findings:
            shelf.add(having)


def _by_heading(reading: Reading) -> dict[_Name, Passage]:
    seen: Counter[str] = Counter()
    found = {}
    for passage in _after_title(reading):
        name = letters_of(passage.heading).casefold()
        seen[name] += 1
        found[name, seen[name]] = passage
    return found


def _after_title(reading: Reading) -> list[Passage]:
    """Return the passages after the title matter: what stands before the first heading, and the title itself."""
    title = letters_of(reading.identity.title).casefold()
    kept = list(reading.passages)
    while kept and (not kept[0].heading or letters_of(kept[0].heading).casefold() == title):
        kept.pop(0)
    return kept


def title_matter(reading: Reading) -> int:
    """Return the number of words of an edition's title matter, which no comparison covers."""
    return sum(map(_tokens, reading.passages)) - sum(map(_tokens, _after_title(reading)))


def word_count(reading: Reading) -> int:
    """Return the number of words that are compared; one that a line's end divides counts once."""
    every = _after_title(reading)
    return sum(each.kept.words if each.kept else count_of(each.words) for each in every)


def _tokens(passage: Passage) -> int:
    return passage.kept.tokens if passage.kept else len(passage.words)


def _absent(
    name: str,
    having: dict[Edition, Passage],
    passages: dict[Edition, dict[_Name, Passage]],
    readings: dict[Edition, Reading],
) -> Iterator[Finding]:
    edition, passage = next(iter(having.items()))
    missing = [e for e in passages if e not in having]
    words = " ".join(passage.words.texts[:_SHOWN])
    spot = _spot(readings[edition], passage.words, 0)
    printed = (Printed(edition, words, spot), *(Printed(e, "") for e in missing))
    names = " and ".join(e.value for e in missing)
    yield Finding(
        "words-missing", f"the part “{passage.heading}” is missing from {names}", printed=printed
    )


def _moved(
    passages: dict[Edition, dict[_Name, Passage]], readings: dict[Edition, Reading]
) -> Iterator[Finding]:
    """Yield the parts that stand in another order than in most editions."""
    common = set[_Name].intersection(*map(set, passages.values()))
    orders = {e: tuple(filter(common.__contains__, each)) for e, each in passages.items()}
    base = agreed(orders)
    for edition, order in orders.items():
        if order == orders[base]:
            continue
        matcher = SequenceMatcher(None, orders[base], order, autojunk=False)
        blocks = matcher.get_matching_blocks()
        kept = {name for _, at, size in blocks for name in order[at : at + size]}
        for name in order:
            if name not in kept:
                passage = passages[edition][name]
                message = f"the part “{passage.heading}” stands at another place in {edition}"
                printed = tuple(_behind(passages[e], name, readings[e]) for e in (base, edition))
                yield Finding("declaration-order", message, printed=printed)


def _behind(passages: dict[_Name, Passage], name: _Name, reading: Reading) -> Printed:
    """Tell behind which part a part stands."""
    names = list(passages)
    at = names.index(name)
    place = f"(after {passages[names[at - 1]].heading})" if at else "(before all others)"
    words = passages[name].words
    return Printed(reading.edition, place, _spot(reading, words, 0))


def _differ(having: dict[Edition, Passage], readings: dict[Edition, Reading]) -> Iterator[Finding]:
    letters = {p.words.texts: "" for p in having.values()}
    if len(letters) == 1:
        return
    for words in letters:
        letters[words] = letters_of("".join(words))
    texts = {e: (letters[p.words.texts],) for e, p in having.items()}
    base = agreed(texts)
    found = list(_against(base, having, readings))
    if len(having) > 2 and set(having) == {base, *(each.printed[1].edition for each in found)}:
        # Of those with the same letters, another may be parted as the others are.
        alike = [each for each in having if each is not base and texts[each] == texts[base]]
        others = (list(_against(each, having, readings)) for each in alike)
        found = min((found, *others), key=len)
    yield from found


def _against(
    base: Edition, having: dict[Edition, Passage], readings: dict[Edition, Reading]
) -> Iterator[Finding]:
    """Yield where the words of the other editions are not those of one."""
    for edition, passage in having.items():
        if edition is base:
            continue
        ours, theirs = having[base].words, passage.words
        for gap in differences(ours, theirs):
            printed = (
                Printed(base, _snippet(ours, gap.a0, gap.a1), _spot(readings[base], ours, gap.a0)),
                Printed(
                    edition,
                    _snippet(theirs, gap.b0, gap.b1),
                    _spot(readings[edition], theirs, gap.b0),
                ),
            )
            message = f"the text under “{passage.heading}” differs in {edition}: {_what(ours, theirs, gap)}"
            yield Finding("words-differ", message, printed=printed)


def _what(ours: Words, theirs: Words, gap: Difference) -> str:
    left, right = _cut(ours.texts[gap.a0 : gap.a1]), _cut(theirs.texts[gap.b0 : gap.b1])
    if not left:
        return f"“{right}” is added"
    return f"“{left}” is “{right}”" if right else f"“{left}” is missing"


def _cut(words: Sequence[str]) -> str:
    text = " ".join(words[:_SHOWN])
    return f"{text} … ({len(words)} words)" if len(words) > _SHOWN else text


def _snippet(words: Words, start: int, end: int) -> str:
    before = " ".join(words.texts[max(start - _AROUND, 0) : start])
    after = " ".join(words.texts[end : end + _AROUND])
    return f"{before} [{_cut(words.texts[start:end])}] {after}".strip()


def _spot(reading: Reading, words: Words, index: int) -> Spot:
    if not words:
        return Spot()
    return reading.places.at(offset_of(words, min(index, len(words) - 1), reading.running))
