"""The project's tasks: `inv --list` shows them, `./inv` sets up what they need first."""

from __future__ import annotations

import shlex
import shutil
import sys
from pathlib import Path

from invoke.context import Context
from invoke.exceptions import Exit
from invoke.tasks import task

ROOT = Path(__file__).resolve().parent
SCRIPTS = ("inv", ".ci/run", "environments/fresh-root")
LEFTOVERS = (
    "build",
    "dist",
    ".mypy_cache",
    ".ruff_cache",
    ".pytest_cache",
    ".hypothesis",
)


@task(help={"edition": "make only this one: pdf, epub or html"})
def build(_: Context, edition: str = "") -> None:
    """Build the PDF, EPUB and HTML editions, and the ledger of their numbers, into build/."""
    # Imported here, because other tasks need not wait for the layout engine.
    from concordant.commands import run_build  # noqa: PLC0415

    end(run_build(ROOT, edition))


@task
def lint(context: Context) -> None:
    """Check style, types and shell scripts; change nothing."""
    python_module(context, "ruff", "check")
    python_module(context, "ruff", "format", "--check")
    python_module(context, "mypy")
    in_root(context, str(Path(sys.executable).with_name("shellcheck")), *SCRIPTS)


@task(pre=[lint])
def test(context: Context) -> None:
    """Lint, then run the tests: quick ones first, then those that build documents."""
    python_module(context, "pytest", "-m", "not slow")
    python_module(context, "pytest", "-m", "slow")


@task(
    iterable=["pages"],
    help={
        "pages": "length of a generated book; may be given several times (90 and 360 if not)",
        "runs": "how often each command is measured; medians count",
        "outside": "measure typst and Chromium too, where they are installed",
    },
)
def bench(_: Context, pages: list[str], runs: int = 3, outside: bool = False) -> None:
    """Measure the build against bare pandoc and WeasyPrint on generated books."""
    from benchmarks.run import SIZES, run_bench  # noqa: PLC0415

    end(run_bench([int(each) for each in pages] or SIZES, runs, outside=outside))


@task
def pictures(_: Context) -> None:
    """Take the documentation's pictures from the built editions (needs Chromium)."""
    from concordant.commands import run_pictures  # noqa: PLC0415

    end(run_pictures(ROOT))


@task
def clean(_: Context) -> None:
    """Delete what tasks have written: editions and caches (not the environment)."""
    for name in LEFTOVERS:
        shutil.rmtree(ROOT / name, ignore_errors=True)


def end(status: int) -> None:
    """End the process with a task's status, unless all is well and other tasks may follow."""
    if status:
        raise Exit(code=status)


def python_module(context: Context, *arguments: str) -> None:
    """Run a module of this environment on the project, wherever the caller stands."""
    in_root(context, sys.executable, "-m", *arguments)


def in_root(context: Context, *command: str) -> None:
    """Run a command in the project's folder; its failure ends the task with its exit status."""
    with context.cd(shlex.quote(str(ROOT))):
        context.run(shlex.join(command), pty=sys.stdout.isatty())
