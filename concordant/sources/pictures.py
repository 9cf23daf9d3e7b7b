"""Pictures: the files that figures show, read once, or drawn where a template stands for them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import unquote

from lxml import etree

from concordant.cache import remembered
from concordant.hashing import file_hash
from concordant.problem import Place, Problem, ProblemsFound, Severity, relative_place
from concordant.sources.drawings import Drawing, draw, template_of
from concordant.sources.figurecontrast import lint_figure, looks_of
from concordant.sources.locate import Locator
from concordant.sources.project import SOURCE, STYLES, Project
from concordant.sources.rasters import fault_of
from concordant.sources.svgfaces import set_in_own_faces
from concordant.sources.svgrules import SVG
from concordant.sources.svgstyle import STYLE, hand_down, inline_styles
from concordant.sources.tokens import read_tokens
from concordant.sources.typeface import figure_typeface
from concordant.sources.unreadable import not_utf8

_FORMATS = {"image/png": "PNG", "image/jpeg": "JPEG", "image/gif": "GIF", "image/webp": "WebP"}
MEDIA_TYPES = {
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".webp": "image/webp",
}
_ACTIVE = {f"{{{SVG}}}{name}" for name in ("script", "foreignObject", "iframe")}
# What a style sheet or an attribute fetches, but for parts of the picture and what is written out.
_FETCHED = re.compile(r"@import\b|url\(\s*[\"']?(?!#|data:|[\"'\s])", re.IGNORECASE)
_FETCHING_NOTHING = re.compile(r"/\*.*?\*/|@namespace[^;]*;", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture: its target as the sections name it, its bytes, and the text of a drawn one.

    `alternative` is what the drawing says of itself, empty for a file, whose section says it.
    """

    target: str
    media_type: str
    data: bytes
    alternative: str = ""

    @property
    def is_svg(self) -> bool:
        """Whether the picture is vector graphics, which the editions carry inline."""
        return self.media_type == MEDIA_TYPES[".svg"]


def read_pictures(
    targets: Iterable[str], project: Project
) -> tuple[dict[str, Picture], list[Problem]]:
    """Read or draw the pictures; return them by target, and what is wrong with them."""
    pictures: dict[str, Picture] = {}
    problems: list[Problem] = []
    for target in dict.fromkeys(targets):
        path = picture_path(target, project)
        try:
            pictures[target], found = _read(target, path, project)
        except ProblemsFound as error:
            problems += error.problems
        else:
            problems += found
    return pictures, problems


def picture_path(target: str, project: Project) -> Path:
    """Return the file of a picture that a section names, relative to the folder of sections; pandoc percent-encodes spaces."""
    written = project.source / target
    is_there = written.is_file() or template_of(written) is not None
    return (written if is_there else project.source / unquote(target)).resolve()


def _read(target: str, path: Path, project: Project) -> tuple[Picture, Iterable[Problem]]:
    """Return a picture, and what does not hinder its use."""
    if template := template_of(path):
        drawing = _drawn(str(project.root), str(template), _causes(template, project))
        words = f"{drawing.title}. {drawing.description}".strip()
        picture = Picture(target, MEDIA_TYPES[".svg"], drawing.svg.encode(), words)
        return picture, _lint_drawing(picture, template, project)
    picture = Picture(target, MEDIA_TYPES[path.suffix.lower()], path.read_bytes())
    if picture.is_svg:
        return _read_svg(picture, relative_place(path, project.root))
    if fault := fault_of(picture.data, _FORMATS[picture.media_type]):
        message = f'the picture "{unquote(target)}" {fault}'
        hint = "save it again, under a name that says its format"
        raise ProblemsFound(
            [Problem("figure-unreadable", message, _mentioned(target, project), hint)]
        )
    return picture, ()


def _mentioned(target: str, project: Project) -> Place:
    """Return where the sections first show a picture."""
    places = (Locator(each.name, each.text).target(target) for each in project.sections)
    return next((place for place in places if place.line), Place(SOURCE))


