"""The contrast of the style sheets: ours are readable, and a colour that is not is told with its line."""

from __future__ import annotations

import shutil
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from concordant.editions.contrast import lint_contrast
from concordant.problem import ProblemsFound
from concordant.progress import Progress
from concordant.publishing import publish
from tests.documents import METADATA, ROOT, write_document


@pytest.fixture
def styles(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ROOT / "styles", tmp_path / "styles"))


def told(styles: Path, name: str = "", css: str = "") -> list[str]:
    """What is told of the sheets when one of them ends with some rules more."""
    if name:
        with (styles / name).open("a", encoding="utf-8") as file:
            file.write(css)
    return [str(each) for each in lint_contrast(styles, styles.parent)]


def last_line(path: Path) -> int:
    return path.read_text("utf-8").count("\n")


def test_our_own_sheets_are_readable(styles: Path) -> None:
    assert not told(styles)


def test_a_colour_is_set_against_the_page(styles: Path) -> None:
    [message] = told(styles, "pdf.css", ".aside {\n  color: #888;\n}\n")
    assert message == (
        f"styles/pdf.css:{last_line(styles / 'pdf.css') - 1}: error[contrast-low]: "
        'the text of ".aside" is #888888 on #ffffff in the PDF edition: a contrast of 3.54:1, '
        "where WCAG 2.2 AA asks for 4.5:1; take another colour"
    )


def test_a_token_is_judged_in_each_scheme_and_named_with_its_line(styles: Path) -> None:
    path = styles / "tokens.yaml"
    path.write_text(path.read_text("utf-8").replace("#a79f92", "#5a544b"), "utf-8")
    messages = told(styles)
    assert messages
    assert all("in the dark" in each for each in messages)
    line = path.read_text("utf-8").split("\n").index('    muted: "#5a544b"') + 1
    assert any(f"change muted (styles/tokens.yaml:{line})" in each for each in messages)


@pytest.mark.parametrize(
    "css",
    [
        ".x { color: var(--rule); }",
        ".x { color: var(--none, #ccc); }",
        ".x { color: color-mix(in srgb, var(--ink) 30%, var(--paper)); }",
        ".x { color: rgb(0 0 0 / 30%); background: white }",
        ".x { opacity: 0.4; color: #000; background: white }",
        ".x { background: #000; color: #222 }",
        ".x { background-color: #fa0 } .x .y { color: #fff }",
        ".x { background-color: #fa0 } .x:hover { color: #fff }",
        ".x { background: #222; color: #fff } .x:hover { background: #eee }",
        ".x { background: rgb(0 0 0 / 60%); }",
        ".x { background: color-mix(in srgb, var(--accent) 60%, var(--paper)); }",
        ".x { background: url(a.png); } .y { background: #000 } .y > .z + p { color: #111 }",
        "@media (min-width: 40rem) { .x { color: #ccc } }",
        ".x { color: #ccc } @media (min-width: 40rem) { .x { color: var(--ink) } }",
        "@media print { .x { color: #bbb } }",
        "@media (prefers-color-scheme: dark) { .x { color: #444 } }",
        ".x { color: #888; font-size: 20px; background: #fff }",
        ".x { color: #999; font-size: 2rem; background: #fff }",
    ],
)
def test_what_cannot_be_read_is_found(styles: Path, css: str) -> None:
    assert told(styles, "html.css", css)


@pytest.mark.parametrize(
    "css",
    [
        ".x { color: #888; font-size: 24px; background: #fff }",
        ".x { color: #888; font-size: 14pt; font-weight: 700; background: #fff }",
        ".x { color: #888; font-size: calc(var(--scale-title) * 100%); background: #fff }",
        ".x { background: #000; color: #fff } .x a { color: #ddd }",
        ".x { background: #000; color: #fff } .x > .y { color: #ccc } .x a { color: inherit }",
        '.x::before { content: ""; background: #000 }',
        ".x { color: CanvasText } .y { color: inherit }",
        ".x { background: url(dark.png); color: #fff }",
        ".x { border-color: var(--rule); outline: 1px solid #eee }",
        ".x { color: #ccc } .x { color: var(--ink) }",
        "@media (forced-colors: active) { .x { color: #eee } }",
        "@media (prefers-color-scheme: dark) { .x { color: #ccc } }",
    ],
)
def test_there_is_no_false_alarm(styles: Path, css: str) -> None:
    assert not told(styles, "html.css", css)


def test_links_keep_their_colour_on_another_ground(styles: Path) -> None:
    light = "@media (prefers-color-scheme: light) {{ .x {{ background: #c8a090 }} {} }}\n"
    assert not told(styles, "html.css", light.format(".x a { color: #000 }"))
    messages = told(styles, "html.css", light.format("").replace(".x", ".y"))
    assert messages
    assert all('a link in ".y" is #9a3f1d on #c8a090' in each for each in messages)


def test_the_cover_is_judged_on_its_own_ground(styles: Path) -> None:
    [message] = told(styles, "cover.css", ".author { color: #c33; }\n")
    assert 'the text of ".author" is #cc3333 on #9a3f1d in the cover' in message


def test_it_stops_the_build_and_an_exception_lets_it_go_on(styles: Path) -> None:
    (styles / "html.css").open("a", encoding="utf-8").write(".stamp { color: #ccc; }\n")
    root = styles.parent
    declared = "exceptions:\n- {code: contrast-low, of: '#ccc', in: styles/html.css, reason: r}\n"
    shutil.move(styles, root / "kept")
    document = write_document(root, {"1.md": "# One\n\nText.\n"}, metadata=METADATA)
    styles.unlink()
    shutil.move(root / "kept", styles)
    with pytest.raises(ProblemsFound) as caught:
        publish(document.root, Progress(Console(file=StringIO())))
    assert {each.code for each in caught.value.problems} == {"contrast-low"}
    (root / "source" / "metadata.yaml").write_text(METADATA + declared, "utf-8")
    assert not publish(document.root, Progress(Console(file=StringIO())))[1]
