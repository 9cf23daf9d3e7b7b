"""Installed packages: where their files are, told without loading them, which may take longer than reading a file."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path


@cache
def file_of(package: str, file: str) -> Path:
    """Return the path of a package's file.

    Raises:
        ModuleNotFoundError: there is no such package.
    """
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError(f"there is no package {package}", name=package)
    return Path(spec.submodule_search_locations[0]) / file
