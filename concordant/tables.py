"""Tables: what this package says in YAML files of its own."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import yaml

# libyaml reads the same ten times faster; not every platform's PyYAML has it.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_table(package: str, name: str) -> Any:
    """Return what a YAML file in a package holds."""
    return yaml.load((files(package) / name).read_text("utf-8"), _LOADER)
