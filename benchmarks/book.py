"""Books to be measured: written in a wanted size, with one of everything that is numbered, and many of most; or a document that there is.

A chapter fills about nine pages and depends on nothing but the seed and its own place, so a longer book
begins like a shorter one. References are shared out so that every one is cited.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

from benchmarks.prose import Prose
from concordant.problem import ProblemsFound, errors_among
from concordant.sources.project import SOURCE, read_project

PAGES_PER_CHAPTER = 9
REFERENCES_PER_CHAPTER = 15
_SECTIONS = 4
_PARAGRAPHS = 4


@dataclass(frozen=True, slots=True)
class Book:
    """A document: its folder, its wanted length (0: the one that it has), its chapters' files in order, the keys of its
    references, and the name of its editions.
    """

    root: Path
    pages: int
    chapters: tuple[Path, ...]
    references: tuple[str, ...]
    slug: str = "book"


def generate(root: Path, pages: int, seed: int = 1) -> Book:
    """Write a document of about `pages` pages into the folder `root`, which gets a `source/`.

    The project's styles are the caller's to put beside it.
    """
    source = root / "source"
    (source / "figures").mkdir(parents=True, exist_ok=True)
    count = max(1, round(pages / PAGES_PER_CHAPTER))
    digits = len(str(count))
    chapters = []
    for index in range(1, count + 1):
        writer = _Chapter(index, count, seed)
        path = source / f"{index:0{digits}}-chapter.md"
        path.write_text("\n\n".join(writer.blocks()) + "\n", "utf-8")
        for name, picture in writer.pictures.items():
            (source / "figures" / name).write_text(picture, "utf-8")
        chapters.append(path)
    (source / "references.yaml").write_text(_references(count, seed), "utf-8")
    (source / "metadata.yaml").write_text(_METADATA.format(pages=pages), "utf-8")
    keys = (f"r{index}" for index in range(count * REFERENCES_PER_CHAPTER))
    return Book(root, pages, tuple(chapters), tuple(keys))


def copied(root: Path, document: Path) -> Book:
    """Copy a document's sources into the folder `root`, which has the styles, to be edited there.

    Raises:
        ProblemsFound: there are errors in them.
    """
    shutil.copytree(document / SOURCE, root / SOURCE)
    project, problems = read_project(root)
    if errors_among(problems):
        raise ProblemsFound(problems)
    chapters = tuple(root / each.name for each in project.sections)
    return Book(
        root, 0, chapters, tuple(each.key for each in project.references), project.metadata.slug
    )


_METADATA = """\
title: A Survey of Surveys in {pages} Pages
lang: en-GB
slug: book
date: 2020-02-02
version: "1"
authors: [The Surveyors]
description: A generated book for measurements.
"""


class _Chapter:
    """Writes one chapter; `pictures` holds its figures' files by name once it is written."""

    def __init__(self, index: int, count: int, seed: int) -> None:
        self._index, self._count = index, count
        self._random = Random(f"{seed}/{index}")
        self._prose = Prose(self._random)
        self.pictures: dict[str, str] = {}

    def blocks(self) -> Iterator[str]:
        yield f"# {self._prose.title()} {{#sec:{self._index}}}"
        yield self._paragraph()
        for section in range(1, _SECTIONS + 1):
            yield f"## {self._prose.title()} {{#sec:{self._index}-{section}}}"
            for turn in range(_PARAGRAPHS):
                yield self._paragraph()
                if turn == 1:
                    yield self._thing(section)

    def _paragraph(self) -> str:
        tails = [f" [{self._citation()}]" for _ in range(self._random.randint(0, 2))]
        if self._random.random() < 0.3:
            tails.append(self._mention())
        if self._random.random() < 0.12:
            tails.append(f"^[{self._prose.sentence()} {self._prose.sentence()}]")
        return self._prose.paragraph(tuple(tails))

    def _citation(self) -> str:
        first = (self._index - 1) * REFERENCES_PER_CHAPTER
        keys = [first + self._random.randrange(REFERENCES_PER_CHAPTER) for _ in range(2)]
        if self._index > 1 and self._random.random() < 0.3:
            keys.append(self._random.randrange(first))
        return "; ".join(f"@r{key}" for key in dict.fromkeys(keys))

    def _mention(self) -> str:
        kind, part = self._random.choice(
            (("sec", 3), ("tbl", 1), ("fig", 2), ("tbl", 4), ("eq", 3))
        )
        near = min(self._count, max(1, self._index + self._random.choice((-1, 0, 0, 0, 1))))
        return f", as @{kind}:{near}-{part} shows"

    def _thing(self, section: int) -> str:
        name = f"{self._index}-{section}"
        if section == 1:
            return self._table(name, self._random.randint(6, 12))
        if section == 2:
            self.pictures[f"{name}.svg"] = self._picture()
            caption, words = self._prose.sentence(), self._prose.sentence()
            return f'![{caption}](figures/{name}.svg){{#fig:{name} alt="{words}"}}'
        if section == 3:
            a, b = self._random.randint(2, 9), self._random.randint(2, 9)
            return f"$$ y = \\frac{{a_{a} x + {b}}}{{\\sqrt{{x^2 + {a}}}}} + \\sum_{{i=1}}^{{n}} x_i $$ {{#eq:{name}}}"
        cited = "; ".join(
            f"@r{(self._index - 1) * REFERENCES_PER_CHAPTER + each}"
            for each in range(REFERENCES_PER_CHAPTER)
        )
        return f"{self._table(name, self._random.randint(14, 40))}\n\n{self._prose.sentence(f' [{cited}]')}"

    def _table(self, name: str, rows: int) -> str:
        head = "| Place | First year | Second year | Remark |\n| :--- | ---: | ---: | :--- |"
        lines = [
            f"| {self._prose.noun()} | {self._random.randint(1, 999)} | {self._random.randint(1, 9999)} | {self._prose.noun()} |"
            for _ in range(rows)
        ]
        return "\n".join([head, *lines]) + f"\n\n: {self._prose.sentence()} {{#tbl:{name}}}"

    def _picture(self) -> str:
        bars = "".join(
            f'<rect x="{20 + 28 * bar}" y="{150 - height}" width="20" height="{height}" fill="#46607a"/>'
            f'<text x="{30 + 28 * bar}" y="165" font-size="10" text-anchor="middle">{1990 + bar}</text>'
            for bar, height in enumerate(self._random.choices(range(20, 140), k=14))
        )
        return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 430 180" width="430" height="180">{bars}</svg>\n'


def _references(chapters: int, seed: int) -> str:
    random = Random(f"{seed}/references")
    prose = Prose(random)
    entries = ["references:"]
    for index in range(chapters * REFERENCES_PER_CHAPTER):
        entries.append(
            f"  - id: r{index}\n    type: {random.choice(('book', 'report', 'webpage'))}\n"
            f"    title: {prose.title()}, part {index + 1}\n"
            f"    author: [{{family: {prose.noun().split()[-1].title()}, given: A. B.}}]\n"
            f"    publisher: The {prose.noun().title()} Press\n"
            f"    issued: {{date-parts: [[{random.randint(1950, 2019)}]]}}"
        )
    return "\n".join(entries) + "\n"
