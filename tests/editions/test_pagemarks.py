from __future__ import annotations

import pytest
from lxml import html

from concordant.editions.fragments import Fragment
from concordant.editions.pagemarks import PageStart, count_tokens, found_again, mark_pages, openings
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


WORDS = "".join(f"<p>Paragraph {number} has some words of its own.</p>" for number in range(99))
LIKE = "<p>All paragraphs are alike, as verses are, whose last line comes again.</p>" * 99
TOKENS = count_tokens("All paragraphs are alike, as verses are, whose last line comes again.")


def found(before: str, tokens: int, after: str) -> int | None:
    """Return where a page is found again that began after so many tokens."""
    starts = [PageStart("1", 0), PageStart("2", tokens)]
    again = found_again(after, starts, openings(Fragment(CHAPTER, before, ()), starts))
    assert [each.folio for each in again] in ([], ["1", "2"])
    return again[1].tokens if again else None


@pytest.mark.parametrize("tokens", [300, 301, 1000, 3000])
def test_a_page_is_found_again_by_what_it_opens_with(tokens: int) -> None:
    assert found(WORDS, tokens, WORDS) == tokens
    assert found(WORDS, tokens, WORDS.replace("Paragraph 3 ", "P. ")) == tokens - 9
    assert found(WORDS, tokens, f"<h1>Words</h1>{WORDS}") == tokens + 5
    assert found(WORDS, tokens, WORDS.replace("words", "text")) is None


def test_of_several_places_the_nearest_is_taken() -> None:
    for verses in (1, 50, 97):
        assert found(LIKE, verses * TOKENS, LIKE) == verses * TOKENS
        assert found(LIKE, verses * TOKENS, f"<p>One</p>{LIKE}") == verses * TOKENS + 3


def test_a_page_that_opens_with_a_picture_or_with_nothing_is_found_again() -> None:
    assert found(BODY, 24, BODY.replace("tail", "end")) == 23
    assert found(BODY, 24, BODY.replace("<img", "<b").replace("<figcap", "<figcap")) is None
    assert found(BODY, 35, BODY.replace("End", "The end")) == 38


def test_pages_are_looked_for_where_those_before_have_moved_to() -> None:
    before = f"<p>{'Once only. ' * 5}</p>{LIKE}"
    starts = [PageStart("1", 0), PageStart("2", 8), PageStart("3", 40 + 50 * TOKENS)]
    opened = openings(Fragment(CHAPTER, before, ()), starts)
    again = found_again(f"<p>{'x' * (TOKENS - 9)}</p>{before}", starts, opened)
    assert [each.tokens - TOKENS + 9 for each in again[1:]] == [8, 40 + 50 * TOKENS]


def test_a_page_beyond_the_text_is_an_error() -> None:
    with pytest.raises(ValueError, match="page 9"):
        mark_pages(Fragment(CHAPTER, BODY, ()), [PageStart("9", 1000)])


@pytest.mark.parametrize("tokens", [7, 24, 35])  # in a text, before the picture, at the end
def test_pages_without_tokens_keep_their_order(tokens: int) -> None:
    starts = [PageStart("1", 3), *(PageStart(folio, tokens) for folio in "234")]
    marked = mark_pages(Fragment(CHAPTER, BODY, ()), starts)
    root = html.fragment_fromstring(marked.body, create_parent=True)
    assert [each.get("aria-label") for each in root.xpath("//span[@class='page']")] == [*"1234"]
