from __future__ import annotations

from concordant.sources.stylesheets import Selector, read_sheet

SHEET = """/* a comment
   of two lines */
a > b + c ~ d em, :is(p, li.x):target { color: red;
  background: blue }
@media print {
  @supports (x: y) { p { color: green } }
}
@page first { margin: 0; @top-left { color: grey } }
.card { &:hover .name { color: white } i { color: black } }
@font-face { font-family: x }
broken { color: ; } } .after { color: pink }
"""


def read() -> list[tuple[str, str, str, int, tuple[str, ...]]]:
    return [
        (str(each.selector), each.name, each.value, each.place.line, each.conditions)
        for each in read_sheet(SHEET, "s.css")
    ]


def test_declarations_have_selectors_conditions_and_lines() -> None:
    found = read()
    assert found[:6] == [
        ("a d em", "color", "red", 3, ()),
        ("a d em", "background", "blue", 4, ()),
        ("p:target", "color", "red", 3, ()),
        ("p:target", "background", "blue", 4, ()),
        ("li.x:target", "color", "red", 3, ()),
        ("li.x:target", "background", "blue", 4, ()),
    ]
    assert ("p", "color", "green", 6, ("print", "supports")) in found
    assert ("@page first @top-left", "color", "grey", 8, ()) in found
    assert (".card:hover .name", "color", "white", 9, ()) in found
    assert (".card i", "color", "black", 9, ()) in found


def test_a_selector_is_made_more_general_from_its_end() -> None:
    selector = Selector((".a", ".b:hover::before"))
    assert [str(each) for each in selector.general()] == [
        ".a .b:hover::before",
        ".a .b::before",
        ".a .b",
        ".b:hover::before",
        ".b::before",
        ".b",
    ]
    assert str(selector.outer) == ".a"
    assert Selector(("p",)).outer is None
