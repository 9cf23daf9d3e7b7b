"""Each protection taken away in a copy of the program: `inv reproduce` sees it and names the variation."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.reproducing.copies import Copy, copy_project

pytestmark = pytest.mark.slow
IDENTITY = "concordant/sources/identity.py"
METADATA = "concordant/sources/metadata.py"
PROJECT = "concordant/sources/project.py"
ISOLATION = "concordant/isolation.py"


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    return copy_project(tmp_path / "project")


def test_an_untouched_copy_is_identical_when_all_at_once_is_varied(copy: Copy) -> None:
    names = ("together", "again", "locale-c", "user")
    done = copy.invoke("reproduce", *(f"--only={name}" for name in names))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "4 variations: 4 identical." in done.stdout


@pytest.mark.parametrize(
    ("variation", "file", "right", "wrong"),
    [
        ("time-zone", IDENTITY, "fromtimestamp(int(seconds), UTC)", "fromtimestamp(int(seconds)).replace(tzinfo=UTC)"),
        ("locale-c", PROJECT, 'path.read_text("utf-8-sig")', "path.read_text()"),
        (
            "home",
            "concordant/pandoc.py",
            '_ask("json", MARKDOWN, text)',
            '(_run([_program(), f"--from={MARKDOWN}", "--to=json"], text), ())',
        ),
        ("order", IDENTITY, "for name in sorted(named)}", "for name in named}"),
        ("seed", IDENTITY, "for name in sorted(named)}", "for name in set(named)}"),
        ("leftovers", IDENTITY, "and not hidden and not", "and not"),
        ("libraries", ISOLATION, "del os.environ[name]", "pass"),
        ("programs", ISOLATION, 'os.environ["PYPANDOC_PANDOC"] =', "_ ="),
        ("fonts", "concordant/editions/typefaces/fonts.conf", "<fontconfig>", '<fontconfig><dir prefix="xdg">fonts</dir>'),
        ("subsetter", "concordant/editions/press/weasy.py", "= lambda *_: None, add_tags", "= subset, add_tags"),
    ],
)  # fmt: skip
def test_without_its_protection_a_variation_is_caught_and_named(
    copy: Copy, variation: str, file: str, right: str, wrong: str
) -> None:
    copy.break_(file, right, wrong)
    done = copy.invoke("reproduce", f"--only={variation}")
    assert done.returncode == 1, done.stdout + done.stderr
    line = next(each for each in done.stdout.splitlines() if each.startswith(f"{variation} ("))
    assert "– different" in line or "– failed" in line
    if "– different" in line:
        reports = list((copy.root / "build" / "differences" / variation).glob("*.txt"))
        assert reports
        assert all(path.stat().st_size for path in reports)


@pytest.mark.parametrize(
    ("file", "right", "wrong", "cause"),
    [
        (IDENTITY, "return Dating(_moment(epoch),", "return Dating(datetime.now(UTC),", "the clock"),
        (METADATA, "uuid.uuid5(uuid.NAMESPACE_URL, values['slug'])", "uuid.uuid4()", "chance"),
        (IDENTITY, "_name(path, project.root): path for", "path.as_posix(): path for", "path"),
    ],
)  # fmt: skip
def test_what_differs_although_nothing_is_varied_is_explained(
    copy: Copy, file: str, right: str, wrong: str, cause: str
) -> None:
    copy.break_(file, right, wrong)
    done = copy.invoke("reproduce", "--only=again")
    assert done.returncode == 1, done.stdout + done.stderr
    line = next(each for each in done.stdout.splitlines() if each.startswith("again ("))
    said = line.partition("– different: ")[2]
    assert cause in (said.partition(":")[0] if shutil.which("faketime") else said), said


def test_an_unknown_variation_is_told_with_those_that_are_known(copy: Copy) -> None:
    done = copy.invoke("reproduce", "--only=moon")
    assert done.returncode == 2
    assert 'no variation "moon"' in done.stdout
    assert "time-zone" in done.stdout


def test_a_document_that_cannot_be_built_cannot_be_varied(copy: Copy) -> None:
    (copy.root / "source" / "1.md").write_text("# One\n\nSee [@nobody].\n", "utf-8")
    done = copy.invoke("reproduce", "--only=again")
    assert done.returncode == 2
    assert "ref-missing" in done.stdout
