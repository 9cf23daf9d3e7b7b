"""`run_validate` with the real validators: nothing found in good editions, and each kind of fault found in bad ones."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from concordant.validation.validate import VALIDATORS, Validator, run_validate
from tests.documents import ROOT
from tests.validation import breaking, samples
from tests.validation.breaking import Breaker

pytestmark = pytest.mark.slow


def validator(profile: str) -> Validator:
    return next(each for each in VALIDATORS if each.profile == profile)


def outcome(
    root: Path, validators: Sequence[Validator] = VALIDATORS, *, strict: bool = True
) -> tuple[int, str]:
    """Run the validators on the document in `root`; return the exit status and what was shown."""
    shown = StringIO()
    console = Console(file=shown, width=200)
    return run_validate(
        root, strict=strict, console=console, validators=validators
    ), shown.getvalue()


@pytest.fixture(scope="module", params=["tables", "structures", "scripts"])
def sample(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    document = getattr(samples, request.param)(tmp_path_factory.mktemp(request.param))
    document.build()
    lend_tools(document.root)
    return Path(document.root)


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    document = samples.structures(tmp_path_factory.mktemp("good"))
    document.build()
    return document.root


@pytest.fixture
def spare(good: Path, tmp_path: Path) -> Iterator[Path]:
    """A copy of good editions, to be broken."""
    shutil.copytree(good / "source", tmp_path / "source")
    shutil.copytree(good / "build", tmp_path / "build")
    lend_tools(tmp_path)
    yield tmp_path


def lend_tools(root: Path) -> None:
    (ROOT / ".tools").mkdir(exist_ok=True)
    (root / ".tools").symlink_to(ROOT / ".tools")


def test_nothing_is_found_in_what_is_hard(sample: Path) -> None:
    status, shown = outcome(sample)
    assert status == 0, shown
    reports = json.loads((sample / "build/validate.json").read_text("utf-8"))["reports"]
    assert len(reports) == len(VALIDATORS)
    assert all(report["ran"] and report["version"] for report in reports)


PDF_UA, PDF_A, OUTLOUD = "PDF/UA-1", "PDF/A-3a", "PDF/UA-1, WCAG 2.2"
EPUB, ACE = "EPUB 3.3", "EPUB Accessibility 1.1"
HTML, AXE = "HTML", "WCAG 2.2 AA, good practice"
CHAPTER = "EPUB/text/chapter-01.xhtml"
# What axe-core leaves open: letters in a drawing. #777777 on #888888 is 1.263 by WCAG's formula.
FAINT = (
    '<svg width="99" height="30" role="img" aria-label="a"><rect width="99" height="30" fill="#888888"/>'
    '<text y="20" fill="#777777">faint</text></svg>'
)
BROKEN = [
    (PDF_UA, "pdf", breaking.change_pdf(breaking.drop_language), "PDFUA1-"),
    (PDF_A, "pdf", breaking.change_pdf(breaking.drop_output_intent), "PDFA3A-DEVICE-RGB"),
    (OUTLOUD, "pdf", breaking.change_pdf(breaking.name_figure_after_file), "FIG-010"),
    (
        EPUB,
        "epub",
        breaking.change_member(CHAPTER, "</section>", "<p><div/></p></section>"),
        "RSC-005",
    ),
    (
        ACE,
        "epub",
        breaking.change_member(
            "EPUB/package.opf", '"schema:accessibilityHazard"', '"schema:accessMode"'
        ),
        "metadata-accessibilityhazard",
    ),
    (HTML, "html", breaking.change_text("</main>", "<p><div></div></p></main>"), "error[error]"),
    (AXE, "html", breaking.change_text("</main>", '<img src="data:,"></main>'), "image-alt"),
    (
        AXE,
        "html",
        breaking.change_text(
            "</main>", '<details><summary>More</summary><img src="data:,"></details></main>'
        ),
        "image-alt",
    ),
    (
        AXE,
        "html",
        breaking.change_text("</main>", '<img alt="a" src="https://example.org/a.png"></main>'),
        "console",
    ),
    (
        AXE,
        "html",
        breaking.in_turn(
            breaking.change_text('http-equiv="Content-Security-Policy"', 'name="none"'),
            breaking.change_text("</main>", '<img alt="a" src="https://example.org/a.png"></main>'),
        ),
        "asks for https://example.org/a.png",
    ),
    (
        AXE,
        "html",
        breaking.change_text(
            "</main>", '<p style="color: #999; background: #fff">faint</p></main>'
        ),
        "color-contrast",
    ),
    (AXE, "html", breaking.change_text("</main>", f"{FAINT}</main>"), "the contrast is 1.26"),
    (
        AXE,
        "html",
        breaking.change_text("</main>", '<canvas width="2000" height="9"></canvas></main>'),
        "reflow",
    ),
]


@pytest.mark.parametrize(("profile", "form", "breaker", "rule"), BROKEN)
def test_each_fault_is_found(
    spare: Path, profile: str, form: str, breaker: Breaker, rule: str
) -> None:
    breaker(spare / f"build/small.{form}")
    status, shown = outcome(spare, [validator(profile)])
    assert status == 1, shown
    assert rule in shown
    assert f"small.{form}: " in shown


def test_the_command_is_red_where_every_validator_finds_something(spare: Path) -> None:
    for profile in {profile for profile, *_ in BROKEN}:
        _, form, breaker, _ = next(each for each in BROKEN if each[0] == profile)
        breaker(spare / f"build/small.{form}")
    shutil.copy(ROOT / "tasks.py", spare)
    command = [sys.executable, "-m", "invoke", f"--search-root={spare}", "validate", "--strict"]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 1, done.stdout + done.stderr
    reports = json.loads((spare / "build/validate.json").read_text("utf-8"))["reports"]
    assert len(reports) == len(VALIDATORS)
    for report in reports:
        assert any(each["severity"] != "note" for each in report["findings"]), report["validator"]


def test_a_file_that_is_none_is_a_finding(spare: Path) -> None:
    (spare / "build/small.pdf").write_bytes(b"no PDF")
    status, _ = outcome(spare, [validator(PDF_UA), validator(OUTLOUD)])
    assert status == 1


def test_what_cannot_run_is_listed_with_what_would_help(
    spare: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHROMIUM", "/nowhere/chromium")
    (spare / "build/small.epub").unlink()
    wanted = [validator(AXE), validator(EPUB)]
    status, shown = outcome(spare, wanted)
    assert status == 2
    assert "there is no Chromium" in shown
    assert "apt install chromium" in shown
    assert "there is no small.epub" in shown
    assert outcome(spare, wanted, strict=False)[0] == 0


def test_the_json_tells_neither_time_nor_place(spare: Path) -> None:
    breaking.change_text("</main>", "<p><div></div></p></main>")(spare / "build/small.html")
    texts = set()
    for _ in range(2):
        outcome(spare, [validator(HTML), validator(PDF_UA), validator(EPUB)])
        texts.add((spare / "build/validate.json").read_text("utf-8"))
    (text,) = texts
    assert str(spare) not in text
    assert "/home/" not in text
