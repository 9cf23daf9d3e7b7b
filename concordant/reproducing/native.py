"""Native libraries: which versions of the layout stack this process finds, each asked by itself.

They are loaded under the names by which the layout engine loads them, which takes a few milliseconds.
"""

from __future__ import annotations

import ctypes
import sys
import zlib
from collections.abc import Callable, Mapping


def native_versions() -> dict[str, str]:
    """Return the version of every library of the layout stack, by name; empty for one that is missing.

    zlib is among them: it does not lay out, but its packing decides the bytes just as well.
    """
    versions = {name: _asked(ask, soname) for name, (soname, ask) in _LIBRARIES.items()}
    return versions | {"zlib": zlib.ZLIB_RUNTIME_VERSION}


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
