"""The check with workers: the same verdict, whoever reads the files, also when workers are killed or see no files."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from concordant.checks import run
from concordant.checks.check import check, check_files
from concordant.checks.model import Verdict
from concordant.checks.readers import pdf
from concordant.editions.workers import ThisProcess, checking_workers
from concordant.problem import CannotRun


class Witness(Executor):
    """Passes work on, and keeps what became of it."""

    def __init__(self, executor: Executor) -> None:
        self.executor = executor
        self.futures: list[Future[Any]] = []

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Pass a function on."""
        self.futures.append(self.executor.submit(fn, *args, **kwargs))
        return self.futures[-1]

    @property
    def failed(self) -> list[bool]:
        """For each piece of work, whether nothing came of it."""
        return [future.exception() is not None for future in self.futures]


class Elsewhere(Executor):
    """A worker on a machine where the files are not, or are not the same."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Do work on files of the same name in another folder."""
        [work] = args
        there = [self.folder / each.name if isinstance(each, Path) else each for each in work.args]
        return ThisProcess().submit(fn, partial(work.func, *there))


@pytest.fixture
def faulty(harbour: dict[str, Path], tmp_path: Path) -> dict[str, Path]:
    """The hand-made publication with faults in two of its files."""
    html = harbour["html"].read_text("utf-8")
    (tmp_path / "harbour.html").write_text(
        html.replace("Figure 2", "Figure 3").replace("the", "thee")
    )
    named = ("pdf", "epub", "json")
    files = {name: Path(shutil.copy(harbour[name], tmp_path)) for name in named}
    return {
        "pdf": files["pdf"],
        "epub": files["epub"],
        "html": tmp_path / "harbour.html",
        "ledger": files["json"],
    }


def alone(files: dict[str, Path]) -> Verdict:
    verdict = check(**files)
    assert len({finding.code for finding in verdict.findings}) > 3
    return verdict


def test_workers_read_all_and_the_verdict_is_the_same(
    faulty: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "_LEAST", 1)
    with checking_workers() as workers:
        witness = Witness(workers)
        assert check_files(faulty, witness) == alone(faulty)
    assert len(witness.futures) > 5
    assert not any(witness.failed)


def test_workers_in_another_folder_find_the_files(
    faulty: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = alone(faulty)
    monkeypatch.chdir(faulty["pdf"].parent)
    with ProcessPoolExecutor(1, initializer=os.chdir, initargs=("/",)) as workers:
        witness = Witness(workers)
        near = {name: Path(path.name) for name, path in faulty.items()}
        assert check_files(near, witness) == expected
    assert not any(witness.failed)


def test_what_killed_workers_leave_is_read_here(faulty: dict[str, Path]) -> None:
    with ProcessPoolExecutor(1, initializer=os._exit, initargs=(1,)) as workers:
        witness = Witness(workers)
        assert check_files(faulty, witness) == alone(faulty)
    assert all(witness.failed)


def test_what_workers_do_not_find_is_read_here(faulty: dict[str, Path], tmp_path: Path) -> None:
    witness = Witness(Elsewhere(tmp_path / "nowhere"))
    assert check_files(faulty, witness) == alone(faulty)
    assert all(witness.failed)


def test_no_worker_is_left(faulty: dict[str, Path]) -> None:
    workers = ProcessPoolExecutor(1)
    workers.shutdown()
    assert check_files(faulty, workers) == alone(faulty)


def test_a_file_that_cannot_be_read_is_told_as_without_workers(faulty: dict[str, Path]) -> None:
    faulty["epub"].write_bytes(b"PK\x03\x04 and no more")
    with pytest.raises(CannotRun) as here:
        check(**faulty)
    with checking_workers() as workers, pytest.raises(CannotRun) as there:
        check_files(faulty, workers)
    assert str(there.value) == str(here.value)


@pytest.mark.parametrize(("least", "started"), [(0, 1), (10**9, 0)])
def test_the_command_starts_workers_for_large_files(
    harbour: dict[str, Path], monkeypatch: pytest.MonkeyPatch, least: int, started: int
) -> None:
    monkeypatch.setattr(run, "_LARGE", least)
    witness = Witness(ThisProcess())
    starts = []

    @contextmanager
    def workers() -> Iterator[Executor]:
        starts.append(1)
        yield witness

    files = {name: str(harbour[name]) for name in ("pdf", "epub", "html")}
    assert run.run_check(files, workers=workers) == 0
    assert len(starts) == started
    assert bool(witness.futures) is bool(started)
