"""The native layout stack: the versions of the libraries that break the lines, and which are locked.

Pango 1.50 and 1.56 break lines differently, so the same source gives other pages. Such libraries come from
the operating system; they can be named and compared, and `environments/layout-stack` brings the locked ones.
"""

from __future__ import annotations

import ctypes
import sys
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from concordant.isolation import isolate
from concordant.problem import CannotRun, Place, Problem, Severity

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
    """Return the version of every library of the layout stack, as a process here loads it, by name.

    zlib is among them: it does not lay out, but its packing decides the bytes just as well.
    """
    isolate()  # as the layout engine has it, which loads them by the same names
    versions = {name: _asked(ask, soname) for name, (soname, ask) in _LIBRARIES.items()}
    return versions | {"zlib": zlib.ZLIB_RUNTIME_VERSION}


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


def _asked(ask: Callable[[ctypes.CDLL], str], soname: str) -> str:
    stem, _, number = soname.partition(".so.")
    name = f"{stem}.{number}.dylib" if sys.platform == "darwin" else soname
    try:
        return ask(ctypes.CDLL(name))
    except (OSError, AttributeError, ValueError):
        return ""


def _text(library: ctypes.CDLL, function: str) -> str:
    call = library[function]
    call.restype = ctypes.c_char_p
    return bytes(call()).decode("ascii")


def _fontconfig(library: ctypes.CDLL) -> str:
    number = int(library.FcGetVersion())
    return f"{number // 10000}.{number // 100 % 100}.{number % 100}"


def _freetype(library: ctypes.CDLL) -> str:
    handle, parts = ctypes.c_void_p(), [ctypes.c_int() for _ in range(3)]
    library.FT_Init_FreeType(ctypes.byref(handle))
    library.FT_Library_Version(handle, *map(ctypes.byref, parts))
    library.FT_Done_FreeType(handle)
    return ".".join(str(part.value) for part in parts)


def _glib(library: ctypes.CDLL) -> str:
    names = ("glib_major_version", "glib_minor_version", "glib_micro_version")
    return ".".join(str(ctypes.c_uint.in_dll(library, name).value) for name in names)


def _fribidi(library: ctypes.CDLL) -> str:
    words = ctypes.c_char_p.in_dll(library, "fribidi_version_info").value or b""
    return words.decode("ascii").splitlines()[0].rpartition(" ")[2]


_LIBRARIES: Mapping[str, tuple[str, Callable[[ctypes.CDLL], str]]] = {
    "fontconfig": ("libfontconfig.so.1", _fontconfig),
    "freetype": ("libfreetype.so.6", _freetype),
    "fribidi": ("libfribidi.so.0", _fribidi),
    "glib": ("libglib-2.0.so.0", _glib),
    "harfbuzz": ("libharfbuzz.so.0", lambda library: _text(library, "hb_version_string")),
    "pango": ("libpango-1.0.so.0", lambda library: _text(library, "pango_version_string")),
}
