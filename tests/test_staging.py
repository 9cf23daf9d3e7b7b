from __future__ import annotations

from pathlib import Path

import pytest

from concordant.problem import CannotRun
from concordant.staging import replace_all, staged


def test_files_are_replaced_and_nothing_else_is_left(tmp_path: Path) -> None:
    folder = tmp_path / "build"
    replace_all(folder, {"a": b"1", "b": b"1"})
    replace_all(folder, {"a": b"2", "b": b"2"})
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == {"a": b"2", "b": b"2"}


def test_a_failure_on_the_way_leaves_the_old_files(tmp_path: Path) -> None:
    folder = tmp_path / "build"
    replace_all(folder, {"a": b"old"})
    with pytest.raises(CannotRun):
        replace_all(folder, {"a": b"new", "no/such/folder": b"new"})
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == {"a": b"old"}


def test_a_file_that_is_written_again_is_another_for_who_reads_the_first(tmp_path: Path) -> None:
    with staged(tmp_path) as stage, stage.write("a", b"first").open("rb") as reader:
        stage.write("a", b"second")
        assert reader.read() == b"first"
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("a", b"second")]


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "build").write_text("a file stands in the way", "utf-8")
    with pytest.raises(CannotRun, match="cannot write into"):
        replace_all(tmp_path / "build", {"a": b"1"})
