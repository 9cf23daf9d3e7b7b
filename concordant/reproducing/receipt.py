"""The receipt: which bytes were made, of what and with what (docs/reproducing.md, receipt.schema.json).

What decides the bytes stands apart from what may differ for the same bytes: `commit`, `machine`, `results`.
Nothing names the machine, its user, its paths or the time of the build.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from concordant.problem import CannotRun
from concordant.reproducing.tools import Tools

FORMAT = 1
RECEIPT = "receipt.json"
SUMS = "SHA256SUMS"
VALIDATION = "validate.json"


@dataclass(frozen=True, slots=True)
class FileRecord:
    """One file that was made: its name, SHA-256, size in bytes, and pages (0: it has none)."""

    name: str
    sha256: str
    size: int
    pages: int = 0


@dataclass(frozen=True, slots=True)
class Subject:
    """Which document it is; `date` is the one in the editions (ISO 8601, UTC)."""

    title: str
    identifier: str
    version: str
    source: str
    date: str


@dataclass(frozen=True, slots=True)
class Origin:
    """The commit that was checked out, and whether source, styles and program were as it has them."""

    name: str
    clean: bool


@dataclass(frozen=True, slots=True)
class Machine:
    """What may be another elsewhere: `layout` decides the bytes of the PDF, the rest should not matter."""

    python: str
    system: str
    date_from: str
    layout: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Receipt:
    """All that has to be known to make the same bytes again."""

    subject: Subject
    editions: tuple[FileRecord, ...]
    ledger: FileRecord
    inputs: Mapping[str, str]
    program: Mapping[str, str]
    tools: Tools
    machine: Machine
    commit: Origin | None = None
    results: Mapping[str, str] = field(default_factory=dict)

    @property
    def files(self) -> tuple[FileRecord, ...]:
        """The editions and the ledger."""
        return (*self.editions, self.ledger)

    def same_causes(self, other: Receipt) -> bool:
        """Tell whether everything that decides the bytes is the same in both."""
        mine, theirs = (
            replace(each, editions=(), results={}, commit=None) for each in (self, other)
        )
        return mine == theirs


def record(name: str, data: bytes, pages: int = 0) -> FileRecord:
    """Return the record of a file's bytes."""
    return FileRecord(name, hashlib.sha256(data).hexdigest(), len(data), pages)


def sums(receipt: Receipt) -> str:
    """Write the files' hashes as `sha256sum --check` reads them."""
    return "".join(f"{each.sha256}  {each.name}\n" for each in sorted(receipt.files, key=_name))


def receipt_json(receipt: Receipt) -> str:
    """Write a receipt as JSON, every key sorted."""
    value = asdict(receipt) | {"format": FORMAT}
    value["editions"] = [asdict(each) for each in sorted(receipt.editions, key=_name)]
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def read_receipt(path: Path) -> Receipt:
    """Read a receipt.

    Raises:
        CannotRun: there is none, or it is not one of this format.
    """
    try:
        return parse_receipt(path.read_text("utf-8"))
    except OSError as error:
        raise CannotRun(f"cannot read {path}: {error.strerror}") from error
    except (ValueError, TypeError, KeyError) as error:
        raise CannotRun(f"{path} is not a receipt: {error}") from error


def parse_receipt(text: str) -> Receipt:
    """Return the receipt that a JSON text holds.

    Raises:
        ValueError, TypeError, KeyError: it holds none of this format.
    """
    value: dict[str, Any] = json.loads(text)
    if not isinstance(value, dict) or value.pop("format", None) != FORMAT:
        raise ValueError(f"its format is not {FORMAT}")
    carriers = {"subject": Subject, "ledger": FileRecord, "tools": Tools, "machine": Machine}
    for name, carrier in carriers.items():
        value[name] = carrier(**value[name])
    value["editions"] = tuple(FileRecord(**each) for each in value["editions"])
    value["commit"] = Origin(**value["commit"]) if value["commit"] else None
    return Receipt(**value)


def validation_of(path: Path, editions: Iterable[FileRecord]) -> str:
    """Say in words what the validators' report at `path` found; nothing if it is not about these editions."""
    made = {(each.name, each.sha256) for each in editions}
    try:
        value = json.loads(path.read_text("utf-8"))
        if not made or {(each["name"], each["sha256"]) for each in value["editions"]} != made:
            return ""
        ran = [each for each in value["reports"] if each["ran"]]
        counted = [f for each in ran for f in each["findings"] if f["severity"] != "note"]
        left = len(value["reports"]) - len(ran)
    except (OSError, ValueError, TypeError, KeyError):
        return ""
    return f"{len(counted)} findings in {len(ran)} reports" + (f", {left} not run" if left else "")


def _name(each: FileRecord) -> str:
    return each.name
