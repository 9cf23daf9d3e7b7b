"""Processes that convert many sections give what pandoc's command line gives for each."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from concordant import pandoc
from concordant.problem import CannotRun
from tests.documents import ROOT
from tests.editions.rich import SECTIONS
from tests.processes import output_of

ODD = """[a]: http://x.example
[a]: http://y.example

Mr. Smith and [a] with `x`{=latex}, a note,[^n] “quotes” --- and 公安.

[^n]: one
[^n]: two

# A {#same}

# B {#same}

$$ \\undefined{x} $$ {#eq:x}

::: unclosed
text
"""
TEXTS = {
    **{path.name: path.read_text("utf-8") for path in sorted((ROOT / "source").glob("*.md"))},
    **SECTIONS,
    "odd": ODD,
    "empty": "",
}


@pytest.fixture(autouse=True)
def _no_idle_processes() -> Iterator[None]:
    pandoc.end_idle()
    yield
    pandoc.end_idle()


@pytest.mark.parametrize("name", TEXTS)
def test_a_section_is_read_and_written_as_by_the_command_line(name: str) -> None:
    output, warnings = pandoc._convert(TEXTS[name], "json", pandoc.MARKDOWN)
    parsed = pandoc.read_markdown(TEXTS[name])
    assert pandoc._document(parsed.blocks, {}) == pandoc._document(_blocks(output), {})
    assert parsed.warnings == warnings
    document = pandoc._document(parsed.blocks, {"lang": {"t": "MetaString", "c": "en"}})
    options = ["--mathml", "--section-divs", "--wrap=none", "--syntax-highlighting=none"]
    html, _ = pandoc._convert(document, "html5", "json", options)
    assert pandoc.write_html(parsed.blocks, lang="en") == html


def _blocks(output: str) -> list[dict[str, object]]:
    blocks: list[dict[str, object]] = json.loads(output)["blocks"]
    return blocks


def test_what_the_user_has_set_for_pandoc_and_lua_does_not_reach_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = pandoc.read_markdown("See approx. 5 and e.g. 6.").blocks
    data = tmp_path / ".local" / "share" / "pandoc"
    data.mkdir(parents=True)
    (data / "abbreviations").write_text("approx.\nSee\n", "utf-8")
    (data / "init.lua").write_text("error('init')", "utf-8")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_DATA_HOME", str(data.parent))
    monkeypatch.setenv("LUA_INIT", "error('init')")
    pandoc.end_idle()
    assert pandoc.read_markdown("See approx. 5 and e.g. 6.").blocks == before
    theirs = subprocess.run(
        [pandoc._program(), "--to=native"],
        input=b"See approx. 5 and e.g. 6.",
        capture_output=True,
        check=True,
    )
    assert b"approx.\\160" in theirs.stdout  # it would have mattered


def test_many_sections_at_a_time_come_in_order_and_leave_one_process() -> None:
    texts = [f"Section {number}." for number in range(40)]
    parsed = pandoc.several(pandoc.read_markdown, texts)
    assert [each.blocks[0]["c"][-1]["c"] for each in parsed] == [f"{n}." for n in range(40)]
    assert len(pandoc._idle) == 1
    pandoc.end_idle()
    assert pandoc._idle == []


def test_what_is_known_is_not_asked_for() -> None:
    asked: list[str] = []

    def answer(text: str) -> str:
        asked.append(text)
        return text.upper()

    known = {"b": ("known",), "d": ("",)}
    assert pandoc.several(answer, "abcd", known.get) == ["A", "known", "C", ""]
    assert sorted(asked) == ["a", "c"]


def test_a_fault_of_one_is_told_and_the_rest_are_not_begun() -> None:
    begun: list[int] = []

    def fail(number: int) -> None:
        begun.append(number)
        time.sleep(0.01)
        raise ValueError(number)

    with pytest.raises(ValueError, match="999"):
        pandoc.several(fail, range(1000))
    assert len(begun) < 100


def test_a_process_that_has_ended_is_told_and_another_takes_its_place() -> None:
    pandoc.read_markdown("one")
    pandoc._idle[0]._process.kill()
    with pytest.raises(CannotRun, match="pandoc has ended"):
        pandoc.read_markdown("two")
    assert pandoc.read_markdown("three").blocks[0]["t"] == "Para"


def test_what_pandoc_cannot_convert_is_told() -> None:
    with pytest.raises(CannotRun, match=r"pandoc failed: .*JSON"):
        pandoc._ask("html5", "json", '{"broken')


def test_processes_leave_nothing_among_the_temporary_files(tmp_path: Path) -> None:
    code = (
        "from concordant.pandoc import read_markdown, several\n"
        "print(len(several(read_markdown, ['one', 'two', 'three'])))"
    )
    assert output_of(code, tmp_path) == "3\n"
    assert [*tmp_path.iterdir()] == []
