"""Compares what the editions declare and mention: the same numbers, in the same order, with the same text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import TypeVar

from concordant.checks.model import (
    Declaration,
    Edition,
    Finding,
    Kind,
    Mention,
    Printed,
    Reading,
    Spot,
)
from concordant.checks.words import letters_of, normal

T = TypeVar("T", Declaration, Mention)
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
        gone = {printed.edition for finding in absent for printed in finding.printed if not printed.text}
        present = [reading for reading in those if reading.edition not in gone]
        declared = {r.edition: r.declared(kind) for r in present}
        mentioned = {r.edition: r.mentioned(kind) for r in present}
        yield from _sequences(kind, declared, "declaration", _says)
        yield from _texts(kind, declared)
        yield from _sequences(kind, mentioned, "mention", _points)


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
    kind: Kind, things: dict[Edition, tuple[T, ...]], what: str, show: Callable[[T], str]
) -> Iterator[Finding]:
    labels = {edition: tuple(thing.label for thing in each) for edition, each in things.items()}
    if not labels:
        return
    base = agreed(labels)
    sources = [edition for edition, each in labels.items() if each == labels[base]]
    for edition, each in labels.items():
        if each != labels[base]:
            yield from _opcodes(kind, what, things, (base, edition), sources, show)


def agreed(values: dict[Edition, tuple[str, ...]]) -> Edition:
    """Return the edition that most editions agree with; the ledger first where it is a tie."""
    counts = Counter(values.values())
    return max(values, key=lambda edition: (counts[values[edition]], -_TRUST.index(edition)))


def _opcodes(
    kind: Kind,
    what: str,
    things: dict[Edition, tuple[T, ...]],
    pair: tuple[Edition, Edition],
    sources: list[Edition],
    show: Callable[[T], str],
) -> Iterator[Finding]:
    base, other = pair
    a, b = things[base], things[other]
    matcher = SequenceMatcher(None, [t.label for t in a], [t.label for t in b], autojunk=False)
    missing: list[tuple[T, int]] = []
    extra: list[tuple[T, int]] = []
    for tag, i0, i1, j0, j1 in matcher.get_opcodes():
        if tag == "equal":
            continue
        pairs = min(i1 - i0, j1 - j0)
        for i, j in zip(range(i0, i0 + pairs), range(j0, j0 + pairs), strict=True):
            message = f"{kind} {a[i].label} in {_names(sources)} is {b[j].label} in {other}"
            printed = (Printed(base, show(a[i]), a[i].spot), Printed(other, show(b[j]), b[j].spot))
            yield Finding(f"{what}-label", message, kind, a[i].label, printed, a[i].place)
        missing += [(a[i], j0) for i in range(i0 + pairs, i1)]
        extra += [(b[j], i0) for j in range(j0 + pairs, j1)]
    yield from _gone_or_new(kind, what, pair, (missing, extra), things, show)


def _gone_or_new(
    kind: Kind,
    what: str,
    pair: tuple[Edition, Edition],
    odd: tuple[list[tuple[T, int]], list[tuple[T, int]]],
    things: dict[Edition, tuple[T, ...]],
    show: Callable[[T], str],
) -> Iterator[Finding]:
    base, other = pair
    missing, extra = odd
    moved = {thing.label for thing, _ in missing} & {thing.label for thing, _ in extra}
    for thing, at in missing:
        near = things[other][max(at - 1, 0) : at]
        here = Printed(other, f"(after {near[0].label})" if near else "(at the start)", near[0].spot if near else _first(things[other]))
        printed = (Printed(base, show(thing), thing.spot), here)
        if thing.label in moved and what == "declaration":
            message = f"{kind} {thing.label} stands at another place in {other}"
            yield Finding("declaration-order", message, kind, thing.label, printed, thing.place)
        else:
            verb = "is missing from" if what == "declaration" else "is not mentioned here in"
            message = f"{kind} {thing.label} {verb} {other}"
            yield Finding(f"{what}-missing", message, kind, thing.label, printed, thing.place)
    for thing, _ in extra:
        if thing.label in moved and what == "declaration":
            continue
        verb = "stands in" if what == "declaration" else "is mentioned here in"
        printed = (Printed(other, show(thing), thing.spot),)
        message = f"{kind} {thing.label} {verb} {other}, but not in {base}"
        yield Finding(f"{what}-extra", message, kind, thing.label, printed, thing.place)


def _first(things: tuple[T, ...]) -> Spot:
    return things[0].spot if things else Spot()


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
        values = {edition: (letters_of(thing.text),) for edition, thing in things_by.items()}
        if kind is Kind.EQUATION or len(set(values.values())) < 2 or _only_capitals(values):
            continue
        base = agreed(values)
        odd = [edition for edition in values if values[edition] != values[base]]
        printed = tuple(Printed(e, normal(things_by[e].text), things_by[e].spot) for e in (base, *odd))
        place = next((thing.place for thing in things_by.values() if thing.place), "")
        message = f"{kind} {label} reads differently in {_names(odd)}"
        yield Finding("declaration-text", message, kind, label, printed, place)


def _only_capitals(values: dict[Edition, tuple[str, ...]]) -> bool:
    folded = {value[0].casefold() for value in values.values()}
    forms = {value[0] for value in values.values()}
    return len(folded) == 1 and len(forms) == 2 and any(form == form.upper() for form in forms)
