"""The workshop: copies of a project in temporary folders, each built in a fresh process as its setting says."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from concordant import cache, git
from concordant.problem import CannotRun
from concordant.reproducing.receipt import RECEIPT, Receipt, read_receipt
from concordant.sources.identity import date_of
from concordant.sources.project import read_project

BUILD = "build"
_NEVER_COPIED = (BUILD, "dist", "node_modules", "__pycache__", ".*")
_EPOCH = "SOURCE_DATE_EPOCH"


class LeftOut(Exception):
    """A variation that this machine cannot show, and why."""


@dataclass(frozen=True, slots=True)
class Setting:
    """How one build is run.

    `folder` is where the copy is put (nothing is there yet), `room` a folder for whatever else is needed;
    `wrapper` stands before the command; `prepare` are done to the copy before the build; `runs` are the
    arguments of the builds, one after the other.
    """

    room: Path
    folder: Path
    environment: Mapping[str, str]
    python: str = sys.executable
    wrapper: tuple[str, ...] = ()
    prepare: tuple[Callable[[Path], None], ...] = ()
    runs: tuple[tuple[str, ...], ...] = ((),)
    with_git: bool = True

    def having(self, **variables: str) -> Setting:
        """Return the setting with these environment variables as well."""
        return replace(self, environment={**self.environment, **variables})

    def behind(self, *wrapper: str) -> Setting:
        """Return the setting with another command before the others."""
        return replace(self, wrapper=(*wrapper, *self.wrapper))

    def after(self, step: Callable[[Path], None]) -> Setting:
        """Return the setting with one more thing done to the copy."""
        return replace(self, prepare=(*self.prepare, step))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a build made: its receipt and folder; or what it said when it failed."""

    folder: Path
    receipt: Receipt | None
    said: str = ""

    def hashes(self) -> dict[str, str]:
        """Return the SHA-256 of the files that were made, by name."""
        files = self.receipt.files if self.receipt else ()
        return {each.name: each.sha256 for each in files}


@dataclass(frozen=True)
class Workshop:
    """Builds copies of the project in `root`, each in a room of its own below `home`.

    Where `root` is not itself a git repository, copies get the project's date as SOURCE_DATE_EPOCH.
    """

    root: Path
    home: Path
    _rooms: Iterator[int] = field(default_factory=lambda: iter(range(1_000_000)))

    def setting(self) -> Setting:
        """Return a setting in which nothing is varied, in a new room."""
        room = self.home / f"{next(self._rooms):02}"
        room.mkdir()
        # A cache that all copies share would make them alike.
        environment = {
            key: value
            for key, value in os.environ.items()
            if not key.startswith("GIT_") and key != cache.PLACE
        }
        plain = Setting(room, room / "checkout", environment)
        return plain if self.has_history else plain.having(**{_EPOCH: self.epoch})

    @cached_property
    def has_history(self) -> bool:
        """Whether the project is the top of a git repository with a commit."""
        top = git.ask(self.root, "rev-parse", "--show-toplevel")
        known = bool(git.ask(self.root, "rev-parse", "HEAD"))
        return known and Path(top).resolve() == self.root.resolve()

    @cached_property
    def epoch(self) -> str:
        """The project's date as SOURCE_DATE_EPOCH has it."""
        project, _ = read_project(self.root)
        return str(int(date_of(project).moment.timestamp()))

    def build(self, setting: Setting) -> Outcome:
        """Copy the project and build the copy, in fresh processes; bytes are to be compared, so no check is run."""
        self.copy(setting)
        return run_builds(setting, "--no-check")

    def copy(self, setting: Setting) -> None:
        """Make the copy that a setting describes, with the files of the working tree as they are."""
        if setting.with_git and self.has_history:
            setting.folder.parent.mkdir(parents=True, exist_ok=True)
            clone(self.root, setting.folder)
        for path in self._files:
            target = setting.folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(self.root / path, target)
        for step in setting.prepare:
            step(setting.folder)

    @cached_property
    def _files(self) -> list[Path]:
        listed = ["ls-files", "-coz", "--exclude-standard"]
        names = git.ask(self.root, *listed).split("\0") if self.has_history else []
        paths = [Path(name) for name in names if name]
        return [path for path in paths or self._found() if (self.root / path).is_file()]

    def _found(self) -> list[Path]:
        kept = []
        for folder, folders, files in os.walk(self.root, followlinks=True):
            for names in (folders, files):
                drop = shutil.ignore_patterns(*_NEVER_COPIED)(folder, names)
                names[:] = [name for name in names if name not in drop]
            kept += [(Path(folder) / name).relative_to(self.root) for name in files]
        return kept


def clone(root: Path, folder: Path, commit: str = "") -> None:
    """Clone a repository's history, without files or with those of a commit; nothing is shared with the original.

    Raises:
        CannotRun: git could not.
    """
    git_command = ("git", "-c", "safe.directory=*", "-c", "advice.detachedHead=false")
    options = ("--quiet", "--no-checkout", "--no-hardlinks")
    steps = [(*git_command, "clone", *options, str(root), str(folder))]
    if commit:
        steps.append((*git_command, "-C", str(folder), "checkout", "--quiet", "--detach", commit))
    for step in steps:
        done = run(step, os.environ, root)
        if done.returncode:
            raise CannotRun(f"git cannot clone {root}: {done.stderr.strip()}")


def run_builds(setting: Setting, *options: str) -> Outcome:
    """Build the copy as its setting says, each time with these options; a build that fails ends it."""
    environment = {**setting.environment, "PYTHONPATH": str(setting.folder)}
    invoke = [setting.python, "-P", "-m", "invoke", f"--search-root={setting.folder}", "build"]
    for arguments in setting.runs:
        done = run([*setting.wrapper, *invoke, *arguments, *options], environment, setting.folder)
        if done.returncode:
            said = "\n".join((done.stdout + done.stderr).splitlines()[-12:])
            return Outcome(setting.folder, None, said)
    return Outcome(setting.folder, read_receipt(setting.folder / BUILD / RECEIPT))


def run(
    command: Sequence[str], environment: Mapping[str, str], folder: Path
) -> subprocess.CompletedProcess[str]:
    """Run a command in a folder, without a terminal, and return what it said."""
    return subprocess.run(
        command,
        env=environment,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
