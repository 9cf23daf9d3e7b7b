"""Validators of EPUB: EPUBCheck (EPUB 3.3) and Ace by DAISY (EPUB Accessibility 1.1)."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from concordant.validation.report import Finding, Severity
from concordant.validation.tools import Tools, Unavailable, chromium, jar, java, node, run

EPUBCHECK = "EPUBCheck"
ACE = "Ace by DAISY"
# EPUBCheck's usage messages that state a fact and ask for nothing; all others count.
_FACTS = {
    "CSS-028",  # a font is embedded
}
_SEVERITIES = {
    "FATAL": Severity.ERROR,
    "ERROR": Severity.ERROR,
    "WARNING": Severity.WARNING,
    "INFO": Severity.WARNING,
    "USAGE": Severity.WARNING,
}


def check_epubcheck(edition: Path, _: Tools) -> tuple[str, list[Finding]]:
    """Validate by EPUB 3.3; its messages are read, because its exit status tells of errors only."""
    command = [java(), "-jar", jar("epubcheck", "epubcheck.jar"), edition.name]
    report = json.loads(run([*command, "--usage", "--quiet", "--json", "-"], cwd=edition.parent))
    if "checker" not in report:
        raise Unavailable("EPUBCheck wrote no report", "./inv validate")
    findings = [each for message in report["messages"] for each in _messages(message)]
    return str(report["checker"]["checkerVersion"]), findings


def _messages(message: Mapping[str, Any]) -> Iterator[Finding]:
    rule = message["ID"]
    severity = Severity.NOTE if rule in _FACTS else _SEVERITIES[message["severity"]]
    for place in message["locations"] or [{"path": "", "line": -1, "column": -1}]:
        line = f":{place['line']}:{place['column']}" if place["line"] > 0 else ""
        yield Finding(EPUBCHECK, severity, rule, message["message"], f"{place['path']}{line}")


def check_ace(edition: Path, tools: Tools) -> tuple[str, list[Finding]]:
    """Validate by EPUB Accessibility 1.1 and WCAG, in Chromium."""
    script = tools.node_module("@daisy/ace-cli/bin/ace.js")
    with tempfile.TemporaryDirectory() as scratch:
        homes = ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME")
        environment = dict.fromkeys(homes, scratch) | {"PUPPETEER_EXECUTABLE_PATH": chromium()}
        command = [node(), str(script), "--silent", "--tempdir", scratch, edition.name]
        text = run(command, cwd=edition.parent, environment=environment)
    report = json.loads(text[text.find("{") :] or "{}")
    if "assertions" not in report:
        raise Unavailable("Ace wrote no report", "./inv validate")
    version = report["earl:assertedBy"]["doap:release"]["doap:revision"]
    return version, [
        _assertion(each, subject["earl:testSubject"]["url"])
        for subject in report["assertions"]
        for each in subject["assertions"]
        if each["earl:result"]["earl:outcome"] != "pass"
    ]


def _assertion(assertion: Mapping[str, Any], file: str) -> Finding:
    result = assertion["earl:result"]
    pointers = " ".join(result.get("earl:pointer", {}).get("css", []))
    message = " ".join(result["dct:description"].split())
    rule = assertion["earl:test"]["dct:title"]
    return Finding(ACE, Severity.ERROR, rule, message, f"{file} {pointers}".strip())
