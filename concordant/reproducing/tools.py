"""The tools that make the editions: which versions, and which very files."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, distribution
from importlib.resources import files
from pathlib import Path

from concordant import pandoc
from concordant.cache import remembered
from concordant.editions.typefaces.fonts import FACES
from concordant.hashing import file_hash
from concordant.installed import file_of

PROGRAM = "concordant"
LOCK = "uv.lock"


@dataclass(frozen=True, slots=True)
class Tools:
    """Versions and SHA-256 of what the editions are made with.

    `pandoc_sha256` is the program's for this system and processor; `lock` is the SHA-256 of the project's
    uv.lock, which holds every package's (empty without one); `packages` are versions by name, `fonts`
    SHA-256 by package and file.
    """

    pandoc_version: str
    pandoc_sha256: str
    lock: str
    packages: Mapping[str, str]
    fonts: Mapping[str, str]


def tools_of(root: Path) -> Tools:
    """Return the tools that this process builds the document in `root` with."""
    lock = root / LOCK
    return Tools(
        pandoc.version(),
        _hash(os.environ["PYPANDOC_PANDOC"]) if "PYPANDOC_PANDOC" in os.environ else "",
        file_hash(lock) if lock.is_file() else "",
        packages_of(PROGRAM),
        {f"{face.package}/{face.file}": _font_hash(face.package, face.file) for face in FACES},
    )


@cache
def packages_of(name: str) -> Mapping[str, str]:
    """Return the versions of all packages that a package needs at run time here, sorted by name."""
    return _needed_by(name, tuple(distribution(name).requires or ()))


@remembered
def _needed_by(name: str, _: tuple[str, ...]) -> dict[str, str]:
    """Return what is needed; what the package says of that, which may change under one version, is among the inputs."""
    found: dict[str, str] = {}
    _collect(name, found)
    del found[name]
    return {key: found[key] for key in sorted(found)}


@cache
def program_hashes() -> Mapping[str, str]:
    """Return the SHA-256 of every file of the package that is running, by its path in the package."""
    home = Path(str(files(PROGRAM)))
    paths = {path.relative_to(home).as_posix(): path for path in home.rglob("*") if path.is_file()}
    kept = [name for name in paths if "__pycache__" not in name and not name.startswith(".")]
    return {name: file_hash(paths[name]) for name in sorted(kept)}


def _collect(requirement: str, found: dict[str, str]) -> None:
    from packaging.requirements import Requirement  # noqa: PLC0415 - takes long to load, and is seldom needed

    wanted = Requirement(requirement)
    name = wanted.name.lower().replace("_", "-").replace(".", "-")
    try:
        package = distribution(name)
    except PackageNotFoundError:
        return
    if name in found and not wanted.extras:
        return
    found[name] = package.version
    for needed in package.requires or ():
        marker = Requirement(needed).marker
        extras = wanted.extras or {""}
        if marker is None or any(marker.evaluate({"extra": extra}) for extra in extras):
            _collect(needed, found)


@cache
def _hash(path: str) -> str:
    """Return a file's SHA-256; one that has not been written to since is not read again."""
    status = Path(path).stat()
    identity = (
        status.st_dev,
        status.st_ino,
        status.st_size,
        status.st_mtime_ns,
        status.st_ctime_ns,
    )
    return _hash_of(path, identity)


@remembered
def _hash_of(path: str, _: tuple[int, ...]) -> str:
    return file_hash(Path(path))


@cache
def _font_hash(package: str, file: str) -> str:
    return _hash(str(file_of(package, file)))
