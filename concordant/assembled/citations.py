"""Citations: citeproc sees a skeleton of the document, nothing but its citations in their order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from concordant import pandoc
from concordant.assembled.bibtex import readable
from concordant.assembled.sectiontree import SectionTree, landmarks_of, tree_of
from concordant.cache import key_of, remembered
from concordant.problem import Place, Problem, Severity
from concordant.sources.bibliography import BIBTEX
from concordant.sources.project import Project
from concordant.tree import (
    SPACE,
    Node,
    classes_of,
    identifier_of,
    is_node,
    join_words,
    para,
    rewrite,
    string,
    walk,
)

Citation = dict[str, Any]  # one of those in a Cite: its key, the words beside it, its mode
CROSS_REFERENCE = re.compile(r"^(fig|tbl|sec|eq|lst):", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the reference list, as the citation style writes it: its key and its inlines."""

    key: str
    left: list[Node]
    right: list[Node]


def is_cross_reference(cite: Node) -> bool:
    """Tell whether a Cite points at a numbered thing of the document (pandoc-crossref's syntax)."""
    return any(CROSS_REFERENCE.match(each["citationId"]) for each in cite["c"][0])


def holds_another(citation: Citation) -> bool:
    """Tell whether a citation, a mention or a note stands in the words beside a citation."""
    beside = walk([citation["citationPrefix"], citation["citationSuffix"]])
    return any(each["t"] in {"Cite", "Note"} for each in beside)


def separate(blocks: list[Node]) -> list[Node]:
    """Part what pandoc reads as one citation.

    `@fig:map [@smith]` is a mention and a citation, `[see @fig:map; or @fig:plan]` two mentions and the words beside them.
    """

    def visit(node: Node) -> list[Node] | None:
        if node["t"] != "Cite":
            return None
        first, *others = node["c"][0]
        if all(map(_is_mention, [first, *others])):
            return _with_words(node["c"][0]) if _has_words(node) else None
        led = first["citationMode"]["t"] == "AuthorInText" and others
        if led and _is_mention(first) and not any(map(_is_mention, others)):
            return [_cite([first]), SPACE, _cite(others)]
        return None

    separated: list[Node] = rewrite(blocks, visit)
    return separated


def _is_mention(citation: Citation) -> bool:
    return CROSS_REFERENCE.match(citation["citationId"]) is not None


def _has_words(cite: Node) -> bool:
    return any(each["citationPrefix"] or each["citationSuffix"] for each in cite["c"][0])


def _with_words(mentions: Sequence[Citation]) -> list[Node]:
    """Return the words of mentions and, without words, the mentions between them."""
    nodes: list[Node] = []
    for part in _parts(mentions):
        before, after = part[0]["citationPrefix"], part[-1]["citationSuffix"]
        if after and part[-1]["citationMode"]["t"] == "AuthorInText":  # @fig:map [left]
            after = [SPACE, string("["), *after, string("]")]
        bare = [{**each, "citationPrefix": [], "citationSuffix": []} for each in part]
        nodes += [string(";"), SPACE] if nodes else []
        nodes += [*separate(before), SPACE] if before else []
        nodes += [_cite(bare), *separate(after)]
    return nodes


def _parts(mentions: Sequence[Citation]) -> Iterator[list[Citation]]:
    """Part mentions where words stand between them."""
    part: list[Citation] = []
    for each in mentions:
        if part and (part[-1]["citationSuffix"] or each["citationPrefix"]):
            yield part
            part = []
        part.append(each)
    yield part


def _cite(citations: list[Citation]) -> Node:
    return {"t": "Cite", "c": [citations, []]}


@dataclass(frozen=True, slots=True)
class CitationFiles:
    """The files by which citations are printed, as they were read: those of the bibliography by name, and the style.

    One that is missing is left out.
    """

    bibliography: tuple[tuple[str, bytes], ...]
    style: bytes | None

    def key(self, project: Project) -> str:
        """Return the key of all by which this project's citations are printed, and of its references."""
        told = project.metadata
        return key_of(self, told.csl, told.lang, project.references)


def read_citation_files(project: Project) -> CitationFiles:
    """Read the files by which a project's citations are printed."""
    paths = [path for path in project.bibliographies if path.is_file()]
    style = project.csl.read_bytes() if project.csl.is_file() else None
    return CitationFiles(tuple((path.name, path.read_bytes()) for path in paths), style)


def cite(
    sections: Sequence[SectionTree], project: Project, files: CitationFiles
) -> tuple[tuple[SectionTree, ...], tuple[Entry, ...], list[Problem]]:
    """Replace every citation's content by what the citation style prints for it, in the trees themselves.

    Returns the sections, the entries in the order of the reference list, and problems.
    """
    known = {reference.key for reference in project.references}
    problems = list(_lint_style(files, project))
    # What is wrong with a citation has been reported with its place already; citeproc is not asked for it.
    asked = [
        node
        for node in citations_in(sections)
        if all(each["citationId"] in known and not holds_another(each) for each in node["c"][0])
    ]
    # So has a bibliography that is missing or that cannot be read.
    if problems or not asked or not project.whole_bibliography or files.style is None:
        return tuple(sections), (), problems
    cited, listed, warnings = _resolved(
        [para([_bare(node)]) for node in asked],
        files.bibliography,
        files.style,
        project.metadata.lang,
    )
    problems += [
        Problem("citeproc", " ".join(warning.split()), Place(project.metadata.csl))
        for warning in warnings
    ]
    problems += _lint_entries({key: raw for key, *_, raw in listed if raw}, project)
    entries = tuple(Entry(key, left, right) for key, left, right, _ in listed)
    return print_citations(sections, asked, cited), entries, problems


