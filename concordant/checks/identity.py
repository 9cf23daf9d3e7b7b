"""Checks that the editions say they are the same version of the same document."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from concordant.checks.compare import agreed
from concordant.checks.model import Edition, Finding, Printed, Reading
from concordant.checks.words import letters_of
from concordant.problem import Severity

_FIELDS = ("title", "identifier", "version", "source", "modified", "language")
_OPTIONAL = ("modified", "language", "source")


def compare_identities(readings: Sequence[Reading]) -> Iterator[Finding]:
    """Yield where title, identifier, version, date or language of the editions differ or are missing."""
    with_ledger = any(reading.edition is Edition.LEDGER for reading in readings)
    for field in _FIELDS:
        values = {reading.edition: str(getattr(reading.identity, field)) for reading in readings}
        given = {edition: value for edition, value in values.items() if value}
        yield from _differing(field, given)
        silent = [e for e in values if e not in given and e is not Edition.LEDGER]
        if given and silent and field not in _OPTIONAL and len(values) > 1:
            names = " and ".join(edition.value for edition in silent)
            severity = Severity.ERROR if with_ledger else Severity.WARNING
            printed = tuple(Printed(edition, value) for edition, value in values.items())
            message = f"{names} does not give the document’s {field}"
            yield Finding("identity-missing", message, printed=printed, severity=severity)
    for reading in readings:
        yield from _shown(reading, with_ledger=with_ledger)


def _shown(reading: Reading, *, with_ledger: bool) -> Iterator[Finding]:
    """Yield the title that a window shows, where it is not that of the metadata; other tools add to it, or leave out a subtitle."""
    title, shown = letters_of(reading.identity.title), letters_of(reading.identity.shown)
    if not shown or shown == title:
        return
    is_longer, is_shorter = title in shown, shown in title
    if with_ledger or not (is_longer or is_shorter):
        told = reading.identity.shown, reading.identity.title
        message = f"the title that {reading.edition} shows is not that of its metadata"
        printed = tuple(Printed(reading.edition, each) for each in told)
        severity = Severity.WARNING if is_longer else Severity.ERROR
        yield Finding("identity-differs", message, printed=printed, severity=severity)


def _differing(field: str, given: dict[Edition, str]) -> Iterator[Finding]:
    keys = {edition: (_key(field, value),) for edition, value in given.items()}
    if len(set(keys.values())) < 2:
        return
    base = agreed(keys)
    odd = [edition for edition in keys if keys[edition] != keys[base]]
    names = " and ".join(edition.value for edition in odd)
    printed = tuple(Printed(edition, given[edition]) for edition in (base, *odd))
    message = f"the {field} of {names} is not that of {base}"
    yield Finding("identity-differs", message, printed=printed)


def _key(field: str, value: str) -> str:
    if field == "modified":
        return _moment(value)
    if field == "language":
        return value.casefold()
    return letters_of(value)


def _moment(value: str) -> str:
    """Return the day of a date, in UTC where the date has a time zone."""
    try:
        moment = datetime.fromisoformat(value.replace("Z", "+00:00"))
    except ValueError:
        return value
    return (moment.astimezone(UTC) if moment.tzinfo else moment).date().isoformat()
