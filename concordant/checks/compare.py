"""Compares what the editions declare and mention: the same numbers, in the same order, with the same text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import TypeVar

from concordant.checks.model import (
    FORMULA,
    Declaration,
    Edition,
    Finding,
    Kind,
    Mention,
    Printed,
    Reading,
    Spot,
)
from concordant.checks.words import around_formulas, letters_of, normal

T = TypeVar("T", Declaration, Mention)
_LEFT_OUT = " ,;–—[(•·"
_TRUST = (Edition.LEDGER, Edition.HTML, Edition.EPUB, Edition.PDF)
COMPARED = tuple(kind for kind in Kind if kind is not Kind.PAGE)


def compare_numbers(readings: Sequence[Reading]) -> Iterator[Finding]:
    """Yield every disagreement between the editions' declarations and mentions, kind by kind."""
    for kind in COMPARED:
        those = [reading for reading in readings if kind in reading.kinds]
        if len(those) < 2:
            continue
        absent = list(_absent(kind, those))
        yield from absent
        gone = {
            printed.edition for finding in absent for printed in finding.printed if not printed.text
        }
        present = [reading for reading in those if reading.edition not in gone]
        declared = {r.edition: r.declared(kind) for r in present}
        yield from _sequences(declared, "declaration", _says)
        yield from _texts(kind, declared)
    yield from _mentions(readings)


def _mentions(readings: Sequence[Reading]) -> Iterator[Finding]:
    """Compare the mentions of all kinds together in the editions, and kind by kind with the ledger.

    Together they are the longer sequence, in which a missing one is found at its place; the ledger
    keeps its kinds apart.
    """
    editions = [reading for reading in readings if reading.edition is not Edition.LEDGER]
    yield from _sequences({r.edition: _numbered(r) for r in editions}, "mention", _points)
    for ledger in (reading for reading in readings if reading.edition is Edition.LEDGER):
        sequences = {r.edition: tuple((m.kind, m.label) for m in _numbered(r)) for r in editions}
        if not sequences:
            continue
        chosen = agreed(sequences)
        best = next(reading for reading in editions if reading.edition is chosen)
        for kind in ledger.kinds:
            read = tuple(each for each in _numbered(best) if each.kind is kind)
            both = {ledger.edition: ledger.mentioned(kind), best.edition: read}
            yield from _sequences(both, "mention", _points)


def _numbered(reading: Reading) -> tuple[Mention, ...]:
    """Return the mentions that print a number (a dead link that prints none is no mention)."""
    return tuple(
        m for m in reading.mentions if not (m.dead and not any(c.isdigit() for c in m.label))
    )


def _absent(kind: Kind, readings: list[Reading]) -> Iterator[Finding]:
    counts = {r.edition: len(r.declared(kind)) for r in readings}
    if not any(counts.values()) or all(counts.values()):
        return
    empty = [edition for edition, count in counts.items() if not count]
    printed = tuple(Printed(e, f"{n} declared" if n else "") for e, n in counts.items())
    names = " and ".join(edition.value for edition in empty)
    yield Finding("kind-missing", f"no {kind} was seen in {names}", kind, printed=printed)


def _says(thing: Declaration) -> str:
    return f"{thing.label} {thing.text}".strip()


def _points(thing: Mention) -> str:
    return thing.context or thing.label


def _sequences(
    things: dict[Edition, tuple[T, ...]], what: str, show: Callable[[T], str]
) -> Iterator[Finding]:
    labels = {edition: tuple(_key(thing) for thing in each) for edition, each in things.items()}
    if not labels:
        return
    base = agreed(labels)
    sources = [edition for edition, each in labels.items() if each == labels[base]]
    for edition, each in labels.items():
        if each != labels[base]:
            yield from _opcodes(what, things, (base, edition), sources, show)


def _key(thing: Declaration | Mention) -> tuple[Kind, str]:
    return thing.kind, thing.label


def agreed(values: Mapping[Edition, tuple[object, ...]]) -> Edition:
    """Return the edition that most editions agree with; the ledger first where it is a tie."""
    counts = Counter(values.values())
    return max(values, key=lambda edition: (counts[values[edition]], -_TRUST.index(edition)))


def _opcodes(
    what: str,
    things: dict[Edition, tuple[T, ...]],
    pair: tuple[Edition, Edition],
    sources: list[Edition],
    show: Callable[[T], str],
) -> Iterator[Finding]:
    base, other = pair
    a, b = things[base], things[other]
    matcher = SequenceMatcher(None, [_key(t) for t in a], [_key(t) for t in b], autojunk=False)
    missing: list[tuple[T, int]] = []
    extra: list[tuple[T, int]] = []
    for tag, i0, i1, j0, j1 in matcher.get_opcodes():
        if tag == "equal":
            continue
        both = [
            (i, j)
            for i, j in zip(range(i0, i1), range(j0, j1), strict=False)
            if a[i].kind is b[j].kind
        ]
        for i, j in both:
            kind = a[i].kind
            message = f"{kind} {a[i].label} in {_names(sources)} is {b[j].label} in {other}"
            printed = (Printed(base, show(a[i]), a[i].spot), Printed(other, show(b[j]), b[j].spot))
            yield Finding(f"{what}-label", message, kind, a[i].label, printed, a[i].place)
        left, right = {i for i, _ in both}, {j for _, j in both}
        missing += [(a[i], j0) for i in range(i0, i1) if i not in left]
        extra += [(b[j], i0) for j in range(j0, j1) if j not in right]
    yield from _gone_or_new(what, pair, (missing, extra), things, show)


