from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from concordant import pandoc
from concordant.assembled.annotate import annotate
from concordant.sources.locate import Locator
from concordant.tree import walk

BLOCKS = (
    "# Alpha\n",
    "## Alpha\n",
    "## Alpha {#sec:a}\n",
    "### *Alpha* and beta^[Note.]\n",
    "| Alpha | Beta |\n|-------|------|\n| c     | d    |\n",
    "Alpha   Beta\n------ ------\nc      d\n",
    "+-------+------+\n| Alpha | Beta |\n+=======+======+\n| c     | d    |\n+-------+------+\n",
    'Some words and [go *there*](https://example.org/ "Title").\n',
    "A second line\nhas [go *there*](https://example.org/b).\n",
)

TEXT = """# One {#sec:one}

Cites [@a; @b] and mail@b.org.

<!-- [@a] is hidden -->

```
[@a] is code, # and no heading
```

Two
---

[@a] again [^n] and ![p](pictures/x.svg).

[^n]: A note with [@ab].
"""


def test_citations_are_found_in_turn_outside_code_and_comments() -> None:
    locator = Locator("s.md", TEXT)
    assert [locator.citation("a").line for _ in range(3)] == [3, 14, 14]
    assert locator.citation("b").line == 3
    assert locator.citation("ab").line == 16
    assert locator.citation("nowhere").line == 0


def test_headings_of_both_kinds_are_found() -> None:
    locator = Locator("s.md", TEXT)
    assert locator.heading(1, "One").line == 1
    assert locator.heading(2, "Two").line == 11


NESTED = """Prose.
> ## In a *quotation* {#sec:q}
>
> | a | b |
> |---|---|
> | c | d |

1.  Item

    ### In an item

    [here](https://example.org/a) and [*here*](https://example.org/a/b)

- # Begun with an item

    ```
    ## In a *quotation*
    [here](https://example.org/a)
    ```

      Name  Value
    ------  -----
      last  one

[here][ref], [hère](a%20b).

[ref]: https://example.org/c
"""


def test_what_is_nested_is_found() -> None:
    locator = Locator("s.md", NESTED)
    found = [(2, "In a quotation"), (3, "In an item"), (1, "Begun with an item"), (4, "Nowhere")]
    assert [locator.heading(*each).line for each in found] == [2, 10, 14, 0]
    assert locator.table(["a", "b"]).line == 4
    assert locator.table(["Name", "Value"]).line == 21
    assert locator.table(["Name", "Value"]).line == 0
    assert locator.link("here", "https://example.org/a/b").line == 12
    assert locator.link("here", "https://example.org/a").line == 12
    assert locator.link("here", "https://example.org/c").line == 25
    assert locator.link("hère", "a%20b").line == 25
    assert locator.target("https://example.org/a/b").line == 12


def test_attributes_are_found_however_they_are_quoted() -> None:
    locator = Locator("s.md", """[a]{lang=xx}\n[b]{lang='xx' .c}\n<i lang="xx">c</i> lang=xxl\n""")
    assert [locator.attribute("lang", "xx").line for _ in range(3)] == [1, 2, 3]
    assert locator.attribute("lang", "x").line == 0


@settings(deadline=None, max_examples=40)  # each runs pandoc
@given(
    st.lists(st.sampled_from(BLOCKS), min_size=1, max_size=12), st.sampled_from(["", "> ", "    "])
)
def test_each_thing_is_found_on_its_own_line(blocks: list[str], prefix: str) -> None:
    text = ("-   item\n\n" if prefix.isspace() else "") + "".join(
        f"{prefix}{line}\n".replace("> \n", ">\n") for each in blocks for line in each.split("\n")
    )
    lines = text.split("\n")
    parsed = annotate(pandoc.read_markdown(text).blocks, Locator("s.md", text))
    seen = []
    for node in walk(parsed):
        if node["t"] == "Header":
            seen.append(node["at"])
            assert lines[node["at"] - 1].lstrip(" >").startswith("#" * node["c"][0] + " ")
        elif node["t"] == "Table":
            seen.append(node["at"][1])
            assert "Alpha" in lines[node["at"][1] - 1]
        elif node["t"] == "Link":
            seen.append(node["at"])
            assert "[go *there*]" in lines[node["at"] - 1]
    assert len(seen) == len(blocks)
    assert len(set(seen)) == len(blocks), "each on a line of its own"


def test_identifiers_targets_notes_and_words() -> None:
    locator = Locator("s.md", TEXT)
    assert locator.identifier("sec:one").line == 1
    assert locator.target("pictures/x.svg").line == 14
    assert locator.note().line == 14
    assert locator.words("A note").line == 16
    assert locator.declares("sec:one")
    assert not locator.declares("two")
