"""The Nu Html Checker: is the page HTML (WHATWG) and CSS?"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from concordant.validation.report import Finding, Severity
from concordant.validation.tools import Tools, Unavailable, java, run

NU = "Nu Html Checker"


def check_nu(edition: Path, tools: Tools) -> tuple[str, list[Finding]]:
    """Validate by the HTML standard."""
    archive = tools.node_module("vnu-jar/build/dist/vnu.jar")
    options = ["--format", "json", "--stdout", "--exit-zero-always"]
    text = run([java(), "-jar", str(archive), *options, edition.name], cwd=edition.parent)
    report = json.loads(text or "{}")
    if "messages" not in report:
        raise Unavailable("the checker wrote no report", "./inv validate")
    findings = [_message(message) for message in report["messages"]]
    return str(report.get("version", "")).partition(" ")[0], findings


def _message(message: Mapping[str, Any]) -> Finding:
    kind = message.get("subType") or message["type"]
    severity = {"info": Severity.NOTE, "warning": Severity.WARNING}.get(kind, Severity.ERROR)
    line = f"line {message['lastLine']}" if "lastLine" in message else "file"
    column = f", column {message['lastColumn']}" if "lastColumn" in message else ""
    return Finding(NU, severity, kind, message["message"], line + column)
