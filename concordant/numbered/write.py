"""Write: put every label and link into the tree, in one walk that also notes down every mention."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from concordant.assembled.annotate import LABEL, place_of
from concordant.assembled.citations import Entry, is_cross_reference
from concordant.assembled.scope import anchor_of, clash
from concordant.assembled.sectiontree import SectionTree, is_chapter, landmarks_of
from concordant.numbered import decorate
from concordant.numbered.blank import blank
from concordant.numbered.chapter import Chapter, Heading, Role
from concordant.numbered.declare import Declared, caption_of, kind_of, sub_figures
from concordant.numbered.ledger import Declaration, Kind, Mention
from concordant.numbered.refer import Target, lint_mention, print_mention, target_of
from concordant.numbered.terms import Terms
from concordant.problem import Place, Problem
from concordant.tree import (
    Node,
    Visitor,
    attribute,
    classes_of,
    div,
    identifier_of,
    is_node,
    printed_text_of,
    rewrite,
    span,
    string,
    text_of,
)

_VISITED = {"RawBlock", "RawInline", "Header", "Cite", "Note", "Link", "Para", "Plain"}
_VISITED |= {"Figure", "Table", "CodeBlock", "Div"}
# How a caption is given to what has a label.
_CAPTIONS = {
    Kind.TABLE: "write one below it, `: Caption. {{#{}}}`",
    Kind.LISTING: 'write one beside it, `{{#{} caption="Caption."}}`',
    Kind.FIGURE: "let the group that is labelled {} end with a paragraph, which is its caption",
}


def is_reference_list(node: Node) -> bool:
    """Tell whether a node is the place of the reference list, pandoc's `::: {#refs}`."""
    return node["t"] == "Div" and identifier_of(node) == "refs"


@dataclass(frozen=True, slots=True)
class Spot:
    """One number of a mention: what it points at, the number, whether it is printed, its address."""

    target: str
    number: str
    printed: bool
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Index:
    """What a text can point at: targets of mentions and anchors of links in all the document, the numbers of references by anchor."""

    targets: Mapping[str, Target]
    anchors: Collection[str]
    numbers: Mapping[str, str]


def index_of(
    sections: Sequence[SectionTree],
    declared: Declared,
    references: Sequence[Declaration],
    terms: Terms,
) -> Index:
    """Return the index of a document."""
    numbers = {each.anchor: each.number for each in references}
    anchors = {identifier_of(node) for node in landmarks_of(sections)}
    anchors |= {each.anchor for each in declared.values()} | set(numbers)
    return Index(_targets(sections, declared, terms), anchors, numbers)