def _gone_or_new(
    what: str,
    pair: tuple[Edition, Edition],
    odd: tuple[list[tuple[T, int]], list[tuple[T, int]]],
    things: dict[Edition, tuple[T, ...]],
    show: Callable[[T], str],
) -> Iterator[Finding]:
    base, other = pair
    missing, extra = odd
    moved = {_key(thing) for thing, _ in missing} & {_key(thing) for thing, _ in extra}
    for thing, at in missing:
        name = f"{thing.kind} {thing.label}"
        printed = (Printed(base, show(thing), thing.spot), _before(other, things[other], at))
        if _key(thing) in moved and what == "declaration":
            message = f"{name} stands at another place in {other}"
            yield Finding(
                "declaration-order", message, thing.kind, thing.label, printed, thing.place
            )
            continue
        verb = "is missing from" if what == "declaration" else "is not mentioned here in"
        message = f"{name} {verb} {other}"
        yield Finding(f"{what}-missing", message, thing.kind, thing.label, printed, thing.place)
    for thing, _ in extra:
        if _key(thing) in moved and what == "declaration":
            continue
        verb = "stands in" if what == "declaration" else "is mentioned here in"
        message = f"{thing.kind} {thing.label} {verb} {other}, but not in {base}"
        here = (Printed(other, show(thing), thing.spot),)
        yield Finding(f"{what}-extra", message, thing.kind, thing.label, here, thing.place)


def _before(edition: Edition, things: tuple[T, ...], at: int) -> Printed:
    """Say where something is missing: after what stands before the gap."""
    if at == 0:
        return Printed(edition, "(before everything else)", things[0].spot if things else Spot())
    near = things[at - 1]
    return Printed(edition, f"(after {near.kind} {near.label})", near.spot)


def _names(editions: list[Edition]) -> str:
    return " and ".join(edition.value for edition in editions)


def _texts(kind: Kind, declared: dict[Edition, tuple[Declaration, ...]]) -> Iterator[Finding]:
    """Compare the text beside each number; a ledger that gives no text is not asked."""
    texts: dict[tuple[str, int], dict[Edition, Declaration]] = {}
    for edition, things in declared.items():
        seen: Counter[str] = Counter()
        for thing in things:
            seen[thing.label] += 1
            if thing.text or edition is not Edition.LEDGER:
                texts.setdefault((thing.label, seen[thing.label]), {})[edition] = thing
    for (label, _), things_by in texts.items():
        if len({thing.text for thing in things_by.values()}) == 1:  # as most are
            continue
        values = _letters({edition: thing.text for edition, thing in things_by.items()})
        if kind is Kind.EQUATION or len(set(values.values())) < 2 or _only_capitals(values):
            continue
        base = agreed(values)
        odd = [edition for edition in values if values[edition] != values[base]]
        order = sorted(things_by, key=lambda edition: (edition in odd, edition is not base))
        printed = tuple(Printed(e, normal(things_by[e].text), things_by[e].spot) for e in order)
        place = next((thing.place for thing in things_by.values() if thing.place), "")
        message = f"{kind} {label} reads differently in {_names(odd)}"
        yield Finding("declaration-text", message, kind, label, printed, place)


def _letters(texts: Mapping[Edition, str]) -> dict[Edition, tuple[str, ...]]:
    """Return what each text prints; those that differ only where one shows formulas are made the same."""
    # The readers of editions leave out what stands before ways back, a semicolon too.
    letters = {edition: letters_of(text).rstrip(_LEFT_OUT) for edition, text in texts.items()}
    most = max(each.count(FORMULA) for each in letters.values())
    if not most:
        return {edition: (each,) for edition, each in letters.items()}
    # Of those that show all formulas, the one that most others may be.
    models = dict.fromkeys(each for each in letters.values() if each.count(FORMULA) == most)
    alike = {
        model: {each for each in letters.values() if around_formulas(model).match(each)}
        for model in models
    }
    model = max(models, key=lambda each: sum(map(alike[each].__contains__, letters.values())))
    return {e: (model if each in alike[model] else each,) for e, each in letters.items()}


def _only_capitals(values: Mapping[Edition, tuple[str, ...]]) -> bool:
    folded = {value[0].casefold() for value in values.values()}
    forms = {value[0] for value in values.values()}
    return len(folded) == 1 and len(forms) == 2 and any(form == form.upper() for form in forms)
