"""What a fault is, and what must be said of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from random import Random

from concordant.checks.model import Edition, Finding
from concordant.problem import Severity


@dataclass(frozen=True, slots=True)
class Hit:
    """What a fault did: the label it is about ("" when it is about none), and words near the place."""

    label: str = ""
    near: str = ""


Change = Callable[[bytes, Random], tuple[bytes, Hit] | None]


@dataclass(frozen=True, slots=True)
class Fault:
    """A kind of fault in one edition, and the codes of which one at least must be reported."""

    name: str
    edition: Edition
    codes: frozenset[str]
    change: Change

    def caught(self, findings: Iterable[Finding], hit: Hit) -> bool:
        """Whether the findings report the fault: with a right code, in this edition, at its place."""
        return any(
            finding.severity is Severity.ERROR
            and finding.code in self.codes
            and self.edition in finding.editions
            and (len(finding.printed) == 1 or self.edition.value in finding.message)
            and _at(finding.label, [finding.message, *(p.text for p in finding.printed)], hit)
            for finding in findings
        )


def _at(label: str, texts: list[str], hit: Hit) -> bool:
    if not hit.label and not hit.near:
        return True
    if hit.label and label == hit.label:
        return True
    near = "".join(hit.near.split()).casefold()
    return bool(near) and any(near in "".join(text.split()).casefold() for text in texts)
