from __future__ import annotations

from concordant import pandoc
from concordant.tree import Node, join_words, rewrite, text_of, walk

MARKDOWN = """# Head *it* {#h}

A "quoted" `code` [link](x){.c}^[Note.] $x^2$

| a | b |
|---|---|
| 1 | 2 |

: Cap
"""


def test_walk_meets_every_node_in_document_order() -> None:
    blocks = pandoc.read_markdown(MARKDOWN).blocks
    words = [node["c"] for node in walk(blocks) if node["t"] == "Str"]
    assert words == ["Head", "it", "A", "quoted", "link", "Note.", "Cap", "a", "b", "1", "2"]


def test_rewrite_keeps_what_is_not_replaced_and_leaves_its_argument_alone() -> None:
    blocks = pandoc.read_markdown(MARKDOWN).blocks
    before = pandoc.write_html(blocks, lang="en")

    def shout(node: Node) -> list[Node] | None:
        return [{"t": "Str", "c": node["c"].upper()}] * 2 if node["t"] == "Str" else None

    assert rewrite(blocks, lambda _: None) == blocks
    assert pandoc.write_html(rewrite(blocks, shout), lang="en").count("QUOTEDQUOTED") == 1
    assert pandoc.write_html(blocks, lang="en") == before


def test_text_is_what_a_reader_sees() -> None:
    heading, paragraph, _ = pandoc.read_markdown(MARKDOWN).blocks
    assert text_of(heading).strip() == "Head it"
    assert text_of(paragraph).strip() == r"A “quoted” code link \(x^2\)"


RICH = """# *Some* “quoted” words

A line, a
break and two\\
lines — e.g. [a *link* here](#x "y  z") & `code  words` it's 5 < 6 …

$$x^2$$ {#eq:square} and $y$, H~2~O  and ☎ ↔ ™.

- one item
- two "items"

* [x] a task done
* [ ] a task to do

| a b | c d |
|-----|----:|
| e f | g h |

: A caption of words

Said[^1] [@one, p. 12; see @two].

[^1]: A note of words.
"""


def test_joined_words_are_written_as_the_same_text() -> None:
    blocks = pandoc.read_markdown(RICH).blocks
    joined = join_words(blocks)
    assert pandoc.write_html(joined, lang="en") == pandoc.write_html(blocks, lang="en")
    assert text_of(joined) == text_of(blocks)
    assert len(list(walk(joined))) < len(list(walk(blocks))) * 0.6


def test_labels_and_citations_keep_their_words() -> None:
    markdown = "Two words {#eq:a} two words [see @one, p. 12]."
    [paragraph] = join_words(pandoc.read_markdown(markdown).blocks)
    kinds = [each["t"] for each in paragraph["c"]]
    assert kinds == ["Str", "Space", "Str", "Space", "Str", "Space", "Cite", "Str"]
    assert [each["c"] for each in paragraph["c"] if each["t"] == "Str"] == [
        "Two words",
        "{#eq:a}",
        "two words",
        ".",
    ]
    suffix = paragraph["c"][6]["c"][0][0]["citationSuffix"]
    assert len(suffix) > 2
