"""The kill rate: every fault in good editions is reported at its place, and no harmless change is."""

from __future__ import annotations

from pathlib import Path

import pytest

from concordant.checks.check import check
from concordant.checks.model import Edition
from tests.checks import material
from tests.checks.mutations.editions import markup_faults
from tests.checks.mutations.harmless import changes
from tests.checks.mutations.pdf_faults import pdf_faults
from tests.checks.mutations.suite import Bench, Outcome, report, run_all

FAULTS = (*markup_faults(), *pdf_faults())
OTHER_PAGES = {
    "another face": "* { font-family: Other !important }",
    "no hyphenation": "body { hyphens: none }",
    "ragged lines": "body { text-align: left }",
    "larger letters": "body { font-size: 12pt; line-height: 16pt }",
    "a wider page": "@page { size: 420pt 600pt }",
    "no ligatures": "body { font-variant-ligatures: none }",
    "old-style figures": "body { font-variant-numeric: oldstyle-nums }",
    "wider letters": "body { letter-spacing: 0.4pt }",
    "headings in capitals": "h2, h3 { text-transform: uppercase }",
    "a small page": "@page { size: 260pt 330pt }",
}


@pytest.fixture(scope="session")
def report_bench(
    report_files: dict[Edition, Path], tmp_path_factory: pytest.TempPathFactory
) -> Bench:
    """The real document, built and read once."""
    return Bench(report_files, tmp_path_factory.mktemp("mutants"))


def must_all_be_caught(outcomes: list[Outcome]) -> None:
    said = report(outcomes)
    print(said)
    assert all(outcome.caught for outcome in outcomes), said


def must_say_nothing(bench: Bench) -> None:
    said = []
    for name, edition, change in changes():
        findings = bench.findings(edition, change(bench.data[edition]))
        said += [f"{edition} {name}: {finding.code} {finding.message}" for finding in findings]
    assert said == []


def test_there_are_faults_and_harmless_changes_enough() -> None:
    assert len({fault.name for fault in FAULTS}) >= 40
    assert len({name for name, _, _ in changes()} | set(OTHER_PAGES)) >= 30


@pytest.mark.parametrize("edition", [Edition.HTML, Edition.EPUB, Edition.PDF])
def test_faults_in_the_hand_made_editions_are_caught(
    harbour_bench: Bench, edition: Edition
) -> None:
    outcomes = run_all(harbour_bench, [f for f in FAULTS if f.edition is edition], 1)
    assert len(outcomes) > 25
    must_all_be_caught(outcomes)
    assert edition is not Edition.PDF or harbour_bench.memory.known > 25


def test_harmless_changes_to_the_hand_made_editions_pass(harbour_bench: Bench) -> None:
    must_say_nothing(harbour_bench)


@pytest.mark.parametrize("name", OTHER_PAGES)
def test_another_layout_passes(harbour: dict[str, Path], tmp_path: Path, name: str) -> None:
    material.write_pdf(tmp_path / "other.pdf", OTHER_PAGES[name])
    material.add_xmp(tmp_path / "other.pdf")
    assert check(tmp_path / "other.pdf", harbour["epub"], harbour["html"]).findings == ()


def test_the_suite_reports_a_survivor(harbour_bench: Bench) -> None:
    fault = next(f for f in FAULTS if f.name == "caption number changed")
    blind = type(fault)(fault.name, fault.edition, frozenset(("words-differ",)), fault.change)
    outcome = harbour_bench.run(blind, 0)
    assert outcome is not None
    assert not type(fault)(fault.name, fault.edition, frozenset(), fault.change).caught(
        outcome.findings, outcome.hit
    )


@pytest.mark.slow
def test_the_report_agrees(report_bench: Bench) -> None:
    assert [(finding.code, finding.message) for finding in report_bench.known] == []


@pytest.mark.mutants
def test_faults_in_the_report_are_caught(report_bench: Bench) -> None:
    outcomes = run_all(report_bench, FAULTS, 4)
    assert len(outcomes) >= 400
    assert len({outcome.fault.name for outcome in outcomes}) >= 40
    must_all_be_caught(outcomes)
    assert report_bench.memory.known > report_bench.memory.unknown


@pytest.mark.mutants
def test_harmless_changes_to_the_report_pass(report_bench: Bench) -> None:
    must_say_nothing(report_bench)
