"""The benchmark measures what it says: books are the same each time and build, costs are those of the command."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from benchmarks import edits
from benchmarks.book import PAGES_PER_CHAPTER, generate
from benchmarks.contestants import Contestant, Team, contestants
from benchmarks.measure import CommandFailed, Cost, measure, middle
from benchmarks.profile import profile_text
from benchmarks.run import bench, book_of, in_turn, profile
from benchmarks.table import Row, ratios, to_text, verdicts
from tests.documents import ROOT, Document


def _texts(root: Path) -> Mapping[str, bytes]:
    files = (path for path in sorted(root.rglob("*")) if path.is_file())
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in files}


def test_a_book_is_the_same_each_time_and_another_with_another_seed(tmp_path: Path) -> None:
    first, again, other = tmp_path / "a", tmp_path / "b", tmp_path / "c"
    generate(first, 40, seed=1)
    generate(again, 40, seed=1)
    generate(other, 40, seed=2)
    assert _texts(first) == _texts(again)
    assert _texts(first) != _texts(other)


def test_a_longer_book_has_more_of_everything_in_proportion(tmp_path: Path) -> None:
    counts = {}
    for pages in (90, 360):
        book = generate(tmp_path / str(pages), pages)
        text = "".join(path.read_text("utf-8") for path in book.chapters)
        signs = ("{#fig:", "{#tbl:", "{#eq:", "^[", "[@r", " as @")
        counts[pages] = [len(book.chapters), *(text.count(sign) for sign in signs)]
    for short, long in zip(counts[90], counts[360], strict=True):
        assert 2.5 < long / short < 6
    assert counts[90][0] == 90 / PAGES_PER_CHAPTER


def test_edits_change_what_they_say(tmp_path: Path) -> None:
    book = generate(tmp_path, 27)
    before = _texts(tmp_path)
    edits.change_nothing(book, 0)
    assert _texts(tmp_path) == before
    edits.change_paragraph(book, 0)
    edits.change_paragraph(book, 1)
    after = _texts(tmp_path)
    assert [name for name in before if before[name] != after[name]] == ["source/2-chapter.md"]
    assert b" 3 times." in after["source/2-chapter.md"]
    assert b" 2 times" not in after["source/2-chapter.md"]
    edits.add_citation(book, 0)
    assert b"[@r44]" in (tmp_path / "source" / "1-chapter.md").read_bytes()


def test_cost_is_that_of_the_command_and_of_what_it_starts(tmp_path: Path) -> None:
    hungry = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'b = bytearray(300_000_000)'])"
    small = measure((sys.executable, "-c", "pass"), tmp_path)
    large = measure((sys.executable, "-c", hungry), tmp_path)
    assert small.memory < 200_000_000 < large.memory
    busy = "import time\nwhile time.process_time() < 0.5: pass"
    assert measure((sys.executable, "-c", busy), tmp_path).cpu >= 0.5


def test_what_a_command_leaves_running_is_counted_but_not_waited_for(tmp_path: Path) -> None:
    orphan = "import time; b = bytearray(300_000_000)\nwhile time.process_time() < 1.5: pass"
    leave = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {orphan!r}])"
    cost = measure((sys.executable, "-c", leave), tmp_path)
    assert cost.cpu >= 1.5
    assert cost.memory > 300_000_000
    assert cost.wall < cost.cpu


def test_a_command_that_fails_is_no_measurement(tmp_path: Path) -> None:
    with pytest.raises(CommandFailed, match="out of ink"):
        measure((sys.executable, "-c", "raise SystemExit('out of ink')"), tmp_path)


def test_another_engine_may_fail_but_none_that_is_compared(tmp_path: Path) -> None:
    log = tmp_path / "log"

    def contestant(team: Team, code: str) -> Contestant:
        code = f"print('{team}', file=open({str(log)!r}, 'a'))\n{code}"
        return Contestant(f"{team}", team, (sys.executable, "-c", code), tmp_path)

    ours = contestant(Team.OURS, "pass")
    fails = "print('lines')\nraise SystemExit('out of ink')"
    run, failed = in_turn((ours, contestant(Team.OUTSIDE, fails)), 2)
    assert (len(run[1]), len(failed[1])) == (2, 0)
    assert log.read_text("utf-8").split() == ["concordant", "outside", "concordant"]
    assert (run[0], failed[0].missing) == (ours, "it fails: out of ink")
    fails_later = f"if open({str(log)!r}).read().count('outside') > 2: raise SystemExit('no paper')"
    ((failed_later, costs),) = in_turn((contestant(Team.OUTSIDE, fails_later),), 3)
    assert (failed_later.missing, costs) == ("it fails: no paper", [])
    with pytest.raises(CommandFailed, match="out of ink"):
        list(in_turn((contestant(Team.BARE, fails),), 1))


def test_ratios_and_growth_are_those_of_the_rows() -> None:
    rows = [
        Row(90, "concordant", Team.OURS, (Cost(3, 3, 200),)),
        Row(90, "html", Team.BARE, (Cost(1, 1, 100),)),
        Row(90, "pdf", Team.BARE, (Cost(3, 5, 400),)),
        Row(90, "other", Team.OUTSIDE, (Cost(9, 9, 900),)),
        Row(360, "concordant", Team.OURS, (Cost(9, 9, 300),)),
        Row(360, "pdf", Team.BARE, (Cost(18, 18, 300),)),
        Row(360, "other", Team.OUTSIDE, (), missing="no ink"),
    ]
    short, long = verdicts(rows)
    assert (short.wall, short.cpu, short.memory, short.growth) == (0.75, 0.5, 0.5, 0)
    assert (long.wall, long.growth) == (0.5, 3)
    assert "not run: no ink" in to_text(rows)
    assert ratios(rows) == [3 / 4, 1 / 4, 3 / 4, 9 / 4, 1 / 2, 1, 0]
    disturbed = [
        Row(90, "concordant", Team.OURS, (Cost(2, 2, 1), Cost(9, 9, 1), Cost(8, 8, 1))),
        Row(90, "html", Team.BARE, (Cost(4, 4, 1), Cost(5, 5, 1), Cost(6, 6, 1))),
        Row(90, "pdf", Team.BARE, (Cost(7, 7, 1), Cost(3, 3, 1), Cost(1, 1, 1))),
    ]
    (one,) = verdicts(disturbed)
    assert (one.wall, one.least) == (8 / (5 + 3), 2 / (4 + 1))
    (alone,) = verdicts([Row(90, "concordant", Team.OURS, (Cost(3, 3, 200),))])
    assert (alone.wall, alone.cpu, alone.memory, alone.growth) == (0, 0, 0, 0)
    assert middle([Cost(1, 9, 5), Cost(2, 7, 6), Cost(3, 8, 4)]) == Cost(2, 8, 5)


@pytest.mark.slow
def test_every_command_runs_on_a_small_book_and_prints_pages(tmp_path: Path) -> None:
    rows = {row.name: row for row in bench(book_of(tmp_path, 18), 1, outside=True)}
    assert rows["concordant"].pages >= 12
    assert rows["WeasyPrint → tagged PDF"].pages >= 12
    for row in rows.values():
        assert row.missing or row.costs[0].wall > 0


@pytest.mark.slow
def test_this_document_is_measured_and_edited_in_a_copy(tmp_path: Path) -> None:
    before = _texts(ROOT / "source")
    book = book_of(tmp_path / "copy", 0)
    rows = {row.name: row for row in bench(book, 1)}
    assert rows["concordant"].pages > 40
    assert all(row.costs for row in rows.values())
    assert _texts(ROOT / "source") == before
    now = _texts(tmp_path / "copy" / "source")
    changed = {name for name, text in before.items() if now[name] != text}
    assert changed == {book.chapters[0].name, book.chapters[len(book.chapters) // 2].name}
    assert " this  concordant" in to_text([*rows.values()])


@pytest.mark.slow
def test_the_generated_book_builds_without_warnings(tmp_path: Path) -> None:
    book = generate(tmp_path, 27)
    (tmp_path / "styles").symlink_to(ROOT / "styles")
    numbered, problems = Document(tmp_path).numbered()
    assert problems == []
    assert len(numbered.chapters) == 4  # three, and the reference list
    declared = [each for each in numbered.ledger.declarations if each.kind == "reference"]
    assert len(declared) == len(book.references)
    assert [each.team for each in contestants(book)].count(Team.BARE) == 3


@pytest.mark.slow
def test_a_profile_tells_every_step_and_the_floor(tmp_path: Path) -> None:
    found = profile(book_of(tmp_path, 18))
    names = [name for name, _ in found.steps]
    assert names[0] == "read the sources"
    assert {"lay out the pages", "make the EPUB", "check that they agree"} <= set(names)
    assert sum(seconds for _, seconds in found.steps) < found.whole.wall
    assert 0 < found.floor < found.whole.cpu
    assert "the floor: layout alone" in profile_text([found])
