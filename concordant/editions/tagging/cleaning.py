"""The last repairs: nothing empty, nothing nameless, no loose text, no heading level left out."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from concordant.editions.tagging.tree import GROUPING, INLINE, Annotation, Mark, Node

Kid = Node | Mark | Annotation


def prune(root: Node) -> None:
    """Take out elements that hold nothing; rows and cells stay, because an empty one has its place."""
    for node in root.nodes:
        prune(node)
    root.kids = [kid for kid in root.kids if not isinstance(kid, Node) or _holds(kid)]


def _holds(node: Node) -> bool:
    return bool(node.kids) or node.role in {"TR", "TD", "TH", "LBody"}


def dissolve(root: Node) -> None:
    """Let what has no type of its own fall to the element around it."""
    kids: list[Kid] = []
    for kid in root.kids:
        if isinstance(kid, Node):
            dissolve(kid)
        kids += kid.kids if isinstance(kid, Node) and not kid.role else [kid]
    root.kids = kids


def wrap_text(root: Node) -> None:
    """Make paragraphs of text that stands directly in an element which only groups others."""
    for node in list(root.walk()):
        if node.role not in GROUPING or not any(map(_is_text, node.kids)):
            continue
        node.kids = _gathered(node.kids, "P", _is_inline)


def _gathered(kids: Iterable[Kid], role: str, belongs: Callable[[Kid], bool]) -> list[Kid]:
    """Put each run of kids that belong together into a new element."""
    gathered: list[Kid] = []
    for kid in kids:
        last = gathered[-1] if gathered else None
        if not belongs(kid):
            gathered.append(kid)
        elif isinstance(last, Node) and last.origin is None and last.role == role:
            last.kids.append(kid)
        else:
            gathered.append(Node(role, kids=[kid]))
    return gathered


def _is_text(kid: Kid) -> bool:
    return not isinstance(kid, Node) or kid.role in INLINE - {"Figure", "Formula"}


def _is_inline(kid: Kid) -> bool:
    return not isinstance(kid, Node) or kid.role in INLINE


def separate_text(root: Node) -> None:
    """Give text that stands between elements an element of its own: not every reader keeps their order."""
    for node in list(root.walk()):
        if not node.nodes or not any(isinstance(kid, Mark) for kid in node.kids):
            continue
        node.kids = _gathered(node.kids, "Span", lambda kid: isinstance(kid, Mark))


def level_headings(root: Node) -> None:
    """Close gaps between heading levels (ISO 14289-1, 7.4.2): after H1 comes H2 at the lowest."""
    last = 0
    for node in root.walk():
        if len(node.role) == 2 and node.role[0] == "H" and node.role[1].isdigit():
            last = min(int(node.role[1]), last + 1)
            node.role = f"H{last}"
