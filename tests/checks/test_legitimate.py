"""Documents that are right, and hard to read: the build proves its editions, and nothing is said of them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from concordant.checks.check import check
from concordant.checks.reports.terminal import as_text
from tests.documents import METADATA, ROOT, SVG, Document, made_in, own_styles, write_document
from tests.validation import samples

FOLDER = Path(__file__).with_name("legitimate")
KEYS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
REFERENCES = "references:\n" + "\n".join(
    f"- id: {key}\n  type: book\n  title: The {key} book, volume {number}\n"
    f"  author:\n  - family: {key.title()}son\n    given: A. B.\n  issued: {1990 + number}\n"
    f"  publisher: Press {number}, pp. {number}–{number + 3}\n  URL: https://example.org/{key}/{number}\n"
    for number, key in enumerate(KEYS)
)


# Centred text is drawn in a form of its own.
CENTRED = SVG.replace("<text", '<text text-anchor="middle" x="45"')


def document(root: Path, *names: str) -> Document:
    sections = {
        f"{number:02}-{name}.md": (FOLDER / f"{name}.md").read_text("utf-8")
        for number, name in enumerate(names, 1)
    }
    return write_document(
        root, sections, references=REFERENCES, files={"figures/drawn.svg": CENTRED}
    )


def must_be_proven(written: Document) -> None:
    files = written.build()
    verdict = check(files["pdf"], files["epub"], files["html"], files["json"])
    assert verdict.errors == (), as_text(verdict, 150)


def test_many_structures_in_one_document(tmp_path: Path) -> None:
    must_be_proven(document(tmp_path, "long", "notes", "lists", "formulas", "scripts", "groups"))


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(path.stem for path in FOLDER.glob("*.md")))
def test_structures_one_by_one(tmp_path: Path, name: str) -> None:
    must_be_proven(document(tmp_path, name))


@pytest.mark.slow
def test_figures_with_which_items_begin(tmp_path: Path) -> None:
    drawn = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 100"><text y="50">drawn</text></svg>'
    figure = '![A figure.](figures/drawn.svg){{#fig:{} alt="The word drawn."}}'
    text = f"# One\n\n- Word.\n\n- {figure.format('a')}\n\n- See @fig:a.\n\n1. {figure.format('b')}\n\n2. See @fig:b.\n"
    must_be_proven(write_document(tmp_path, {"01.md": text}, files={"figures/drawn.svg": drawn}))


@pytest.mark.slow
def test_phrases_from_right_to_left_over_the_ends_of_lines(tmp_path: Path) -> None:
    phrase = "[هذا نص عربي طويل (وفيه قوسان) ثم كلمات أخرى]{lang=ar dir=rtl}"
    text = "\n\n".join(
        f"{'Word ' * count}in English {phrase} and it goes on (in brackets) here."
        for count in range(14)  # each breaks its line at another place
    )
    must_be_proven(write_document(tmp_path, {"01.md": f"# One\n\n{text}\n"}))


@pytest.mark.slow
@pytest.mark.parametrize("sample", [samples.tables, samples.structures, samples.scripts])
def test_samples_for_validation(tmp_path: Path, sample: object) -> None:
    must_be_proven(sample(tmp_path))  # type: ignore[operator]


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["de", "fr", "es", "it", "nl", "pt", "sv"])
def test_other_languages(tmp_path: Path, lang: str) -> None:
    text = (FOLDER / "short.md").read_text("utf-8")
    must_be_proven(
        write_document(
            tmp_path,
            {"01-short.md": text},
            metadata=METADATA.replace("en-GB", lang),
            references=REFERENCES,
            files={"figures/drawn.svg": SVG},
        )
    )


# The marks around citations, around each number in them, and around the number of an entry.
ROUND, SQUARE, RAISED = 'prefix="(" suffix=")"', 'prefix="[" suffix="]"', 'vertical-align="sup"'
MARKS = {
    "(1, 2) (1)": (ROUND, "", ROUND),
    "(1, 2) 1.": (ROUND, "", 'suffix="."'),
    "(1, 2) 1": (ROUND, "", ""),
    "(1), (2) 1)": ("", ROUND, 'suffix=")"'),
    "[1], [2] [1]": ("", SQUARE, SQUARE),
    "raised 1,2 1.": (RAISED, "", 'suffix="."'),
    "raised (1,2) (1)": (f"{ROUND} {RAISED}", "", ROUND),
}


@pytest.mark.slow
@pytest.mark.parametrize("marks", MARKS)
def test_other_marks_of_citations(tmp_path: Path, marks: str) -> None:
    around, each, entry = MARKS[marks]
    style = (ROOT / "styles" / "concordant-numeric.csl").read_text("utf-8")
    bracketed, number = f'<layout {SQUARE} delimiter=", ">', '<text variable="citation-number"{}/>'
    assert style.count(bracketed) == style.count(number.format("")) == 1
    assert style.count(number.format(f" {SQUARE}")) == 1
    other = (
        style.replace(number.format(f" {SQUARE}"), number.format(f" {entry}"))
        .replace(number.format(""), number.format(f" {each}"))
        .replace(bracketed, f'<layout {around} delimiter=", ">')
        .replace(' collapse="citation-number"', "" if each else ' collapse="citation-number"')
    )
    written = write_document(
        tmp_path,
        {"01-citations.md": (FOLDER / "citations.md").read_text("utf-8")},
        metadata=METADATA + "csl: source/own.csl\n",
        references=REFERENCES,
        files={"figures/drawn.svg": SVG, "own.csl": other},
    )
    must_be_proven(written)
    files = made_in(tmp_path / "build")
    html = files["html"].read_text("utf-8")
    first = re.search(r'<span id="cite-1-1" class="citation">.*?</span>', html)
    assert first
    other, changed = re.subn(r"1(?=[])]?</a>)", "2", first[0])
    assert changed == 1
    files["html"].write_text(html.replace(first[0], other), "utf-8")
    wrong = check(*(files[name] for name in ("pdf", "epub", "html", "json")))
    assert {"mention-label", "link-target"} & {finding.code for finding in wrong.errors}


@pytest.mark.slow
@pytest.mark.parametrize(
    "style", ["body { columns: 2 }", ".references { columns: 3; font-size: 80% }"]
)
def test_columns(tmp_path: Path, style: str) -> None:
    written = document(tmp_path, "long", "short")
    own_styles(tmp_path, pdf=style)
    must_be_proven(written)


@pytest.mark.slow
def test_amounts_in_brackets_are_no_equations(tmp_path: Path) -> None:
    table = "| year | change |\n|---|---|\n| 2019 | 5 |\n| 2020 | (2) |\n\n: Change. {#tbl:t}"
    text = f"# T\n\n{table}\n\n@tbl:t and @eq:a.\n\n$$ x^2 $$ {{#eq:a}}\n"
    must_be_proven(write_document(tmp_path, {"01.md": text}))


@pytest.mark.slow
def test_numbers_in_plain_letters_are_a_warning_where_all_editions_have_them(
    tmp_path: Path,
) -> None:
    text = "# One {#sec:a}\n\nSee @sec:a. Chapter 1 of another's book is meant.\n"
    files = write_document(tmp_path, {"01.md": text}).build()
    paths = [files[name] for name in ("pdf", "epub", "html", "json")]
    verdict = check(*paths)
    told = {(each.code, each.message) for each in verdict.findings}
    assert told == {("link-missing", "section 1 is mentioned without a link")}
    assert verdict.errors == ()
    html = files["html"].read_text("utf-8")
    unlinked, links = re.subn(r"<a [^>]*>(Section.1)</a>", r"\1", html)
    assert links == 1
    files["html"].write_text(unlinked, "utf-8")
    assert "link-missing" in {each.code for each in check(*paths).errors}
