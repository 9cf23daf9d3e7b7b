"""Templates are compiled once, by whichever process has time for it, and say what they would say without that."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from jinja2 import Environment

from concordant.cache import PLACE
from concordant.editions.publication import Publication, compile_templates
from concordant.problem import ProblemsFound
from tests.documents import own_styles
from tests.editions import rich


@pytest.fixture
def publication(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Publication:
    """A publication with templates of its own, and the usual cache."""
    monkeypatch.delenv(PLACE, raising=False)
    made = rich.publication(tmp_path)
    own_styles(tmp_path)
    return made


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    names: list[object] = []
    compile_template: Callable[..., object] = Environment.compile

    def note(self: Environment, source: str, name: str, *args: object, **more: object) -> object:
        names.append(name)
        return compile_template(self, source, name, *args, **more)

    monkeypatch.setattr(Environment, "compile", note)
    return names


def test_templates_that_were_compiled_ahead_are_not_compiled_again(
    publication: Publication, compiled: list[object]
) -> None:
    compile_templates(publication.project.root)
    ahead = [*compiled]
    assert {"pdf-opening.jinja", "html.jinja", "epub-chapter.jinja"} <= set(ahead)
    assert "Contents" in publication.render(
        "pdf-opening.jinja", folios={}, folio_column="2em", title=_Title()
    )
    assert compiled == ahead


def test_a_template_that_is_broken_is_told_when_it_is_used(publication: Publication) -> None:
    (publication.project.styles / "a.jinja").write_text("{% for %}", "utf-8")
    compile_templates(publication.project.root)
    with pytest.raises(ProblemsFound) as found:
        publication.render("a.jinja")
    assert str(found.value.problems[0]).startswith("styles/a.jinja:1: error[template-broken]")


def test_a_date_that_stands_in_a_template_is_written_in_each_language(
    publication: Publication,
) -> None:
    (publication.project.styles / "a.jinja").write_text("{{ '2026-11-02' | long_date }}", "utf-8")
    compile_templates(publication.project.root)
    assert publication.render("a.jinja") == "2 November 2026"
    metadata = replace(publication.project.metadata, lang="de-AT")
    german = replace(publication, project=replace(publication.project, metadata=metadata))
    assert german.render("a.jinja") == "2. November 2026"


def test_a_month_and_a_year_are_written_as_such(publication: Publication) -> None:
    metadata = replace(publication.project.metadata, lang="de")
    german = replace(publication, project=replace(publication.project, metadata=metadata))
    assert publication.long_date("2026-05") == "May 2026"
    assert german.long_date("2026-05") == "Mai 2026"
    assert german.long_date("2026") == "2026"
    assert german.long_date("im Mai") == "im Mai"


class _Title:
    lines, size, leading = ("A title",), 20.0, 22.0
