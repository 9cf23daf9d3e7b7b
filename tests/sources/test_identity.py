"""The document's date and its source's name."""

from __future__ import annotations

import os
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from concordant.sources.identity import EARLIEST, Origin, date_of, identify, lint_date
from concordant.sources.project import Project, read_project
from tests.reproducing.copies import Copy, copy_project


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Copy:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    return copy_project(tmp_path / "project")


def project(root: Path) -> Project:
    return read_project(root)[0]


def test_the_date_is_the_epochs_then_the_commits_then_the_metadatas(
    copy: Copy, monkeypatch: pytest.MonkeyPatch
) -> None:
    dating = date_of(project(copy.root))
    assert (dating.moment, dating.origin) == (datetime(2020, 2, 2, tzinfo=UTC), Origin.METADATA)
    copy.commit("2021-03-04T05:06:07+09:00")
    (copy.root / "tasks.py").write_text("", "utf-8")
    copy.commit("2022-01-01T00:00:00Z")  # does not touch the source
    dating = date_of(project(copy.root))
    assert (dating.moment, dating.origin) == (
        datetime(2021, 3, 3, 20, 6, 7, tzinfo=UTC),
        Origin.COMMIT,
    )
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1000000000")
    dating = date_of(project(copy.root))
    assert (dating.moment.year, dating.origin) == (2001, Origin.ENVIRONMENT)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")
    assert date_of(project(copy.root)).moment == EARLIEST


def test_a_shallow_clone_does_not_pretend_to_know(copy: Copy, tmp_path: Path) -> None:
    copy.commit("2021-03-04T05:06:07Z")
    (copy.root / "tasks.py").write_text("", "utf-8")
    copy.commit("2022-01-01T00:00:00Z")
    shallow = tmp_path / "shallow"
    origin = f"file://{copy.root}"
    subprocess.run(["git", "clone", "--quiet", "--depth=1", origin, shallow], check=True)
    assert date_of(project(shallow)).origin is Origin.METADATA
    assert [each.code for each in lint_date(date_of(project(shallow)))] == ["date-unknown"]
    assert "--unshallow" in str(lint_date(date_of(project(shallow)))[0])
    assert not lint_date(date_of(project(copy.root)))


def test_a_missing_git_is_told_where_there_is_a_history(
    copy: Copy, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy.commit()
    monkeypatch.setenv("PATH", "")
    assert "git is missing" in str(lint_date(date_of(project(copy.root)))[0])


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_a_checkout_of_another_owner_has_the_same_date(copy: Copy) -> None:
    copy.commit()
    before = date_of(project(copy.root))
    for path in (copy.root, *copy.root.rglob("*")):
        os.chown(path, 54321, 54321, follow_symlinks=False)
    assert date_of(project(copy.root)) == before
    assert before.origin is Origin.COMMIT


def test_the_sources_name_follows_contents_and_names_only(copy: Copy) -> None:
    first = identify(project(copy.root)).urn
    for rubbish in (".DS_Store", "1.md~", ".#1.md"):
        (copy.root / "source" / rubbish).write_text("x", "utf-8")
    os.utime(copy.root / "source" / "1.md", (0, 0))
    assert identify(project(copy.root)).urn == first
    (copy.root / "source" / "1.md").rename(copy.root / "source" / "3.md")
    assert identify(project(copy.root)).urn != first
