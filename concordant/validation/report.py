"""What validators say: one report each, with its findings; and the same as stable JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How much a finding matters: a note is shown, but does not make an edition fail."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One thing that a validator found: by which of its rules, and where in the edition."""

    validator: str
    severity: Severity
    rule: str
    message: str
    place: str

    @property
    def counts(self) -> bool:
        """Whether the finding makes the edition fail."""
        return self.severity is not Severity.NOTE


@dataclass(frozen=True, slots=True)
class Report:
    """What one validator says about one edition by one profile, or why it could not run."""

    validator: str
    version: str
    profile: str
    edition: str
    findings: tuple[Finding, ...] = ()
    ran: bool = True
    not_run_reason: str = ""
    install_hint: str = ""

    @property
    def failures(self) -> tuple[Finding, ...]:
        """The findings that make the edition fail."""
        return tuple(each for each in self.findings if each.counts)

    @property
    def notes(self) -> tuple[Finding, ...]:
        """The findings that do not."""
        return tuple(each for each in self.findings if not each.counts)


def exit_status(reports: Iterable[Report], *, strict: bool) -> int:
    """Return 0 if nothing was found, 1 if something was, 2 if `strict` and a validator could not run."""
    seen = tuple(reports)
    if strict and not (seen and all(report.ran for report in seen)):
        return 2
    return int(any(report.failures for report in seen))


def reports_json(reports: Sequence[Report], digests: dict[str, str]) -> str:
    """Write reports as JSON (docs/validate.md); `digests` are the editions' SHA-256, by name."""
    value = {
        "schema": 1,
        "editions": [{"name": name, "sha256": digests[name]} for name in sorted(digests)],
        "reports": [asdict(report) for report in reports],
    }
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"
