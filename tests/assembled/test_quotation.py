from __future__ import annotations

from pathlib import Path

import pytest

from concordant.assembled.quotation import marks_of
from concordant.checks.check import check
from concordant.tree import text_of
from tests.documents import METADATA, Document, write_document

QUOTED = "\"A 'b' c\""


def printed(document: Document) -> str:
    """Return what the only chapter prints below its heading."""
    numbered, problems = document.numbered()
    assert not problems
    return text_of(numbered.chapters[0].blocks[1:]).strip()


@pytest.mark.parametrize(
    ("lang", "expected"),
    [
        ("en-GB", "“A ‘b’ c”"),
        ("de", "„A ‚b‘ c“"),
        ("de-AT", "„A ‚b‘ c“"),
        ("de-CH", "«A ‹b› c»"),
        ("fr-BE", "«\u202fA “b” c\u202f»"),
        ("fr-CH", "«A ‹b› c»"),
        ("es", "«A “b” c»"),
        ("it", "«A “b” c»"),
        ("nl", "“A ‘b’ c”"),
        ("pl", "„A «b» c”"),
        ("pt-BR", "“A ‘b’ c”"),
        ("pt-PT", "«A “b” c»"),
        ("ru", "«A „b“ c»"),
        ("sv", "”A ’b’ c”"),
        ("zh-Hant", "「A 『b』 c」"),
        ("ka", "“A ‘b’ c”"),  # of a language that is not known
    ],
)
def test_a_quotation_has_the_marks_of_its_language(
    tmp_path: Path, lang: str, expected: str
) -> None:
    metadata = METADATA.replace("en-GB", lang)
    document = write_document(tmp_path, {"01.md": f"# T\n\n{QUOTED}\n"}, metadata=metadata)
    assert printed(document) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('["mot"]{lang=fr} and "word"', "«\u202fmot\u202f» and “word”"),
        ('"[mot]{lang=fr}"', "“mot”"),
        ("::: {lang=de}\n\"Ein ['mot']{lang=fr}\"\n:::", "„Ein “mot”“"),
        ('[["inner"]{lang=en} "mot"]{lang=fr}', "“inner” «\u202fmot\u202f»"),
    ],
)
def test_the_language_is_that_around_the_quotation(
    tmp_path: Path, text: str, expected: str
) -> None:
    assert printed(write_document(tmp_path, {"01.md": f"# T\n\n{text}\n"})) == expected


def test_words_around_keys_have_them_too(tmp_path: Path) -> None:
    text = '# T {#sec:t}\n\n[siehe "so" @sec:t] und [@one, "hier"]\n'
    metadata = METADATA.replace("en-GB", "de")
    document = write_document(tmp_path, {"01.md": text}, metadata=metadata)
    assert printed(document) == "siehe „so“ Abschnitt\u00a01 und [0, „hier“]"


def test_headings_and_captions_have_them_in_the_ledger(tmp_path: Path) -> None:
    text = '# Ein "Wort"\n\n| a |\n|---|\n| b |\n\n: "So". {#tbl:t}\n\n@tbl:t[^n]\n\n[^n]: "Da".\n'
    metadata = METADATA.replace("en-GB", "de")
    numbered, problems = write_document(tmp_path, {"01.md": text}, metadata=metadata).numbered()
    assert not problems
    assert [each.text for each in numbered.ledger.declarations] == ["Ein „Wort“", "„So“.", "„Da“."]


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["de", "fr", "pl"])
def test_the_editions_print_the_same(tmp_path: Path, lang: str) -> None:
    text = f'# The "title" {{#sec:t}}\n\nA word, {QUOTED}, and @sec:t.[^n]\n\n[^n]: "A note".\n'
    metadata = METADATA.replace("en-GB", lang)
    files = write_document(tmp_path, {"01.md": text}, metadata=metadata).build()
    verdict = check(*(files[name] for name in ("pdf", "epub", "html", "json")))
    assert verdict.findings == ()
    opening, closing = marks_of(lang)[:2]
    assert f"{opening}A note{closing}." in files["html"].read_text("utf-8")
