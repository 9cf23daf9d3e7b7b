"""Style sharing: elements that differ in nothing but their identifiers share one computed style.

WeasyPrint lets like elements under like parents share a style, but counts an identifier as part of it. So of
600 entries each has its own, and so has everything in them, and every value of each is worked out anew.
Here an identifier is laid over the shared style instead. WeasyPrint also gives every element the pseudo-elements of
lists and of footnotes; here only those have them that can be such. What is printed is the same.

This module reads what WeasyPrint keeps to itself (its version is locked).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import weasyprint
from weasyprint import css
from weasyprint.html import UA, UA_COUNTER_STYLE

from concordant.editions.press.exchange import exchanged
from concordant.editions.press.stylekeeping import SVG, KeptStyles

_ANCHOR = "-weasy-anchor"
_FOOTNOTE = ".footnote"  # what the styles float to the foot of the page


def user_agent_sheet() -> Any:
    """Return WeasyPrint's own style sheet, its rules on pseudo-elements kept to lists and footnotes; its counter styles are WeasyPrint's."""
    narrow = re.sub(r"^(?=::marker\b)", "li", UA, flags=re.MULTILINE)
    narrow = re.sub(r"^(?=::(footnote|note)-)", _FOOTNOTE, narrow, flags=re.MULTILINE)
    return weasyprint.CSS(string=narrow, counter_style=UA_COUNTER_STYLE)


class _Anchored(css.ComputedStyle):  # type: ignore[misc]
    """Another style with an anchor of its own."""

    def __init__(self, shared: Any, anchor: str) -> None:
        self.__dict__.update(shared.__dict__)
        self._shared = shared
        self.anonymous_style = shared.anonymous_style
        self["anchor"] = anchor

    def copy(self) -> _Anchored:
        copy = _Anchored(self._shared, self["anchor"])
        copy.update(self)
        copy.specified = self.specified.copy()
        return copy

    def __missing__(self, key: str) -> Any:
        value = self[key] = self._shared[key]
        return value


class _StyleFor(css.StyleFor):  # type: ignore[misc]
    """The styles of a document's elements, their anchors laid over them; some are those of documents before."""

    def __init__(self, kept: KeptStyles, html: Any, *settings: Any) -> None:
        self._kept = kept
        kept.begin()
        super().__init__(html, *settings)
        target_collector = settings[-1]
        styles = self.get_computed_styles()
        for element in html.etree_element.iter():
            if anchor := element.get("id"):
                styles[element, None] = _Anchored(styles[element, None], anchor)
                if target_collector:
                    target_collector.collect_anchor(anchor)

    @property
    def initial_page_sizes(self) -> dict[str, Any]:
        """The sizes of the first page, in one place for all documents."""
        return self._kept.sizes

    @initial_page_sizes.setter
    def initial_page_sizes(self, sizes: dict[str, Any]) -> None:
        self._kept.sizes.update(sizes)

    def set_computed_styles(
        self, element: Any, parent: Any, root: Any = None, pseudo_type: Any = None, **more: Any
    ) -> None:
        """Set the style of an element, of a page or of its margin, unless it is kept already."""
        styles = self.get_computed_styles()
        cascaded = self.get_cascaded_styles().get((element, pseudo_type), {})
        above = None if parent is None else styles[parent, None]
        key = self._kept.key(element, pseudo_type, cascaded, above)
        if (known := self._kept.get(key)) is not None:
            styles[element, pseudo_type] = known
            return
        super().set_computed_styles(element, parent, root, pseudo_type, **more)
        if key is not None:
            self._kept.keep(key, styles[element, pseudo_type])


class _Declarations:
    """What elements say of themselves: alike where it is written alike, and without anchors."""

    def __init__(self, find: Callable[..., Iterator[Any]]) -> None:
        self._find = find
        self._known: dict[str, list[Any]] = {}

    def __call__(self, *args: Any) -> Iterator[Any]:
        for specificity, element, declarations, base_url in self._find(*args):
            if any(getattr(each, "name", "") == _ANCHOR for each in declarations):
                continue
            style = element.get("style", "")
            alone = style and "lang" not in element.attrib and element.tag != SVG
            shared = self._known.setdefault(style, declarations) if alone else declarations
            yield specificity, element, shared, base_url


@contextmanager
def styles_shared(kept: KeptStyles) -> Iterator[None]:
    """Let styles be shared in the layouts that are made in this block, and with those for which the same was given."""
    style_for = partial(_StyleFor, kept)
    with (
        exchanged("StyleFor", lambda _: style_for, css),
        exchanged("find_style_attributes", _Declarations, css),
    ):
        yield
