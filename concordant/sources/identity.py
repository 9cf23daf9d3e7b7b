"""The document's identity: from which source, and of when; never the clock's time (see reproducible-builds.org)."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from datetime import UTC, datetime

from concordant.sources.project import SOURCE, Project


def timestamp_of(project: Project) -> datetime:
    """Return when the document last changed, in UTC.

    The first of these that is there: SOURCE_DATE_EPOCH, the last commit that touches the source, the
    metadata's `date`, the beginning of 1980 (the first moment that a ZIP archive can hold).
    """
    for seconds in (os.environ.get("SOURCE_DATE_EPOCH"), _last_commit(project)):
        if seconds and seconds.strip().isdigit():
            return datetime.fromtimestamp(int(seconds), UTC)
    try:
        return datetime.fromisoformat(project.metadata.date).replace(tzinfo=UTC)
    except ValueError:
        return datetime(1980, 1, 1, tzinfo=UTC)


def source_urn(project: Project) -> str:
    """Return a name for exactly this source: the same in editions that were built from the same."""
    digest = hashlib.sha256()
    for path in sorted([*project.source.rglob("*"), *project.styles.rglob("*")]):
        if path.is_file():
            name = path.relative_to(project.root).as_posix()
            digest.update(name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return f"urn:sha256:{digest.hexdigest()}"


def _last_commit(project: Project) -> str | None:
    git = shutil.which("git")
    if git is None:
        return None
    command = [git, "-C", str(project.root), "log", "-1", "--format=%ct", "--", SOURCE]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout if done.returncode == 0 else None