def _read_svg(picture: Picture, place: Place) -> tuple[Picture, Iterable[Problem]]:
    _check_svg(picture, place)
    data, left_out = _for_a_page(picture.data)
    problems = [
        Problem(
            "figure-style",
            f"{rule} in the picture's style sheet is left out: the three editions could not agree on it",
            Place(place.file, line),
            "say what holds for all readers",
            Severity.WARNING,
        )
        for line, rule in left_out
    ]
    return replace(picture, data=data), problems


@remembered
def _for_a_page(data: bytes) -> tuple[bytes, list[tuple[int, str]]]:
    """Return a picture that can be part of a page, and what is left out of its style sheets, with the lines."""
    svg = etree.fromstring(data, etree.XMLParser(remove_comments=True, remove_pis=True))
    left_out = [(each.line, each.rule) for each in inline_styles(svg)]
    set_in_own_faces(svg)
    hand_down(svg)
    return etree.tostring(svg, encoding="unicode").encode(), left_out


@remembered
def _drawn(root: str, template: str, _: tuple[tuple[str, str], ...]) -> Drawing:
    """Draw a figure; the hashes of what it is drawn from are among the inputs."""
    folder = Path(root)
    tokens = read_tokens(folder / STYLES / "tokens.yaml")
    data = folder / SOURCE / "data"
    return draw(Path(template), data, tokens, figure_typeface(), root=folder)


def _causes(template: Path, project: Project) -> tuple[tuple[str, str], ...]:
    """Return the hash of every file that a drawing can be made from: those beside its template, data, tokens."""
    paths = {project.styles / "tokens.yaml"}
    paths |= {*template.parent.rglob("*"), *(project.source / "data").rglob("*")}
    return tuple((str(path), file_hash(path)) for path in sorted(paths) if path.is_file())


def _lint_drawing(picture: Picture, template: Path, project: Project) -> Iterator[Problem]:
    tokens = project.styles / "tokens.yaml"
    looks = looks_of(read_tokens(tokens), read_tokens(tokens, "dark"))
    return lint_figure(picture.data.decode(), template, figure_typeface(), looks, project.root)


def _check_svg(picture: Picture, place: Place) -> None:
    """Refuse what is no picture: code, and anything that is fetched from elsewhere."""
    try:
        parser = etree.XMLParser(resolve_entities=False, no_network=True)
        root = etree.fromstring(picture.data, parser)
        picture.data.decode()
    except UnicodeDecodeError as error:
        fault = not_utf8(error)
        place, message = Place(place.file, fault.line), f"the picture {fault.message}"
        problem = Problem("figure-unreadable", message, place, fault.hint)
        raise ProblemsFound([problem]) from error
    except etree.XMLSyntaxError as error:
        message = f"the picture is not well-formed SVG: {error.msg}"
        line = error.lineno or place.line
        raise ProblemsFound(
            [Problem("figure-unreadable", message, Place(place.file, line))]
        ) from error
    for element in root.iter(etree.Element):
        attributes = {str(name): str(value) for name, value in element.attrib.items()}
        sheet = "".join(map(str, element.itertext())) if element.tag == STYLE else ""
        styled = (*attributes.values(), _FETCHING_NOTHING.sub("", sheet))
        outside = any(
            name.endswith("href") and not value.startswith(("#", "data:image/"))
            for name, value in attributes.items()
        ) or any(map(_FETCHED.search, styled))
        active = element.tag in _ACTIVE or any(name.startswith("on") for name in attributes)
        if outside or active:
            what = "reaches outside itself" if outside else "carries code"
            where = Place(place.file, getattr(element, "sourceline", None) or 0)
            hint = "take it out of the picture"
            raise ProblemsFound([Problem("figure-active", f"the picture {what}", where, hint)])
