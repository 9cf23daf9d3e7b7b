"""pandoc's document tree as JSON values: how to walk it, rewrite it and read it as text.

A node is pandoc's own JSON object, `{"t": type, "c": content}`; blocks and inlines are lists of nodes
(pandoc-types 1.23). An attribute is `[identifier, classes, key-value pairs]`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

Node = dict[str, Any]
Attr = list[Any]
Visitor = Callable[[Node], "list[Node] | None"]

_ATTR_AT = {"Header": 1, "CodeBlock": 0, "Div": 0, "Span": 0, "Code": 0, "Link": 0, "Image": 0}
_ATTR_AT |= {"Figure": 0, "Table": 0}
_SPACES = {"Space", "SoftBreak"}
_ALONE = ("{", "☐", "☒")  # words that begin so are never joined with others


def is_node(value: object) -> bool:
    """Tell whether a JSON value is a node of the tree."""
    return isinstance(value, dict) and "t" in value


def walk(value: object) -> Iterator[Node]:
    """Yield every node in document order, each before its descendants."""
    # A stack, because nested generators would pass every node up through each level.
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, list):
            if _may_hold_nodes(each):
                waiting += [item for item in reversed(each) if isinstance(item, (list, dict))]
        elif isinstance(each, dict) and "t" in each:
            yield each
            waiting.append(each.get("c"))


def _may_hold_nodes(items: list[Any]) -> bool:
    """Tell attributes and targets, which begin with a text, from what is worth looking into."""
    return bool(items) and not isinstance(items[0], str)


def rewrite(value: Any, visit: Visitor) -> Any:
    """Return a copy in which `visit` has replaced nodes by lists of nodes, in document order.

    `visit` returns None to keep a node and go on inside it; what it returns instead is not visited again.
    What holds no nodes, such as words, spaces and attributes, is shared between the two.
    """
    if isinstance(value, list):
        return _rewrite_list(value, visit)
    if is_node(value) and isinstance(value.get("c"), (list, dict)):
        return {**value, "c": rewrite(value["c"], visit)}
    return value


def _rewrite_list(items: list[Any], visit: Visitor) -> list[Any]:
    result: list[Any] = []
    for item in items:
        if isinstance(item, dict) and "t" in item:
            replacement = visit(item)
            if replacement is not None:
                result.extend(replacement)
            elif isinstance(item.get("c"), (list, dict)):
                result.append({**item, "c": rewrite(item["c"], visit)})
            else:
                result.append(item)
        elif isinstance(item, list) and _may_hold_nodes(item):
            result.append(_rewrite_list(item, visit))
        else:
            result.append(item)
    return result


def join_words(value: Any) -> Any:
    """Return a copy in which words and the spaces between them are one Str; such a tree has a tenth of the nodes.

    It is written as the same text. What somebody looks at is left as it is: the words in a citation (citeproc does),
    a word that begins with a brace, which may be a label, and the box of a task (pandoc's writer does).
    """
    if isinstance(value, list):
        return list(_joined(value)) if _may_hold_nodes(value) else value
    if is_node(value) and isinstance(value.get("c"), list) and value["t"] != "Cite":
        return {**value, "c": join_words(value["c"])}
    return value


def _joined(items: list[Any]) -> Iterator[Any]:
    words: list[str] = []
    space: list[Node] = []  # the one behind the words, if any
    for item in items:
        kind = item.get("t") if isinstance(item, dict) else None
        if kind == "Str" and not item["c"].startswith(_ALONE):
            words += [" " for _ in space] + [item["c"]]
            space = []
        elif kind in _SPACES and words and not space:
            space = [item]
        else:
            yield from _said(words, space)
            words, space = [], []
            yield join_words(item)
    yield from _said(words, space)


def _said(words: list[str], space: list[Node]) -> list[Node]:
    return [string("".join(words)), *space] if words else space


def attr_of(node: Node) -> Attr | None:
    """Return the node's attribute, or None for a type that has none."""
    index = _ATTR_AT.get(node["t"])
    return node["c"][index] if index is not None else None


def identifier_of(node: Node) -> str:
    """Return the node's identifier, empty where it has none."""
    attr = attr_of(node)
    return str(attr[0]) if attr else ""


def classes_of(node: Node) -> list[str]:
    """Return the node's classes."""
    attr = attr_of(node)
    return list(attr[1]) if attr else []


def with_attr(node: Node, attr: Attr) -> Node:
    """Return a copy of the node with another attribute."""
    content = list(node["c"])
    content[_ATTR_AT[node["t"]]] = attr
    return {**node, "c": content}


def attribute(identifier: str = "", classes: Sequence[str] = (), **pairs: str) -> Attr:
    """Make an attribute; an underscore in a key stands for a hyphen."""
    keyed = [[key.rstrip("_").replace("_", "-"), value] for key, value in pairs.items()]
    return [identifier, list(classes), keyed]


def string(text: str) -> Node:
    """Make a Str."""
    return {"t": "Str", "c": text}


SPACE: Node = {"t": "Space"}


def span(inlines: list[Node], attr: Attr) -> Node:
    """Make a Span."""
    return {"t": "Span", "c": [attr, inlines]}


def div(blocks: list[Node], attr: Attr) -> Node:
    """Make a Div."""
    return {"t": "Div", "c": [attr, blocks]}


def link(inlines: list[Node], target: str, attr: Attr) -> Node:
    """Make a Link to a URL."""
    return {"t": "Link", "c": [attr, inlines, [target, ""]]}


def para(inlines: list[Node]) -> Node:
    """Make a Para."""
    return {"t": "Para", "c": inlines}


def plain(inlines: list[Node]) -> Node:
    """Make a Plain."""
    return {"t": "Plain", "c": inlines}


def text_of(value: Any) -> str:
    """Return the text that a reader sees, footnotes left out, formulas as TeX: `\\(x^2\\)`."""
    if isinstance(value, list):
        return "".join(map(text_of, value))
    if not is_node(value):
        return ""
    kind, content = value["t"], value.get("c")
    if kind in {"Space", "SoftBreak", "LineBreak"}:
        return " "
    if kind == "Str":
        return str(content)
    if kind == "Math":
        return rf"\({content[1].strip()}\)"
    if kind in {"Code", "CodeBlock"}:
        return str(content[1]) + (" " if kind == "CodeBlock" else "")
    if kind in {"Note", "RawInline", "RawBlock"} or "noteref" in classes_of(value):
        return ""
    if kind == "Quoted":
        opening, closing = ("‘", "’") if content[0]["t"] == "SingleQuote" else ("“", "”")
        return opening + text_of(content[1]) + closing
    if kind == "Cite":
        return text_of(content[1])
    if kind in {"Link", "Image", "Span", "Div"}:
        return text_of(content[1])
    if kind == "Figure":  # its caption stands below it
        return text_of([content[2], content[1][1]])
    separator = " " if kind in {"Para", "Plain", "Header"} else ""
    return text_of(content) + separator


def printed_text_of(value: Any) -> str:
    """Return the text that is printed: `text_of` without the alternatives of pictures."""
    return text_of(rewrite(value, lambda node: [] if node["t"] == "Image" else None))
