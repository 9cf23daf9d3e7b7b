"""The document's identity: from which source, and of when; never the clock's time (see reproducible-builds.org)."""

from __future__ import annotations

import hashlib
import os
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from concordant import git
from concordant.hashing import file_hash
from concordant.problem import Place, Problem, Severity
from concordant.sources.dates import moment_of
from concordant.sources.project import SOURCE, Project

EARLIEST = datetime(1980, 1, 1, tzinfo=UTC)  # the first moment that a ZIP archive can hold


class Origin(StrEnum):
    """Where a document's date comes from."""

    ENVIRONMENT = "SOURCE_DATE_EPOCH"
    COMMIT = "commit"
    METADATA = "metadata"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Dating:
    """When the document last changed (UTC), how that is known, and why another checkout may know it better."""

    moment: datetime
    origin: Origin
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """What a document is made of when its build begins, and of when; files that are saved meanwhile are of the next one.

    `inputs` has the SHA-256 of every file that an edition can depend on, by its name in the project, sorted.
    """

    inputs: Mapping[str, str]
    dating: Dating

    @property
    def urn(self) -> str:
        """A name for exactly this source: the same in editions that were built from the same."""
        digest = hashlib.sha256()
        for name, value in self.inputs.items():
            digest.update(name.encode() + b"\0" + bytes.fromhex(value))
        return f"urn:sha256:{digest.hexdigest()}"


def identify(project: Project) -> Source:
    """Return the source of a document as it is now."""
    return Source(_input_hashes(project), date_of(project))


def date_of(project: Project) -> Dating:
    """Return the document's date: the first of these that is there, not before 1980.

    SOURCE_DATE_EPOCH, the last commit that touches the source, the metadata's `date`, the beginning of 1980.
    """
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "").strip()
    if epoch.isdecimal():
        return Dating(_moment(epoch), Origin.ENVIRONMENT)
    last = git.ask(project.root, "log", "-1", "--format=%H %ct", "--", SOURCE)
    name, _, seconds = last.partition(" ")
    doubt = _doubt(project.root, name)
    if name and not doubt:
        return Dating(_moment(seconds), Origin.COMMIT)
    moment = moment_of(project.metadata.date)
    if moment is None:
        return Dating(EARLIEST, Origin.NONE, doubt)
    return Dating(max(moment.replace(tzinfo=UTC), EARLIEST), Origin.METADATA, doubt)


def lint_date(dating: Dating) -> list[Problem]:
    """Warn of a checkout that has a history, but one that cannot be asked when the source last changed."""
    if not dating.doubt:
        return []
    hint = "or set SOURCE_DATE_EPOCH; meanwhile the metadata's date is taken"
    return [Problem("date-unknown", dating.doubt, Place(SOURCE), hint, Severity.WARNING)]


def _input_hashes(project: Project) -> dict[str, str]:
    """Hash the files of source and styles; hidden ones and editors' backups are none of the document."""
    paths = [*_files(project.source), *_files(project.styles)]
    named = {_name(path, project.root): path for path in paths}
    return {name: file_hash(named[name]) for name in sorted(named)}


def _files(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if path.is_file() and not hidden and not path.name.endswith("~"):
            yield path


def _name(path: Path, root: Path) -> str:
    """Return the file's name in the project, composed alike whatever the file system made of it."""
    return unicodedata.normalize("NFC", path.relative_to(root).as_posix())


def _moment(seconds: str) -> datetime:
    return max(datetime.fromtimestamp(int(seconds), UTC), EARLIEST)


def _doubt(root: Path, commit: str) -> str:
    """Tell why the history in `root` cannot say when the source last changed; `commit` is what it says."""
    if not git.is_here() and any((folder / ".git").exists() for folder in (root, *root.parents)):
        return "git is missing, and with it the date of the last commit; install it"
    if commit and commit in _history_ends(root):
        return "the history is cut off before the source last changed; run `git fetch --unshallow`"
    return ""


def _history_ends(root: Path) -> list[str]:
    """Return the commits at which a shallow clone's history was cut off."""
    path = git.ask(root, "rev-parse", "--git-path", "shallow")
    shallow = root / path if path else None
    return shallow.read_text("ascii").split() if shallow and shallow.is_file() else []
