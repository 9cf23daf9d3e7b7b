"""Staging: a set of files replaces the last one together, or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from concordant.problem import CannotRun


def replace_all(
    folder: Path, files: Mapping[str, bytes], approve: Callable[[Path], None] = lambda _: None
) -> None:
    """Write the files beside their places first, then move them all into place.

    `approve` sees the folder in which the new files wait; what it raises keeps the old ones.

    Raises:
        CannotRun: the folder cannot be written; what was there is untouched.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        stage = Path(tempfile.mkdtemp(prefix=".new-", dir=folder))
    except OSError as error:
        raise CannotRun(f"cannot write into {folder}: {error.strerror}") from error
    try:
        for name, data in files.items():
            _write(stage / name, data)
        approve(stage)
        for name in files:
            (stage / name).replace(folder / name)
    except OSError as error:
        raise CannotRun(f"cannot write {error.filename}: {error.strerror}") from error
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def _write(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    path.chmod(0o644)
