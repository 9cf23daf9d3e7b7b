"""What `inv check` does: check the files, write a report, return the exit status."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from rich.console import Console

from concordant.checks.check import check_files
from concordant.checks.model import Verdict
from concordant.checks.reports.machine import as_github, as_json, as_junit, as_sarif
from concordant.checks.reports.terminal import as_text, print_verdict, summary
from concordant.problem import CannotRun

_LARGE = (
    3_000_000  # bytes of all files: from here on, workers save more time than their start takes
)


def _as_page(verdict: Verdict, pdf: Path | None) -> str:
    # Imported here, because the other formats need not wait for templates and pictures.
    from concordant.checks.reports.page import as_page  # noqa: PLC0415

    return as_page(verdict, pdf)


FORMATS: Mapping[str, Callable[[Verdict, Path | None], str]] = {
    "text": lambda verdict, _: as_text(verdict),
    "json": lambda verdict, _: as_json(verdict),
    "junit": lambda verdict, _: as_junit(verdict),
    "sarif": lambda verdict, _: as_sarif(verdict),
    "github": lambda verdict, _: as_github(verdict),
    "html": _as_page,
}


def run_check(
    files: Mapping[str, str],
    report: str = "text",
    output: str = "",
    folder: Path = Path("build"),
    workers: Callable[[], AbstractContextManager[Executor]] | None = None,
) -> int:
    """Check finished files and report in the chosen format; return 0 agree, 1 disagree, 2 cannot check.

    `files` gives paths by "pdf", "epub", "html" and "ledger"; empty ones are left out. Without any,
    the editions of `folder` are taken, with the ledger beside them, and `check.json` is written
    there. `output` names the file for the report; without it, it goes to standard output. `workers` starts those who
    read large files side by side.
    """
    console, errors = Console(), Console(stderr=True)
    try:
        if report not in FORMATS:
            raise CannotRun(f"there is no format {report!r}; take one of {', '.join(FORMATS)}")
        paths = {name: Path(value) for name, value in files.items() if value}
        own = not paths
        paths = paths or find_editions(folder)
        large = sum(path.stat().st_size for path in paths.values() if path.is_file()) > _LARGE
        with workers() if workers and large else nullcontext() as executor:
            verdict = check_files(paths, executor)
        if own:
            (folder / "check.json").write_text(as_json(verdict), encoding="utf-8")
        _deliver(verdict, report, output, paths.get("pdf"), console)
    except CannotRun as error:
        errors.print(f"cannot check: {error}", style="red", highlight=False, markup=False)
        return error.exit_code
    return verdict.exit_status


def _deliver(
    verdict: Verdict, report: str, output: str, pdf: Path | None, console: Console
) -> None:
    if report == "text" and not output:
        print_verdict(verdict, console)
        return
    text = FORMATS[report](verdict, pdf)
    if output:
        path = Path(output)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        console.print(f"{summary(verdict)} The report is {output}.", highlight=False, markup=False)
    else:
        console.out(text, end="", highlight=False)


def find_editions(folder: Path) -> dict[str, Path]:
    """Return the editions of a build folder and its ledger, by the names of `check`'s arguments.

    Raises `CannotRun` when an edition is missing, or when there are several of a kind.
    """
    paths: dict[str, Path] = {}
    for name in ("pdf", "epub", "html"):
        found = sorted(path for path in folder.glob(f"*.{name}") if path.name != "check.html")
        if len(found) != 1:
            number = "no" if not found else "more than one"
            raise CannotRun(
                f"there is {number} .{name} file in {folder}; build it, or name the files"
            )
        paths[name] = found[0]
    if (folder / "numbers.json").is_file():
        paths["ledger"] = folder / "numbers.json"
    return paths
