from __future__ import annotations

from concordant.sources.locate import Locator

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
    assert [locator.heading().line for _ in range(2)] == [1, 11]


def test_identifiers_targets_notes_and_words() -> None:
    locator = Locator("s.md", TEXT)
    assert locator.identifier("sec:one").line == 1
    assert locator.target("pictures/x.svg").line == 14
    assert locator.note().line == 14
    assert locator.words("A note").line == 16
    assert locator.declares("sec:one")
    assert not locator.declares("two")
