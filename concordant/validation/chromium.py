"""The machine's Chromium, headless, driven by Playwright."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from concordant.isolation import surroundings
from concordant.validation.tools import Unavailable, chromium

if TYPE_CHECKING:
    from playwright.sync_api import Browser

_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@contextmanager
def launched() -> Iterator[Browser]:
    """Start Chromium, and end it.

    Raises:
        Unavailable: there is none, it failed, or the package that drives it is missing.
    """
    program = chromium()
    try:
        from playwright.sync_api import Error, sync_playwright  # noqa: PLC0415 - need not be there
    except ImportError as error:
        hint = "uv sync --group validate"
        raise Unavailable("the package playwright is not installed", hint) from error
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=program, args=list(_ARGUMENTS), env={**surroundings()}
            )
            try:
                yield browser
            finally:
                browser.close()
    except Error as error:
        reason = str(error).splitlines()[0]
        raise Unavailable(f"Chromium failed: {reason}", "apt install chromium") from error
