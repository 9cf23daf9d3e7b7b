"""The design tokens, `styles/tokens.yaml`: the one visual identity of the three editions."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml


def read_tokens(path: Path, scheme: str = "light") -> Mapping[str, str]:
    """Return the tokens as one flat mapping: the scheme's colours, and the rest as `group-name`.

    `ink` is the scheme's colour, `faces-sans` a family name, `print-column` a length. Values are
    strings, as CSS takes them. Raises KeyError when the file has no such scheme.
    """
    groups = _groups(path.read_text(encoding="utf-8"))
    colours = groups["schemes"][scheme]
    others = {
        f"{group}-{name}": value
        for group, names in groups.items()
        if group != "schemes"
        for name, value in names.items()
    }
    return {name: str(value) for name, value in (colours | others).items()}


def token_lines(path: Path, scheme: str) -> Mapping[str, int]:
    """Return the line of each of a scheme's colours in the file."""
    node: Any = yaml.compose(path.read_text(encoding="utf-8"), yaml.SafeLoader)
    for name in ("schemes", scheme):
        node = next(value for key, value in node.value if key.value == name)
    return {key.value: key.start_mark.line + 1 for key, _ in node.value}


@lru_cache(maxsize=4)
def _groups(text: str) -> dict[str, Any]:
    groups: dict[str, Any] = yaml.safe_load(text)
    return groups
