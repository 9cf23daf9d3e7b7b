"""Variations: what may be different where a document is built, and must not matter."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from concordant.reproducing import fixtures
from concordant.reproducing.pythons import environment_of, other_pythons
from concordant.reproducing.workshop import LeftOut, Setting, Workshop, run

LONG = "a much longer path – ünïcödé, 中文, 'quotes' & spaces " + "and so on " * 8
CLOCK = "2001-02-03 04:05:06"


@dataclass(frozen=True, slots=True)
class Variation:
    """One way in which a build's surroundings can be different: `vary` changes a plain setting.

    `vary` raises LeftOut where this machine cannot show it.
    """

    name: str
    what: str
    vary: Callable[[Setting, Workshop], Setting]


def variations(root: Path) -> tuple[Variation, ...]:
    """Return all variations, the last of which has many of the others at the same time."""
    single = (*_SURROUNDINGS, *_MACHINE, *_pythons(root), *_COURSE)
    return (*single, Variation("together", f"{', '.join(_TOGETHER)} at once", _together))


def _again(setting: Setting, _: Workshop) -> Setting:
    return setting


def _clock(setting: Setting, _: Workshop) -> Setting:
    return fixtures.at_clock(setting, f"@{CLOCK}")


def _time_zone(setting: Setting, _: Workshop) -> Setting:
    return setting.having(TZ="XYZ-13:45")


def _locale(name: str) -> Callable[[Setting, Workshop], Setting]:
    def vary(setting: Setting, _: Workshop) -> Setting:
        setting = fixtures.with_locale(setting, name)
        bare = {"PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}  # Python takes UTF-8 for C by itself
        return setting.having(LC_ALL=name, LANG=name, LANGUAGE=name, **bare)

    return vary


def _user(setting: Setting, _: Workshop) -> Setting:
    return fixtures.as_other_user(setting)


def _home(setting: Setting, _: Workshop) -> Setting:
    home = fixtures.furnished_home(setting.room / "home of somebody else")
    return setting.having(HOME=str(home), XDG_DATA_HOME=str(home / ".local/share"))


def _umask(setting: Setting, _: Workshop) -> Setting:
    return setting.behind("sh", "-c", 'umask 077; exec "$@"', "sh")


def _path(setting: Setting, _: Workshop) -> Setting:
    return replace(setting, folder=setting.room / LONG / "checkout")


def _order(setting: Setting, _: Workshop) -> Setting:
    memory = Path("/dev/shm")
    if not os.access(memory, os.W_OK):
        raise LeftOut("there is no file system in memory (/dev/shm) whose order can be chosen")
    folder = Path(tempfile.mkdtemp(prefix="concordant-", dir=memory))
    return replace(setting, folder=folder).after(fixtures.list_backwards)


def _processors(setting: Setting, _: Workshop) -> Setting:
    if not hasattr(os, "sched_getaffinity") or not shutil.which("taskset"):
        raise LeftOut("taskset is missing (util-linux)")
    mine = sorted(os.sched_getaffinity(0))
    if len(mine) < 2:
        raise LeftOut("there is one processor only")
    return setting.behind("taskset", "--cpu-list", str(mine[-1]))


def _features(setting: Setting, _: Workshop) -> Setting:
    if not sys.platform.startswith("linux"):
        raise LeftOut("only Linux's C library can be told to do without")
    without = "-AVX512F,-AVX2,-AVX2_Usable,-FMA,-FMA_Usable,-FMA4,-BMI2,-ERMS,-SSE4_2"
    return setting.having(GLIBC_TUNABLES=f"glibc.cpu.hwcaps={without}")


def _seed(setting: Setting, _: Workshop) -> Setting:
    return setting.having(PYTHONHASHSEED="1")


def _noise(setting: Setting, _: Workshop) -> Setting:
    return setting.having(
        **{name: f"http://127.0.0.1:9/{name}" for name in ("http_proxy", "HTTPS_PROXY")},
        **dict.fromkeys(("CI", "DEBUG", "EDITOR", "BROWSER", "DISPLAY"), "no"),
        **{"PYTHONUTF8": "0", "TERM": "dumb", "COLUMNS": "20", "LINES": "3", "NO_COLOR": "1"},
        **{f"CONCORDANT_NOISE_{number}": "x" * number for number in range(50)},
    )


def _libraries(setting: Setting, _: Workshop) -> Setting:
    return setting.having(
        HB_SHAPER_LIST="fallback",
        PANGO_LANGUAGE="zh-cn:ja",
        FC_LANG="zh-cn",
        FREETYPE_PROPERTIES="truetype:interpreter-version=35 cff:no-stem-darkening=0",
        QPDF_ZOPFLI="force",
    )


def _fonts(setting: Setting, _: Workshop) -> Setting:
    return fixtures.with_system_fonts(setting)


def _programs(setting: Setting, _: Workshop) -> Setting:
    return fixtures.with_other_programs(setting)


def _subsetter(setting: Setting, _: Workshop) -> Setting:
    return fixtures.without_subsetter(setting)


def _host(setting: Setting, _: Workshop) -> Setting:
    wrapper = ["unshare", "--user", "--map-root-user", "--uts"]
    if not shutil.which("unshare") or run([*wrapper, "true"], os.environ, setting.room).returncode:
        raise LeftOut("name spaces are not allowed here (unshare --user --uts)")
    return setting.behind(*wrapper, "sh", "-c", 'hostname another-host; exec "$@"', "sh")


def _times(setting: Setting, _: Workshop) -> Setting:
    return setting.after(fixtures.date_files)


def _no_git(setting: Setting, workshop: Workshop) -> Setting:
    setting = fixtures.without_program(setting, "git")
    return replace(setting, with_git=False).having(SOURCE_DATE_EPOCH=workshop.epoch)


def _warm(setting: Setting, _: Workshop) -> Setting:
    return replace(setting, runs=((), ("--force",)))


def _partial(setting: Setting, _: Workshop) -> Setting:
    return replace(setting, runs=tuple(("--edition", form) for form in ("html", "pdf", "epub")))


def _leftovers(setting: Setting, _: Workshop) -> Setting:
    return setting.after(fixtures.leave_rubbish)


def _python(path: str) -> Callable[[Setting, Workshop], Setting]:
    def vary(setting: Setting, workshop: Workshop) -> Setting:
        return replace(setting, python=environment_of(path, workshop.root, setting.room))

    return vary


def _pythons(root: Path) -> tuple[Variation, ...]:
    return tuple(
        Variation(f"python-{version}", f"Python {version} instead of {_OWN}", _python(path))
        for version, path in other_pythons(root)
    )


def _together(setting: Setting, workshop: Workshop) -> Setting:
    for each in (*_SURROUNDINGS, *_MACHINE, *_COURSE):
        if each.name in _TOGETHER:
            try:
                setting = each.vary(setting, workshop)
            except LeftOut:
                continue  # said already, where it stands alone
    return setting


_OWN = f"{sys.version_info.major}.{sys.version_info.minor}"
_SURROUNDINGS = (
    Variation("again", "nothing: the same once more", _again),
    Variation("clock", f"the clock, at {CLOCK}", _clock),
    Variation("time-zone", "TZ, 13 hours 45 minutes east", _time_zone),
    Variation("locale-c", "the locale: C, without UTF-8", _locale("C")),
    Variation("locale-tr", "the locale: tr_TR.UTF-8 (i, İ)", _locale("tr_TR.UTF-8")),
    Variation("locale-zh", "the locale: zh_CN.UTF-8", _locale("zh_CN.UTF-8")),
    Variation("user", "the user and the group", _user),
    Variation("home", "HOME, with settings for git, pandoc and fontconfig", _home),
    Variation("umask", "umask 077", _umask),
    Variation("path", "the checkout's path: long, with spaces and non-ASCII", _path),
    Variation("order", "the order in which the file system lists files", _order),
    Variation("times", "every file's time of change, up to the year 2040", _times),
    Variation("environment", "proxies, terminal, UTF-8 mode, 50 more variables", _noise),
    Variation("libraries", "variables of HarfBuzz, Pango, FreeType, fontconfig, qpdf", _libraries),
    Variation("seed", "PYTHONHASHSEED, and with it the order of sets", _seed),
)
_MACHINE = (
    Variation("processors", "one processor only", _processors),
    Variation("features", "an older processor: no AVX2, no FMA", _features),
    Variation("host", "the host's name", _host),
    Variation("fonts", "installed fonts that bear our families' names", _fonts),
    Variation("programs", "another, newer pandoc on the PATH", _programs),
    Variation("subsetter", "libharfbuzz-subset is missing", _subsetter),
    Variation("no-git", "neither git nor history (SOURCE_DATE_EPOCH instead)", _no_git),
)
_COURSE = (
    Variation("warm", "a second build in the same folder, from the cache", _warm),
    Variation("partial", "one edition after another", _partial),
    Variation("leftovers", "hidden files and editors' backups among the sources", _leftovers),
)
_TOGETHER = (
    *("clock", "time-zone", "locale-tr", "home", "umask", "path", "times", "environment"),
    *("libraries", "seed", "processors", "features", "fonts", "programs", "subsetter", "partial"),
)
