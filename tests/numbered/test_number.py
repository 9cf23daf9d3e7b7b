"""The pure stage: numbers, labels, mentions; and what holds for any document."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from concordant.numbered.chapter import Numbered, Role
from concordant.numbered.declare import letters
from concordant.numbered.ledger import Kind
from concordant.tree import identifier_of, text_of, walk
from tests.documents import METADATA, SVG, Document, write_document

FIGURE = '![{caption}](figures/p.svg){{#fig:{name} alt="A"}}\n\n'


def number(root: Path, text: str, *, lang: str = "en-GB") -> Numbered:
    document = write_document(
        root,
        {"01.md": text},
        metadata=METADATA.replace("en-GB", lang),
        files={"figures/p.svg": SVG},
    )
    numbered, problems = document.numbered()
    assert not problems
    return numbered


def words(numbered: Numbered) -> str:
    return " ".join(text_of([chapter.blocks for chapter in numbered.chapters]).split())


def headings(numbered: Numbered) -> list[tuple[str, str]]:
    return [(each.number, each.title) for chapter in numbered.chapters for each in chapter.headings]


def test_sections_are_numbered_by_level_and_appendices_lettered(tmp_path: Path) -> None:
    text = (
        "# Before {.frontmatter}\n\n## Inside\n\n# One\n\n## A\n\n### Deep\n\n## B\n\n"
        "# Aside {.unnumbered}\n\n## Below\n\n# Two\n\n## C\n\n"
        "# Extra {.appendix}\n\n## D\n\n# More {.appendix}\n"
    )
    numbered = number(tmp_path, text)
    assert headings(numbered) == [
        ("", "Before"),
        ("", "Inside"),
        ("1", "One"),
        ("1.1", "A"),
        ("1.1.1", "Deep"),
        ("1.2", "B"),
        ("", "Aside"),
        ("", "Below"),
        ("2", "Two"),
        ("2.1", "C"),
        ("A", "Extra"),
        ("A.1", "D"),
        ("B", "More"),
    ]
    assert numbered.chapters[0].role is Role.FRONT
    assert "1.1.1 Deep" in words(numbered)


def test_the_reference_list_has_an_address_of_its_own(tmp_path: Path) -> None:
    numbered = number(tmp_path, "# References\n\nSee [@one].\n\n# More {#references-1}\n")
    anchors = [chapter.anchor for chapter in numbered.chapters]
    assert anchors == ["references", "references-1", "references-2"]


def test_headings_say_in_lists_what_their_mentions_print(tmp_path: Path) -> None:
    text = (
        "# One {#sec:one}\n\n## After @sec:one[^n], before @sec:last {#sec:mid}\n\n[^n]: Note.\n\n"
        "# Of [@sec:one; @sec:mid] {.unnumbered #sec:last}\n\nSee @sec:last and [@one].\n\n"
        "# Before: @sec:last {.unnumbered #sec:end}\n\nSee @sec:end.\n"
    )
    numbered = number(tmp_path, text)
    titles = [title for _, title in headings(numbered)]
    last = "Of Sections 1 and 1.1"
    assert titles[:3] == ["One", f"After Section 1, before {last}", last]
    assert {"sec-mid": titles[1]}.items() <= {
        each.anchor: each.text for each in numbered.ledger.of(Kind.SECTION)
    }.items()
    assert f"See {last} and" in words(numbered)
    assert f"Cited in {last}" in words(numbered)
    assert f"See Before: {last}." in words(numbered)


@pytest.mark.parametrize(
    ("lang", "mention", "printed"),
    [
        ("en", "@fig:a", "Figure 1"),
        ("en", "[@fig:a; @fig:b]", "Figures 1 and 2"),
        ("en", "[@fig:c; @fig:a; @fig:b]", "Figures 1–3"),
        ("en", "[@fig:d; @fig:a; @fig:b; @fig:f; @fig:e]", "Figures 1, 2 and 4–6"),
        ("en", "[-@fig:b]", "2"),
        ("en", "[see @fig:b]", "see Figure 2"),
        ("en", "[see @fig:b; and also @fig:a]", "see Figure 2; and also Figure 1"),
        ("en", "[see @fig:b and also @Fig:a, too]", "see Figure 2 and also Figure 1, too"),
        ("en", "[@fig:a, with words, and @sec:s]", "Figure 1, with words, and Section 1.1"),
        ("en", "[@fig:a; @fig:b; @fig:c, left; @fig:d]", "Figures 1–3, left; Figure 4"),
        (
            "en",
            "[@fig:c; @sec:s; see @fig:a (*left*)]",
            "Figure 3 and Section 1.1; see Figure 1 (left)",
        ),
        ("en", "@fig:a [left]", "Figure 1 [left]"),
        ("en", "[see @fig:a and [@one, p. 5]]", "see Figure 1 and [1 (p. 5)]"),
        ("en", "[@fig:a; @sec:s]", "Figure 1 and Section 1.1"),
        ("en", "@sec:x", "Appendix A"),
        ("en", "@sec:u", "Untold"),
        ("de-AT", "@sec:s", "Abschnitt 1.1"),
        ("de-AT", "[@fig:a; @fig:b]", "Abbildungen 1 und 2"),
        ("fr", "@fig:a", "figure 1"),
        ("fr", "@Fig:a", "Figure 1"),
    ],
)
def test_mentions_print_labels_in_the_documents_language(
    tmp_path: Path, lang: str, mention: str, printed: str
) -> None:
    figures = "".join(FIGURE.format(caption=name, name=name) for name in "abcdef")
    text = f"# T\n\n## S {{#sec:s}}\n\nMention: {mention}.\n\n{figures}"
    text += "# Untold {.unnumbered #sec:u}\n\n# Extra {.appendix #sec:x}\n"
    numbered = number(tmp_path, text, lang=lang)
    assert f"Mention: {printed}." in words(numbered).replace("\u00a0", " ")


def test_headings_in_boxes_and_quotations_are_listed_where_they_stand(tmp_path: Path) -> None:
    text = "# One\n\n::: {.box}\n\n## A\n\n:::\n\n> ### B\n\n## C\n"
    [chapter] = number(tmp_path, text).chapters
    listed = [(each.number, each.title) for each in chapter.headings]
    assert listed == [("1", "One"), ("1.1", "A"), ("1.1.1", "B"), ("1.2", "C")]


def test_sub_figures_are_lettered_and_mentioned(tmp_path: Path) -> None:
    group = "::: {#fig:both}\n" + FIGURE.format(caption="L", name="l")
    group += FIGURE.format(caption="R", name="r") + "Both of them.\n:::\n\n"
    text = (
        "# T\n\n" + FIGURE.format(caption="First", name="x") + group + "See @fig:r and @fig:both.\n"
    )
    numbered = number(tmp_path, text)
    labels = [each.label.replace("\u00a0", " ") for each in numbered.ledger.of(Kind.FIGURE)]
    assert labels == ["Figure 1", "Figure 2", "Figure 2a", "Figure 2b"]
    printed = words(numbered).replace("\u00a0", " ")
    assert "(a) L" in printed
    assert "Figure 2. Both of them." in printed
    assert "See Figure 2b and Figure 2." in printed


def test_tables_equations_and_listings_carry_their_labels(tmp_path: Path) -> None:
    text = (
        "# T\n\n| a |\n|---|\n| 1 |\n\n: Cap. {#tbl:t}\n\n$$ x = 1 $$ {#eq:e}\n\n"
        '```{#lst:l .yaml caption="Code."}\na: 1\n```\n\nSee @tbl:t, @eq:e, @lst:l.\n'
    )
    printed = words(number(tmp_path, text)).replace("\u00a0", " ")
    assert "Table 1. Cap." in printed
    assert r"\(x = 1\) (1)" in printed
    assert "Listing 1. Code." in printed
    assert "See Table 1, Equation 1, Listing 1." in printed


def test_letters_go_on_after_z() -> None:
    assert [letters(number) for number in (1, 26, 27, 52, 703)] == ["A", "Z", "AA", "AZ", "AAA"]


THINGS = {
    Kind.SECTION: "## Heading {{#sec:t{n}}}\n\n",
    Kind.FIGURE: '![C](figures/p.svg){{#fig:t{n} alt="A"}}\n\n',
    Kind.TABLE: "| a |\n|---|\n| 1 |\n\n: C {{#tbl:t{n}}}\n\n",
    Kind.EQUATION: "$$ x $$ {{#eq:t{n}}}\n\n",
    Kind.LISTING: '```{{#lst:t{n} caption="C"}}\nx\n```\n\n',
    Kind.FOOTNOTE: "Words^[A note [@two].] {n}\n\n",
    Kind.REFERENCE: "Words [@three; @one] {n}\n\n",
}


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.lists(st.sampled_from(sorted(THINGS)), max_size=8), min_size=1, max_size=3))
def test_whatever_the_document_numbers_run_on_and_every_link_leads_somewhere(
    chapters: list[list[Kind]],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        document, placed = generated(Path(folder), chapters)
        numbered, problems = document.numbered()
    assert not problems
    for kind in (Kind.FIGURE, Kind.TABLE, Kind.EQUATION, Kind.LISTING, Kind.FOOTNOTE):
        given_numbers = [int(each.number) for each in numbered.ledger.of(kind)]
        assert given_numbers == list(range(1, placed.count(kind) + 1))
    nodes = list(walk([[chapter.blocks, chapter.notes] for chapter in numbered.chapters]))
    anchors = [identifier_of(node) for node in nodes if identifier_of(node)]
    targets = {node["c"][2][0] for node in nodes if node["t"] == "Link"}
    assert len(anchors) == len(set(anchors)), "no identifier stands twice"
    assert targets <= {f"#{anchor}" for anchor in anchors}


def generated(root: Path, chapters: list[list[Kind]]) -> tuple[Document, list[Kind]]:
    """Write a document of chapters with these things in it; mention each that can be mentioned."""
    sections, labels, count = {}, [], 0
    prefixes = {Kind.SECTION: "sec", Kind.FIGURE: "fig", Kind.TABLE: "tbl"}
    prefixes |= {Kind.EQUATION: "eq", Kind.LISTING: "lst"}
    for index, things in enumerate(chapters):
        text = f"# Chapter {index}\n\n"
        for kind in things:
            count += 1
            text += THINGS[kind].format(n=count)
            labels += [f"@{prefixes[kind]}:t{count}"] if kind in prefixes else []
        sections[f"{index:02}.md"] = text
    sections["99.md"] = "# Last\n\n" + " and ".join(labels) + "\n"
    document = write_document(root, sections, files={"figures/p.svg": SVG})
    return document, [kind for things in chapters for kind in things]


def test_the_ledger_has_notes_as_they_are_printed(tmp_path: Path) -> None:
    text = (
        "# One\n\nA.[^a]\n\n[^a]: Note with ![a sign](figures/p.svg) in it.\n\n"
        '    ```{#lst:x .yaml caption="Of code."}\n    a: 1\n    ```\n\n'
        '    ![A figure.](figures/p.svg){#fig:x alt="Words."}\n\n    End.\n'
    )
    (note,) = number(tmp_path, text).ledger.of(Kind.FOOTNOTE)
    assert note.text == "Note with in it. a: 1 Listing 1. Of code. Figure 1. A figure. End."


def test_titles_leave_out_pictures_unless_they_are_all(tmp_path: Path) -> None:
    sign = "![a sign](figures/p.svg)"
    numbered = number(tmp_path, f"# One {sign} and\n\n## {sign}\n")
    assert headings(numbered) == [("1", "One and"), ("1.1", "a sign")]