class Writer:
    """Writes labels and links in one walk, and notes down every mention that it meets."""

    def __init__(self, declared: Declared, index: Index, terms: Terms) -> None:
        self.mentions: list[Mention] = []
        self.problems: list[Problem] = []
        self.texts: dict[str, str] = {}
        self._declared = declared
        self._targets, self._anchors = index.targets, index.anchors
        self._numbers = index.numbers
        self._citations: Counter[str] = Counter()
        self._terms = terms
        self._section = ""
        self._within = ""
        self._note = ""
        self._paragraphs: Counter[str] = Counter()
        self._notes: list[Node] = []
        self._headings: list[Heading] = []
        self._listed = False  # whether the reference list is in the chapter
        self._whole = False  # whether what is being written has its numbers at once
        # Links that print a reference's number and nothing else, each with its anchor.
        self._cited: list[tuple[Node, str]] = []

    def chapters(self, sections: Sequence[SectionTree]) -> Iterator[Chapter]:
        """Yield the chapters as their labels are written; a heading of level 1 begins one."""
        blocks: list[Node] = []
        role = Role.BODY
        for tree in sections:
            self._section = tree.name
            for block, landmarks in zip(tree.blocks, tree.inside, strict=True):
                if is_chapter(block):
                    if self._headings:
                        yield self._chapter(role, blocks)
                    role, blocks = _role(block), []
                elif block["t"] != "Header" and not self._headings:
                    if block["t"] != "RawBlock":  # which is left out anyway
                        self._report_headless(block)
                    continue
                blocks += self._top(block, landmarks)
        if self._headings:
            yield self._chapter(role, blocks)

    def told(self, sections: Iterable[SectionTree]) -> Iterator[Declaration]:
        """Yield the declarations of sections, with what stands beside a number as it was written."""
        for node in landmarks_of(sections):
            if each := self._declared.get(id(node)):
                yield replace(each, text=self.texts.get(each.anchor, each.text))

    def finish(
        self,
        chapters: tuple[Chapter, ...],
        references: Sequence[Declaration],
        entries: Sequence[Entry],
    ) -> tuple[Chapter, ...]:
        """Put the reference list in its place, now that every mention of its entries is known."""

        def visit(node: Node) -> list[Node] | None:
            listed = is_reference_list(node)
            return [self._reference_list(references, entries)] if listed else None

        return tuple(
            replace(each, blocks=rewrite(each.blocks, visit), numbers=self._numbers)
            if each.role is Role.BACK
            else each
            for each in chapters
        )

    def _chapter(self, role: Role, blocks: list[Node]) -> Chapter:
        notes, self._notes = self._notes, []
        headings, self._headings = self._headings, []
        role, self._listed = Role.BACK if self._listed else role, False
        return Chapter(role, tuple(headings), blocks, notes, self._leave_blanks())

    def _leave_blanks(self) -> dict[str, str]:
        """Take the numbers out of the chapter's citations, now that the ledger's words have been read; return them."""
        cited, self._cited = self._cited, []
        for link, anchor in cited:
            link["c"] = blank(link, anchor)["c"]
        return {anchor: self._numbers[anchor] for _, anchor in cited}

    def _report_headless(self, block: Node) -> None:
        message = "there is text before the first heading of level 1"
        place = Place(self._section, max(1, place_of(block, self._section).line))
        if not any(each.code == "heading-missing" for each in self.problems):
            hint = "begin the first section with `# Title`"
            self.problems.append(Problem("heading-missing", message, place, hint))

    def _heading(self, node: Node) -> Heading:
        declaration = self._declared.get(id(node))
        number = declaration.number if declaration else ""
        title = _title(node, self._targets, self._terms)
        self._within = number or title
        if declaration:
            self.texts[declaration.anchor] = title
        return Heading(node["c"][0], number, title, identifier_of(node))

    def _top(self, block: Node, landmarks: Sequence[Node]) -> list[Node]:
        """Write a block of the chapter's own level; its paragraphs get an address. Where no landmark is, there is nothing to write."""
        if not landmarks:
            written = [block]
        elif len(landmarks) == 1 and landmarks[0] is block and kind_of(block):
            written = [self._labelled(block, self._declared[id(block)])]
        else:
            written = self._write([block])
        if block["t"] != "Para":
            return written
        place = anchor_of(self._within)
        self._paragraphs[place] += 1
        return [decorate.marked(written[0], f"p-{place}-{self._paragraphs[place]}")]

    def _write(self, nodes: list[Node]) -> list[Node]:
        written: list[Node] = rewrite(nodes, self._visit)
        return written

    def _write_whole(self, content: Any, visit: Visitor) -> Any:
        """Write what lists repeat, or what has no links of its own: it has its numbers at once."""
        before, self._whole = self._whole, True
        written = rewrite(content, visit)
        self._whole = before
        return written

    def _link(self, node: Node) -> Node:
        """Write a link; those within its text become plain."""
        self._check_link(node)
        attr, inlines, target = node["c"]
        return {**node, "c": [attr, self._write_whole(inlines, self._visit), target]}

    def _visit(self, node: Node) -> list[Node] | None:
        kind = node["t"]
        if kind not in _VISITED:
            return None
        if kind in {"RawBlock", "RawInline"}:
            return []
        if kind == "Header":
            self._headings.append(self._heading(node))
            title = self._write_whole(node["c"][2], self._visit)
            inner = {**node, "c": [*node["c"][:2], title]}
            return [decorate.heading(inner, self._declared.get(id(node)))]
        if kind == "Cite":
            return self._mention(node) if is_cross_reference(node) else self._citation(node)
        if kind == "Note":
            return [self._call(node)]
        if kind == "Link":
            return [self._link(node)]
        self._listed |= is_reference_list(node)
        if kind in {"Para", "Plain"} and any(_is_label(each) for each in node["c"]):
            return [{**node, "c": self._write(self._equations(node["c"]))}]
        if kind_of(node):
            return [self._captioned(node)]
        return None

    def _captioned(self, node: Node) -> Node:
        inner = {**node, "c": self._write_whole(node["c"], self._visit_inside(node))}
        return self._labelled(inner, self._declared[id(node)])

    def _labelled(self, node: Node, declaration: Declaration) -> Node:
        caption = _words(caption_of(node))
        if not caption:
            message = f"the {declaration.kind} has a label, but no caption"
            hint = _CAPTIONS[declaration.kind].format(declaration.anchor.replace("-", ":", 1))
            self.problems.append(Problem("caption-missing", message, declaration.place, hint))
        self.texts[declaration.anchor] = caption
        return decorate.captioned(node, declaration)

    def _visit_inside(self, group: Node) -> Visitor:
        parts = {id(each): letter for letter, each in enumerate(sub_figures(group))}

        def visit(node: Node) -> list[Node] | None:
            if id(node) in parts:
                inner = {**node, "c": rewrite(node["c"], self._visit)}
                self.texts[identifier_of(node)] = _words(caption_of(inner))
                return [decorate.sub_captioned(inner, chr(ord("a") + parts[id(node)]))]
            return self._visit(node)

        return visit

    def _equations(self, inlines: list[Node]) -> list[Node]:
        """Join each displayed formula with the label that follows it."""
        result: list[Node] = []
        for node in inlines:
            if not _is_label(node):
                result.append(node)
                continue
            while result and result[-1]["t"] in {"Space", "SoftBreak"}:
                result.pop()
            if not result or result[-1]["t"] != "Math":
                place = place_of(node, self._section)
                hint = "write it directly after $$ … $$"
                message = f"the label {node['c']} stands beside no formula"
                self.problems.append(Problem("label-misplaced", message, place, hint))
                continue
            label = LABEL.match(node["c"])
            result[-1] = decorate.equation(result[-1], self._declared[id(node)])
            result += [{"t": "Str", "c": label[2]}] if label and label[2] else []
        return result

    def _call(self, node: Node) -> Node:
        declaration = self._declared[id(node)]
        self._note = declaration.number
        body = self._write(node["c"])
        self._note = ""
        self.texts[declaration.anchor] = _words(body)
        self._notes.append(decorate.note_body(body, declaration, self._terms))
        return decorate.note_call(declaration)

    def _mention(self, node: Node) -> list[Node]:
        found = list(lint_mention(node, self._section, self._targets, self._anchors))
        self.problems += found
        if found:
            return []
        printed = print_mention(node, self._targets, self._terms)
        for target, shown in printed.targets:
            self._record(target.kind, Spot(target.anchor, target.number, shown), node)
        return self._write(printed.inlines)

    def _citation(self, node: Node) -> list[Node]:
        # Counted anew in each section, so that a new citation leaves other sections as they are.
        place = anchor_of(self._within)
        self._citations[place] += 1
        anchor = f"cite-{place}-{self._citations[place]}"
        links: list[Node] = []
        inlines = rewrite(node["c"][1], partial(_anchored, found=links))
        shown = [each["c"][2][0].removeprefix("#") for each in links]
        for index, target in _printed_order(node, shown, self._numbers):
            spot = Spot(target, self._numbers[target], target in shown, anchor)
            self._record(Kind.REFERENCE, spot, node, index)
        if not self._whole:
            self._cited += [
                (link, target)
                for link, target in zip(links, shown, strict=True)
                if link["c"][1] == [string(self._numbers.get(target, ""))]
            ]
        return [span(inlines, attribute(anchor, ["citation"]))]

    def _record(self, kind: Kind, spot: Spot, node: Node, index: int = 0) -> None:
        place = place_of(node, self._section, index)
        around = (self._within, self._note, place)
        self.mentions.append(
            Mention(kind, spot.target, spot.number, spot.printed, spot.anchor, *around)
        )

    def _check_link(self, node: Node) -> None:
        target = node["c"][2][0]
        if target.startswith("#") and target[1:] not in self._anchors:
            place = place_of(node, self._section)
            message = f'the link leads to "{target}", which is nowhere'
            self.problems.append(Problem("link-missing", message, place))
        elif not target.startswith("#") and not any(urlsplit(target)[:2]):
            place = place_of(node, self._section)
            message = f'the link leads to the file "{target}", which is in no edition'
            hint = "link to a label, as in [words](#sec:x), or to an address on the web"
            self.problems.append(Problem("link-missing", message, place, hint))

    def _reference_list(self, references: Sequence[Declaration], entries: Sequence[Entry]) -> Node:
        mentions = defaultdict[str, list[Mention]](list)
        for mention in self.mentions:
            mentions[mention.target].append(mention)
        written = [
            decorate.entry(each, entry.right, _places(mentions[each.anchor]), self._terms)
            for each, entry in zip(references, entries, strict=True)
        ]
        return div(written, attribute("refs", ["references"]))


