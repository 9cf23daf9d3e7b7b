"""Compiled templates are run as they are kept; so they are kept where nobody else writes, and no longer than they hold."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader

from concordant.cache import PLACE, Kept, memory_for_code
from concordant.sources.templates import Compiled, place_in


@pytest.fixture(autouse=True)
def _own_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(PLACE, raising=False)


@pytest.fixture
def template(tmp_path: Path) -> Path:
    path = tmp_path / "t.jinja"
    path.write_text("one\n{{ 1 / divisor }}", "utf-8")
    return path


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    sources: list[str] = []
    compile_template: Callable[..., object] = Environment.compile

    def note(self: Environment, source: str, *args: object, **options: object) -> object:
        sources.append(source)
        return compile_template(self, source, *args, **options)

    monkeypatch.setattr(Environment, "compile", note)
    return sources


def memory(root: Path) -> Kept:
    found = memory_for_code(root)
    assert found is not None
    return found


def fill(template: Path, divisor: int) -> str:
    """Fill a template as a new process would."""
    folder = template.parent
    environment = Environment(
        loader=FileSystemLoader(folder), bytecode_cache=Compiled(memory(folder)), autoescape=True
    )
    return environment.get_template(template.name).render(divisor=divisor)


def test_a_template_is_compiled_once_until_it_changes(template: Path, compiled: list[str]) -> None:
    assert fill(template, 1) == fill(template, 1) == "one\n1.0"
    assert len(compiled) == 1
    template.write_text("two {{ divisor }}", "utf-8")
    assert fill(template, 1) == "two 1"
    assert len(compiled) == 2


def test_other_code_and_a_damaged_entry_are_not_run(template: Path, compiled: list[str]) -> None:
    fill(template, 1)
    kept = memory(template.parent)
    Environment(
        loader=FileSystemLoader(template.parent),
        bytecode_cache=Compiled(Kept(kept.store, "other code")),
        autoescape=True,
    ).get_template(template.name)
    assert len(compiled) == 2
    for entry in (template.parent / ".concordant").rglob("*"):
        if entry.is_file() and entry.name != ".gitignore":
            data = entry.read_bytes()
            entry.write_bytes(data[:-9] + bytes([data[-9] ^ 1]) + data[-8:])
    assert fill(template, 1) == "one\n1.0"
    assert len(compiled) == 3


def test_a_fault_of_a_kept_template_is_said_with_its_line(
    template: Path, compiled: list[str]
) -> None:
    for _ in range(2):
        with pytest.raises(ZeroDivisionError) as found:
            fill(template, 0)
        assert str(place_in(found.value, template, template.parent)) == "t.jinja:2"
    assert len(compiled) == 1


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
def test_a_folder_may_have_any_name(template: Path, compiled: list[str]) -> None:
    folder = template.parent / os.fsdecode(b"caf\xe9")
    folder.mkdir()
    template = template.rename(folder / template.name)
    assert fill(template, 1) == fill(template, 1) == "one\n1.0"
    assert len(compiled) == 1


@pytest.mark.parametrize("place", ["off", "elsewhere", "memory://elsewhere"])
def test_no_other_place_may_bring_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    monkeypatch.setenv(PLACE, place)
    assert memory_for_code(tmp_path) is None