def citations_in(sections: Iterable[SectionTree]) -> list[Node]:
    """Return the citations of sections, in document order."""
    return [*filter(_is_citation, landmarks_of(sections))]


def print_citations(
    sections: Sequence[SectionTree], cites: Sequence[Node], printed: Iterable[list[Node]]
) -> tuple[SectionTree, ...]:
    """Put into citations what is printed for them; return the trees as that leaves them.

    They are without spaces before raised citations, and have notes as landmarks.
    """
    for node, inlines in zip(cites, printed, strict=False):
        node["c"] = [node["c"][0], inlines]
    raised = any(map(_raised, cites))
    if not raised and not any(each["t"] == "Note" for cite in cites for each in cite["c"][1]):
        return tuple(sections)
    return tuple(
        tree_of(each.name, _close_up(each.blocks) if raised else each.blocks) for each in sections
    )


def _lint_entries(raw: Mapping[str, str], project: Project) -> Iterator[Problem]:
    """Yield the entries with raw code in them, such as a `<i>` that is not closed, which is given by their keys."""
    places = {reference.key: reference.place for reference in project.references}
    for key, code in raw.items():
        message = f'raw code in the entry "{key}" is left out: {code}'
        hint = "write it in Markdown"
        yield Problem("raw-dropped", message, places[key], hint, Severity.WARNING)


def _without_raw(inlines: list[Node]) -> list[Node]:
    kept: list[Node] = rewrite(inlines, lambda node: [] if node["t"] == "RawInline" else None)
    return kept


Listed = tuple[str, list[Node], list[Node], str]  # an entry's fields, and the raw code that it had


@remembered
def _resolved(
    skeleton: list[Node], bibliography: tuple[tuple[str, bytes], ...], style: bytes, lang: str
) -> tuple[list[list[Node]], list[Listed], tuple[str, ...]]:
    """Return what citeproc prints in each paragraph of the skeleton, the entries of the reference list, and what citeproc says."""
    read = [_readable(name, data, lang) for name, data in bibliography]
    done = pandoc.resolve_citations(skeleton, bibliography=read, style=style, lang=lang)
    blocks: list[Node] = join_words(done.blocks)
    cited = [block["c"][0]["c"][1] for block in blocks[: len(skeleton)]]
    return cited, list(_entries(blocks[len(skeleton) :])), done.warnings


def _readable(name: str, data: bytes, lang: str) -> tuple[str, bytes]:
    """Return a file of the bibliography, by its name, as pandoc can read it."""
    if PurePath(name).suffix.lower() not in BIBTEX:
        return name, data
    # What is no UTF-8 goes on as it is: that has been reported.
    text = data.decode("utf-8", "surrogateescape")
    return name, readable(text, lang).encode("utf-8", "surrogateescape")


def _is_citation(node: Node) -> bool:
    return bool(node["t"] == "Cite") and not is_cross_reference(node)


def _bare(node: Node) -> Node:
    return {"t": "Cite", "c": node["c"]}


def _close_up(value: Any) -> Any:
    """Take away the space before a citation that the style raises above the line."""
    if isinstance(value, list):
        items = [_close_up(item) for item in value]
        following = [*items[1:], None]
        return [
            item
            for item, after in zip(items, following, strict=False)
            if not (item == SPACE and _raised(after))
        ]
    if is_node(value) and "c" in value:
        return {**value, "c": _close_up(value["c"])}
    return value


def _raised(node: object) -> bool:
    if not (isinstance(node, dict) and node.get("t") == "Cite" and node["c"][1]):
        return False
    return bool(node["c"][1][0]["t"] == "Superscript")


def _entries(blocks: list[Node]) -> Iterator[Listed]:
    for node in walk(blocks):
        if node["t"] == "Div" and "csl-entry" in classes_of(node):
            inlines = [inline for block in node["c"][1] for inline in block["c"]]
            left = _part(inlines, "csl-left-margin") or []
            right = _part(inlines, "csl-right-inline")
            right = inlines if right is None else right
            key = identifier_of(node).removeprefix("ref-")
            nodes = walk([*left, *right])
            raw = " ".join(each["c"][1] for each in nodes if each["t"] == "RawInline")
            yield key, _without_raw(left), _without_raw(right), raw


def _part(inlines: list[Node], name: str) -> list[Node] | None:
    for node in inlines:
        if node["t"] == "Span" and name in classes_of(node):
            found: list[Node] = node["c"][1]
            return found
    return None


def _lint_style(files: CitationFiles, project: Project) -> Iterator[Problem]:
    """Only styles that number their citations can be proven to agree so far."""
    if files.style is not None and b"citation-number" not in files.style:
        yield Problem(
            "style-unsupported",
            "the citation style does not number its references",
            Place(project.metadata.csl),
            "name a numeric CSL style under `csl:` in source/metadata.yaml",
        )
