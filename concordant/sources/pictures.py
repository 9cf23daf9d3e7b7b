"""Pictures: the files that figures show, read once, or drawn where a template stands for them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from concordant.cache import remembered
from concordant.hashing import file_hash
from concordant.problem import Place, Problem, ProblemsFound, relative_place
from concordant.sources.drawings import Drawing, draw, template_of
from concordant.sources.figurecontrast import lint_figure, looks_of
from concordant.sources.project import SOURCE, STYLES, Project
from concordant.sources.svgrules import SVG
from concordant.sources.tokens import read_tokens
from concordant.sources.typeface import figure_typeface

MEDIA_TYPES = {
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".webp": "image/webp",
}
_ACTIVE = {f"{{{SVG}}}{name}" for name in ("script", "foreignObject", "iframe")}


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
            pictures[target] = _read(target, path, project)
        except ProblemsFound as found:
            problems += found.problems
            continue
        if template := template_of(path):
            problems += _lint_drawing(pictures[target], template, project)
    return pictures, problems


def picture_path(target: str, project: Project) -> Path:
    """Return the file of a picture that a section names, relative to the folder of sections."""
    return (project.source / target).resolve()


def _read(target: str, path: Path, project: Project) -> Picture:
    if template := template_of(path):
        drawing = _drawn(str(project.root), str(template), _causes(template, project))
        words = f"{drawing.title}. {drawing.description}".strip()
        return Picture(target, MEDIA_TYPES[".svg"], drawing.svg.encode(), words)
    picture = Picture(target, MEDIA_TYPES[path.suffix.lower()], path.read_bytes())
    if picture.is_svg:
        _check_svg(picture, relative_place(path, project.root))
    return picture


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
    except etree.XMLSyntaxError as error:
        message = f"the picture is not well-formed SVG: {error.msg}"
        line = error.lineno or place.line
        raise ProblemsFound(
            [Problem("figure-unreadable", message, Place(place.file, line))]
        ) from error
    for element in root.iter(etree.Element):
        attributes = {str(name): str(value) for name, value in element.attrib.items()}
        outside = any(
            name.endswith("href") and not value.startswith(("#", "data:image/"))
            for name, value in attributes.items()
        )
        active = element.tag in _ACTIVE or any(name.startswith("on") for name in attributes)
        if outside or active:
            what = "reaches outside itself" if outside else "carries code"
            where = Place(place.file, getattr(element, "sourceline", None) or 0)
            hint = "take it out of the picture"
            raise ProblemsFound([Problem("figure-active", f"the picture {what}", where, hint)])
