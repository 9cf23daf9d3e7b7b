"""Later: a module that is set aside is loaded when something in it is called, and is there for all others."""

from __future__ import annotations

import sys
import time
from threading import Event

import pytest

from concordant.later import deferred, load, meanwhile, set_aside
from tests.processes import output_of


def loaded_by(code: str) -> set[str]:
    """Return the names of the modules that a new process has loaded after some code."""
    code += "\nimport sys; print(*sys.modules)"
    return set(output_of(code).split())


@pytest.fixture
def unloaded(monkeypatch: pytest.MonkeyPatch) -> str:
    """A module of the standard library that nobody has loaded."""
    monkeypatch.delitem(sys.modules, "colorsys", raising=False)
    return "colorsys"


def test_a_module_set_aside_is_loaded_at_the_first_call(unloaded: str) -> None:
    with set_aside(unloaded):
        from colorsys import rgb_to_hsv  # noqa: PLC0415
    assert unloaded not in sys.modules
    assert rgb_to_hsv(1.0, 0.0, 0.0) == (0.0, 1.0, 1.0)
    assert sys.modules[unloaded].rgb_to_hsv is not rgb_to_hsv


def test_after_the_block_everybody_gets_the_module_itself(unloaded: str) -> None:
    with set_aside(unloaded):
        pass
    import colorsys  # noqa: PLC0415

    assert "ONE_THIRD" in vars(colorsys)


def test_a_module_that_is_there_stays_itself() -> None:
    before = sys.modules["subprocess"]
    with set_aside("subprocess"):
        assert sys.modules["subprocess"] is before
    assert sys.modules["subprocess"] is before


def test_what_prints_loads_neither_what_cuts_fonts_nor_what_writes_fragments() -> None:
    loaded = loaded_by(
        "from concordant.editions import workers\n"
        "from importlib import import_module\n"
        "for name in workers._LAYOUT: import_module(name)"
    )
    assert "weasyprint" in loaded
    heavy = {"fontTools.subset", "fontTools.varLib", "jinja2", "babel", "pypandoc", "ziamath"}
    heavy |= {"tinyhtml5", "PIL.ImageCms", "fontTools.ttLib.woff2"}
    assert loaded & heavy == set()
    assert "concordant.assembled" not in loaded


def test_what_prints_starts_no_process_as_it_is_loaded() -> None:
    code = (
        "import sys\n"
        "sys.addaudithook(lambda event, about: event == 'subprocess.Popen' and print(about[0]))\n"
        "import concordant.editions.press.weasy"
    )
    assert output_of(code) == ""


def test_what_builds_does_not_load_what_prints_cuts_and_checks() -> None:
    loaded = loaded_by("import concordant.commands")
    assert "concordant.pipeline" in loaded
    heavy = {"weasyprint", "pikepdf", "pypdfium2", "pypandoc", "PIL", "packaging", "fontTools"}
    assert loaded & heavy == set()


def test_a_deferred_function_loads_its_module_when_it_is_called(unloaded: str) -> None:
    convert = deferred(unloaded, "rgb_to_hsv")
    assert unloaded not in sys.modules
    assert convert(1.0, 0.0, 0.0) == (0.0, 1.0, 1.0)


def test_what_fails_meanwhile_is_not_told_here(capsys: pytest.CaptureFixture[str]) -> None:
    done = Event()

    def fail() -> None:
        done.set()
        raise ValueError

    meanwhile(fail)
    assert done.wait(5)
    time.sleep(0.1)
    assert capsys.readouterr().err == ""


def test_modules_are_loaded_meanwhile_and_a_missing_one_is_told_to_who_needs_it(
    unloaded: str,
) -> None:
    meanwhile(load, "there_is_no_such_module", unloaded)
    for _ in range(500):
        if unloaded in sys.modules:
            return
        time.sleep(0.01)
    raise AssertionError("it was never loaded")
