from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from concordant.numbered.ledger import ledger_json
from tests.documents import Document, write_document

TEXT = "# T {#sec:t}\n\nSee @sec:t [@two; @one].^[A note.]\n\n$$ x $$ {#eq:x}\n"
FACTS = {"title": "T", "identifier": "i", "version": "1", "source": "s"}


@pytest.fixture
def document(tmp_path: Path) -> Document:
    return write_document(tmp_path, {"01.md": TEXT})


def test_the_ledger_keeps_to_its_schema(document: Document) -> None:
    schema = json.loads((files("concordant.numbered") / "ledger.schema.json").read_text("utf-8"))
    ledger = json.loads(ledger_json(document.numbered()[0].ledger, FACTS))
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    assert not list(validator.iter_errors(ledger))
    del ledger["kinds"]["figure"]
    ledger["kinds"]["section"]["mentions"][0]["more"] = 1
    assert len(list(validator.iter_errors(ledger))) == 2


def test_the_ledger_is_sorted_stable_and_placed(document: Document) -> None:
    text = ledger_json(document.numbered()[0].ledger, FACTS)
    assert text == ledger_json(document.numbered()[0].ledger, FACTS)
    ledger = json.loads(text)
    assert text == json.dumps(ledger, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    assert list(ledger["kinds"]) == sorted(ledger["kinds"])
    [mention] = ledger["kinds"]["section"]["mentions"]
    assert mention["place"] == "source/01.md:3"
    places = [each["place"] for each in ledger["kinds"]["reference"]["declarations"]]
    assert places == ["source/references.yaml:6", "source/references.yaml:2"]
