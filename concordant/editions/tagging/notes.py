"""Footnotes: `Note` elements with an identifier and a label, read at their chapter's end as in the HTML edition."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from concordant.editions.tagging.tree import Node


def _notes(root: Node) -> list[Node]:
    return [node for node in root.walk() if "footnote" in node.classes]


def place_notes(root: Node) -> None:
    """Make notes of the footnotes, and put those at the pages' feet to the end of their chapters."""
    homes: dict[Element, Node] = {}
    for part in root.nodes:
        if part.origin is not None and "footnote" not in part.classes:
            homes |= dict.fromkeys(part.origin.iter(), part)
    for note in _notes(root):
        note.role = "Note"
    for note in [kid for kid in root.nodes if kid.role == "Note"]:
        if note.origin in homes:
            root.kids.remove(note)
            homes[note.origin].kids.append(note)


def label_notes(root: Node) -> None:
    """Make each note's number its label, a direct child, as a list item's is."""
    for note in _notes(root):
        for holder in note.walk():
            number = next((kid for kid in holder.nodes if "note-number" in kid.classes), None)
            if number is not None:
                holder.kids.remove(number)
                note.kids.insert(0, Node("Lbl", kids=[number]))
                break


def identify_notes(root: Node) -> None:
    """Give each note an identifier of its own (ISO 14289-1, 7.9)."""
    scope = root.scope()
    for turn, note in enumerate(_notes(root), 1):
        note.identifier = note.get("id") or f"{scope}-note-{turn}"
