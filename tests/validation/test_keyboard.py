"""The HTML edition by keyboard alone: everything is reached, in order, seen when it is, and never a trap."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from concordant.validation.chromium import launched

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.slow
WIDTHS = (360, 1280)
# What a keyboard should stop at: links and other controls that are there to be seen.
STOPS = """() => {
    const all = [...document.querySelectorAll("a[href], summary, button, input, select, [tabindex]")];
    const folded = each => {
        const fold = (each.matches("summary") ? each.parentElement.parentElement : each).closest("details:not([open])");
        return fold !== null;
    };
    window.stops = all.filter(each => each.tabIndex >= 0 && each.checkVisibility() && !folded(each));
    return stops.length;
}"""
# Where the focus is: which of those; whether it shows an outline; whether the middle of what is in sight of it is covered.
FOCUS = """() => {
    const element = document.activeElement;
    if (!element || element === document.body) return null;
    const style = getComputedStyle(element);
    const covered = [...element.getClientRects()].every(box => {
        const x = (Math.max(box.left, 0) + Math.min(box.right, innerWidth)) / 2;
        const y = (Math.max(box.top, 0) + Math.min(box.bottom, innerHeight)) / 2;
        const top = document.elementFromPoint(x, y);
        return !top || !(element.contains(top) || top.contains(element) || top.closest(".preview"));
    });
    return {
        stop: stops.indexOf(element),
        name: element.outerHTML.slice(0, 90),
        outlined: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1,
        covered,
    };
}"""


@dataclass(frozen=True, slots=True)
class Focus:
    """Where the focus is; `stop` is the place among the expected ones."""

    stop: int
    name: str
    outlined: bool
    covered: bool


@pytest.fixture(params=WIDTHS)
def page(request: pytest.FixtureRequest, report: dict[str, Path]) -> Iterator[Page]:
    with launched() as browser:
        opened = browser.new_page(viewport={"width": request.param, "height": 800})
        opened.goto(report["html"].as_uri())
        yield opened


def journey(page: Page) -> Iterator[Focus]:
    """Press Tab until the page has been left."""
    count = page.evaluate(f"globalThis.stops ? stops.length : ({STOPS})()")
    for _ in range(2 * count):
        page.keyboard.press("Tab")
        found = page.evaluate(FOCUS)
        if found is None:
            return
        yield Focus(**found)
    pytest.fail("the focus does not leave the page")


def stop_at_everything(page: Page) -> None:
    count = 0
    for focus in journey(page):
        assert focus.stop == count, focus.name
        assert focus.outlined, focus.name
        assert not focus.covered, focus.name
        count += 1
    assert count == page.evaluate("stops.length")
    assert count > 300


def test_tab_stops_at_everything_in_order(page: Page) -> None:
    stop_at_everything(page)


def test_the_first_stop_leads_past_the_contents(page: Page) -> None:
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_the_contents_open_and_lead_to_a_page(page: Page) -> None:
    page.evaluate("document.querySelector('.contents > details').open = false")
    for summary in (".contents > details > summary", ".contents .pages > summary"):
        page.focus(summary)
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.parentElement.open")
    page.focus(".pages a[href='#page-8']")
    page.keyboard.press("Enter")
    mark = page.locator("#page-8")
    assert page.evaluate("location.hash") == "#page-8"
    assert mark.evaluate(
        "each => { const {top} = each.getBoundingClientRect(); return top > 0 && top < innerHeight; }"
    )


def test_what_is_wider_than_the_page_is_moved_by_keyboard(page: Page) -> None:
    box = page.locator("main .table").last
    over = box.evaluate("each => each.scrollWidth - each.clientWidth") > 1
    assert over or page.evaluate("innerWidth") == 1280
    assert (box.get_attribute("tabindex") == "0") == over
    assert (box.get_attribute("class") == "table more-right") == over
    if over:
        box.focus()
        page.keyboard.press("ArrowRight")
        page.wait_for_timeout(500)
        assert box.evaluate("each => each.scrollLeft") > 0
        assert "more-left" in str(box.get_attribute("class"))


def test_arrows_lead_to_the_addresses_of_paragraphs(page: Page) -> None:
    page.focus("section > .permalink")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.matches('p > .permalink')")
    assert page.evaluate("document.activeElement.hash.length") > 2


def test_a_citation_shows_its_entry_and_escape_hides_it(page: Page) -> None:
    for _ in range(600):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.closest('.citation') !== null"):
            break
    label = page.evaluate("document.activeElement.textContent")
    preview = page.locator(".preview")
    assert preview.inner_text().startswith(f"[{label}]")
    assert page.evaluate("document.activeElement.getAttribute('aria-describedby')") == "preview"
    page.keyboard.press("Escape")
    assert preview.count() == 0
    page.keyboard.press("Enter")
    assert (
        page.evaluate("document.querySelector(location.hash).textContent")
        .strip()
        .startswith(f"[{label}]")
    )


@pytest.mark.parametrize(
    "fault",
    [
        "document.querySelector('main .citation a').tabIndex = -1",
        "document.querySelector('main .citation a').tabIndex = 5",
        "document.head.append(Object.assign(document.createElement('style'), {textContent: ':focus-visible{outline:0}'}))",
    ],
)
def test_faults_are_noticed(report: dict[str, Path], fault: str) -> None:
    with launched() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.goto(report["html"].as_uri())
        page.evaluate(STOPS)
        page.evaluate(fault)
        with pytest.raises(AssertionError):
            stop_at_everything(page)
