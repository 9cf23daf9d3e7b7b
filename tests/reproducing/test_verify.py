"""`inv verify` on receipts that are true, altered, old, and of another layout stack."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.reproducing.copies import Copy, copy_project

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a copy under version control, and what was downloaded from its first commit."""
    folder = tmp_path_factory.mktemp("published")
    copy = copy_project(folder / "project")
    copy.commit()
    assert copy.invoke("build").returncode == 0
    shutil.copytree(copy.root / "build", folder / "download")
    return folder


@pytest.fixture
def download(published: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(published / "download", tmp_path / "download"))


@pytest.fixture
def copy(published: Path, tmp_path: Path) -> Copy:
    return Copy(Path(shutil.copytree(published / "project", tmp_path / "project")))


def change(receipt: Path, edit: Any) -> None:
    value = json.loads(receipt.read_text("utf-8"))
    edit(value)
    receipt.write_text(json.dumps(value), "utf-8")


def test_the_true_receipt_is_identical(copy: Copy, download: Path) -> None:
    name = copy.git("rev-parse", "HEAD")
    done = copy.invoke("verify", str(download / "receipt.json"))
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith(f"identical: commit {name[:12]} gives the same 4 files")


def test_a_download_altered_by_one_byte_is_named(copy: Copy, download: Path) -> None:
    path = download / "small.pdf"
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    done = copy.invoke("verify", str(download / "receipt.json"))
    assert done.returncode == 1
    assert done.stdout.startswith("altered: small.pdf beside the receipt")


def test_an_older_commit_is_built_again_from_that_commit(copy: Copy, download: Path) -> None:
    first = copy.git("rev-parse", "HEAD")
    copy.break_("source/2.md", "Über alles", "Over all")
    copy.commit("2022-01-01T00:00:00Z")
    done = copy.invoke("verify", str(download / "receipt.json"))
    assert done.stdout.startswith(f"identical: commit {first[:12]}"), done.stdout + done.stderr


def test_an_older_commit_that_is_not_at_hand_is_told_with_what_has_changed(
    copy: Copy, download: Path
) -> None:
    first = copy.git("rev-parse", "HEAD")
    copy.break_("source/2.md", "Über alles", "Over all")
    shutil.rmtree(copy.root / ".git")
    done = copy.invoke("verify", str(download / "receipt.json"))
    assert done.returncode == 1
    headline = done.stdout.splitlines()[0]
    assert headline.startswith("different: small.epub and small.html and small.pdf")
    assert f"another source (its commit is {first[:12]}): source/2.md" in headline


def test_another_pango_is_named_and_the_numbers_are_compared_instead(
    copy: Copy, download: Path
) -> None:
    def edit(value: Any) -> None:
        value["machine"]["layout"]["pango"] = "1.99.9"
        next(each for each in value["editions"] if each["name"] == "small.pdf")["sha256"] = "0" * 64

    (download / "small.pdf").unlink()
    change(download / "receipt.json", edit)
    done = copy.invoke("verify", str(download / "receipt.json"))
    assert done.returncode == 1
    headline, *details = done.stdout.splitlines()
    assert headline.startswith("different: small.pdf, built from commit")
    assert "layout may differ: Pango" in headline
    assert "1.99.9 in the receipt" in headline
    assert any("every number, label and mention is the same" in each for each in details)


def test_without_history_the_receipts_date_still_gives_the_bytes(
    copy: Copy, download: Path
) -> None:
    shutil.rmtree(copy.root / ".git")
    done = copy.invoke("verify", str(download / "receipt.json"))
    assert done.stdout.startswith("identical: the current checkout"), done.stdout + done.stderr


@pytest.mark.parametrize("text", ["", "{}", '{"format": 1}', '{"format": 99}'])
def test_what_is_no_receipt_cannot_be_verified(copy: Copy, tmp_path: Path, text: str) -> None:
    path = tmp_path / "receipt.json"
    path.write_text(text, "utf-8")
    done = copy.invoke("verify", str(path))
    assert done.returncode == 2
    assert "is not a receipt" in done.stdout
