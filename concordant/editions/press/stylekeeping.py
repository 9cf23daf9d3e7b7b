"""Style keeping: the computed styles that style sheets alone decide are worked out once for all parts of a book.

WeasyPrint works the styles of each document out anew, and those of the margins for each page. What is printed is the same.

This module reads what WeasyPrint keeps to itself (its version is locked).
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

SVG = "{http://www.w3.org/2000/svg}svg"
# WeasyPrint takes `overflow` from these elements, and changes it in their styles.
_PAGE_LIKE, _CHANGED = ("html", "body"), "overflow"


class KeptStyles:
    """Computed styles by what decides them. As long as they are kept, their parents are, and so a parent's `id` is its name."""

    def __init__(self) -> None:
        self._styles: dict[Hashable, Any] = {}
        self._names: set[int] = set()
        self.sizes = _Sizes()

    def begin(self) -> None:
        """Begin a document; what was worked out from the size of another one's first page is forgotten."""
        if self.sizes.asked:
            self._styles.clear()
            self._names.clear()
            self.sizes.asked = False

    def key(self, element: Any, pseudo: str | None, cascaded: Any, parent: Any) -> Hashable:
        """Return what decides a style, or None for one that is not to be kept.

        `cascaded` has the winning declarations, `element` is one of the document or the type of a page, and `pseudo`
        None or one of its pseudo-elements.
        """
        alone = pseudo is None or pseudo.startswith("@")  # others are marked by WeasyPrint
        known = parent is None or id(parent) in self._names
        if not (alone and known) or _says_more(element, cascaded):
            return None
        declared = (
            (name, _told(value), *weight[:2], *weight[2])
            for name, (value, weight) in cascaded.items()
        )
        return id(parent), pseudo, tuple(declared)

    def get(self, key: Hashable) -> Any:
        """Return the style kept under a key, or None."""
        return self._styles.get(key)

    def keep(self, key: Hashable, style: Any) -> None:
        """Keep a style."""
        self._styles[key] = style
        self._names.add(id(style))


class _Sizes(dict[str, Any]):
    """The sizes of a document's first page, with whether they were asked for."""

    asked = False

    def __getitem__(self, key: str) -> Any:
        self.asked = True
        return super().__getitem__(key)


def _told(value: Any) -> Hashable:
    """Return a value, or the name of one that is a list: the style sheet keeps those."""
    try:
        hash(value)
    except TypeError:
        return id(value)
    return value  # type: ignore[no-any-return]


def _says_more(element: Any, cascaded: Any) -> bool:
    """Whether an element has declarations of its own, of which there are too many, or a style that will be changed."""
    tag = getattr(element, "tag", "")  # the type of a page has none
    if tag in _PAGE_LIKE and _CHANGED in cascaded:
        return True
    return bool(tag) and (tag == SVG or "style" in element.attrib)
