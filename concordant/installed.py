"""Installed packages: where their files are, told without loading them, which may take longer than reading a file."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path


def folder_of(package: str) -> Path | None:
    """Return the folder of a package, or None if there is no such package."""
    spec = find_spec(package)
    return Path(spec.origin).parent if spec and spec.origin else None


@cache
def file_of(package: str, file: str) -> Path:
    """Return the path of a package's file.

    Raises:
        ModuleNotFoundError: there is no such package.
    """
    folder = folder_of(package)
    if folder is None:
        raise ModuleNotFoundError(f"there is no package {package}", name=package)
    return folder / file