def _targets(
    sections: Sequence[SectionTree], declared: Declared, terms: Terms
) -> dict[str, Target]:
    targets = {each.anchor: target_of(each) for each in declared.values()}
    headings = [node for node in landmarks_of(sections) if node["t"] == "Header"]
    unnumbered = [node for node in headings if identifier_of(node) not in targets]
    known = targets
    for _ in range(2):  # one that mentions another prints that one's title
        titles = {identifier_of(node): _title(node, known, terms) for node in unnumbered}
        titled = {anchor: Target(Kind.SECTION, anchor, "", each) for anchor, each in titles.items()}
        known = targets | titled
    return known


def _title(header: Node, targets: Mapping[str, Target], terms: Terms) -> str:
    """Return what a heading prints; its mentions are written, where they lead anywhere."""

    def visit(node: Node) -> list[Node] | None:
        if node["t"] != "Cite" or not is_cross_reference(node):
            return None
        faults = any(lint_mention(node, "", targets))
        return None if faults else print_mention(node, targets, terms).inlines

    written = rewrite(header["c"][2], visit)
    return _words(written) or text_of(written).strip()  # where it is but a picture, what that shows


def lint_anchors(sections: Iterable[SectionTree], references: Collection[str]) -> Iterator[Problem]:
    """Yield what has the anchor of a reference."""
    for tree in sections:
        for node in tree.landmarks:
            if (anchor := identifier_of(node)) in references:
                yield clash(anchor, "is that of a reference", place_of(node, tree.name))


