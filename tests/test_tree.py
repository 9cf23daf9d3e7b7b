from __future__ import annotations

from concordant import pandoc
from concordant.tree import Node, rewrite, text_of, walk

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
