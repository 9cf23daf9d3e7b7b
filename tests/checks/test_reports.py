"""The reports say what the verdict says, in the forms that others define."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path

import jsonschema
import pytest
from lxml import etree, html
from PIL import Image

from concordant.checks.check import check
from concordant.checks.codes import RULES
from concordant.checks.model import Verdict
from concordant.checks.reports.machine import as_github, as_json, as_junit, as_sarif
from concordant.checks.reports.page import as_page
from concordant.checks.reports.terminal import as_text
from concordant.checks.run import run_check

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = ROOT / "concordant" / "checks" / "check.schema.json"


@pytest.fixture(scope="module")
def wrong(harbour: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The hand-made editions, but the page has another caption and a citation that leads astray."""
    page = harbour["html"].read_text(encoding="utf-8")
    page = page.replace("Plan of the office", "Plan of <the> offices").replace(
        'href="#r6">6', 'href="#r5">6'
    )
    path = tmp_path_factory.mktemp("wrong") / "wrong.html"
    path.write_text(page, encoding="utf-8")
    return {**harbour, "html": path}


@pytest.fixture(scope="module")
def verdict(wrong: dict[str, Path]) -> Verdict:
    return check(wrong["pdf"], wrong["epub"], wrong["html"], wrong["json"])


def test_the_terminal_shows_kinds_places_and_hints(verdict: Verdict) -> None:
    text = as_text(verdict, width=200)
    assert re.search(r"figure\s+2 / 3\s+2 / 3\s+2 / 3\s+2 / 3\s+\d differ", text)
    assert re.search(r"table\s+2 / 2\s+2 / 2\s+2 / 2\s+2 / 2\s+agree", text)
    assert "error[link-target] a link prints reference 6 but leads to reference 5" in text
    assert "source source/ch2.md:11" in text
    assert RULES["link-target"].hint in text
    assert "The editions disagree" in text


def test_json_follows_its_schema_and_counts(verdict: Verdict) -> None:
    data = json.loads(as_json(verdict))
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(data, schema)
    assert data["verdict"] == "disagree"
    assert data["counts"]["reference"]["pdf"] == {"declared": 7, "mentioned": 13}
    assert {"link-target", "declaration-text"} <= {finding["code"] for finding in data["findings"]}


def test_the_schema_refuses_what_is_no_verdict(verdict: Verdict) -> None:
    data = json.loads(as_json(verdict))
    data["findings"][0]["severity"] = "bad"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(data, json.loads(SCHEMA.read_text(encoding="utf-8")))


def test_junit_has_a_case_for_each_kind(verdict: Verdict) -> None:
    root = etree.fromstring(as_junit(verdict).encode())
    cases = {case.get("name"): case for case in root.iter("testcase")}
    assert cases["reference"].find("failure") is not None
    assert cases["table"].find("failure") is None
    failed = sum(case.find("failure") is not None for case in cases.values())
    assert root.get("failures") == str(failed)
    assert root.get("tests") == str(len(cases))


def test_sarif_points_at_the_source(verdict: Verdict) -> None:
    log = json.loads(as_sarif(verdict))
    run = log["runs"][0]
    assert log["version"] == "2.1.0"
    result = next(r for r in run["results"] if r["ruleId"] == "declaration-text")
    physical = result["locations"][0]["physicalLocation"]
    assert physical == {"artifactLocation": {"uri": "source/ch2.md"}, "region": {"startLine": 11}}
    for each in run["results"]:
        assert run["tool"]["driver"]["rules"][each["ruleIndex"]]["id"] == each["ruleId"]


def test_annotations_keep_their_lines_together(verdict: Verdict) -> None:
    lines = as_github(verdict).splitlines()
    assert len(lines) == len(verdict.findings)
    assert all(line.startswith(("::error ", "::warning ")) for line in lines)
    assert any(
        line.startswith("::error file=source/ch2.md,line=11,title=declaration-text::")
        for line in lines
    )


def test_the_page_shows_pictures_and_escapes_what_it_quotes(
    verdict: Verdict, wrong: dict[str, Path], tmp_path: Path
) -> None:
    root = html.document_fromstring(as_page(verdict, wrong["pdf"]))
    assert not list(root.iter("the"))
    assert not root.xpath("//script | //link | //*[starts-with(@src, 'http')]")
    pictures = [str(image.get("src")) for image in root.iter("img")]
    assert pictures
    path = tmp_path / "picture.png"
    path.write_bytes(base64.b64decode(pictures[0].partition(",")[2]))
    with Image.open(path) as picture:
        dark = sum(picture.convert("L").histogram()[:100])
    assert dark > 50, "the picture shows print"


def test_every_code_that_is_reported_has_a_rule_and_a_line_in_the_documentation() -> None:
    sources = "".join(
        p.read_text(encoding="utf-8") for p in (ROOT / "concordant/checks").glob("*.py")
    )
    reported = set(re.findall(r'(?:Finding|_of|_at)\(\s*(?:reading, )?f?"([a-z{}-]+)"', sources))
    patterns = {code.replace("{what}", "(?:declaration|mention)") for code in reported}
    assert len(reported) > 15
    for pattern in patterns:
        assert any(re.fullmatch(pattern, code) for code in RULES), pattern
    documented = (ROOT / "docs" / "check.md").read_text(encoding="utf-8")
    for code, rule in RULES.items():
        assert f"`{code}`" in documented, code
        assert rule.meaning.endswith(".")
        assert not rule.hint.endswith(".")


def test_the_command_writes_reports_and_gives_the_exit_status(
    harbour: dict[str, Path],
    wrong: dict[str, Path],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    good = {name: str(harbour[name]) for name in ("pdf", "epub", "html")}
    assert run_check(good) == 0
    assert "The editions agree." in capsys.readouterr().out
    out = tmp_path / "new" / "check.sarif"
    assert run_check({**good, "html": str(wrong["html"])}, report="sarif", output=str(out)) == 1
    assert json.loads(out.read_text(encoding="utf-8"))["runs"]
    assert run_check({**good, "pdf": good["epub"]}) == 2
    assert "cannot check: harbour.epub: this is not a PDF file" in capsys.readouterr().err
    assert run_check(good, report="poem") == 2
    assert run_check({}, folder=tmp_path) == 2


def test_without_files_those_of_the_build_are_checked(
    harbour: dict[str, Path], tmp_path: Path
) -> None:
    for name in ("pdf", "epub", "html"):
        (tmp_path / harbour[name].name).write_bytes(harbour[name].read_bytes())
    (tmp_path / "numbers.json").write_bytes(harbour["json"].read_bytes())
    assert run_check({}, folder=tmp_path) == 0
    data = json.loads((tmp_path / "check.json").read_text(encoding="utf-8"))
    assert data["verdict"] == "agree"
    assert "ledger" in data["files"]
