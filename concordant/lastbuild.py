"""The last build of a document: what it found and numbered, as plain data that a memory keeps for the next one."""

from __future__ import annotations

import marshal
from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass, fields
from pathlib import Path
from typing import Any, TypeAlias

from concordant.cache import Kept
from concordant.numbered.chapter import Chapter, Heading, Role
from concordant.numbered.ledger import Declaration, Kind, Mention
from concordant.numbered.number import Numbering, Run
from concordant.numbered.refer import Target
from concordant.numbered.write import Index
from concordant.problem import Place
from concordant.tree import Node

# A declaration and a mention, each with file and line at its end; a chapter without its text, and the key of its fragment.
_Declaration: TypeAlias = tuple[str, str, str, str, str, str, int]
_Mention: TypeAlias = tuple[str, str, str, bool, str, str, str, str, int]
_Chapter: TypeAlias = tuple[str, list[tuple[Any, ...]], dict[str, str], str]


@dataclass(frozen=True, slots=True)
class KnownSection:
    """A section: its name, digests of its text and its frame, its new anchors by the old ones, and its numbers, packed."""

    name: str
    text: bytes
    frame: bytes
    renames: dict[str, str]
    packed: bytes

    @property
    def numbers(self) -> tuple[list[list[Node]], list[tuple[int, Declaration]]]:
        """What its citations print, and its declarations, each with the index of the landmark that declares."""
        printed, declared = marshal.loads(self.packed)
        return printed, [(index, _as_declaration(told)) for index, told in declared]


def pack_numbers(printed: list[list[Node]], declared: Iterable[tuple[int, Declaration]]) -> bytes:
    """Pack the numbers of a section."""
    return marshal.dumps((printed, [(index, _declaration(each)) for index, each in declared]))


@dataclass(frozen=True, slots=True)
class KnownRun:
    """A run: how many sections it has, and what it came to."""

    sections: int
    chapters: list[_Chapter]
    declarations: list[_Declaration]
    mentions: list[_Mention]

    @classmethod
    def of(cls, run: Run, keys: Iterable[str]) -> KnownRun:
        """Return a run as it is kept; `keys` are those of its chapters' fragments."""
        chapters = [
            (each.role.value, [astuple(title) for title in each.headings], dict(each.numbers), key)
            for each, key in zip(run.chapters, keys, strict=True)
        ]
        declarations, mentions = map(_declaration, run.declarations), map(_mention, run.mentions)
        return cls(len(run.sections), chapters, [*declarations], [*mentions])

    @property
    def numbers(self) -> Run:
        """Its declarations and mentions."""
        declarations = tuple(map(_as_declaration, self.declarations))
        return Run((), (), declarations, tuple(map(_as_mention, self.mentions)))

    @property
    def outlines(self) -> list[tuple[Chapter, str]]:
        """Its chapters without their text, each with the key of its fragment."""
        return [
            (
                Chapter(Role(role), tuple(Heading(*title) for title in headings), [], [], numbers),
                key,
            )
            for role, headings, numbers, key in self.chapters
        ]

    @property
    def without_lines(self) -> tuple[Any, ...]:
        """All but the lines on which things stand, and the fragments."""
        told = [each[:-1] for each in (*self.declarations, *self.mentions)]
        return self.sections, [chapter[:-1] for chapter in self.chapters], told


@dataclass(frozen=True, slots=True)
class LastBuild:
    """What the last build found.

    That is the key of all by which citations were printed, the state of each picture, its sections, and what it numbered.
    """

    cited_by: str
    pictures: dict[str, tuple[bool, bool]]
    sections: list[KnownSection]
    runs: list[KnownRun]
    references: list[_Declaration]
    packed: bytes

    @property
    def entries(self) -> list[Declaration]:
        """The declarations of the reference list."""
        return [*map(_as_declaration, self.references)]

    @property
    def index(self) -> Index:
        """What a text could point at."""
        told, anchors, numbers = marshal.loads(self.packed)
        targets = {anchor: Target(Kind(kind), *rest) for anchor, (kind, *rest) in told.items()}
        return Index(targets, frozenset(anchors), numbers)


def last_build(
    cited_by: str,
    pictures: Mapping[str, tuple[bool, bool]],
    sections: Iterable[KnownSection],
    runs: Iterable[KnownRun],
    numbering: Numbering,
) -> LastBuild:
    """Return what a build found, as it is kept; `runs` are those of its numbering."""
    index = numbering.index
    targets = {
        anchor: (each.kind.value, each.anchor, each.number, each.title, each.appendix)
        for anchor, each in index.targets.items()
    }
    packed = marshal.dumps((targets, sorted(index.anchors), dict(index.numbers)))
    entries = [*map(_declaration, numbering.references)]
    return LastBuild(cited_by, dict(pictures), [*sections], [*runs], entries, packed)


def look_up(memory: Kept, root: Path) -> LastBuild | None:
    """Return what is kept of the last build of the document in `root`."""
    known = memory.look_up(_key(root))
    if known is None:
        return None
    cited_by, pictures, sections, runs, *rest = known[0]
    every = [KnownSection(*each) for each in sections]
    return LastBuild(cited_by, pictures, every, [KnownRun(*each) for each in runs], *rest)


def keep(memory: Kept, root: Path, last: LastBuild) -> None:
    """Keep what a build has found."""
    told = {field.name: getattr(last, field.name) for field in fields(last)}
    told |= {name: [*map(_values, told[name])] for name in ("sections", "runs")}
    memory.keep(_key(root), tuple(told.values()))


def _values(each: Any) -> tuple[Any, ...]:
    return tuple(getattr(each, field.name) for field in fields(each))


def _key(root: Path) -> bytes:
    return f"the last build of {root.resolve()}".encode()


def _mention(each: Mention) -> _Mention:
    told = each.target, each.number, each.printed, each.anchor, each.within, each.note
    return each.kind.value, *told, each.place.file, each.place.line


def _as_mention(told: _Mention) -> Mention:
    kind, target, number, printed, anchor, within, note, file, line = told
    return Mention(Kind(kind), target, number, printed, anchor, within, note, Place(file, line))


def _declaration(each: Declaration) -> _Declaration:
    told = each.anchor, each.number, each.label, each.text
    return each.kind.value, *told, each.place.file, each.place.line


def _as_declaration(told: _Declaration) -> Declaration:
    kind, anchor, number, label, text, file, line = told
    return Declaration(Kind(kind), anchor, number, label, text, Place(file, line))
