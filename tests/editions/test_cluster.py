"""A Dask cluster prints the same parts as this process, also when one of its workers is killed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from distributed import LocalCluster

from concordant.editions import cluster
from concordant.editions.workers import ThisProcess, start_all, workers_at
from concordant.problem import CannotRun
from tests.editions.test_workers import build, die_once

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with LocalCluster(  # type: ignore[no-untyped-call]
        n_workers=2, threads_per_worker=2, dashboard_address=None, host="127.0.0.1"
    ) as local:
        yield local.scheduler_address.replace("tcp://", cluster.SCHEME)


def test_a_cluster_prints_what_this_process_prints(address: str) -> None:
    with workers_at(address) as executor:
        assert build(executor) == build(ThisProcess())


def test_work_of_a_killed_worker_is_done_again(address: str, tmp_path: Path) -> None:
    words = ["one", "three", "fourteen", "a"]
    with workers_at(address) as executor:
        made = start_all(die_once, words, executor, tmp_path / "killed")()
    assert made == ["ONE", "THREE", "FOURTEEN", "A"]
    assert (tmp_path / "killed").exists()


def test_a_worker_made_of_other_parts_is_refused(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "version", lambda _: "0")
    with pytest.raises(CannotRun, match="other versions"), workers_at(address):
        pass


def test_nobody_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "_PATIENCE", 1)
    with pytest.raises(CannotRun, match="no Dask cluster"), workers_at("dask://127.0.0.1:9"):
        pass


@pytest.mark.parametrize("place", ["0", "-1", "two", "tcp://127.0.0.1:1"])
def test_a_place_that_is_none_is_an_error(place: str) -> None:
    with pytest.raises(CannotRun, match="dask://host:port"), workers_at(place):
        pass
