"""`inv`, the set-up script, as a stranger runs it: in copies of the project, on bare machines."""

from __future__ import annotations

import contextlib
import json
import os
import pty
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PARTS = ("inv", "pyproject.toml", "uv.lock", "README.md", "concordant", "environments")
ECHO_TASK = """
import json, locale, os
from invoke.tasks import task

@task(positional=["words"], iterable=["words"])
def echo(_, words):
    print(json.dumps([words, os.getcwd(), locale.getpreferredencoding()]))
"""


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """A folder with an awkward name."""
    with tempfile.TemporaryDirectory(prefix="set up – ü ") as name:
        yield Path(name)


@pytest.fixture(scope="module")
def bare(folder: Path) -> Path:
    """A copy of the project that is not set up."""
    return copy_project(folder / "bare")


@pytest.fixture(scope="module")
def ready(folder: Path) -> Path:
    """A copy of the project that its first run has set up, under the locale C."""
    project = copy_project(folder / "ready")
    done = run(project, "echo", "--words", "first")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)[0] == ["first"]
    return project


def copy_project(folder: Path) -> Path:
    """Copy what set-up works with, and one task that prints what it gets."""
    folder.mkdir()
    for name in PARTS:
        part = ROOT / name
        if part.is_dir():
            shutil.copytree(part, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(part, folder / name)
    (folder / "tasks.py").write_text(ECHO_TASK, encoding="utf-8")
    return folder


def run(
    project: Path, *arguments: str, cwd: Path = ROOT, env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a copy's `inv` without a terminal; by default in this environment, with the locale C."""
    if env is None:
        env = {**os.environ, "LC_ALL": "C", "PATH": f"{ROOT}/.tools/bin:{os.environ['PATH']}"}
    return subprocess.run(
        [project / "inv", *arguments],
        cwd=cwd,
        env=env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def bare_machine(folder: Path, **programs: str) -> dict[str, str]:
    """Make a PATH of the few standard programs that `inv` uses and of the given shell scripts."""
    folder.mkdir()
    for name, script in programs.items():
        program = folder / name.replace("_", "-")
        with program.open("x", encoding="utf-8") as file:
            file.write(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)
    for name in ("sh", "env", "cat", "cksum", "dirname", "grep", "id"):
        found = shutil.which(name)
        assert found
        if name not in programs:
            (folder / name).symlink_to(found)
    return {"PATH": str(folder)}


def read_to_end(terminal: int) -> str:
    """Return what was written to a terminal that nobody holds open any more."""
    parts = []
    with contextlib.suppress(OSError):  # how Linux says that it is the end
        while part := os.read(terminal, 65_536):
            parts.append(part)
    os.close(terminal)
    return b"".join(parts).decode()


@pytest.mark.slow
@pytest.mark.parametrize(
    "arguments",
    [
        ["two  spaces", "", "'single' and \"double\"", "$HOME `id` \\ * ; &"],
        ["ü – 中文 “curly”", "line\nbreak\n"],
    ],
)
def test_arguments_arrive_untouched(ready: Path, arguments: list[str]) -> None:
    done = run(ready, "echo", *(part for text in arguments for part in ("--words", text)))
    assert json.loads(done.stdout)[0] == arguments


@pytest.mark.slow
def test_works_from_any_folder_with_an_empty_environment(ready: Path, tmp_path: Path) -> None:
    # A module of the caller's folder must not be taken for Invoke's or the project's.
    (tmp_path / "tasks.py").write_text("raise SystemExit('the wrong tasks')", encoding="utf-8")
    (tmp_path / "json.py").write_text("raise SystemExit('the wrong module')", encoding="utf-8")
    done = run(ready, "echo", cwd=tmp_path, env={})
    assert json.loads(done.stdout) == [[], str(tmp_path), "utf-8"]


@pytest.mark.slow
def test_a_ready_project_needs_neither_uv_nor_git_nor_writing(ready: Path, tmp_path: Path) -> None:
    before = (ready / ".venv").stat().st_mtime_ns
    done = run(ready, "echo", env=bare_machine(tmp_path / "bin"))
    assert (done.returncode, done.stderr) == (0, "")
    assert (ready / ".venv").stat().st_mtime_ns == before


@pytest.mark.slow
def test_a_moved_project_is_set_up_again(ready: Path) -> None:
    moved = ready.rename(ready.with_name("moved"))
    try:
        done = run(moved, "echo")
        assert ".venv" in done.stderr
        where = [
            str(moved / ".venv/bin/python"),
            "-c",
            "import concordant; print(concordant.__file__)",
        ]
        printed = subprocess.run(where, capture_output=True, encoding="utf-8", check=True, cwd="/")
        assert printed.stdout.strip() == str(moved / "concordant/__init__.py")
        assert run(moved, "echo").stderr == ""
    finally:
        moved.rename(ready)


@pytest.mark.slow
def test_a_broken_lock_stops_before_the_task(ready: Path) -> None:
    lock = ready / "uv.lock"
    good = lock.read_bytes()
    lock.write_bytes(good + b"[[package]]")
    try:
        for _ in range(2):  # a failure must not be remembered as success
            done = run(ready, "echo")
            assert done.returncode != 0
            assert done.stdout == ""
    finally:
        lock.write_bytes(good)


@pytest.mark.parametrize(
    ("manager", "command"),
    [
        (
            "apt_get",
            "sudo apt-get -qq install --no-install-recommends python3 python3-venv libpango",
        ),
        ("dnf", "sudo dnf install python3 pango"),
        ("pacman", "sudo pacman -S python pango"),
        ("brew", "run:  brew install python pango"),
        ("other", "please install Python 3.11 or newer, pango harfbuzz fontconfig, chromium, git"),
    ],
)
def test_without_root_or_terminal_the_command_is_printed_and_not_run(
    bare: Path, tmp_path: Path, manager: str, command: str
) -> None:
    called = tmp_path / "called"
    env = bare_machine(
        tmp_path / "bin", **{manager: f"echo >{called}"}, sudo=f"echo >{called}", id="echo 1000"
    )
    done = run(bare, "test", env=env)
    assert command in done.stderr
    assert (done.returncode, done.stdout) == (2, "")
    assert not called.exists()


@pytest.mark.parametrize("task", ["build", "test"])
def test_only_what_the_task_needs_is_asked_for(bare: Path, tmp_path: Path, task: str) -> None:
    done = run(bare, task, env=bare_machine(tmp_path / "bin", apt_get="exit 1", id="echo 1000"))
    assert [name in done.stderr for name in ("chromium", " git")] == [task == "test"] * 2


def test_a_shim_without_a_version_and_an_old_uv_are_passed_over(bare: Path, tmp_path: Path) -> None:
    shim = "echo 'python3.13: command not found' >&2; exit 127"
    env = bare_machine(
        tmp_path / "bin", python3_13=shim, python3=shim, uv="echo uv 0.4.30", id="echo 1000"
    )
    assert (
        "please install Python 3.11 or newer, pango harfbuzz" in run(bare, "build", env=env).stderr
    )


@pytest.mark.parametrize("places", [("shims", "bin"), ("bin", "shims"), ("shims",)])
def test_a_distributions_python_comes_before_a_version_managers(
    bare: Path, tmp_path: Path, places: tuple[str, ...]
) -> None:
    log = tmp_path / "log"
    uv = f'[ "$1" = --version ] && echo uv 0.9.1 || {{ echo "$@" >>{log}; exit 3; }}'
    env = bare_machine(tmp_path / "rest", uv=uv)
    env["PATH"] = ":".join([*(str(tmp_path / place) for place in places), env["PATH"]])
    for place in places:
        python = tmp_path / place / ("python3.13" if place == "shims" else "python3.11")
        python.parent.mkdir()
        python.write_text('#!/bin/sh\necho "$0"', encoding="utf-8")
        python.chmod(0o755)
    assert run(bare, "build", env=env).returncode == 3
    expected = "bin/python3.11" if "bin" in places else "shims/python3.13"
    assert f"--python {tmp_path}/{expected}\n" in log.read_text(encoding="utf-8")


@pytest.mark.parametrize(("answer", "installs"), [("n", False), ("", False), ("y", True)])
def test_on_a_terminal_sudo_waits_for_a_yes(
    bare: Path, tmp_path: Path, answer: str, installs: bool
) -> None:
    log = tmp_path / "log"
    sudo = f'echo "$@" >>{log}'
    env = bare_machine(tmp_path / "bin", apt_get="exit 1", sudo=sudo, id="echo 1000")
    ours, theirs = pty.openpty()
    os.write(ours, f"{answer}\n".encode())
    done = subprocess.run(
        [bare / "inv", "build"], stdin=theirs, stderr=theirs, env=env, check=False
    )
    os.close(theirs)
    said = read_to_end(ours)
    assert done.returncode == 2
    assert "apt-get -qq install" in said.split("[y/N]")[0]
    assert log.exists() == installs
    assert ("still missing" if installs else "nothing was installed") in said
    if installs:
        assert "python3-venv" in log.read_text(encoding="utf-8")
