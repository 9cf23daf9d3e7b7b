"""Run every validator on the built editions, several at a time, and tell what they found."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from concordant.editions.edition import Format
from concordant.hashing import file_hash
from concordant.problem import CannotRun
from concordant.sources.project import read_project
from concordant.staging import replace_all
from concordant.validation import browser, epub, html, pdf
from concordant.validation.report import Finding, Report, exit_status, reports_json
from concordant.validation.tools import Tools, Unavailable

REPORT = "validate.json"
_SHOWN = 10  # findings of one rule on the terminal; the JSON has all


@dataclass(frozen=True, slots=True)
class Validator:
    """One validator with one profile: what it reads, and the function that runs it.

    The function takes an edition's path and returns the validator's version and findings.
    """

    name: str
    profile: str
    form: Format
    check: Callable[[Path, Tools], tuple[str, list[Finding]]]


VALIDATORS = (
    Validator(epub.ACE, "EPUB Accessibility 1.1", Format.EPUB, epub.check_ace),
    Validator(epub.EPUBCHECK, "EPUB 3.3", Format.EPUB, epub.check_epubcheck),
    Validator(browser.AXE, "WCAG 2.2 AA, good practice", Format.HTML, browser.check_browser),
    Validator(html.NU, "HTML", Format.HTML, html.check_nu),
    Validator(pdf.OUTLOUD, "PDF/UA-1, WCAG 2.2", Format.PDF, pdf.check_outloud),
    Validator(pdf.PAGE, "PDF/UA-1", Format.PDF, pdf.check_pdfua),
    Validator(pdf.PAGE, "PDF/A-3a", Format.PDF, pdf.check_pdfa),
)


def run_validate(
    root: Path,
    *,
    strict: bool = False,
    console: Console | None = None,
    validators: Sequence[Validator] = VALIDATORS,
) -> int:
    """Validate the editions in `build/` of the document in `root`; show a table and all findings.

    Returns the exit status: 0 nothing found, 1 something found, 2 with `strict` when a validator could not run.

    Raises:
        CannotRun: no document is there, or its `build/` cannot be written.
    """
    project, _ = read_project(root)
    build = root / "build"
    editions = {form: build / f"{project.metadata.slug}.{form.value}" for form in Format}
    reports = validate(editions, Tools((root / ".tools").absolute()), validators)
    digests = {path.name: file_hash(path) for path in editions.values() if path.is_file()}
    if not digests:
        raise CannotRun(f"there are no editions in {build}; run: ./inv build")
    replace_all(build, {REPORT: reports_json(reports, digests).encode()})
    show(reports, console or Console())
    return exit_status(reports, strict=strict)


def validate(
    editions: dict[Format, Path], tools: Tools, validators: Sequence[Validator] = VALIDATORS
) -> tuple[Report, ...]:
    """Run every validator on the edition that it reads, several at a time."""
    try:
        tools.install_node_modules()
    except Unavailable as error:
        missing: Unavailable | None = error
    else:
        missing = None
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        jobs = [pool.submit(_run, each, editions[each.form], tools, missing) for each in validators]
    return tuple(job.result() for job in jobs)


def _run(validator: Validator, edition: Path, tools: Tools, missing: Unavailable | None) -> Report:
    version, findings, problem = "", list[Finding](), None
    try:
        if not edition.is_file():
            raise Unavailable(f"there is no {edition.name}", "./inv build")
        version, findings = validator.check(edition, tools)
    except Unavailable as error:
        problem = missing if missing and "npm package" in error.reason else error
    except (ValueError, KeyError, TypeError) as error:
        problem = Unavailable(f"its report cannot be read: {error!r}", "./inv validate")
    return Report(
        validator.name,
        version,
        validator.profile,
        edition.name,
        tuple(sorted(findings)),
        ran=problem is None,
        not_run_reason=problem.reason if problem else "",
        install_hint=problem.hint if problem else "",
    )


def show(reports: Sequence[Report], console: Console) -> None:
    """Show one table of validators, then each finding with its place, then what could not run."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    for heading in ("validator", "version", "profile", "edition"):
        table.add_column(heading)
    for heading in ("findings", "notes"):
        table.add_column(heading, justify="right")
    for report in reports:
        counts = (str(len(report.failures)), str(len(report.notes)))
        last = counts if report.ran else ("not run", "")
        form = Path(report.edition).suffix.removeprefix(".").upper()
        table.add_row(report.validator, report.version, report.profile, form, *last)
    console.print(table)
    for report in reports:
        _show_findings(report, console)
    for report in reports:
        if not report.ran:
            _say(
                console, f"{report.validator} ({report.profile}): not run: {report.not_run_reason}"
            )
            _say(console, f"    to set it up: {report.install_hint}")


def _show_findings(report: Report, console: Console) -> None:
    seen: Counter[str] = Counter()
    for finding in report.failures:
        seen[finding.rule] += 1
        if seen[finding.rule] <= _SHOWN:
            head = f"{report.edition}: {finding.place}: {finding.severity}[{finding.rule}]"
            _say(console, f"{head}: {finding.message} ({report.validator}, {report.profile})")
    for rule, count in seen.items():
        if count > _SHOWN:
            _say(console, f"    {count - _SHOWN} more [{rule}] in build/{REPORT}")


def _say(console: Console, line: str) -> None:
    console.print(escape(line), highlight=False, soft_wrap=True)
