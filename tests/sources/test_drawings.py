"""Drawing figures: the mechanism, what it refuses and where it says so."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from lxml import etree

from concordant.problem import ProblemsFound
from concordant.sources.drawings import Drawing, draw, template_of
from concordant.sources.svgrules import CLASSES
from concordant.sources.typeface import figure_typeface

TOKENS = {"ink": "#111111", "paper": "#ffffff", "faces-sans": "Source Sans 3"}
HEAD = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 90 30" width="90" height="30" role="img"
 aria-labelledby="plot-title plot-desc">
<title id="plot-title">A plot</title>
<desc id="plot-desc">Two
 points</desc>
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "figures").mkdir()
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "points.csv").write_text("x,name\n3,a\n5,b & <b>\n", encoding="utf-8")
    (tmp_path / "data" / "points.yaml").write_text("- {x: 3}\n- {x: 5}\n", encoding="utf-8")
    (tmp_path / "secret.csv").write_text("x\n1\n", encoding="utf-8")
    return tmp_path


def draw_text(project: Path, text: str) -> Drawing:
    template = project / "figures" / "plot.svg.jinja"
    template.write_text(text, encoding="utf-8")
    return draw(template, project / "data", TOKENS, figure_typeface(), root=project)


def draw_body(project: Path, body: str) -> Drawing:
    """Draw a picture whose body begins at line 6 of the template."""
    return draw_text(project, f"{HEAD}{body}\n</svg>\n")


def problems(project: Path, text: str) -> list[str]:
    with pytest.raises(ProblemsFound) as found:
        draw_text(project, text)
    return [str(problem) for problem in found.value.problems]


def test_a_drawing_says_what_it_is(project: Path) -> None:
    drawing = draw_body(project, "")
    assert (drawing.title, drawing.description) == ("A plot", "Two points")
    assert (drawing.width, drawing.height) == (90, 30)


def test_a_template_has_data_tokens_and_measures(project: Path) -> None:
    drawing = draw_body(
        project,
        """<g id="{{ figure }}-names" fill="{{ token("ink") }}"/>
{% for row in data("points.csv") %}
<text x="{{ row.x }}">{{ row.name }}</text>
{% endfor %}
<rect width="{{ text_width("word", 10)|round }}" height="{{ wrap("two words", 10, 5)|length }}"/>
<rect width="{{ data("points.yaml")|sum(attribute="x") }}"/>""",
    )
    svg = etree.fromstring(drawing.svg)
    texts = svg.findall("{*}text")
    assert [text.text for text in texts] == ["a", "b & <b>"]
    assert [text.get("x") for text in texts] == ["3", "5"]
    assert svg.xpath("//*[@id='plot-names']/@fill") == ["#111111"]
    measured, summed = svg.findall("{*}rect")
    assert measured.get("height") == "2"
    assert float(str(measured.get("width"))) > 10
    assert summed.get("width") == "8"


def test_a_template_draws_a_picture_that_is_missing(project: Path) -> None:
    picture = project / "figures" / "plot.svg"
    template = project / "figures" / "plot.svg.jinja"
    assert template_of(picture) is None
    template.write_text(HEAD, encoding="utf-8")
    assert template_of(picture) == template
    picture.write_text("<svg/>", encoding="utf-8")
    assert template_of(picture) is None


def test_parts_of_the_drawing_may_be_named(project: Path) -> None:
    body = '<defs><clipPath id="plot-c"><path id="plot-p" d="M0 0h9v9z"/></clipPath></defs>'
    use = '<use href="#plot-p" clip-path="url(#plot-c)" transform="rotate(45) scale(2)"/>'
    assert "plot-c" in draw_body(project, body + use).svg


def test_comments_and_instructions_are_left_out(project: Path) -> None:
    drawing = draw_body(project, "<!-- a note --><?php run ?><g/>")
    assert "note" not in drawing.svg
    assert "php" not in drawing.svg


TEMPLATE_FAULTS = {
    "an unknown name": ("\n{{ points }}", "7: error[drawing-template]: 'points'"),
    "bad syntax": ("{% for %}", "6: error[drawing-template]"),
    "an error in an expression": ("\n\n{{ 1 / 0 }}", "8: error[drawing-template]"),
    "a way out of the sandbox": ("{{ ''.__class__.__mro__ }}", "6: error[drawing-template]"),
    "chance": ("{{ [1, 2]|random }}", "6: error[drawing-template]"),
    "an unknown token": (
        '\n{{ token("inc") }}',
        '7: error[drawing-data]: there is no design token "inc"; did you mean "ink"?',
    ),
    "a missing file": (
        '{{ data("point.csv") }}',
        '6: error[drawing-data]: there is no data file "point.csv"; did you mean "points.csv"?',
    ),
    "a file outside": (
        '{{ data("../secret.csv") }}',
        '6: error[drawing-data]: "../secret.csv" is outside the data folder',
    ),
    "a missing column": (
        '\n{{ data("points.csv")[0].nam }}',
        '7: error[drawing-data]: the data has no column "nam"; did you mean "name"?',
    ),
}


@pytest.mark.parametrize(("body", "message"), TEMPLATE_FAULTS.values(), ids=TEMPLATE_FAULTS.keys())
def test_a_fault_of_the_template_is_said_with_its_line(
    project: Path, body: str, message: str
) -> None:
    (found,) = problems(project, f"{HEAD}{body}\n</svg>\n")
    assert found.startswith(f"figures/plot.svg.jinja:{message}")


BODIES = {
    "no XML": ("<g>", "not well-formed"),
    "a script": ("<script>1</script>", "<script> may not stand in a drawing"),
    "a style sheet": ("<style>@import 'x'</style>", "<style> may not stand in a drawing"),
    "a picture": ("<image/>", "<image> may not stand in a drawing"),
    "foreign markup": ('<p xmlns="http://www.w3.org/1999/xhtml"/>', "<p> may not stand"),
    "an animation": ('<set attributeName="href" to="x"/>', "<set> may not stand in a drawing"),
    "a handler": ('<g onclick="run()"/>', 'the attribute "onclick" may not stand'),
    "an inline style": ('<g style="fill:red"/>', 'the attribute "style" may not stand'),
    "a link out": ('<use href="other.svg#x"/>', 'href="other.svg#x" leads out of the drawing'),
    "a paint from outside": ('<g fill="URL( http://a.example/#x)"/>', "leads out of the drawing"),
    "an escaped url": (r'<g fill="u\72l(http://a.example)"/>', "leads out of the drawing"),
    "an image set": ("<g mask=\"image-set('a.png' 1x)\"/>", "leads out of the drawing"),
    "another base": ('<g xml:base="http://a.example/"/>', 'the attribute "base" may not stand'),
    "an id that others may have": ('<g id="axis"/>', 'id="axis" must begin with "plot-"'),
    "an id twice": ('<g id="plot-a"/><g id="plot-a"/>', 'id="plot-a" is used twice'),
    "an unknown class": ('<g class="fig-red"/>', 'unknown class "fig-red"'),
}


@pytest.mark.parametrize(("body", "message"), BODIES.values(), ids=BODIES.keys())
def test_a_drawing_is_harmless(project: Path, body: str, message: str) -> None:
    (found,) = problems(project, f"{HEAD}{body}\n</svg>\n")
    assert found.startswith("figures/plot.svg.jinja: error[drawing-svg]: ")
    assert message in found


ROOTS = {
    "another root": ("<svg/>", "the root must be <svg xmlns="),
    "no viewBox": (HEAD.replace("viewBox", "data-box") + "</svg>", "needs a viewBox"),
    "no width": (HEAD.replace('width="90"', 'width="100%"') + "</svg>", "needs a width in px"),
    "no role": (HEAD.replace('role="img"', "") + "</svg>", 'needs role="img"'),
    "no title": (HEAD.replace("A plot", " ") + "</svg>", "needs a <title> and a <desc>"),
    "no label": (HEAD.replace("plot-title plot", "plot") + "</svg>", "aria-labelledby must name"),
    "a DOCTYPE": (f"<!DOCTYPE svg [<!ENTITY e 'x'>]>{HEAD}</svg>", "a drawing has no DOCTYPE"),
}


@pytest.mark.parametrize(("text", "message"), ROOTS.values(), ids=ROOTS.keys())
def test_the_root_is_complete(project: Path, text: str, message: str) -> None:
    found = problems(project, text)
    assert any(message in problem for problem in found), found


def test_every_broken_rule_is_told(project: Path) -> None:
    assert len(problems(project, f'{HEAD}<g onload="x" style="y"/><script/></svg>')) == 3


FILES = {
    "too many values": ("points.csv", "x,name\n3,a\n5,b,c\n", ":3", "3 values for 2 columns"),
    "a column twice": ("points.csv", "x,x\n3,a\n", ":1", "must name every column"),
    "nothing": ("points.csv", "", ":1", "must name every column"),
    "an open quote": ("points.csv", 'x\n3\n"4\n', ":3", "not CSV"),
    "bad YAML": ("points.yaml", "- x: 1\n- [\n", ":3", "not YAML"),
    "no rows": ("points.yaml", "x: 1\n", "", "must be a list of mappings"),
    "another kind": ("points.json", "[]", "", "data files are .csv or .yaml"),
    "not UTF-8": ("points.csv", "x\n\udcdc\n", ":2", "not UTF-8"),
}


@pytest.mark.parametrize(("name", "content", "line", "message"), FILES.values(), ids=FILES.keys())
def test_bad_data_is_said_with_its_line(
    project: Path, name: str, content: str, line: str, message: str
) -> None:
    (project / "data" / name).write_bytes(content.encode("utf-8", "surrogateescape"))
    (found,) = problems(project, f'{HEAD}{{{{ data("{name}")|length }}}}</svg>')
    assert found.startswith(f"data/{name}{line}: error[drawing-data]: ")
    assert message in found


def test_a_link_does_not_lead_out_of_the_data_folder(project: Path) -> None:
    (project / "data" / "link.csv").symlink_to(project / "secret.csv")
    assert "is outside" in problems(project, f'{HEAD}{{{{ data("link.csv") }}}}</svg>')[0]


def test_the_same_input_gives_the_same_text() -> None:
    root = Path(__file__).parents[2]
    program = """
from pathlib import Path
from concordant.sources.drawings import draw
from concordant.sources.tokens import read_tokens
from concordant.sources.typeface import figure_typeface
for template in sorted(Path("source/figures").glob("*.svg.jinja")):
    tokens = read_tokens(Path("styles/tokens.yaml"))
    print(draw(template, Path("source/data"), tokens, figure_typeface()))
"""
    outputs = {
        subprocess.run(
            [sys.executable, "-c", program],
            cwd=root,
            env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONIOENCODING": "utf-8"},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "2")
    }
    assert len(outputs) == 1
    assert b"<svg" in outputs.pop()


def test_the_style_sheet_knows_every_class() -> None:
    css = (Path(__file__).parents[2] / "styles" / "figures.css").read_text(encoding="utf-8")
    for name in CLASSES.split():
        assert f"svg .{name} {{" in css or f"svg.{name} {{" in css, name
