"""Staging: a set of files replaces the last one together, or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from concordant.problem import CannotRun


@dataclass(frozen=True, slots=True)
class Stage:
    """A folder in which new files wait."""

    folder: Path
    names: list[str] = field(default_factory=list)

    def write(self, name: str, data: bytes) -> Path:
        """Write a file, in place of one of that name; return where it waits."""
        path = self.folder / name
        if name in self.names:
            path.unlink()  # whoever reads it goes on reading what it was
        else:
            self.names.append(name)
        _write(path, data)
        return path


@contextmanager
def staged(folder: Path) -> Iterator[Stage]:
    """Give a stage beside the files of a folder; after the block its files move into place, all of them.

    Raises:
        CannotRun: the folder cannot be written; what was there is untouched, as it is where the block raises.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        stage = Stage(Path(tempfile.mkdtemp(prefix=".new-", dir=folder)))
    except OSError as error:
        raise CannotRun(f"cannot write into {folder}: {error.strerror}") from error
    try:
        yield stage
        for name in stage.names:
            (stage.folder / name).replace(folder / name)
    except OSError as error:
        raise CannotRun(f"cannot write {error.filename}: {error.strerror}") from error
    finally:
        shutil.rmtree(stage.folder, ignore_errors=True)


def replace_all(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write the files beside their places first, then move them all into place; as for `staged`."""
    with staged(folder) as stage:
        for name, data in files.items():
            stage.write(name, data)


def _write(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    path.chmod(0o644)
