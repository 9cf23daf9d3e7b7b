"""The finished files of a small document and of the real one: the same numbers in all three."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from lxml import html

from concordant.commands import run_build
from tests.documents import ROOT, SVG, write_document
from tests.extraction import Sequences, from_epub, from_html, from_pdf

pytestmark = pytest.mark.slow
FIGURE = '![Caption.](figures/p.svg){#fig:NAME alt="A"}\n\n'


def sequences(files: dict[str, Path]) -> tuple[Sequences, Sequences, Sequences]:
    return from_pdf(files["pdf"]), from_epub(files["epub"]), from_html(files["html"])


def test_footnotes_count_through_three_chapters_in_all_three(tmp_path: Path) -> None:
    chapter = "# Chapter\n\nOne.^[First note.] Two.[^a]\n\n## Part\n\n" + FIGURE + "[^a]: Second.\n"
    sections = {f"{n}.md": chapter.replace("NAME", f"f{n}") for n in "123"}
    document = write_document(tmp_path, sections, files={"figures/p.svg": SVG})
    pdf, epub, page = sequences(document.build())
    assert page["footnotes"] == ["1", "2", "3", "4", "5", "6"]
    assert page["sections"] == ["1", "1.1", "2", "2.1", "3", "3.1"]
    assert page["captions"] == ["Figure 1", "Figure 2", "Figure 3"]
    assert pdf == epub == page


def test_the_report_has_the_same_numbers_in_all_three(report: dict[str, Path]) -> None:
    pdf, epub, page = sequences(report)
    assert page["references"] == [str(number) for number in range(1, 69)]
    assert len(page["footnotes"]) >= 10
    assert len(page["captions"]) >= 5
    assert pdf == epub == page


def test_the_ledger_says_what_the_editions_print(report: dict[str, Path]) -> None:
    kinds = json.loads(report["json"].read_text("utf-8"))["kinds"]
    page = from_html(report["html"])
    declared = {kind: [each["number"] for each in kinds[kind]["declarations"]] for kind in kinds}
    assert page["sections"] == declared["section"]
    assert page["footnotes"] == declared["footnote"]
    assert page["references"] == declared["reference"]


def test_references_stand_in_the_articles_order(report: dict[str, Path]) -> None:
    kinds = json.loads(report["json"].read_text("utf-8"))["kinds"]
    keys = [each["id"] for each in kinds["reference"]["declarations"]]
    assert keys == [f"ref-ref{number:02}" for number in range(1, 69)]


def test_no_edition_has_an_unresolved_label(report: dict[str, Path]) -> None:
    page = html.document_fromstring(report["html"].read_bytes())
    for text in (str(page.xpath("string(//main)")), report["json"].read_text("utf-8")):
        assert "[48]" in text
        assert "??" not in text
        assert "@ref" not in text
        assert "@fig:" not in text


@pytest.mark.parametrize("locale", ["C", "de_DE.UTF-8"])
def test_a_second_build_elsewhere_gives_the_same_numbers(
    report: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, locale: str
) -> None:
    for name in ("source", "styles"):
        (tmp_path / name).symlink_to(ROOT / name)
    monkeypatch.chdir("/")
    monkeypatch.setenv("LANG", locale)
    monkeypatch.setenv("LC_ALL", locale)
    assert run_build(tmp_path) == 0
    again = next((tmp_path / "build").glob("*.json"))
    assert again.read_bytes() == report["json"].read_bytes()
