"""Programs that are not there: which one it is, and the command that brings it."""

from __future__ import annotations

from pathlib import Path

import pytest

from concordant.validation import tools
from concordant.validation.tools import Tools, Unavailable, chromium, java, node


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A machine with neither the locked packages nor any program."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(tools, "folder_of", lambda _: None)


@pytest.mark.usefixtures("bare")
def test_each_missing_program_is_named_with_what_brings_it(tmp_path: Path) -> None:
    wanted = {
        "Java": (java, "apt install default-jre-headless"),
        "Node": (node, "apt install nodejs npm"),
        "Chromium": (chromium, "apt install chromium"),
        "npm": (Tools(tmp_path).install_node_modules, "apt install nodejs npm"),
    }
    for name, (find, hint) in wanted.items():
        with pytest.raises(Unavailable, match=f"no {name}") as missing:
            find()
        assert hint in missing.value.hint


def test_a_package_that_is_not_installed_is_named(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="npm package") as missing:
        Tools(tmp_path).node_module("axe-core/axe.min.js")
    assert missing.value.hint == "./inv validate"


def test_a_program_that_fails_says_what_it_said(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="sh failed: no luck"):
        tools.run(["sh", "-c", "echo no luck >&2; exit 3"], cwd=tmp_path)
    with pytest.raises(Unavailable, match="does not start"):
        tools.run(["/nowhere/program"], cwd=tmp_path)
