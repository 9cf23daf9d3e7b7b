"""Differences are told by what the formats know: members, dates, pages, metadata."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pikepdf

from concordant.reproducing.differences import MOST, report, summary


def archive(*members: tuple[str, str], year: int = 2020) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        for name, text in members:
            file.writestr(zipfile.ZipInfo(name, (year, 1, 1, 0, 0, 0)), text)
    return buffer.getvalue()


def pdf(*pages: str, title: str = "A") -> bytes:
    made = pikepdf.new()
    for text in pages:
        made.add_blank_page()
        made.pages[-1].Contents = made.make_stream(text.encode())
    made.docinfo["/Title"] = title
    buffer = io.BytesIO()
    made.save(buffer, deterministic_id=True)
    return buffer.getvalue()


def test_the_same_bytes_have_no_difference() -> None:
    assert summary("a.epub", archive(("a", "1")), archive(("a", "1"))) == []


def test_an_archives_member_its_line_and_its_date_are_named() -> None:
    here, there = archive(("a", "same"), ("b", "1\nzwei")), archive(("a", "same"), ("b", "1\ntwo"))
    assert summary("x.epub", here, there) == ["b: line 2: “zwei”, “two”"]
    dated = summary("x.epub", archive(("a", "1")), archive(("a", "1"), year=2021))
    assert len(dated) == 1
    assert dated[0].startswith("a: date_time is (2020, 1, 1")
    assert summary("x.epub", archive(("a", "1"), ("b", "2")), archive(("b", "2"), ("a", "1"))) == [
        "the members stand in another order"
    ]


def test_a_pdfs_page_and_information_are_named() -> None:
    found = summary("x.pdf", pdf("1", "2", title="A"), pdf("1", "3", title="B"))
    assert "document information: /Title is A, B" in found
    assert any(line.startswith("page 2: what is painted differs") for line in found)
    assert not any(line.startswith("page 1") for line in found)
    assert summary("x.pdf", pdf("1"), pdf("1", "2"))[0] == "1 pages, 2 pages"


def test_a_long_summary_is_cut_and_the_report_is_not(tmp_path: Path) -> None:
    here, there = (tmp_path / name for name in ("a.html", "b.html"))
    here.write_text("\n".join(f"{number} a" for number in range(50)), "utf-8")
    there.write_text("\n".join(f"{number} b" for number in range(50)), "utf-8")
    lines = summary("a.html", here.read_bytes(), there.read_bytes())
    assert len(lines) == MOST + 1
    assert "49" in report(here, there, tmp_path / "r" / "a.txt").read_text("utf-8")


def test_what_cannot_be_read_is_told_by_its_bytes() -> None:
    found = summary("x.pdf", b"%PDF-1.7 broken", b"%PDF-1.7 brokeN!")
    assert found[-1] == "15 bytes, 16 bytes; the first difference is at 14"
