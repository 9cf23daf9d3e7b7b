"""What can be wrong in a section's tree: citations, pictures, raw code; and in the order of the chapters."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable, Iterator
from itertools import dropwhile
from pathlib import Path
from urllib.parse import unquote, urlsplit

from concordant.assembled.annotate import place_of
from concordant.assembled.citations import is_cross_reference
from concordant.assembled.sectiontree import SectionTree, is_chapter
from concordant.assembled.vague import is_vague_picture
from concordant.problem import Place, Problem, Severity
from concordant.sources.drawings import template_of
from concordant.sources.pictures import MEDIA_TYPES, picture_path
from concordant.sources.project import SOURCE, Project
from concordant.tree import Node, classes_of, text_of, walk

_SAMPLE = 40  # as many characters
_MACRO = re.compile(
    r"\s*\\(?:newcommand|renewcommand|providecommand|DeclareMathOperator|def|let)\b"
)


def lint_tree(
    tree: SectionTree, project: Project, known: Collection[str] | None
) -> Iterator[Problem]:
    """Yield the problems of one section, in document order; `known` are the keys of the references, if those can be told."""
    captions = {id(image): node for node in tree.landmarks for image in _images_of(node)}
    for node in tree.landmarks:
        if node["t"] == "Cite" and known is not None and not is_cross_reference(node):
            yield from _lint_citation(node, tree.name, known)
        elif node["t"] == "Image":
            yield from _lint_image(node, captions.get(id(node)), tree.name, project)
        elif node["t"] in {"RawBlock", "RawInline"}:
            yield from _lint_raw(node, tree.name)


def lint_order(trees: Iterable[SectionTree]) -> Iterator[Problem]:
    """Yield the chapters of front matter that follow the first one of the text, as on paper they cannot."""
    blocks = ((node, tree.name) for tree in trees for node in tree.blocks)
    chapters = (each for each in blocks if is_chapter(each[0]))
    for node, section in filter(_is_front, dropwhile(_is_front, chapters)):
        message = f'the front matter "{text_of(node["c"][2])}" follows a chapter of the text'
        hint = "let its file come first, or leave out {.frontmatter}"
        yield Problem("frontmatter-late", message, place_of(node, section), hint)


def _is_front(chapter: tuple[Node, str]) -> bool:
    return "frontmatter" in classes_of(chapter[0])


def _images_of(node: Node) -> Iterator[Node]:
    if node["t"] == "Figure":
        yield from (each for each in walk(node["c"][2]) if each["t"] == "Image")


def _lint_citation(node: Node, section: str, known: Collection[str]) -> Iterator[Problem]:
    for index, each in enumerate(node["c"][0]):
        key = each["citationId"]
        if key not in known:
            close = difflib.get_close_matches(key, known, 1)
            hint = f'did you mean "{close[0]}"?' if close else "add it to the bibliography"
            place = place_of(node, section, index)
            yield Problem("ref-missing", f'no reference has the key "{key}"', place, hint)


def _lint_image(
    node: Node, figure: Node | None, section: str, project: Project
) -> Iterator[Problem]:
    target, place = node["c"][2][0], place_of(node, section)
    if urlsplit(target).scheme:
        hint = f"copy the picture into {SOURCE}/figures/"
        yield Problem(
            "figure-remote", f'the picture "{target}" is not in the document', place, hint
        )
        return
    name = unquote(target)
    path = picture_path(target, project)
    if not path.is_relative_to(project.source.resolve()):
        hint = f"copy the picture into {SOURCE}/figures/"
        yield Problem(
            "figure-outside", f'the picture "{name}" is outside the document', place, hint
        )
        return
    drawn, lang = template_of(path) is not None, project.metadata.lang
    if not path.is_file() and not drawn:
        yield _missing_picture(name, path, place)
    elif path.suffix.lower() not in MEDIA_TYPES:
        hint = "use one of " + ", ".join(sorted(MEDIA_TYPES))
        yield Problem("figure-format", f'"{name}" is no kind of picture known here', place, hint)
    if not drawn:
        yield from _lint_alternative(node, figure, place, lang)


def _lint_alternative(
    node: Node, figure: Node | None, place: Place, lang: str
) -> Iterator[Problem]:
    words, target = text_of(node["c"][1]).strip(), node["c"][2][0]
    name = unquote(target)
    hint, about = 'write what it shows: ![Caption](file){alt="…"}', frozenset({target, name})
    if not _has_alternative(node, figure):
        message = f'the picture "{name}" has no text alternative'
        yield Problem("alt-missing", message, place, hint, about=about)
    elif is_vague_picture(words, name, lang):
        message = f'the text alternative "{words}" does not say what the picture shows'
        yield Problem("alt-vague", message, place, hint, Severity.WARNING, about)


def _missing_picture(name: str, path: Path, place: Place) -> Problem:
    names = [each.name for each in path.parent.glob("*")] if path.parent.is_dir() else []
    close = difflib.get_close_matches(path.name, names, 1)
    hint = f'did you mean "{close[0]}"?' if close else "the path is relative to source/"
    return Problem("figure-missing", f'there is no picture "{name}"', place, hint)


def _has_alternative(node: Node, figure: Node | None) -> bool:
    """A figure whose picture's text is only its caption once more has no alternative."""
    alternative = text_of(node["c"][1]).strip()
    return bool(alternative) and (
        figure is None or alternative != " ".join(text_of(figure["c"][1][1]).split())
    )


def _lint_raw(node: Node, section: str) -> Iterator[Problem]:
    form, code = node["c"]
    if form == "html" and code.strip().startswith("<!--"):
        return
    if form == "tex" and _MACRO.match(code):
        return  # which pandoc has put into the formulas
    message = f'raw {form} "{_sample(code)}" is left out: the three editions could not agree on it'
    hint = "write it in Markdown"
    place = place_of(node, section)
    yield Problem("raw-dropped", message, place, hint, Severity.WARNING)


def _sample(code: str) -> str:
    """Return the first line of raw code, as far as one can tell by it which is meant."""
    line, *more = code.strip().split("\n")
    return line[:_SAMPLE].rstrip() + "…" * (len(line) > _SAMPLE or bool(more))
