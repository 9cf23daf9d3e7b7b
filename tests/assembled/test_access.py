"""What keeps a reader out, found in sections: no false alarm, and the right line however deep it stands."""

from __future__ import annotations

from importlib.resources import files

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from concordant import pandoc
from concordant.assembled.access import headings, lint_access, lint_outline
from concordant.assembled.annotate import annotate, flatten_alternatives
from concordant.assembled.vague import is_vague_link, is_vague_picture
from concordant.numbered.terms import languages
from concordant.problem import Problem
from concordant.sources.locate import Locator
from concordant.tree import Node, attribute, string, walk


def found(text: str, lang: str = "en") -> list[Problem]:
    locator = Locator("s.md", text)
    blocks = annotate(flatten_alternatives(pandoc.read_markdown(text).blocks), locator)
    return [*lint_access(blocks, locator, lang), *lint_outline(blocks, "s.md", 0)]


def places(text: str, lang: str = "en") -> list[tuple[str, int]]:
    return [(each.code, each.place.line) for each in found(text, lang)]


def header(level: int) -> Node:
    return {"t": "Header", "c": [level, attribute(), [string("Title")]]}


@given(st.lists(st.integers(1, 6)))
def test_an_outline_goes_down_one_level_at_a_time(levels: list[int]) -> None:
    told = list(lint_outline([header(level) for level in levels], "s.md", 0))
    steps = zip([0, *levels], levels, strict=False)
    assert len(told) == sum(after > before + 1 for before, after in steps)


@given(st.lists(st.integers(1, 4), min_size=1), st.lists(st.integers(1, 4), min_size=1))
def test_two_sections_are_one_outline(first: list[int], second: list[int]) -> None:
    one, other = ([header(level) for level in each] for each in (first, second))
    together = list(lint_outline([*one, *other], "s.md", 0))
    apart = [*lint_outline(one, "s.md", 0), *lint_outline(other, "s.md", first[-1])]
    assert apart == together


NESTED = """# Title

> #### Skipped {#sec:a}
>
> - [here](x.html)
>
>     | &nbsp; |   |
>     |--------|---|
>     | a      | b |

1.  Item

    ##

    Text[^n] in [xx words]{lang=xx}.

[^n]: With [click
    here](y.html).
"""


def test_lines_are_right_in_quotations_lists_and_notes() -> None:
    assert set(places(NESTED)) == {
        ("heading-skipped", 3),
        ("link-text-vague", 5),
        ("table-header-missing", 9),
        ("heading-empty", 13),
        ("language-unknown", 15),
        ("link-text-vague", 17),
    }


def test_headings_are_found_wherever_they_are() -> None:
    text = "> # A\n\n- # B\n\n1. # C\n\n::: x\n# D\n:::\n\nTerm\n\n:   # E\n\n# F\n"
    blocks = pandoc.read_markdown(text).blocks
    every = [node for node in walk(blocks) if node["t"] == "Header"]
    assert list(headings(blocks)) == every
    assert len(every) == 6


@pytest.mark.parametrize(
    "table",
    [
        "| a | b |\n|---|---|\n| c | d |\n",
        "|   | b |\n|---|---|\n| c | d |\n",
        "  a     b\n---   ---\n  c     d\n",
        "+---+---+\n| a | b |\n+===+===+\n| c | d |\n+---+---+\n",
    ],
)
def test_tables_with_a_header_row_pass(table: str) -> None:
    assert not places(f"# T\n\n{table}")


@pytest.mark.parametrize(
    "table",
    [
        "|   |   |\n|---|---|\n| c | d |\n",
        "|   |   |\n|---|---|\n| c | d |\n\n: Caption. {#tbl:x}\n",
        "---   ---\n  c     d\n---   ---\n",
        "+---+---+\n| c | d |\n+---+---+\n| e | f |\n+---+---+\n",
    ],
)
def test_tables_without_one_do_not(table: str) -> None:
    row = table.split("\n").index(next(line for line in table.split("\n") if "d" in line)) + 3
    assert places(f"# T\n\n{table}") == [("table-header-missing", row)]


def test_links_that_say_where_they_lead_pass() -> None:
    text = "# T\n\nSee [the minutes of March](a.html), <https://example.org/here>, [§ 4](b.html),"
    assert not places(f"{text} [![A map of the harbour](map.png)](c.html), [3](d.html).\n")


def test_a_link_is_judged_in_the_language_around_it() -> None:
    assert places("# T\n\n[hier](a.html)\n", "de-AT") == [("link-text-vague", 3)]
    assert places("# T\n\n[gift](a.html) [hier](a.html)\n", "en") == []
    assert places("# T\n\n::: {lang=fr}\n[en savoir plus](a.html)\n:::\n") == [
        ("link-text-vague", 4)
    ]
    assert places("# T\n\n[[ici](a.html)]{lang=en-GB}\n", "fr") == []
    assert places("# T\n\n[here](a.html)\n", "fi") == [("link-text-vague", 3)]


def test_links_without_words_are_told() -> None:
    assert places("# T\n\n[](a.html) [→](b.html) [...](c.html)\n") == [
        ("link-empty", 3),
        ("link-text-vague", 3),
        ("link-text-vague", 3),
    ]


VAGUE = {
    "en": "Click here!",
    "de": "Mehr erfahren …",
    "fr": "En savoir plus",
    "es": "haga clic AQUÍ",
    "it": "Clicca qui",
    "nl": "lees meer",
    "pt": "clique aqui",
}


def test_every_language_with_labels_has_vague_words() -> None:
    assert sorted(VAGUE) == languages()
    assert all(is_vague_link(text, lang) for lang, text in VAGUE.items())
    other = [(a, b) for a in VAGUE for b in VAGUE if a != b and is_vague_link(VAGUE[a], b)]
    assert not other


def test_every_vague_word_is_found_in_a_sentence_of_its_own() -> None:
    table = yaml.safe_load((files("concordant.assembled") / "vague.yaml").read_text("utf-8"))
    for lang, kinds in table.items():
        assert all(is_vague_link(f"«{words.title()}»…", lang) for words in kinds["links"])
        assert all(
            is_vague_picture(f"{words.upper()}.", "x.png", lang) for words in kinds["pictures"]
        )


@pytest.mark.parametrize(
    "words", ["map.svg", "plan_of-site.PNG", "IMG_2034", "DSC 0012", "Picture.", "site-plan", "…"]
)
def test_what_names_a_file_is_no_alternative(words: str) -> None:
    assert is_vague_picture(words, "figures/site-plan.png", "en")


def test_what_says_what_is_shown_is_one() -> None:
    assert not is_vague_picture("Harbour", "figures/harbour.svg", "en")
    assert not is_vague_picture("The site plan, with two gates", "figures/site-plan.png", "en")
    assert not is_vague_picture("Image 3 of the series: a gate", "figures/x.png", "en")
    assert is_vague_picture("Abbildung", "figures/x.png", "de")
