"""A build that would change nothing is left out, and no other."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from concordant import commands
from concordant.building import run_build
from concordant.unchanged import RECORD, still_built, was_built
from tests.documents import METADATA, ROOT, SVG, write_document

TEXT = "# One\n\nText [@one].\n\n![Caption.](figures/a.svg){#fig:a alt='A'}\n"
TWINS = "references:\n- id: one\n  type: book\n  title: A book\n- id: two\n  type: book\n  title: A book\n"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A document that has been built, with a warning, styles of its own, and a bibliography outside."""
    root = tmp_path_factory.mktemp("built") / "document"
    outside = f"{METADATA}bibliography: [references.yaml, ../more.yaml]\n"
    write_document(
        root, {"1.md": TEXT}, metadata=outside, references=TWINS, files={"figures/a.svg": SVG}
    )
    (root / "styles").unlink()
    shutil.copytree(ROOT / "styles", root / "styles")
    (root / "more.yaml").write_text("references: []\n")
    subprocess.run(["git", "init", "--quiet", str(root)], check=True)
    assert run_build(root) == 0
    return root


@pytest.fixture
def document(built: Path, tmp_path: Path) -> Path:
    """A copy of it, in which a test may change something."""
    return Path(shutil.copytree(built, tmp_path / "copy"))


def is_spared(root: Path) -> bool:
    return still_built(root, None, proven=True) is not None


def append(name: str, text: str = "\n") -> Callable[[Path], object]:
    return lambda root: (root / name).open("a", encoding="utf-8").write(text)


def commit(root: Path) -> None:
    git = ("git", "-C", str(root), "-c", "user.name=x", "-c", "user.email=x@example.org")
    subprocess.run([*git, "add", "source"], check=True)
    subprocess.run([*git, "commit", "--quiet", "--message=x"], check=True)


def test_nothing_is_built_and_the_warnings_are_told_again(
    document: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(commands, "run_build", lambda *_, **__: pytest.fail("it was built"))
    assert run_build(document) == 0
    assert run_build(document, "epub", proven=False) == 0
    said = capsys.readouterr().out
    assert said.count("Nothing has changed") == 2
    assert said.count("ref-same-title") == 2
    with pytest.raises(pytest.fail.Exception, match="it was built"):
        run_build(document, force=True)


@pytest.mark.parametrize(
    "change",
    [
        append("source/1.md", "More.\n"),
        append("source/metadata.yaml", "subtitle: New\n"),
        append("source/references.yaml"),
        append("source/figures/a.svg"),
        append("source/2.md", "# Two\n"),
        append("source/.hidden"),
        append("styles/pdf.css"),
        append("styles/html.jinja"),
        append("more.yaml"),
        append("uv.lock"),
        commit,
        lambda root: (root / "source/figures/a.svg").rename(root / "source/figures/b.svg"),
        lambda root: (root / "build/small.pdf").unlink(),
        append("build/small.epub"),
        append("build/SHA256SUMS"),
        append("build/numbers.json"),
        append("build/receipt.json", "x"),
        lambda root: (root / "build/receipt.json").write_text("{}"),
        lambda root: (root / ".concordant" / RECORD).write_text("{}"),
        lambda root: (root / ".concordant" / RECORD).write_text("[" * 9),
        lambda root: shutil.rmtree(root / ".concordant"),
        lambda root: shutil.rmtree(root / "build"),
    ],
)
def test_whatever_changed_there_is_a_build(
    document: Path, change: Callable[[Path], object]
) -> None:
    assert is_spared(document)
    change(document)
    assert not is_spared(document)


def test_a_document_was_built_whatever_has_changed_since(document: Path) -> None:
    append("source/1.md", "More.\n")(document)
    assert was_built(document)
    (document / ".concordant" / RECORD).unlink()
    assert not was_built(document)


def test_another_date_is_a_change(document: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1234567890")
    assert not is_spared(document)


def test_a_change_taken_back_needs_no_build(document: Path) -> None:
    path = document / "source" / "1.md"
    text = path.read_text("utf-8")
    path.write_text(text + "\nMore [@nobody].\n")
    assert run_build(document) == 1
    path.write_text(text)
    assert is_spared(document)


def test_what_validators_add_to_the_receipt_is_no_change(document: Path) -> None:
    path = document / "build" / "receipt.json"
    value = json.loads(path.read_text("utf-8"))
    value["results"]["validate"] = "0 findings in 7 reports"
    path.write_text(json.dumps(value, indent=1))
    assert is_spared(document)


def test_links_that_lead_in_circles_end(document: Path) -> None:
    (document / "source" / "round").symlink_to(document / "source")
    assert is_spared(document)


def test_an_unproven_build_does_not_stand_for_a_proven_one(document: Path) -> None:
    assert commands.run_build(document, proven=False) == 0
    assert still_built(document, None, proven=False)
    assert not is_spared(document)


def test_the_answer_needs_none_of_the_heavy_parts(document: Path) -> None:
    code = "import sys; from pathlib import Path; from concordant.building import run_build; "
    code += "run_build(Path(sys.argv[1])); print(sorted({m.split('.')[0] for m in sys.modules}))"
    command = [sys.executable, "-c", code, str(document)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env={**os.environ})
    assert "Nothing has changed" in done.stdout
    for name in ("weasyprint", "lxml", "jinja2", "yaml", "rich", "pikepdf", "uharfbuzz"):
        assert f"'{name}'" not in done.stdout
