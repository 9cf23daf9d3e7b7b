"""The page in Chromium: axe-core's rules (WCAG 2.2), console messages, requests, sideways scrolling.

The page is opened as a reader would open it, from a file, without a network: in light and in dark, at the
width of a phone and of a desk. Contrast that axe-core leaves open is measured.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from concordant.validation.chromium import launched
from concordant.validation.contrast import measure
from concordant.validation.report import Finding, Severity
from concordant.validation.tools import Tools

AXE = "axe-core"
# The target-size rule (WCAG 2.2, 2.5.8) is off unless it is asked for.
_OPTIONS = {
    "rules": {"target-size": {"enabled": True}},
    "resultTypes": ["violations", "incomplete"],
}
# What is folded away is looked at as well, unfolded.
_UNFOLD = """() => {
    const folded = [...document.querySelectorAll("details:not([open])")];
    folded.forEach(each => { each.open = true; });
    return folded.length;
}"""
_CONTRAST = "color-contrast"
_REFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@dataclass(frozen=True, slots=True)
class View:
    """One way to look at the page: a colour scheme, and a width in CSS pixels."""

    scheme: str
    width: int

    def __str__(self) -> str:
        return f"{self.scheme}, {self.width} px"


@dataclass(frozen=True, slots=True)
class _Sight:
    """Something found in one view: by which rule, how grave, what, and on which element."""

    rule: str
    severity: Severity
    message: str
    where: str
    view: View


@dataclass(frozen=True, slots=True)
class _Look:
    version: str
    sights: tuple[_Sight, ...]


VIEWS = tuple(View(scheme, width) for scheme in ("light", "dark") for width in (360, 1280))


def check_browser(edition: Path, tools: Tools) -> tuple[str, list[Finding]]:
    """Look at the page in every view; return axe-core's version and what was found."""
    axe = tools.node_module("axe-core/axe.min.js").read_text("utf-8")
    with launched() as browser:
        looks = [_look(browser, edition, view, axe) for view in VIEWS]
    return looks[0].version, _merged([sight for look in looks for sight in look.sights])


def _look(browser: Any, edition: Path, view: View, axe: str) -> _Look:
    context = browser.new_context(
        color_scheme=view.scheme, viewport={"width": view.width, "height": 800}, offline=True
    )
    page = context.new_page()
    sights: list[_Sight] = []

    def see(rule: str, message: str, where: str) -> None:
        sights.append(_Sight(rule, Severity.ERROR, message, where, view))

    home = edition.resolve().as_uri()
    page.on("console", lambda each: see("console", each.text, _line(each.location)))
    page.on("pageerror", lambda error: see("script-error", str(error), "script"))
    page.on("request", lambda request: _watch(request.url, home, see))
    page.goto(home, wait_until="load")
    page.evaluate(f"() => {{ {axe} }}")
    result = page.evaluate("options => axe.run(document, options)", _OPTIONS)
    beyond = page.evaluate(_REFLOW)
    if beyond > 0:
        see("reflow", f"the page is {beyond} px wider than the window", "page")
    sights += _judged(page, result, view)
    if page.evaluate(_UNFOLD):
        unfolded = page.evaluate("options => axe.run('details', options)", _OPTIONS)
        sights += _judged(page, unfolded, view)
    context.close()
    return _Look(result["testEngine"]["version"], tuple(sights))


def _judged(page: Any, result: Mapping[str, Any], view: View) -> Iterator[_Sight]:
    yield from _results(result["violations"], Severity.ERROR, view)
    yield from _decided(page, _results(result["incomplete"], Severity.NOTE, view))


def _line(location: Mapping[str, Any]) -> str:
    return f"line {location.get('lineNumber', 0) + 1}"


def _watch(url: str, home: str, see: Callable[[str, str, str], None]) -> None:
    address = url.partition("#")[0]
    if address != home and not address.startswith(("data:", "blob:")):
        see("request", f"the page asks for {address}", "page")


def _results(
    results: Iterable[Mapping[str, Any]], severity: Severity, view: View
) -> Iterator[_Sight]:
    for result in results:
        for node in result["nodes"]:
            where = " ".join(map(str, node["target"]))
            yield _Sight(result["id"], severity, _why(result, node), where, view)


def _decided(page: Any, sights: Iterable[_Sight]) -> Iterator[_Sight]:
    """Measure the contrast that was left open: too little is an error, enough is no finding."""
    undecided = tuple(sights)
    measured = measure(page, [each.where for each in undecided if each.rule == _CONTRAST])
    for each in undecided:
        contrast = measured.get(each.where) if each.rule == _CONTRAST else None
        if contrast is None:
            yield each
        elif not contrast.enough:
            message = f"the contrast is {contrast.ratio:.2f}, and has to be {contrast.needed:g}"
            yield replace(each, severity=Severity.ERROR, message=message)


def _why(result: Mapping[str, Any], node: Mapping[str, Any]) -> str:
    checks = [*node["any"], *node["all"], *node["none"]]
    return f"{result['help']}: {checks[0]['message']}" if checks else str(result["help"])


def _merged(sights: Iterable[_Sight]) -> list[Finding]:
    """Make one finding of what several views show alike."""
    views: dict[tuple[Severity, str, str, str], list[View]] = {}
    for each in sights:
        seen = views.setdefault((each.severity, each.rule, each.message, each.where), [])
        if each.view not in seen:
            seen.append(each.view)
    return [
        Finding(AXE, severity, rule, message, f"{where} ({'; '.join(map(str, seen))})")
        for (severity, rule, message, where), seen in views.items()
    ]
