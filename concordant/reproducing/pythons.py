"""Pythons: the other supported ones on this machine, each with an environment of the locked packages."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from concordant.reproducing.workshop import LeftOut, run

_MINORS = range(11, 16)


def other_pythons(root: Path) -> Iterator[tuple[str, str]]:
    """Find one Python of each supported version but this one; yield the version and the program."""
    for minor in _MINORS:
        version = f"3.{minor}"
        if minor != sys.version_info.minor:
            for program in _candidates(version):
                if _runs_as(program, version, root):
                    yield version, program
                    break


def environment_of(python: str, root: Path, room: Path) -> str:
    """Make an environment in `room` with the packages of the project's lock; return its Python.

    Raises:
        LeftOut: uv is missing, or could not bring the packages.
    """
    uv = _uv()
    if uv is None or not (root / "uv.lock").is_file():
        raise LeftOut("uv, or the project's uv.lock, is missing")
    folder, locked = room / "environment", room / "locked.txt"
    wanted = ("--frozen", "--no-default-groups", "--no-emit-project", "--quiet")
    steps = (
        ("export", "--project", str(root), *wanted, "--output-file", str(locked)),
        ("venv", "--quiet", "--python", python, str(folder)),
        (
            "pip",
            "install",
            "--quiet",
            "--python",
            str(folder),
            "--require-hashes",
            "-r",
            str(locked),
        ),
        (
            "pip",
            "install",
            "--quiet",
            "--python",
            str(folder),
            "--no-deps",
            "--editable",
            str(root),
        ),
    )
    for step in steps:
        done = run([uv, *step], os.environ, room)
        if done.returncode:
            raise LeftOut(f"uv {step[0]}: {done.stderr.strip().splitlines()[-1]}")
    return str(folder / "bin" / "python")


def _candidates(version: str) -> Iterator[str]:
    if found := shutil.which(f"python{version}"):
        yield found
    if uv := _uv():
        never = {**os.environ, "UV_PYTHON_DOWNLOADS": "never"}
        yield run([uv, "python", "find", "--no-project", version], never, Path("/")).stdout.strip()
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    for folder in sorted((pyenv / "versions").glob(f"{version}.*")):
        if re.fullmatch(r"[\d.]+", folder.name):
            yield str(folder / "bin" / "python")


def _runs_as(program: str, version: str, folder: Path) -> bool:
    if not program:
        return False
    code = "import sys; print('%d.%d' % sys.version_info[:2])"
    try:
        return run([program, "-c", code], os.environ, folder).stdout.strip() == version
    except OSError:
        return False


def _uv() -> str | None:
    """Return uv: the machine's, or the one that `./inv` has put beside this package."""
    tools = Path(__file__).resolve().parents[2] / ".tools" / "bin"
    return shutil.which("uv") or shutil.which("uv", path=str(tools))