def _printed_order(
    cite: Node, shown: Sequence[str], numbers: Mapping[str, str]
) -> list[tuple[int, str]]:
    """Return a citation's targets in the order in which they are printed, with each key's index.

    What a collapsed range leaves out follows the number that is printed before it.
    """
    cited = [
        (index, target)
        for index, each in enumerate(cite["c"][0])
        if (target := anchor_of(f"ref-{each['citationId']}")) in numbers
    ]
    printed = [each for each in shown if each in numbers]

    def place(each: tuple[int, str]) -> tuple[int, int]:
        number = int(numbers[each[1]])
        if each[1] in printed:
            return printed.index(each[1]), 0
        below = [other for other in printed if int(numbers[other]) < number]
        before = max(below, key=lambda other: int(numbers[other]), default="")
        return (printed.index(before) if before else -1), number

    return sorted(cited, key=place)


def _words(value: Any) -> str:
    return " ".join(printed_text_of(value).split())


def _places(mentions: Sequence[Mention]) -> list[Mention]:
    """Return one mention for each place that cites: a citation may name one entry twice."""
    return list({each.anchor: each for each in mentions}.values())


def _role(header: Node) -> Role:
    classes = classes_of(header)
    if "frontmatter" in classes:
        return Role.FRONT
    return Role.BACK if "backmatter" in classes else Role.BODY


def _is_label(node: object) -> bool:
    return is_node(node) and node["t"] == "Str" and bool(LABEL.match(node["c"]))  # type: ignore[index]


def _anchored(node: Node, found: list[Node]) -> list[Node] | None:
    """Lead a citation's link to the anchor of its entry, and note it among those that are found."""
    if node["t"] != "Link" or not node["c"][2][0].startswith("#ref-"):
        return None
    target = f"#{anchor_of(node['c'][2][0][1:])}"
    found.append({"t": "Link", "c": [*node["c"][:2], [target, node["c"][2][1]]]})
    return found[-1:]
