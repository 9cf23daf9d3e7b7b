from __future__ import annotations

import pytest
from lxml import html

from concordant.editions.fragments import Fragment
from concordant.editions.pagemarks import PageStart, count_tokens, mark_pages
from concordant.numbered.chapter import Chapter, Heading, Role

BODY = (
    '<h1>One two</h1><p>A “quoted” word<a href="#fn-1">1</a>, <em>em</em> tail.</p>'
    '<figure><img src="x" alt="a"/><figcaption>Cap</figcaption></figure>'
    '<p>End<span class="backlinks">Cited in 3</span> here.</p>'
)
CHAPTER = Chapter(Role.BODY, (Heading(1, "1", "T", "t"),), [], [])
AFTER = {
    0: "One two",
    3: "two",
    7: "“quoted” word1",
    9: "oted” word1",
    17: "1, em",
    18: "em tail",
    24: "",  # the picture
    25: "Cap",
    28: "EndCited in 3 here",
    31: "here.",
}


@pytest.mark.parametrize("tokens", AFTER)
def test_the_mark_stands_before_the_token_and_what_opens_its_word(tokens: int) -> None:
    marked = mark_pages(Fragment(CHAPTER, BODY, ()), [PageStart("7", tokens)])
    root = html.fragment_fromstring(marked.body, create_parent=True)
    [mark] = root.xpath("//span[@role='doc-pagebreak']")
    assert mark.get("id") == "page-7"
    if tokens == 24:
        assert mark.getnext().tag == "img"
    else:
        behind = "".join(mark.xpath("following::text()"))
        assert behind.startswith(AFTER[tokens])
    before = "".join(mark.xpath("preceding::text()[not(ancestor::span[@class='backlinks'])]"))
    assert count_tokens(before) + (tokens > 24) == tokens


def test_marks_do_not_disturb_each_other_or_the_text() -> None:
    starts = [PageStart(str(index), tokens) for index, tokens in enumerate(AFTER)]
    marked = mark_pages(Fragment(CHAPTER, BODY, ()), starts)
    root = html.fragment_fromstring(marked.body, create_parent=True)
    assert [each.get("aria-label") for each in root.xpath("//span[@class='page']")] == [
        start.folio for start in starts
    ]
    plain = html.fragment_fromstring(BODY, create_parent=True)
    assert root.text_content() == plain.text_content()


def test_a_page_beyond_the_text_is_an_error() -> None:
    with pytest.raises(ValueError, match="page 9"):
        mark_pages(Fragment(CHAPTER, BODY, ()), [PageStart("9", 1000)])


@pytest.mark.parametrize("tokens", [7, 24, 35])  # in a text, before the picture, at the end
def test_pages_without_tokens_keep_their_order(tokens: int) -> None:
    starts = [PageStart("1", 3), *(PageStart(folio, tokens) for folio in "234")]
    marked = mark_pages(Fragment(CHAPTER, BODY, ()), starts)
    root = html.fragment_fromstring(marked.body, create_parent=True)
    assert [each.get("aria-label") for each in root.xpath("//span[@class='page']")] == [*"1234"]
