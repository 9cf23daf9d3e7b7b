"""Isolation: what the machine's user has set for other programs must not reach the editions.

The layout libraries and pandoc read variables, configuration and data of the user's that would change line breaks,
shapes of letters or words. Each rule here was seen to matter, or stands in the library's documentation.
"""

from __future__ import annotations

import ctypes.util
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.resources import files

from concordant.installed import folder_of

# HarfBuzz, Pango, FriBidi, FreeType, fontconfig, qpdf and pypandoc read variables that begin so:
# HB_SHAPER_LIST shapes without ligatures, PANGO_LANGUAGE and FC_LANG choose other glyphs, QPDF_ZOPFLI packs otherwise.
FOREIGN = ("HB_", "PANGO_", "FRIBIDI_", "FREETYPE_", "FC_", "FONTCONFIG_", "QPDF_", "PYPANDOC_")


def surroundings() -> dict[str, str]:
    """Return the environment for another program, such as a browser, which needs the machine's fonts."""
    return {name: value for name, value in os.environ.items() if name != "FONTCONFIG_FILE"}


def _not_looked_for(name: str) -> str | None:
    return None


@contextmanager
def libraries_by_name() -> Iterator[None]:
    """Have libraries loaded under the names by which they are asked for, and under no others, while the block runs.

    Python asks a compiler and a linker for a library that it does not find, where these are installed: two processes
    for each name. The layout engine tries names of other systems first.
    """
    find = ctypes.util.find_library
    if sys.platform == "linux":
        ctypes.util.find_library = _not_looked_for
    try:
        yield
    finally:
        ctypes.util.find_library = find


@cache
def isolate() -> None:
    """Clear this process's environment of such variables, and name our fonts' configuration and our pandoc.

    Has to be called before the libraries are loaded, since some read their variables only once; processes
    that are started later inherit it.
    """
    for name in [each for each in os.environ if each.startswith(FOREIGN)]:
        del os.environ[name]
    os.environ["FONTCONFIG_FILE"] = str(files("concordant.editions.typefaces") / "fonts.conf")
    # Left to itself, pypandoc takes the newest pandoc that it finds on the machine.
    package = folder_of("pypandoc")
    pandoc = package and package / "files" / ("pandoc.exe" if os.name == "nt" else "pandoc")
    if pandoc and pandoc.is_file():
        os.environ["PYPANDOC_PANDOC"] = str(pandoc)
