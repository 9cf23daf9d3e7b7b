"""One small document with a piece of everything that a section can hold."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

from rich.console import Console

from concordant.editions.publication import Publication
from concordant.progress import Progress
from concordant.publishing import publish
from tests.documents import SVG, write_document

SECTIONS = {
    "01-one.md": r"""# First {#sec:one}

Text with a note,[^a] two references [@one; @two], and @fig:drawn, @tbl:data, @eq:x, @lst:code.

[^a]: A note, which cites [@three] and points at @sec:two.

## Part

![A drawing.](figures/p.svg){#fig:drawn alt="A word in a box"}

| Name | Value |
| :--- | ----: |
| a    |     1 |

: Some data. {#tbl:data}

$$ \sqrt{x} = y $$ {#eq:x}

``` {#lst:code caption="A listing."}
let a = 1;
```
""",
    "02-two.md": """# Second {#sec:two}

More,[^a] with [@one] again, “quotes” and 公安.

[^a]: The second note of the document.
""",
    "99-references.md": "# References {.unnumbered}\n\n::: {#refs}\n:::\n",
}
METADATA = """title: "A small <document> & more"
subtitle: For tests
lang: en-GB
slug: small
date: 2020-02-02
version: "2.1"
publisher: A press
authors: [Ada Example, Bo Example]
keywords: [tests, editions]
description: A document that holds a piece of everything.
identifier: urn:uuid:2afabf40-6bc1-5a69-b23d-e8e4aa87128d
"""


def published(root: Path) -> Publication:
    """Take the document in a folder as far as its editions need it."""
    return publish(root, Progress(Console(file=StringIO())))[0]


def publication(root: Path, metadata: str = METADATA) -> Publication:
    """Write the document into a folder and take it as far as its editions need it."""
    write_document(root, SECTIONS, metadata=metadata, files={"figures/p.svg": SVG})
    return published(root)
