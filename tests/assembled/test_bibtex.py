from __future__ import annotations

from pathlib import Path

import pytest

from concordant.assembled.bibtex import readable
from tests.documents import METADATA, write_document


@pytest.mark.parametrize(
    ("month", "read"),
    [
        ("{March}", "{3}"),
        ('"march"', "{3}"),
        ("mar", "{3}"),
        ("{Mar.}", "{3}"),
        ("{März}", "{3}"),
        ("{août}", "{8}"),
        ("{marzec}", "{3}"),  # the document's language
        ("{12}", "{12}"),
        ("{5~mar}", "{5~mar}"),
        ('mar # "~12"', 'mar # "~12"'),
        ("{Spring}", "{Spring}"),
    ],
)
def test_months_in_words_are_read(month: str, read: str) -> None:
    text = "@book{{a, title={{On a month = March, or so}},\n Month = {}\n, year=2020}}\n"
    assert readable(text.format(month), "pl") == text.format(read)


@pytest.mark.parametrize(
    ("entry", "read"),
    [
        ("@thesis{a, type={phdthesis}}", "@thesis{a, type={Dissertation}}"),
        ("@thesis{a, type = mathesis , year=1}", "@thesis{a, type = {Masterarbeit} , year=1}"),
        ('@Report{a, type="resreport"}', "@Report{a, type={Forschungsbericht}}"),
        ("@thesis{a, type={Habilitation}}", "@thesis{a, type={Habilitation}}"),
        ("@PhDThesis{a:b, year=1}", "@PhDThesis{a:b, type = {Dissertation}, year=1}"),
        ("@mastersthesis(a,\nyear=1)", "@mastersthesis(a, type = {Masterarbeit},\nyear=1)"),
    ],
)
def test_types_have_the_words_of_the_language(entry: str, read: str) -> None:
    assert readable(entry, "de-AT") == read


@pytest.mark.parametrize(
    ("lang", "dates"),
    [
        ("de", ["März 2020", "Mai 2021", "1. Juni 2022", "Juli–August 2023"]),
        ("fr", ["mars 2020", "mai 2021", "1 juin 2022", "juillet–août 2023"]),
        ("en-GB", ["March 2020", "May 2021", "1 June 2022", "July–August 2023"]),
        ("en-US", ["March 2020", "May 2021", "June 1, 2022", "July–August 2023"]),
        ("es", ["marzo de 2020", "mayo de 2021", "1 de junio de 2022", "julio–agosto de 2023"]),
    ],
)
def test_dates_are_printed_in_the_form_of_the_language(
    tmp_path: Path, lang: str, dates: list[str]
) -> None:
    bibtex = """@book{a, title={T}, year=2020, month={March}}
@book{b, title={T}, year=2021, month=may}
@book{c, title={T}, date={2022-06-01}}
@book{d, title={T}, date={2023-07/2023-08}}
"""
    metadata = METADATA.replace("en-GB", lang) + "bibliography: x.bib\n"
    text = "# T\n\n[@a] [@b] [@c] [@d]\n"
    document = write_document(tmp_path, {"01.md": text}, metadata=metadata, files={"x.bib": bibtex})
    numbered, _ = document.numbered()
    listed = [each.text for each in numbered.ledger.declarations if each.kind == "reference"]
    assert listed == [f"T. {date}." for date in dates]


def test_a_type_of_the_author_s_own_holds(tmp_path: Path) -> None:
    bibtex = "@phdthesis{a, title={T}, type={Habilitation}}\n@phdthesis{b, title={U}}\n"
    metadata = METADATA.replace("en-GB", "de") + "bibliography: x.bib\n"
    text = "# T\n\n[@a] [@b]\n"
    document = write_document(tmp_path, {"01.md": text}, metadata=metadata, files={"x.bib": bibtex})
    numbered, _ = document.numbered()
    listed = [each.text for each in numbered.ledger.declarations if each.kind == "reference"]
    assert listed == ["T. Habilitation.", "U. Dissertation."]
