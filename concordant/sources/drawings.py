"""Figures drawn from data: an SVG template (`NAME.svg.jinja`) and data in, a checked SVG out.

A template is Jinja2 in a sandbox. Beside Jinja's own it has these names:

    figure                                     the figure's name, the prefix of every id
    token("ink")                               a design token: a colour, a typeface
    data("events.csv")                         the rows of a file in the data folder
    text_width("label", size, weight)          how wide a line of text is
    wrap("long label", size, width, weight)    the text broken into lines of that width
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from lxml import etree

from concordant.problem import Problem, ProblemsFound, relative_place
from concordant.sources.datafiles import DataError, Row, closest, read_rows
from concordant.sources.svgrules import SVG, SvgError, parse_svg
from concordant.sources.templates import place_in, reason_of
from concordant.sources.typeface import Typeface

TEMPLATE_SUFFIX = ".jinja"


@dataclass(frozen=True, slots=True)
class Drawing:
    """A drawn figure: the SVG element as text, its text alternatives, its size in CSS px."""

    svg: str
    title: str
    description: str
    width: float
    height: float


def template_of(picture: Path) -> Path | None:
    """Return the template of a picture (`x.svg.jinja` for `x.svg`); None if the picture exists."""
    template = picture.with_name(picture.name + TEMPLATE_SUFFIX)
    return template if template.is_file() and not picture.exists() else None


def draw(
    template: Path,
    data_dir: Path,
    tokens: Mapping[str, str],
    typeface: Typeface,
    *,
    root: Path = Path(),
) -> Drawing:
    """Draw a figure from its template.

    The result depends on the arguments and the files they name only: same input, same text.
    `tokens` are the design tokens by name; places are given relative to the project's folder
    `root`. Raises ProblemsFound: `drawing-template` (the template fails), `drawing-data` (a data
    file is missing, outside `data_dir`, or bad), `drawing-svg` (a rule of `svgrules` is broken).
    """
    name = template.name.removesuffix(TEMPLATE_SUFFIX).removesuffix(".svg")
    environment = _environment(template.parent, data_dir, tokens, typeface)
    try:
        text = environment.get_template(template.name).render(figure=name)
        svg = parse_svg(text, name)
    except DataError as bad:
        raise ProblemsFound([_data_problem(bad, template, root)]) from bad
    except SvgError as bad:
        place = relative_place(template, root)
        raise ProblemsFound(Problem("drawing-svg", rule, place) for rule in bad.messages) from bad
    except Exception as error:  # whatever a template raises is for its author to hear
        place = place_in(error, template, root)
        raise ProblemsFound([Problem("drawing-template", reason_of(error), place)]) from error
    return _drawing(svg)


def _environment(
    folder: Path, data_dir: Path, tokens: Mapping[str, str], typeface: Typeface
) -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    # What is left is deterministic: the same input, the same drawing.
    del environment.filters["random"]
    del environment.globals["lipsum"]

    def data(name: str) -> tuple[Row, ...]:
        return read_rows(name, data_dir)

    def token(name: str) -> str:
        if name not in tokens:
            raise DataError(f'there is no design token "{name}"', closest(name, tokens))
        return tokens[name]

    environment.globals |= {
        "data": data,
        "token": token,
        "text_width": typeface.width,
        "wrap": typeface.wrap,
    }
    return environment


def _drawing(svg: etree._Element) -> Drawing:
    text = etree.tostring(svg, encoding="unicode", with_tail=False)
    title, description = (
        " ".join((svg.findtext(f"{{{SVG}}}{tag}") or "").split()) for tag in ("title", "desc")
    )
    width, height = (float(svg.get(side, "")) for side in ("width", "height"))
    return Drawing(re.sub(r"\n\s*\n", "\n", text), title, description, width, height)


def _data_problem(bad: DataError, template: Path, root: Path) -> Problem:
    place = relative_place(bad.file, root, bad.line) if bad.file else place_in(bad, template, root)
    return Problem("drawing-data", bad.message, place, bad.hint)
