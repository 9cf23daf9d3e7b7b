"""Fixtures: what the variations need around a build, made in its room."""

from __future__ import annotations

import ctypes
import os
import shutil
from importlib.resources import files
from pathlib import Path

from fontTools.ttLib import TTFont

from concordant.editions.typefaces.fonts import FACES
from concordant.reproducing.workshop import LeftOut, Setting, run

_OTHER_ID = "54321"
_SUBSETTER = ("libharfbuzz-subset.so.0", "libharfbuzz-subset.so")
_FONTS_CONF = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>{folder}</dir><cachedir>{folder}/cache</cachedir></fontconfig>
"""
_GIT_CONFIG = "[log]\n\tshowSignature = true\n\tdate = relative\n[core]\n\tabbrev = 4\n"
_NEW_PANDOC = """#!/bin/sh
if [ "$1" = --version ]; then echo 'pandoc 99.0'; else echo 'a foreign pandoc' >&2; exit 83; fi
"""


def at_clock(setting: Setting, moment: str) -> Setting:
    """Let time begin at a moment (with `@` before it) or stand still there."""
    if not shutil.which("faketime"):
        raise LeftOut("faketime is missing (on Debian: apt-get install faketime)")
    return setting.having(FAKETIME_DONT_FAKE_MONOTONIC="1").behind("faketime", "-f", moment)


def with_locale(setting: Setting, name: str) -> Setting:
    """Make the locale in the room; where that cannot be done, it is only named by the variables."""
    if name == "C" or not shutil.which("localedef"):
        return setting
    folder = setting.room / "locales"
    folder.mkdir(exist_ok=True)
    language, _, charset = name.partition(".")
    made = ["localedef", "--inputfile", language, "--charmap", charset, str(folder / name)]
    run(made, os.environ, setting.room)  # warns, with status 1, where the locale is good enough
    return setting.having(LOCPATH=str(folder)) if (folder / name).is_dir() else setting


def as_other_user(setting: Setting) -> Setting:
    """Run as a user without a name: as root by becoming one, otherwise in a name space of one's own."""
    open_room(setting.room)
    home = setting.room / "home of another user"
    home.mkdir()
    home.chmod(0o777)
    ways = {
        "setpriv": (f"--reuid={_OTHER_ID}", f"--regid={_OTHER_ID}", "--clear-groups"),
        "unshare": ("--user", f"--map-user={_OTHER_ID}", f"--map-group={_OTHER_ID}"),
    }
    for program, options in ways.items():
        wrapper = (program, *options)
        probe = [*wrapper, setting.python, "-c", "import invoke"]
        if shutil.which(program) and not run(probe, os.environ, setting.room).returncode:
            setting = setting.after(_give_away) if program == "setpriv" else setting
            return setting.behind(*wrapper).having(HOME=str(home))
    raise LeftOut(
        "no other user could run this Python, neither by setpriv (as root) nor by unshare --user"
        " (is a folder above it closed to others?)"
    )


def open_room(room: Path) -> None:
    """Let every user pass through the room's parents to the room."""
    room.parent.chmod(0o711)
    room.chmod(0o755)


def furnished_home(home: Path) -> Path:
    """Make a home whose settings for other programs would change what they do here."""
    data = home / ".local" / "share" / "pandoc"
    contents = {
        home / ".gitconfig": _GIT_CONFIG,
        home / ".config" / "fontconfig" / "fonts.conf": _FONTS_CONF.format(folder=home),
        data / "abbreviations": "the\nof\nand\na\n",
        data / "templates" / "default.html5": "a foreign template\n",
        data / "translations" / "en.yaml": "Figure: Bild\n",
    }
    for path, text in contents.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return home


