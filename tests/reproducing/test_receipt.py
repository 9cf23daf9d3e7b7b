"""The receipt: what is on it, what is not, and what it makes of a build of one edition."""

from __future__ import annotations

import getpass
import hashlib
import json
import platform
import re
from contextlib import AbstractContextManager
from dataclasses import replace
from io import StringIO
from pathlib import Path

import jsonschema
import pytest
from rich.console import Console

from concordant.editions.edition import Format
from concordant.pipeline import build
from concordant.progress import Progress
from concordant.reproducing.issue import add_validation, origin_of
from concordant.reproducing.receipt import parse_receipt, read_receipt, receipt_json, record, sums
from concordant.reproducing.tools import packages_of
from tests.documents import METADATA, ROOT, Document, write_document
from tests.reproducing.copies import copy_project

SECTIONS = {"1.md": "# One\n\nA sentence with a citation [@one].\n"}


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> Document:
    document = write_document(
        tmp_path_factory.mktemp("secret-place"), SECTIONS, metadata=METADATA + "version: 1\n"
    )
    document.build()
    return document


@pytest.mark.slow
def test_it_has_the_very_files_and_keeps_to_its_schema(document: Document) -> None:
    build = document.root / "build"
    value = json.loads((build / "receipt.json").read_text("utf-8"))
    schema = (ROOT / "concordant/reproducing/receipt.schema.json").read_text("utf-8")
    jsonschema.validate(value, json.loads(schema))
    files = {each["name"]: each for each in [*value["editions"], value["ledger"]]}
    assert sorted(files) == ["numbers.json", "small.epub", "small.html", "small.pdf"]
    for name, each in files.items():
        data = (build / name).read_bytes()
        assert (each["sha256"], each["size"]) == (hashlib.sha256(data).hexdigest(), len(data))
        assert f"{each['sha256']}  {name}\n" in (build / "SHA256SUMS").read_text("ascii")
    text = (document.root / "source" / "1.md").read_bytes()
    assert value["inputs"]["source/1.md"] == hashlib.sha256(text).hexdigest()
    assert "styles/tokens.yaml" in value["inputs"]
    assert value["machine"]["python"] == platform.python_version()
    assert re.fullmatch(r"\d+\.\d+\.\d+", value["machine"]["layout"]["pango"])
    assert value["tools"]["pandoc_sha256"]


@pytest.mark.slow
def test_it_names_no_path_user_host_or_time(document: Document) -> None:
    text = (document.root / "build" / "receipt.json").read_text("utf-8")
    assert "secret-place" not in text
    for private in (str(Path.home()), str(ROOT), getpass.getuser() + "@", platform.node()):
        assert private not in text
    assert re.findall(r"\d{4}-\d\d-\d\dT[\d:]+Z", text) == ["2020-02-02T00:00:00Z"]


@pytest.mark.slow
def test_one_edition_built_alone_leaves_the_receipt_as_it_was(document: Document) -> None:
    path = document.root / "build" / "receipt.json"
    before = path.read_bytes()
    document.build([Format.HTML])
    assert path.read_bytes() == before
    (document.root / "build" / "small.epub").write_bytes(b"something else")
    document.build([Format.HTML])
    assert [each.name for each in read_receipt(path).editions] == ["small.html", "small.pdf"]
    (document.root / "source" / "1.md").write_text("# One\n\nOther words [@one].\n", "utf-8")
    document.build([Format.HTML])
    assert [each.name for each in read_receipt(path).editions] == ["small.html"]


class _Saving(Progress):
    """An author who saves a section while its pages are laid out."""

    def __init__(self, section: Path) -> None:
        super().__init__(Console(file=StringIO()))
        self._section = section

    def status(self, name: str) -> AbstractContextManager[object]:
        if name == "lay out the pages":
            self._section.write_text("# One\n\nSaved meanwhile [@one].\n", "utf-8")
        return super().status(name)


@pytest.mark.slow
def test_what_is_saved_meanwhile_is_of_the_next_build(tmp_path: Path) -> None:
    root = write_document(tmp_path, SECTIONS).root
    section, folder = root / "source" / "1.md", root / "build"
    before = hashlib.sha256(section.read_bytes()).hexdigest()
    build(root, [Format.HTML], _Saving(section))
    assert "A sentence with a citation" in (folder / "small.html").read_text("utf-8")
    receipt = read_receipt(folder / "receipt.json")
    ledger = json.loads((folder / "numbers.json").read_text("utf-8"))
    assert receipt.inputs["source/1.md"] == before
    assert receipt.subject.source == ledger["document"]["source"]


@pytest.mark.slow
def test_validators_words_are_taken_only_about_these_editions(document: Document) -> None:
    build = document.root / "build"
    document.build()
    receipt = build / "receipt.json"
    editions = [
        {"name": each.name, "sha256": each.sha256} for each in read_receipt(receipt).editions
    ]
    findings = [{"severity": "note"}, {"severity": "error"}]
    reports = [{"ran": True, "findings": findings}, {"ran": False, "findings": []}]
    stale = [*editions[:-1], {**editions[-1], "sha256": "0" * 64}]
    for about, said in ((stale, None), (editions, "1 findings in 1 reports, 1 not run")):
        value = {"editions": about, "reports": reports}
        (build / "validate.json").write_text(json.dumps(value), "utf-8")
        add_validation(build)
        assert read_receipt(receipt).results.get("validate") == said


@pytest.mark.slow
def test_written_and_read_again_it_is_the_same(document: Document) -> None:
    receipt = read_receipt(document.root / "build" / "receipt.json")
    assert parse_receipt(receipt_json(receipt)) == receipt
    other = replace(receipt, ledger=record("numbers.json", b"other"))
    assert f"{other.ledger.sha256}  numbers.json" in sums(other)
    assert not receipt.same_causes(replace(receipt, inputs={}))


def test_packages_are_those_needed_at_run_time_and_theirs() -> None:
    packages = packages_of("concordant")
    assert {"weasyprint", "fonttools", "brotli", "webencodings"} <= packages.keys()
    assert not {"concordant", "pytest", "mypy"} & packages.keys()


def test_a_commit_is_clean_only_as_long_as_nothing_is_changed_or_added(tmp_path: Path) -> None:
    copy = copy_project(tmp_path)
    assert origin_of(tmp_path, []) is None
    name = copy.commit()
    inputs = ["source/1.md", "source/2.md"]
    origin = origin_of(tmp_path, inputs)
    assert origin is not None
    assert (origin.name, origin.clean) == (name, True)
    assert not getattr(origin_of(tmp_path, [*inputs, "source/3.md"]), "clean", True)
    copy.break_("source/2.md", "alles", "alle")
    assert not getattr(origin_of(tmp_path, inputs), "clean", True)
