"""Forgetting: what a cache that goes by looks does when it leaves one property out."""

from __future__ import annotations

from types import ModuleType

import pytest


def forget(monkeypatch: pytest.MonkeyPatch, module: ModuleType, name: str) -> None:
    """Let a module that tells looks apart leave one property out."""
    told = tuple(each for each in vars(module)["_LOOK"] if each != name)
    monkeypatch.setattr(module, "_LOOK", told)
