"""The project's tasks: `inv --list` shows them, `./inv` sets up what they need first."""

from __future__ import annotations

import shlex
import shutil
import sys
from io import TextIOWrapper
from pathlib import Path

from invoke.context import Context
from invoke.exceptions import Exit
from invoke.tasks import task

ROOT = Path(__file__).resolve().parent
SCRIPTS = ("inv", ".ci/run", "environments/fresh-root")
LEFTOVERS = (
    "build",
    ".concordant",
    "dist",
    ".mypy_cache",
    ".ruff_cache",
    ".pytest_cache",
    ".hypothesis",
)

for stream in (sys.stdout, sys.stderr):
    if isinstance(
        stream, TextIOWrapper
    ):  # what the locale cannot write is shown as "?", and ends no task
        stream.reconfigure(errors="replace")


@task(
    help={
        "edition": "make only this one: pdf, epub or html",
        "check": "prove that the editions agree before they replace the last ones",
        "force": "build even if nothing has changed",
        "executor": "who lays out the pages: a number of processes, or dask://host:port (default: one a core)",
    }
)
def build(
    _: Context, edition: str = "", check: bool = True, force: bool = False, executor: str = ""
) -> None:
    """Build the PDF, EPUB and HTML editions, and the ledger of their numbers, into build/."""
    # Imported here, because other tasks need not wait for it.
    from concordant.building import run_build  # noqa: PLC0415

    end(run_build(ROOT, edition, proven=check, force=force, executor=executor))


@task(help={"port": "of the page's address (0: any free one)", "open": "open the page"})
def watch(_: Context, port: int = 8421, open: bool = False) -> None:
    """Build after each save, and show the page at the place of the edit (on this machine only)."""
    from concordant.commands import run_watch  # noqa: PLC0415

    end(run_watch(ROOT, port, opened=open))


@task
def lint(context: Context) -> None:
    """Check style, types and shell scripts; change nothing."""
    python_module(context, "ruff", "check")
    python_module(context, "ruff", "format", "--check")
    python_module(context, "mypy")
    in_root(context, str(Path(sys.executable).with_name("shellcheck")), *SCRIPTS)


@task(
    pre=[lint], help={"mutants": "also the hundreds of faults in the real editions (many minutes)"}
)
def test(context: Context, mutants: bool = False) -> None:
    """Lint, then run the tests: quick ones first, then those that build documents."""
    python_module(context, "pytest", "-m", "not slow and not mutants and not unsettled")
    python_module(
        context,
        "pytest",
        "-m",
        "(slow or mutants) and not unsettled and not sequences"
        if mutants
        else "slow and not unsettled and not sequences",
    )


@task(
    help={
        "pdf": "a PDF (without any file: the editions in build/)",
        "epub": "an EPUB",
        "html": "an HTML page",
        "ledger": "the ledger to hold them against",
        "format": "text, json, junit, sarif, github or html",
        "output": "the file for the report",
    }
)
def check(  # noqa: PLR0913, PLR0917 - each is an option
    _: Context,
    pdf: str = "",
    epub: str = "",
    html: str = "",
    ledger: str = "",
    format: str = "text",
    output: str = "",
) -> None:
    """Prove that finished editions agree with each other and with the ledger."""
    from concordant.checks.run import run_check  # noqa: PLC0415
    from concordant.editions.workers import checking_workers  # noqa: PLC0415

    files = {"pdf": pdf, "epub": epub, "html": html, "ledger": ledger}
    end(run_check(files, format, output, ROOT / "build", checking_workers))


@task(help={"strict": "fail where a validator cannot run, too (exit status 2)"})
def validate(_: Context, strict: bool = False) -> None:
    """Let the validators of PDF, EPUB and HTML read the built editions."""
    from concordant.commands import run_validate  # noqa: PLC0415

    end(run_validate(ROOT, strict=strict))


@task(
    iterable=["size"],
    help={
        "size": "pages of a generated book, or this: this document; may be given several times (90 and 360 if not)",
        "runs": "how often each command is measured; medians count",
        "outside": "measure typst and Chromium too, where they are installed",
        "steps": "tell the steps of a cold build, and the floor under it: layout alone",
        "own": "measure nothing but Concordant's cold build: for the longest books",
    },
)
def bench(
    _: Context,
    size: list[str],
    runs: int = 3,
    *,
    outside: bool = False,
    steps: bool = False,
    own: bool = False,
) -> None:
    """Measure the build against bare pandoc and WeasyPrint on generated books, or on this document."""
    from benchmarks.run import SIZES, run_bench  # noqa: PLC0415

    sizes = [0 if each == "this" else int(each) for each in size] or SIZES
    end(run_bench(sizes, runs, outside=outside, steps=steps, own=own))


@task
def pictures(_: Context) -> None:
    """Take the documentation's pictures from the built editions (needs Chromium)."""
    from concordant.commands import run_pictures  # noqa: PLC0415

    end(run_pictures(ROOT))


@task(iterable=["only"], help={"only": "vary only this (may be repeated): clock, fonts, path …"})
def reproduce(_: Context, only: list[str]) -> None:
    """Build again in varied surroundings, and compare the bytes of every edition."""
    from concordant.commands import run_reproduce  # noqa: PLC0415

    end(run_reproduce(ROOT, only))


@task(help={"receipt": "the receipt.json that came with the editions, beside them or alone"})
def verify(_: Context, receipt: str) -> None:
    """Build again what a receipt describes; say in one line whether the bytes are the same."""
    from concordant.commands import run_verify  # noqa: PLC0415

    end(run_verify(ROOT, Path(receipt)))


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
