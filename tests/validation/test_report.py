"""Reports: the exit status, and JSON that is the same wherever it is written."""

from __future__ import annotations

import json

from concordant.validation.report import Finding, Report, Severity, exit_status, reports_json

ERROR = Finding("v", Severity.ERROR, "rule", "what", "p. 1")
NOTE = Finding("v", Severity.NOTE, "fact", "so it is", "p. 2")
CLEAN = Report("v", "1", "profile", "a.pdf")
NOT_RUN = Report("w", "", "profile", "a.pdf", ran=False, not_run_reason="no", install_hint="do")


def test_status() -> None:
    found = Report("v", "1", "profile", "a.pdf", (ERROR, NOTE))
    noted = Report("v", "1", "profile", "a.pdf", (NOTE,))
    for strict in (False, True):
        assert exit_status([CLEAN, noted], strict=strict) == 0
        assert exit_status([CLEAN, found], strict=strict) == 1
    assert exit_status([CLEAN, NOT_RUN], strict=False) == 0
    assert exit_status([CLEAN, NOT_RUN], strict=True) == 2
    assert exit_status([found, NOT_RUN], strict=False) == 1
    assert exit_status([], strict=True) == 2


def test_json_has_all_of_a_report() -> None:
    found = Report("v", "1", "profile", "a.pdf", (ERROR,))
    value = json.loads(reports_json([found, NOT_RUN], {"a.pdf": "00"}))
    assert value["editions"] == [{"name": "a.pdf", "sha256": "00"}]
    first, second = value["reports"]
    assert first["findings"] == [
        {"validator": "v", "severity": "error", "rule": "rule", "message": "what", "place": "p. 1"}
    ]
    assert (second["ran"], second["not_run_reason"], second["install_hint"]) == (False, "no", "do")
