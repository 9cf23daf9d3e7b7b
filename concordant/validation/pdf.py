"""Validators of PDF: page-validation (ISO 14289-1 and ISO 19005-3, rule by rule) and outloud."""

from __future__ import annotations

import importlib.util
import json
import re
import sys
import unicodedata
from pathlib import Path

from concordant.validation.report import Finding, Severity
from concordant.validation.tools import Tools, Unavailable, run

PAGE = "page-validation"
OUTLOUD = "outloud"
_SYNC = "uv sync --group validate"
# What outloud 0.2.1 finds wrongly; each is shown as a note. page-validation sees the true cases of the first.
_SPAN_AT_ROW_END = "TBL-004"  # the last row of a span in the last column is counted one cell short
_MANY_FORMS = re.compile(r"different codes all map to U\+([0-9A-F]{4,6}) '.'$")


def check_pdfua(edition: Path, _: Tools) -> tuple[str, list[Finding]]:
    """Validate by PDF/UA-1 (ISO 14289-1)."""
    return _page(edition, "ua1")


def check_pdfa(edition: Path, _: Tools) -> tuple[str, list[Finding]]:
    """Validate by PDF/A-3a (ISO 19005-3, level A)."""
    return _page(edition, "3a")


def _page(edition: Path, profile: str) -> tuple[str, list[Finding]]:
    try:
        import page  # noqa: PLC0415 (a validator that is not there is reported, not needed)
    except ImportError as error:
        raise Unavailable("the package page-validation is not installed", _SYNC) from error
    try:
        report = page.validate_pdf_bytes(edition.read_bytes(), profile=profile)
    except page.PageError as error:
        return page.__version__, [Finding(PAGE, Severity.ERROR, "unreadable", str(error), "file")]
    if not report.rules.total:
        raise Unavailable("page-validation checked no rule", _SYNC)
    findings = [
        Finding(
            PAGE,
            Severity.ERROR,
            failure.rule_id,
            failure.message,
            f"object {failure.object_id.object_number}" if failure.object_id else "file",
        )
        for failure in report.failures
    ]
    return page.__version__, findings


def check_outloud(edition: Path, _: Tools) -> tuple[str, list[Finding]]:
    """Run outloud, in a process of its own: what a person who listens to the PDF would miss."""
    if importlib.util.find_spec("outloud") is None:
        raise Unavailable("the package outloud is not installed", _SYNC)
    code = "from outloud.cli import main; main()"
    command = [sys.executable, "-c", code, edition.name, "--json", "-", "--quiet"]
    value = json.loads(_json_of(run(command, cwd=edition.parent, accept=(0, 1, 2))))
    result = value["results"][0]
    version = value["tool"]["version"]
    if result["error"]:
        return version, [Finding(OUTLOUD, Severity.ERROR, "unreadable", result["error"], "file")]
    severities = {"error": Severity.ERROR, "warning": Severity.WARNING, "info": Severity.NOTE}
    findings = []
    for each in result["findings"]:
        place = f"p. {each['page']}" if each.get("page") else "file"
        evidence = f" ({each['evidence']})" if each.get("evidence") else ""
        severity = severities[each["severity"]]
        if _mistaken(each["rule"], each["message"]):
            severity = Severity.NOTE
        findings.append(Finding(OUTLOUD, severity, each["rule"], each["message"] + evidence, place))
    crashed = [run for run in result.get("runs", []) if run["status"] == "crashed"]
    findings += [
        Finding(OUTLOUD, Severity.ERROR, each["rule"], "the rule crashed", "file")
        for each in crashed
    ]
    return version, findings


def _mistaken(rule: str, message: str) -> bool:
    """Tell whether a finding is one of outloud's own mistakes: spans at row ends, letters that join."""
    forms = _MANY_FORMS.search(message) if rule == "TXT-004" else None
    joins = forms is not None and unicodedata.bidirectional(chr(int(forms[1], 16))) == "AL"
    return rule == _SPAN_AT_ROW_END or joins


def _json_of(text: str) -> str:
    """Return the JSON object within what a program printed."""
    start, end = text.find("{"), text.rfind("}")
    if start < 0:
        raise Unavailable("it printed no report", _SYNC)
    return text[start : end + 1]
