"""Each repair puts right what is wrong without it."""

from __future__ import annotations

from concordant.editions.tagging import cleaning, links, lists, naming, notes, pictures, tables
from concordant.editions.tagging.tree import Annotation, Mark, Node
from tests.editions.tagging.trees import outlines, repaired, tree_of

SVG = '<svg xmlns="http://www.w3.org/2000/svg"><title>Rain</title><desc>Ten days.</desc></svg>'


def node_of(root: Node, role: str) -> Node:
    return next(node for node in root.walk() if node.role == role)


def test_elements_get_their_types() -> None:
    html = "<section><h1>A</h1><p>B <em>c</em></p><blockquote><p>D</p></blockquote></section>"
    before, after = outlines(html, naming.name_elements)
    assert "Sect" not in before
    assert after == "Sect(H1(·) P(· ·) BlockQuote(P(·)))"


def test_definitions_become_items() -> None:
    html = "<dl><dt>A</dt><dd>b</dd><dd>c</dd><dt>D</dt><dd>e</dd></dl>"
    before, after = outlines(html, lists.shape_definitions)
    assert "LI" not in before
    assert after == "L(LI(Lbl(·) LBody(·) LBody(·)) LI(Lbl(·) LBody(·)))"


def test_items_are_split_into_label_and_body() -> None:
    html = "<ol><li><p><span class='entry-label'>[1]</span> A</p></li><li>b<ul><li>c</li></ul></li></ol>"
    before, after = outlines(html, lists.shape_items)
    assert "LBody" not in before
    assert after == "L(LI(Lbl(·) LBody(P(·))) LI(LBody(Span(·) L(LI(LBody(·))))))"


def test_an_inner_label_stays_with_its_item() -> None:
    html = "<ul><li><ul><li><span class='entry-label'>a</span> b</li></ul></li></ul>"
    _, after = outlines(html, lists.shape_items)
    assert after == "L(LI(LBody(L(LI(Lbl(·) LBody(·))))))"


def test_contents_are_a_table_of_contents() -> None:
    html = "<section class='contents'><h1>C</h1><ul><li><a href='#a'>A</a></li></ul></section>"
    before, after = outlines(html, lists.shape_contents)
    assert "TOC" not in before
    assert after == "Sect(H1(·) TOC(TOCI(Reference(Link(·)))))"


def test_notes_at_a_pages_foot_are_read_at_their_chapters_end() -> None:
    html = "<main><p>A<span class='footnote' id='n'>N</span></p><p>B</p></main>"
    root = tree_of(html)
    paragraph = root.nodes[0].nodes[0]
    root.kids.append(paragraph.kids.pop())  # where the page's layout puts it
    notes.place_notes(root)
    assert [node.role for node in root.nodes[0].nodes] == ["", "", "Note"]
    assert len(root.kids) == 1


def test_a_notes_number_is_its_label() -> None:
    html = (
        "<main><div class='footnote'><p><a class='note-number' href='#r'>1</a> A</p></div></main>"
    )
    before, after = outlines(html, notes.label_notes)
    assert "Lbl" not in before
    assert after == "Part(Note(Lbl(Link(·)) P(·)))"


def test_notes_have_identifiers_of_their_own() -> None:
    html = "<main><div class='footnote' id='fn-1'><p>A</p></div><div class='footnote'><p>B</p></div></main>"
    names = [node.identifier for node in repaired(html).walk() if node.role == "Note"]
    assert names == ["fn-1", "fn-1-note-2"]
    bare = [node.identifier for node in repaired(html, notes.identify_notes).walk()]
    assert not any(bare)


def test_links_say_what_they_are() -> None:
    root = tree_of("<p><a href='#x' aria-label='Back to note 1'>1</a></p>")
    link = root.nodes[0].nodes[0]
    link.kids.append(Annotation(0, {"Contents": "(x)"}))
    links.describe_links(root)
    (annotation,) = (kid for kid in link.kids if isinstance(kid, Annotation))
    assert annotation.value["Contents"].data == b"(Back to note 1)"
    assert annotation.value["F"] == 4


def test_links_within_the_document_are_references() -> None:
    html = "<p><a href='#x'>1</a> <a href='https://example.org/'>2</a></p>"
    before, after = outlines(html, links.refer)
    assert before == "P(Link(·) Link(·))"
    assert after == "P(Reference(Link(·)) Link(·))"


