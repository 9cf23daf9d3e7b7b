"""What is counted in the finished report is what stands in its Markdown, chapter by chapter.

The expected numbers come from regular expressions over the source, not from any stage of the build.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from concordant.checks.check import check, read_edition
from concordant.checks.model import Edition, Kind, Reading, Spot

SOURCE = Path(__file__).resolve().parents[2] / "source"
CITED = re.compile(r"(?<![\w:])@(ref\d+)\b")
CALLS = re.compile(r"\[\^[^\]]+\](?!:)")
NUMBERED = re.compile(r"^#{1,6} (?!.*\{[^}]*\.(?:unnumbered|frontmatter))", re.MULTILINE)
LABELS = {
    Kind.FIGURE: re.compile(r"\{#fig:"),
    Kind.TABLE: re.compile(r"\{#tbl:"),
    Kind.EQUATION: re.compile(r"\{#eq:"),
    Kind.LISTING: re.compile(r"\{#lst:"),
}


def chapters() -> list[str]:
    """Return the Markdown of the numbered chapters; each file begins with its one heading of level 1."""
    texts = [path.read_text("utf-8") for path in sorted(SOURCE.glob("*.md"))]
    assert all(len(re.findall(r"^# ", text, re.MULTILINE)) == 1 for text in texts)
    return [text for text in texts if NUMBERED.match(text)]


def counted(text: str) -> dict[Kind, int]:
    """Count in a chapter's Markdown what is declared there."""
    declared = {kind: len(pattern.findall(text)) for kind, pattern in LABELS.items()}
    return declared | {
        Kind.SECTION: len(NUMBERED.findall(text)),
        Kind.FOOTNOTE: len(CALLS.findall(text)),
    }


def chapter_of(reading: Reading, spot: Spot) -> int:
    """Return the number of the chapter at a place: by page in a PDF, by file in an EPUB."""
    starts = [thing.spot for thing in reading.declared(Kind.SECTION) if thing.label.isdigit()]
    if spot.file:
        return next((n for n, start in enumerate(starts, 1) if start.file == spot.file), 0)
    return sum(1 for start in starts if start.page <= spot.page)


@pytest.mark.slow
@pytest.mark.parametrize("edition", [Edition.PDF, Edition.EPUB])
def test_the_report_counts_what_its_source_holds(
    report_files: dict[Edition, Path], edition: Edition
) -> None:
    reading = read_edition(edition, report_files[edition])
    declared = Counter((chapter_of(reading, d.spot), d.kind) for d in reading.declarations)
    cited = Counter(chapter_of(reading, m.spot) for m in reading.mentioned(Kind.REFERENCE))
    texts = chapters()
    assert len(texts) > 5
    for number, text in enumerate(texts, 1):
        for kind, expected in counted(text).items():
            assert declared[number, kind] == expected, (number, kind)
        assert cited[number] == len(CITED.findall(text)), number


@pytest.mark.slow
def test_the_verdict_counts_what_the_source_holds(report_files: dict[Edition, Path]) -> None:
    files = {edition.value: path for edition, path in report_files.items()}
    counts = {(c.kind, c.edition): (c.declared, c.mentioned) for c in check(**files).counts}
    texts = [path.read_text("utf-8") for path in sorted(SOURCE.glob("*.md"))]
    cited = [key for text in texts for key in CITED.findall(text)]
    for edition in Edition:
        assert counts[Kind.REFERENCE, edition] == (len(set(cited)), len(cited))
        notes = sum(len(CALLS.findall(text)) for text in texts)
        assert counts[Kind.FOOTNOTE, edition] == (notes, notes)
        for kind, pattern in LABELS.items():
            assert counts[kind, edition][0] == sum(len(pattern.findall(t)) for t in texts)
