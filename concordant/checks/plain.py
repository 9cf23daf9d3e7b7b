"""Numbers in plain letters: what every edition prints so is the author's, such as “Chapter 1” of another's book."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from concordant.checks.model import Edition, Finding, Kind, Mention, Printed, Reading
from concordant.problem import Severity

Name = tuple[Kind, str]


def set_plain_apart(readings: Sequence[Reading]) -> tuple[list[Reading], list[Finding]]:
    """Return the readings without the mentions that no edition links, and a warning for each of these.

    A number that one edition links and another does not stays what it is: a link that is missing. Numbers in brackets stay,
    too, as nobody but the citation style should write those of references.
    """
    editions = [each for each in readings if each.edition is not Edition.LEDGER]
    if not any(_is_plain(mention) for each in editions for mention in each.mentions):
        return list(readings), []
    every = [_by_name(each) for each in editions]
    plain = {
        name
        for name in set().union(*every)
        if len({tuple(map(_is_plain, each.get(name, ()))) for each in every}) == 1
        and any(map(_is_plain, every[0][name]))
    }
    apart = [
        replace(each, mentions=tuple(m for m in each.mentions if not _belongs(m, plain)))
        for each in readings
    ]
    return apart, list(_told(editions, plain))


def _by_name(reading: Reading) -> dict[Name, list[Mention]]:
    mentions: dict[Name, list[Mention]] = {}
    for each in reading.mentions:
        mentions.setdefault((each.kind, each.label), []).append(each)
    return mentions


def _is_plain(mention: Mention) -> bool:
    in_words = mention.kind not in (Kind.REFERENCE, Kind.FOOTNOTE)
    return in_words and not (mention.linked or mention.implied or mention.dead)


def _belongs(mention: Mention, names: set[Name]) -> bool:
    return _is_plain(mention) and (mention.kind, mention.label) in names


def _told(editions: Sequence[Reading], plain: set[Name]) -> Iterator[Finding]:
    for reading in editions:
        for each in reading.mentions:
            if _belongs(each, plain):
                printed = (Printed(reading.edition, each.context or each.label, each.spot),)
                message = f"{each.kind} {each.label} is mentioned without a link"
                severity = Severity.WARNING
                yield Finding(
                    "link-missing", message, each.kind, each.label, printed, severity=severity
                )
