"""Workers print the same parts as this process, whatever their number, the order of the work and who is killed."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from concordant.editions.binding.bind import Binding, Sheets
from concordant.editions.binding.imprint import Imprint
from concordant.editions.press.printing import (
    Numbering,
    outfit,
    print_numbering,
    print_part,
)
from concordant.editions.typefaces.fonts import cut_fonts
from concordant.editions.workers import ThisProcess, local_workers, start_all
from concordant.problem import CannotRun
from tests.processes import among, output_of

STYLE = '@page { size: 90mm 120mm; @bottom-center { content: counter(page) } } html { font: 9pt "Source Serif 4" }'
PARTS = [
    f"<html lang='en'><head><title>Pool</title></head><body><h1 id='c{index}'>Chapter {index}</h1>"
    f"<p><a href='#c{5 - index}'>across</a> {'word ' * 300 * index}</p><p id='e{index}'>End</p></body></html>"
    for index in range(1, 5)
]
OUTFIT = outfit(STYLE, cut_fonts("abcdefghijklmnopqrstuvwxyzCEP0123456789 "))


@pytest.fixture(scope="module", params=[1, 2, 3])
def executor(request: pytest.FixtureRequest) -> Iterator[Executor]:
    with local_workers(request.param) as workers:
        yield workers


def build(executor: Executor) -> bytes:
    parts = start_all(print_part, PARTS, executor, OUTFIT)()
    numberings = [Numbering(part.kinds, 7, part.style) for part in parts]
    folios = start_all(print_numbering, numberings, executor, OUTFIT)()
    assert [len(part.kinds) for part in parts] == sorted(len(part.kinds) for part in parts)
    assert parts[3].anchors == {"c4": 0, "e4": len(parts[3].kinds) - 1}
    fonts = tuple(cut.data for cut in OUTFIT.fonts)
    imprint = Imprint("urn:example:pool", "urn:example:source", "1", "en", 0)
    sheets = Sheets(tuple(part.pdf for part in parts), tuple(folios), fonts, imprint)
    bound = Binding(sheets, executor).result()
    with pikepdf.open(io.BytesIO(bound)) as pdf:
        assert len(pdf.pages) == sum(len(part.kinds) for part in parts)
    return bound


@pytest.fixture(scope="module")
def here() -> bytes:
    return build(ThisProcess())


def test_workers_print_what_this_process_prints(executor: Executor, here: bytes) -> None:
    assert build(executor) == here


def die_once(text: str, marker: Path) -> str:
    """Kill the process that does the first work."""
    try:
        marker.touch(exist_ok=False)
    except FileExistsError:
        return text.upper()
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


def die(_: str) -> str:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


def fail(text: str) -> str:
    raise ValueError(text)


def test_work_of_a_killed_worker_is_done_again(tmp_path: Path) -> None:
    words = ["one", "three", "fourteen", "a"]
    with local_workers(2) as executor:
        assert start_all(die_once, words, executor, tmp_path / "killed")() == [
            "ONE",
            "THREE",
            "FOURTEEN",
            "A",
        ]
    assert (tmp_path / "killed").exists()


def test_work_that_kills_every_worker_is_an_error() -> None:
    with local_workers(1) as executor, pytest.raises(CannotRun, match="memory"):
        start_all(die, ["one"], executor)()


class _Noting(ThisProcess):
    def __init__(self) -> None:
        self.done: list[str] = []

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        self.done += args
        return super().submit(fn, *args, **kwargs)


def test_works_beside_others_are_begun_with_them_the_largest_first() -> None:
    noting = _Noting()
    results = start_all(str.upper, ["a", "ccc"], noting, beside=["bb", "dddd"])
    assert noting.done == ["dddd", "ccc", "bb", "a"]
    assert results() == ["A", "CCC"]


def test_works_are_done_when_the_last_of_them_is() -> None:
    futures: list[Future[str]] = []

    class Later(Executor):
        def submit(self, fn: Callable[..., Any], /, *_: Any, **__: Any) -> Future[Any]:
            futures.append(Future())
            return futures[-1]

    works = start_all(str.upper, ["a", "b"], Later(), beside=["c"])
    seen = []
    for future in (futures[0], futures[1]):
        seen.append(works.are_done())
        future.set_result("done")
    assert seen == [False, False]
    assert works.are_done()  # whatever is beside them


def test_a_fault_of_work_beside_others_is_nobodys() -> None:
    assert start_all(str.upper, ["a"], ThisProcess(), beside=[""])() == ["A"]
    assert start_all(fail_at, ["a"], ThisProcess(), beside=["fault"])() == ["a"]


def fail_at(text: str) -> str:
    return fail(text) if text == "fault" else text


def process_of(_: str) -> int:
    return os.getpid()


def test_large_work_has_a_process_of_its_own() -> None:
    large = "a" * 300_000
    with local_workers(1) as executor:
        processes = start_all(process_of, ["a", large, "b", large], executor)()
        assert processes[0] == processes[2]
        assert len({*processes}) == 3
        with pytest.raises(CannotRun, match="memory"):
            start_all(die, [large], executor)()


def test_where_no_process_can_be_started_the_work_is_done_here(tmp_path: Path) -> None:
    far = tmp_path / ("a" * 120)  # longer than the name of a socket may be
    far.mkdir()
    code = (
        "import os; from concordant.editions.workers import start_all, local_workers\n"
        "with local_workers(2) as workers: print(start_all(len, ['a', 'bc'], workers)())"
    )
    assert output_of(code, far) == "[1, 2]\n"


def test_a_killed_build_leaves_no_workers_behind(tmp_path: Path) -> None:
    """Nor does it leave what they keep among the temporary files."""
    code = (
        "import os, tempfile, time; from concordant.editions.workers import LocalWorkers\n"
        "workers = LocalWorkers(1)\n"
        "print(*(workers.submit(each).result() for each in (os.getpid, tempfile.mkdtemp)), flush=True)\n"
        "time.sleep(60)"
    )
    command, surroundings = [sys.executable, "-c", code], among(tmp_path)
    with subprocess.Popen(command, env=surroundings, stdout=subprocess.PIPE, text=True) as build:
        assert build.stdout is not None
        worker, kept = build.stdout.readline().split()
        assert lives(int(worker))
        assert Path(kept).is_relative_to(tmp_path)
        assert Path(kept).exists()
        build.kill()
    for _ in range(300):
        if not lives(int(worker)):
            assert not Path(kept).exists()
            return
        time.sleep(0.1)
    raise AssertionError("the worker still lives")


def test_workers_leave_nothing_among_the_temporary_files(tmp_path: Path) -> None:
    code = (
        "from concordant.editions.workers import start_all, local_workers\n"
        "from tests.editions.test_workers import keep\n"
        "with local_workers(2) as workers:\n"
        "    print(*start_all(keep, ['a', 'bc', 'd' * 300_000, 'killed'], workers)(), sep='\\n')"
    )
    kept = [Path(line) for line in output_of(code, tmp_path).splitlines()]
    assert len({*kept}) == 4
    assert all(path.is_relative_to(tmp_path) for path in kept)
    assert [*tmp_path.iterdir()] == []


def keep(how: str) -> str:
    """Leave a file where the layout engine has its fonts; be killed the first time."""
    folder = Path(tempfile.mkdtemp())
    (folder / "font").write_text(how, "utf-8")
    if how == "killed":
        die_once(how, folder.parent / "once")
    return str(folder)


def lives(process: int) -> bool:
    try:
        os.kill(process, 0)
        status = Path(f"/proc/{process}/stat").read_text("utf-8")
    except ProcessLookupError:
        return False
    except FileNotFoundError:  # a system without /proc
        return not Path("/proc/self").exists()
    return status.rpartition(") ")[2][0] != "Z"  # ended, and nobody has asked how


@pytest.mark.parametrize("count", [0, 1])
def test_an_error_in_a_worker_is_an_error_here(count: int) -> None:
    with local_workers(count) as executor, pytest.raises(ValueError, match="wrong"):
        start_all(fail, ["wrong"], executor)()
    with pytest.raises(ValueError, match="wrong"):
        start_all(fail, ["wrong"], ThisProcess())()


def test_an_outfit_is_told_by_its_style_and_fonts() -> None:
    fonts = cut_fonts("abc")
    same, again = outfit(STYLE, fonts), outfit(STYLE, cut_fonts("abc"))
    assert same == again
    assert hash(same) == hash(again)
    assert outfit(STYLE + " ", fonts) != same
    assert outfit(STYLE, fonts[1:]) != same
    assert outfit(STYLE, cut_fonts("абв")) != same
