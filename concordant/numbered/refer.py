"""Refer: write what a mention prints, `Figures 1, 3 and 5–7`, as text with links."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from concordant.assembled.annotate import place_of
from concordant.assembled.scope import anchor_of
from concordant.numbered.declare import NBSP
from concordant.numbered.ledger import Declaration, Kind
from concordant.numbered.terms import Terms
from concordant.problem import Problem
from concordant.tree import SPACE, Node, attribute, link, string

_KIND = {"fig": Kind.FIGURE, "tbl": Kind.TABLE, "sec": Kind.SECTION}
_KIND |= {"eq": Kind.EQUATION, "lst": Kind.LISTING}
# Where a label of each kind belongs.
_LABELLED = {
    Kind.FIGURE: "let the picture stand in a paragraph of its own, with a caption",
    Kind.TABLE: "let the label stand behind the table's caption, `: Caption. {{#{}}}`",
    Kind.LISTING: 'let the label stand at a code block, `{{#{} caption="Caption."}}`',
    Kind.EQUATION: "let the label stand directly behind $$ … $$",
    Kind.SECTION: "let the label stand behind a heading",
}
_SHORTEST_RANGE = 3


@dataclass(frozen=True, slots=True)
class Target:
    """What a mention can point at: a declaration, or an unnumbered heading with its title."""

    kind: Kind
    anchor: str
    number: str
    title: str
    appendix: bool = False

    @property
    def prefix(self) -> str:
        """The name of the terms that stand before the number."""
        if self.kind is Kind.SECTION:
            return "app" if self.appendix else "sec"
        return {Kind.FIGURE: "fig", Kind.TABLE: "tbl", Kind.EQUATION: "eq"}.get(self.kind, "lst")


@dataclass(frozen=True, slots=True)
class Printed:
    """What a mention prints, and the targets it points at with whether each is printed."""

    inlines: list[Node]
    targets: list[tuple[Target, bool]]


def target_of(declaration: Declaration) -> Target:
    """Return a declaration as the target of mentions."""
    appendix = declaration.kind is Kind.SECTION and not declaration.number[0].isdigit()
    kind, anchor = declaration.kind, declaration.anchor
    return Target(kind, anchor, declaration.number, declaration.text, appendix)


def lint_mention(
    cite: Node, section: str, targets: Mapping[str, Target], anchors: Collection[str] = ()
) -> Iterator[Problem]:
    """Yield what is wrong with a mention: a key that nothing declares, or a citation among the keys.

    `anchors` are all that the document has: some may stand at what has no number.
    """
    for index, each in enumerate(cite["c"][0]):
        key, place = each["citationId"], place_of(cite, section, index)
        kind = _KIND.get(key.split(":")[0].lower())
        target = targets.get(_anchor(key))
        if ":" not in key or kind is None:
            message = f'"{key}" is a citation among cross-references'
            yield Problem("mention-mixed", message, place, "give each a bracket of its own")
        elif target and target.kind is kind:
            continue
        elif _anchor(key) in anchors:
            message = f'what is labelled "{key}" is no numbered {kind}'
            yield Problem("xref-missing", message, place, _LABELLED[kind].format(key))
        else:
            keys = [anchor.replace("-", ":", 1) for anchor in targets]
            close = difflib.get_close_matches(key.lower(), keys, 1)
            hint = f'did you mean "{close[0]}"?' if close else f"add {{#{key}}} where it stands"
            yield Problem("xref-missing", f'nothing is labelled "{key}"', place, hint)


def _anchor(key: str) -> str:
    prefix, _, rest = key.partition(":")
    return anchor_of(f"{prefix.lower()}:{rest}")


def print_mention(cite: Node, targets: Mapping[str, Target], terms: Terms) -> Printed:
    """Write a mention without faults: its targets by kind, in order of their numbers, ranges closed up."""
    citations = cite["c"][0]
    capital = citations[0]["citationId"][0].isupper()
    bare = citations[0]["citationMode"]["t"] == "SuppressAuthor"
    wanted = [targets[_anchor(each["citationId"])] for each in citations]
    inlines: list[Node] = []
    mentioned: list[tuple[Target, bool]] = []
    groups = [list(group) for _, group in groupby(wanted, lambda each: each.prefix)]
    for index, group in enumerate(groups):
        inlines += _joint(index, len(groups), terms)
        printed = _group(_ordered(group), terms, capital=capital, bare=bare)
        inlines += printed.inlines
        mentioned += printed.targets
    return Printed(inlines, mentioned)


def _ordered(group: Sequence[Target]) -> list[Target]:
    unique = {target.anchor: target for target in group}
    return sorted(unique.values(), key=lambda each: _sort_key(each.number))


def _sort_key(number: str) -> list[tuple[int, str]]:
    parts = number.split(".")
    return [(int("".join(filter(str.isdigit, part)) or 0), part) for part in parts]


def _group(targets: list[Target], terms: Terms, *, capital: bool, bare: bool) -> Printed:
    if len(targets) == 1:
        return Printed([_single(targets[0], terms, capital, bare)], [(targets[0], True)])
    runs = list(_runs(targets))
    inlines: list[Node] = []
    if not bare and targets[0].number:
        word = _cased(terms.several(targets[0].prefix), capital)
        inlines += [string(word + NBSP)]
    mentioned: list[tuple[Target, bool]] = []
    for index, run in enumerate(runs):
        inlines += _joint(index, len(runs), terms)
        first, last = _link(run[0]), _link(run[-1])
        inlines += [first] if len(run) == 1 else [first, string("–"), last]
        mentioned += [(each, each in (run[0], run[-1])) for each in run]
    return Printed(inlines, mentioned)


def _runs(targets: list[Target]) -> Iterator[list[Target]]:
    run = targets[:1]
    for before, after in pairwise(targets):
        if _follows(before, after):
            run.append(after)
            continue
        yield from _closed(run)
        run = [after]
    yield from _closed(run)


def _closed(run: list[Target]) -> list[list[Target]]:
    return [run] if len(run) >= _SHORTEST_RANGE else [[each] for each in run]


def _follows(before: Target, after: Target) -> bool:
    numbers = before.number, after.number
    return all(each.isdigit() for each in numbers) and int(numbers[1]) == int(numbers[0]) + 1


def _joint(index: int, count: int, terms: Terms) -> list[Node]:
    if index == 0:
        return []
    if index == count - 1:
        return [SPACE, string(terms.one("and")), SPACE]
    return [string(","), SPACE]


def _single(target: Target, terms: Terms, capital: bool, bare: bool) -> Node:
    if not target.number or bare:
        return _link(target)
    return _link(target, _cased(terms.one(target.prefix), capital) + NBSP)


def _cased(word: str, capital: bool) -> str:
    return word[0].upper() + word[1:] if capital else word


def _link(target: Target, prefix: str = "") -> Node:
    text = prefix + (target.number or target.title)
    return link([string(text)], f"#{target.anchor}", attribute(classes=["xref"]))
