from __future__ import annotations

from concordant.problem import Severity
from concordant.sources.metadata import read_metadata, slug_of


def test_fields_are_read_and_defaults_follow_from_the_title() -> None:
    text = "title: Über  Maße\nlang: de\nkeywords: [a, b]\nauthors: Ada Lovelace\n"
    metadata, problems = read_metadata(text, "m.yaml")
    assert not problems
    assert metadata.title == "Über Maße"
    assert metadata.slug == "über-maße"
    assert metadata.keywords == ("a", "b")
    assert metadata.authors == ("Ada Lovelace",)
    again, _ = read_metadata(text, "m.yaml")
    other, _ = read_metadata(text.replace("Maße", "Gewichte"), "m.yaml")
    assert metadata.identifier == again.identifier != other.identifier


def test_what_is_missing_is_named() -> None:
    _, problems = read_metadata("title: T\n", "m.yaml")
    assert [str(each) for each in problems] == [
        'm.yaml: error[metadata-missing]: the metadata has no "lang"; add a line `lang: …`'
    ]


def test_norwegian_is_no_negation() -> None:
    _, [problem] = read_metadata("title: T\nlang: no\n", "m.yaml")
    assert problem.hint == 'write `lang: "no"`'
    _, problems = read_metadata('title: T\nlang: "no"\n', "m.yaml")
    assert not problems


def test_an_unknown_key_gets_a_line_and_a_suggestion() -> None:
    _, [problem] = read_metadata("title: T\nlang: en\nauthers: [x]\n", "m.yaml")
    assert (problem.place.line, problem.severity) == (3, Severity.WARNING)
    assert problem.hint == 'did you mean "authors"?'


def test_broken_yaml_is_placed() -> None:
    _, [problem] = read_metadata("title: T\nlang: [en\n\nmore: x\n", "m.yaml")
    assert problem.code == "metadata-unreadable"
    assert problem.place.line > 1


def test_slugs_are_file_names() -> None:
    assert slug_of("A — b/c: d?") == "a-b-c-d"
    assert slug_of("…") == "document"


def test_values_are_what_is_written() -> None:
    metadata, problems = read_metadata(
        "title: Yes\nlang: en\nversion: 1.10\nsubtitle: null\n", "m.yaml"
    )
    assert not problems
    assert (metadata.title, metadata.version, metadata.subtitle) == ("Yes", "1.10", "")
