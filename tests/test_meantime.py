"""What is done ahead, the build finds done, or does again where it has turned out otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import Any

import pyphen
import pytest
from jinja2 import Environment

from concordant import meantime, pipeline
from concordant.cache import PLACE, kept_in, remembering, store_for
from concordant.editions import reading
from concordant.editions.edition import Format
from concordant.editions.press.hyphenation import dictionaries_kept
from concordant.editions.publication import compile_templates
from concordant.editions.typefaces import webfonts
from concordant.editions.workers import local_workers
from concordant.meantime import work_ahead
from concordant.proofs import Proofs
from concordant.reproducing import tools
from tests.documents import write_document


def forget() -> None:
    """Forget what this process knows of the tools, and of hyphenation."""
    for cached in (tools._hash, tools._font_hash, tools.packages_of):
        cached.cache_clear()
    pyphen.hdcache.clear()


def test_templates_tools_and_hyphenation_are_looked_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(PLACE, raising=False)
    write_document(tmp_path, {"1.md": "# One\n\nText.\n"})
    store = store_for(tmp_path)
    forget()
    work_ahead(tmp_path, store)
    forget()
    monkeypatch.setattr(tools, "file_hash", lambda path: pytest.fail(f"{path} is hashed"))
    monkeypatch.setattr(tools, "_collect", lambda *_: pytest.fail("packages are looked for"))
    monkeypatch.setattr(Environment, "compile", lambda *_, **__: pytest.fail("it is compiled"))
    monkeypatch.setattr(pyphen.HyphDict, "__init__", lambda _, path: pytest.fail(f"{path} is read"))
    with remembering(store):
        compile_templates(tmp_path)
        assert tools.tools_of(tmp_path).packages["pypandoc-binary"]
        with dictionaries_kept(kept_in(store)):
            assert pyphen.Pyphen(lang="en_GB").inserted("hyphenation") != "hyphenation"


TEXT = "# One\n\n" + "\n\n".join(f"Paragraph {number}: {'words ' * 60}." for number in range(40))


@pytest.fixture(scope="module")
def workers() -> Iterator[Executor]:
    with local_workers(4) as executor:
        yield executor


@pytest.mark.parametrize(
    ("edit", "as_expected"),
    [
        (("Paragraph 3:", "Paragraph three:"), True),
        (("Paragraph 3:", f"Paragraph 3: {'more words ' * 200}"), False),
        (("Paragraph", "Another"), None),
        (("Paragraph 3:", "Paragraph [@two]:"), None),
    ],
)
def test_the_page_is_put_there_ahead_with_the_pages_that_are_expected(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    workers: Executor,
    edit: tuple[str, str],
    as_expected: bool | None,
) -> None:
    monkeypatch.delenv(PLACE, raising=False)
    document = write_document(tmp_path, {"1.md": TEXT, "2.md": "# Two\n\nText [@one], [@two].\n"})
    ahead: list[bytes] = []
    put_ahead = Proofs.put_ahead

    def note(self: Proofs, kind: str, name: str, data: bytes) -> None:
        ahead.append(data)
        put_ahead(self, kind, name, data)

    monkeypatch.setattr(Proofs, "put_ahead", note)

    document.build(executor=workers)
    assert ahead == []  # nothing is known yet
    (tmp_path / "source" / "1.md").write_text(TEXT.replace(*edit), "utf-8")
    page = document.build(executor=workers)["html"].read_bytes()
    assert [data == page for data in ahead] == ([] if as_expected is None else [as_expected])
    assert page.count(b'class="page"') > 4


@pytest.mark.parametrize(
    ("form", "expected"), [(Format.PDF, set()), (Format.HTML, {"compressed", "made"})]
)
def test_fonts_are_compressed_before_they_are_asked_for_where_they_will_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: Format, expected: set[str]
) -> None:
    document = write_document(tmp_path, {"1.md": "# One\n\nText.\n"})
    steps: list[str] = []

    def make(*args: Any) -> Any:
        steps.append("made")
        return reading.make_html(*args)

    monkeypatch.setattr(webfonts, "to_woff2", lambda _: steps.append("compressed"))
    monkeypatch.setattr(pipeline, "make_html", make)
    document.build([form], proven=False)
    assert {*steps} == expected
    assert steps[-1:] == [*sorted(expected)][-1:]


@pytest.mark.parametrize("long", [False, True])
def test_little_of_a_short_document_is_read_by_the_process_that_builds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, workers: Executor, long: bool
) -> None:
    monkeypatch.delenv(PLACE, raising=False)
    monkeypatch.setattr(meantime, "is_long", lambda _: long)
    document = write_document(tmp_path, {"1.md": TEXT})
    document.build(executor=workers)
    (tmp_path / "source" / "1.md").write_text(TEXT.replace("Paragraph 3:", "Paragraph 3!"), "utf-8")
    asked: list[str] = []
    submit = workers.submit

    def note(fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        asked.append(fn.__name__)
        return submit(fn, *args, **kwargs)

    monkeypatch.setattr(workers, "submit", note)
    document.build(executor=workers)
    assert "print_part" in asked
    assert ("_undisturbed" in asked) is long  # which is how a worker reads
