"""The native layout stack: the versions of the libraries that break the lines, and which are locked.

Pango 1.50 and 1.56 break lines differently, so the same source gives other pages. Such libraries come from
the operating system; they can be named and compared, and `environments/layout-stack` brings the locked ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from concordant.isolation import isolate
from concordant.problem import CannotRun, Place, Problem, Severity
from concordant.reproducing.native import native_versions

LOCK = "environments/layout-stack.yaml"
# As they are written, the weightiest first.
_NAMES = {
    "pango": "Pango",
    "harfbuzz": "HarfBuzz",
    "freetype": "FreeType",
    "fribidi": "FriBidi",
    "glib": "GLib",
    "fontconfig": "fontconfig",
    "zlib": "zlib",
}


@dataclass(frozen=True, slots=True)
class OtherVersion:
    """A library whose version here is another than there (empty: none is loaded, or known)."""

    library: str
    here: str
    there: str

    def __str__(self) -> str:
        return f"{_NAMES[self.library]} {self.here or 'unknown'} here, {self.there or 'unknown'}"


def loaded_versions() -> dict[str, str]:
    """Return the version of every library of the layout stack, as a process here loads it, by name."""
    isolate()  # as the layout engine has it, which loads them by the same names
    return native_versions()


def other_versions(here: Mapping[str, str], there: Mapping[str, str]) -> tuple[OtherVersion, ...]:
    """Return the libraries of `there` that have another version here."""
    return tuple(
        OtherVersion(name, here.get(name, ""), there[name])
        for name in _NAMES
        if name in there and here.get(name, "") != there[name]
    )


def locked_versions(root: Path) -> dict[str, str]:
    """Return the versions that the project in `root` locks; none where it locks none.

    Raises:
        CannotRun: the lock cannot be read.
    """
    path = root / LOCK
    if not path.is_file():
        return {}
    try:
        versions = yaml.safe_load(path.read_text("utf-8"))["versions"]
        return {str(name): str(version) for name, version in versions.items()}
    except (yaml.YAMLError, KeyError, TypeError, AttributeError) as error:
        raise CannotRun(f"{path} is not a lock of the layout stack: {error}") from error


def lint_layout_stack(root: Path) -> list[Problem]:
    """Warn of libraries here that differ from the locked ones."""
    others = other_versions(loaded_versions(), locked_versions(root))
    if not others:
        return []
    message = f"layout may differ: {'; '.join(map(str, others))} in the lock"
    hint = "run `environments/layout-stack ./inv build` for the locked libraries"
    return [Problem("layout-other", message, Place(LOCK), hint, Severity.WARNING)]
