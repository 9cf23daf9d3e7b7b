"""Landmarks are the very nodes of the tree, however it was come by; what is none of them is written as it is."""

from __future__ import annotations

from pathlib import Path

from concordant.assembled.assemble import assemble
from concordant.assembled.sectiontree import landmarks_in
from concordant.cache import Folder, remembering
from concordant.sources.project import read_project
from concordant.tree import walk
from tests.documents import write_document

TEXT = """# One

Plain words, and *more* of them.

A note^[With words.], a [link](#one), [@a], `code`{#code} and [words]{#words}.

- A list

    | A | B |
    |---|---|
    | 1 | 2 |

    : Table {#tbl:a}

$$ x $$ {#eq:a}
"""


def test_landmarks_are_nodes_of_their_blocks(tmp_path: Path) -> None:
    root = write_document(tmp_path / "document", {"01-one.md": TEXT}).root
    project, _ = read_project(root)
    for _ in range(2):  # read by pandoc, then kept
        with remembering(Folder(tmp_path / "cache")):
            assembled, _ = assemble(project)
        tree = assembled.sections[0]
        for block, landmarks in zip(tree.blocks, tree.inside, strict=True):
            nodes = {id(node) for node in walk(block)}
            assert all(id(each) in nodes for each in landmarks)
        assert tree.inside == landmarks_in(tree.blocks)
        kinds = [[each["t"] for each in landmarks] for landmarks in tree.inside]
        assert kinds == [
            ["Header"],
            [],
            ["Note", "Link", "Cite", "Code", "Span"],
            ["Table"],
            ["Str"],
        ]
