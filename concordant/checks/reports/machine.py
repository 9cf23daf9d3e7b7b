"""The verdict for programs: JSON, JUnit XML, SARIF 2.1.0, GitHub annotations."""

from __future__ import annotations

import json
from typing import Any

from lxml import etree

from concordant.checks.codes import RULES
from concordant.checks.model import Finding, Kind, Printed, Spot, Verdict
from concordant.problem import Severity

SCHEMA = "urn:concordant:check:1"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning"}


def as_json(verdict: Verdict) -> str:
    """Return the verdict as JSON (`check.schema.json`), sorted and stable."""
    data = {
        "schema": SCHEMA,
        "verdict": "agree" if verdict.agrees else "disagree",
        "document": {
            "title": verdict.identity.title,
            "identifier": verdict.identity.identifier,
            "version": verdict.identity.version,
        },
        "files": {edition.value: name for edition, name in verdict.files},
        "counts": _counts(verdict),
        "words": {edition.value: number for edition, number in verdict.words},
        "apart": _apart(verdict),
        "findings": [_finding(finding) for finding in verdict.findings],
    }
    return json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _counts(verdict: Verdict) -> dict[str, dict[str, dict[str, int]]]:
    table: dict[str, dict[str, dict[str, int]]] = {}
    for count in verdict.counts:
        pair = {"declared": count.declared, "mentioned": count.mentioned}
        table.setdefault(count.kind.value, {})[count.edition.value] = pair
    return table


def _apart(verdict: Verdict) -> dict[str, dict[str, int]]:
    table: dict[str, dict[str, int]] = {}
    for edition, aside in verdict.asides:
        table.setdefault(edition.value, {})[aside.role] = aside.words
    return table


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "message": finding.message,
        "hint": RULES[finding.code].hint,
        "kind": finding.kind.value if finding.kind else None,
        "label": finding.label,
        "place": finding.place,
        "printed": [_printed(printed) for printed in finding.printed],
    }


def _printed(printed: Printed) -> dict[str, Any]:
    return {"edition": printed.edition.value, "text": printed.text, "spot": _spot(printed.spot)}


def _spot(spot: Spot) -> dict[str, Any]:
    given: dict[str, Any] = {"said": str(spot)}
    if spot.page:
        given |= {"page": spot.page, "folio": spot.folio}
    if spot.box:
        given["box"] = [round(number, 1) for number in spot.box]
    if spot.file:
        given["file"] = spot.file
    if spot.anchor:
        given["anchor"] = spot.anchor
    if spot.line:
        given["line"] = spot.line
    return given


def as_junit(verdict: Verdict) -> str:
    """Return the verdict as JUnit XML: a test case for each kind of number, one for words, one for identity."""
    groups: dict[str, list[Finding]] = {kind.value: [] for kind in Kind}
    groups |= {"words": [], "identity": []}
    for finding in verdict.errors:
        other = "identity" if finding.code.startswith("identity") else "words"
        groups[finding.kind.value if finding.kind else other].append(finding)
    failed = sum(1 for findings in groups.values() if findings)
    counts = {"tests": str(len(groups)), "failures": str(failed), "errors": "0"}
    suites = etree.Element("testsuites", {"name": "concordant", **counts})
    suite = etree.SubElement(suites, "testsuite", {"name": "check", **counts})
    for name, findings in groups.items():
        case = etree.SubElement(suite, "testcase", classname="concordant.check", name=name)
        if findings:
            failure = etree.SubElement(
                case, "failure", message=findings[0].message, type=findings[0].code
            )
            failure.text = "\n".join(_line(finding) for finding in findings)
    return etree.tostring(suites, encoding="unicode", pretty_print=True)


def _line(finding: Finding) -> str:
    says = "; ".join(
        f"{p.edition.value} ({p.spot}): {p.text or 'nothing'}" for p in finding.printed
    )
    place = f"{finding.place}: " if finding.place else ""
    return _printable(f"{place}{finding.severity}[{finding.code}]: {finding.message} | {says}")


def _printable(text: str) -> str:
    return "".join(c for c in text if c in "\t\n" or ord(c) >= 32)


def as_sarif(verdict: Verdict) -> str:
    """Return the verdict as SARIF 2.1.0: results at the source's line where the ledger gives one."""
    used = sorted({finding.code for finding in verdict.findings})
    rules = [
        {
            "id": code,
            "shortDescription": {"text": RULES[code].meaning},
            "help": {"text": RULES[code].hint},
        }
        for code in used
    ]
    run = {
        "tool": {"driver": {"name": "concordant", "rules": rules}},
        "columnKind": "unicodeCodePoints",
        "results": [_result(verdict, finding, used) for finding in verdict.findings],
    }
    log = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [run],
    }
    return json.dumps(log, ensure_ascii=False, indent=1) + "\n"


def _result(verdict: Verdict, finding: Finding, used: list[str]) -> dict[str, Any]:
    return {
        "ruleId": finding.code,
        "ruleIndex": used.index(finding.code),
        "level": _LEVELS[finding.severity],
        "message": {"text": f"{finding.message}. Hint: {RULES[finding.code].hint}."},
        "locations": _locations(verdict, finding),
    }


def _locations(verdict: Verdict, finding: Finding) -> list[dict[str, Any]]:
    if finding.place:
        file, line = split_place(finding.place)
        physical: dict[str, Any] = {"artifactLocation": {"uri": file}}
        if line:
            physical["region"] = {"startLine": line}
        return [{"physicalLocation": physical}]
    names = dict(verdict.files)
    shown = finding.printed[-1:]
    return [
        {
            "physicalLocation": {"artifactLocation": {"uri": names[printed.edition]}},
            "logicalLocations": [{"fullyQualifiedName": str(printed.spot)}],
        }
        for printed in shown
    ]


def split_place(place: str) -> tuple[str, int]:
    """Split "source/01.md:12" into the file and the line (0 when it gives none)."""
    file, _, line = place.rpartition(":")
    return (file, int(line)) if file and line.isdigit() else (place, 0)


def as_github(verdict: Verdict) -> str:
    """Return the findings as workflow commands, which a code host shows beside the lines."""
    return "".join(_annotation(finding) for finding in verdict.findings)


def _annotation(finding: Finding) -> str:
    fields = []
    if finding.place:
        file, line = split_place(finding.place)
        fields = [f"file={_escaped(file)}", *([f"line={line}"] if line else [])]
    fields.append(f"title={finding.code}")
    says = "\n".join(
        f"{p.edition.value} ({p.spot}): {p.text or 'nothing'}" for p in finding.printed
    )
    message = f"{finding.message}\n{says}\n{RULES[finding.code].hint}"
    body = message.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return f"::{_LEVELS[finding.severity]} {','.join(fields)}::{body}\n"


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace(",", "%2C").replace(":", "%3A")