def test_header_cells_have_scopes() -> None:
    html = (
        "<table><thead><tr><th>A</th></tr></thead>"
        "<tbody><tr><th>b</th><th scope='col'>c</th></tr></tbody></table>"
    )
    headers = [node for node in repaired(html).walk() if node.role == "TH"]
    assert [each.attributes["/Table"]["Scope"] for each in headers] == [
        "/Column",
        "/Row",
        "/Column",
    ]
    bare = repaired(html, tables.scope_headers).walk()
    assert not any("Scope" in node.attributes.get("/Table", {}) for node in bare)


def test_cells_under_several_headers_name_them() -> None:
    root = tree_of(
        "<table id='t'><thead><tr><th>A</th><th>B</th></tr><tr><th>C</th><th>D</th></tr></thead>"
        "<tbody><tr><th scope='row'>e</th><td>f</td><td>g</td></tr></tbody></table>"
    )
    first, second = (
        node
        for node in root.walk()
        if node.tag == "tr" and node.nodes[0].tag == "th" and len(node.nodes) == 2
    )
    first.nodes[0].describe("/Table", RowSpan=2)  # as the layout says
    first.nodes[1].describe("/Table", ColSpan=2)
    naming.name_elements(root)
    tables.scope_headers(root)
    tables.associate_headers(root)
    heads = {node.identifier: node.text() for node in root.walk() if node.role == "TH"}
    named = {
        node.text(): [heads[each] for each in node.attributes["/Table"].get("Headers", [])]
        for node in root.walk()
        if node.role in {"TD", "TH"}
    }
    assert named == {
        "A": [],
        "B": [],
        "C": ["B"],
        "D": ["B"],
        "e": ["A"],
        "f": ["B", "C", "e"],
        "g": ["B", "D", "e"],
    }
    assert second.nodes[0].identifier


def test_pictures_are_told_in_words() -> None:
    html = f"<div>{SVG}<img src='a.png' alt=' A  dog '/></div>"
    words = [node.alternative for node in repaired(html).walk() if node.role == "Figure"]
    assert words == ["Rain. Ten days.", "A dog"]
    assert not any(node.alternative for node in repaired(html, pictures.describe_pictures).walk())


def test_other_languages_are_marked() -> None:
    html = "<section lang='en'><p>A <span lang='zh-Hans'>字 <em lang='en'>b</em></span> <b lang='en'>c</b></p></section>"
    marked = [(node.role, node.language) for node in repaired(html).walk() if node.language]
    assert marked == [("Span", "zh-Hans"), ("Span", "en")]
    assert not any(node.language for node in repaired(html, naming.mark_languages).walk())


def test_the_empty_is_pruned_but_a_cell_keeps_its_place() -> None:
    html = "<section><p></p><div><span/></div><table><tr><td></td><td>a</td></tr></table></section>"
    before, after = outlines(html, cleaning.prune)
    assert "P" in before
    assert after == "Sect(Table(TR(TD TD(·))))"


def test_the_nameless_dissolves() -> None:
    html = "<p>A <em>b <i>c</i></em></p>"
    before, after = outlines(html, cleaning.dissolve)
    assert "?" in before
    assert after == "P(· · ·)"


def test_loose_text_becomes_paragraphs() -> None:
    html = "<div>A <a href='#b'>b</a><p>C</p>d</div>"
    before, after = outlines(html, cleaning.wrap_text)
    assert before.startswith("Div(Span")
    assert after == "Div(P(Span(·) Reference(Link(·))) P(·) P(·))"


def test_text_between_elements_has_its_own() -> None:
    html = "<p>A <a href='#b'>b</a> c</p>"
    before, after = outlines(html, cleaning.separate_text)
    assert before == "P(· Reference(Link(·)) ·)"
    assert after == "P(Span(·) Reference(Link(·)) Span(·))"


def test_heading_levels_have_no_gaps() -> None:
    html = "<section><h1>A</h1><h4>B</h4><h4>C</h4><h2>D</h2><h3>E</h3></section>"
    before, after = outlines(html, cleaning.level_headings)
    assert before == "Sect(H1(·) H4(·) H4(·) H2(·) H3(·))"
    assert after == "Sect(H1(·) H2(·) H3(·) H2(·) H3(·))"


def test_no_text_is_lost_or_moved_within_a_paragraph() -> None:
    html = f"<section><p>A <em>b</em> <a href='#c'>c</a> d{SVG}</p><ul><li>e</li></ul></section>"
    assert [mark.mcid for mark in repaired(html).marks()] == list(range(6))


def test_marks_keep_their_pages() -> None:
    root = Node("Document", kids=[Node("P", kids=[Mark(3, 0), Mark(4, 0)])])
    cleaning.prune(root)
    assert list(root.marks()) == [Mark(3, 0), Mark(4, 0)]