def with_system_fonts(setting: Setting) -> Setting:
    """Install a fixed-width face under the names of our families, by every way that fontconfig knows."""
    home = _home(setting)
    folder = home / ".local" / "share" / "fonts"
    folder.mkdir(parents=True)
    face = next(each for each in FACES if "code" in each.package)
    for family in sorted({each.family for each in FACES} | {"serif", "sans-serif"}):
        font = TTFont(str(files(face.package) / face.file))
        for entry in font["name"].names:
            if entry.nameID in (1, 4, 6, 16):
                entry.string = family
        font.save(folder / f"{family}.ttf")
    (home / ".fonts").symlink_to(folder)
    conf = home / "fonts.conf"  # under this name also in the folder that FONTCONFIG_PATH names
    conf.write_text(_FONTS_CONF.format(folder=folder), "utf-8")
    return setting.having(
        HOME=str(home),
        XDG_DATA_HOME=str(folder.parent),
        FONTCONFIG_PATH=str(home),
        FONTCONFIG_FILE=str(conf),
    )


def with_other_programs(setting: Setting) -> Setting:
    """Put a pandoc that claims to be newer in front on the PATH."""
    folder = setting.room / "bin"
    folder.mkdir()
    program = folder / "pandoc"
    program.write_text(_NEW_PANDOC, "utf-8")
    program.chmod(0o755)
    return setting.having(PATH=f"{folder}{os.pathsep}{setting.environment.get('PATH', '')}")


def without_program(setting: Setting, name: str) -> Setting:
    """Hide a program: only links to the others stay on the PATH."""
    folder = setting.room / f"without {name}"
    folder.mkdir()
    for place in setting.environment.get("PATH", "").split(os.pathsep):
        for path in Path(place).glob("*") if place else ():
            link = folder / path.name
            if path.name != name and not link.is_symlink():
                link.symlink_to(path.absolute())
    return setting.having(PATH=str(folder))


def without_subsetter(setting: Setting) -> Setting:
    """Put empty files before the system's libharfbuzz-subset, so that it cannot be loaded."""
    try:
        ctypes.CDLL(_SUBSETTER[0])
    except OSError:
        raise LeftOut(
            "it is missing anyway (on Debian: apt-get install libharfbuzz-subset0)"
        ) from None
    folder = setting.room / "no subsetter"
    folder.mkdir()
    for name in _SUBSETTER:
        (folder / name).touch()
    before = setting.environment.get("LD_LIBRARY_PATH", "")
    return setting.having(LD_LIBRARY_PATH=f"{folder}{os.pathsep + before if before else ''}")


def date_files(folder: Path) -> None:
    """Give every file another time of change, from 1990 to 2040."""
    span = (631152000, 2208988800)
    for index, path in enumerate(sorted(_sources(folder))):
        moment = span[0] + index * 7919 * 3571 % (span[1] - span[0])
        os.utime(path, (moment, moment))


def leave_rubbish(folder: Path) -> None:
    """Leave among the sources what file managers and editors leave."""
    for name in ("source/.DS_Store", "source/metadata.yaml~", "styles/.#tokens.yaml"):
        (folder / name).write_text("rubbish\n", "utf-8")


def list_backwards(folder: Path) -> None:
    """Make the file system list the sources in the opposite order: it lists them as they came, or the last first."""
    for part in ("source", "styles"):
        home = folder / part
        if _listed(home) == sorted(_listed(home)):
            away = home.rename(folder / f"{part}.away")
            home.mkdir()
            for name in sorted(_listed(away), reverse=True):
                (away / name).rename(home / name)
            away.rmdir()
        if _listed(home) == sorted(_listed(home)):
            raise LeftOut("this file system lists files sorted")


def _listed(folder: Path) -> list[str]:
    return os.listdir(folder)  # noqa: PTH208 - in its order


def _home(setting: Setting) -> Path:
    """Return a home in the setting's room: the one it has, or a new one."""
    home = Path(setting.environment.get("HOME", "/"))
    home = home if home.is_relative_to(setting.room) else setting.room / "fonts' home"
    home.mkdir(exist_ok=True)
    return home


def _sources(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and ".git" not in path.parts]


def _give_away(folder: Path) -> None:
    for path in (folder, *folder.rglob("*")):
        os.chown(path, int(_OTHER_ID), int(_OTHER_ID), follow_symlinks=False)
