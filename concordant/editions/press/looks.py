"""Looks: what depends on the look of a text alone is made once for all styles that look the same."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from operator import itemgetter
from typing import Any, TypeVar

Value = TypeVar("Value")


def once_a_look(properties: Sequence[str], make: Callable[[Any], Value]) -> Callable[[Any], Value]:
    """Return a function of styles that asks `make` once for all in which these properties and the fonts are alike.

    The style of a drawing's text has lists, which cannot be told apart: `make` is asked each time.
    """
    look_of = itemgetter(*properties)
    known: dict[Hashable, Value] = {}

    def made(style: Any) -> Value:
        look = (style.font_config, *look_of(style))
        try:
            found = known.get(look)
        except TypeError:
            return make(style)
        if found is None:
            found = known[look] = make(style)
        return found

    return made
