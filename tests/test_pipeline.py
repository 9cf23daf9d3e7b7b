"""What a worker does ahead for a first build, the build finds done."""

from __future__ import annotations

from pathlib import Path

import pytest
from jinja2 import Environment

from concordant import pipeline
from concordant.cache import PLACE, remembering, store_for
from concordant.editions.publication import compile_templates
from concordant.reproducing import tools
from tests.documents import write_document


def test_templates_and_tools_are_looked_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(PLACE, raising=False)
    write_document(tmp_path, {"1.md": "# One\n\nText.\n"})
    store = store_for(tmp_path)
    pipeline._work_ahead(tmp_path, store)
    for cached in (tools._hash, tools._font_hash, tools.packages_of):
        cached.cache_clear()
    monkeypatch.setattr(tools, "file_hash", lambda path: pytest.fail(f"{path} is hashed"))
    monkeypatch.setattr(tools, "_collect", lambda *_: pytest.fail("packages are looked for"))
    monkeypatch.setattr(Environment, "compile", lambda *_, **__: pytest.fail("it is compiled"))
    with remembering(store):
        compile_templates(tmp_path)
        assert tools.tools_of(tmp_path).packages["pypandoc-binary"]
