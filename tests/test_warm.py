"""Warm equals cold: after any edits the bytes are those of a build that remembers nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from random import Random
from typing import Any

import pytest
from rich.console import Console

from concordant import cache
from concordant.editions.edition import Format
from concordant.editions.press import stretches
from concordant.editions.typefaces.fonts import cut_face
from concordant.editions.typefaces.woff2 import to_woff2
from concordant.editions.workers import local_workers
from concordant.pipeline import build
from concordant.problem import ProblemsFound
from concordant.progress import Progress
from concordant.unchanged import hashes_of
from tests.editing import Files, edit, first_draft, write

pytestmark = pytest.mark.slow
EDITS = (2, 4)  # fewest and most in one sequence
COLD = """
import sys
from pathlib import Path
from tests.test_warm import made
print(*made(Path(sys.argv[1]), None), sep="\\n")
"""


def many(seeds: range) -> list[Any]:
    """Return seeds for a test that takes many minutes with all of them."""
    return [pytest.param(seed, marks=pytest.mark.sequences) for seed in seeds]


@pytest.fixture(scope="module")
def workers() -> Iterator[Executor]:
    """Workers that live on from one build to the next, as they do while an author writes."""
    with local_workers() as executor:
        yield executor


@pytest.fixture
def short_stretches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a reference list of a few entries be long already."""
    monkeypatch.setattr(stretches, "_LONG", 1)
    monkeypatch.setattr(stretches, "_LEAST", 1)


def made(root: Path, executor: Executor | None) -> list[str]:
    """Build a document; return the hash of each file, or what was wrong."""
    try:
        built = build(
            root, Format, Progress(Console(file=StringIO())), proven=False, executor=executor
        )
    except ProblemsFound as found:
        return sorted(map(str, found.problems))
    warnings = sorted(map(str, built.warnings))
    return [*warnings, *map(str, sorted(hashes_of(root / "build", built.files).items()))]


def made_cold(files: Files, root: Path) -> list[str]:
    """Build the files in a new folder and a new process, without a cache."""
    write(files, root)
    done = subprocess.run(
        [sys.executable, "-c", COLD, str(root)],
        env={**os.environ, cache.PLACE: "off"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def made_anew(files: Files, root: Path, executor: Executor) -> list[str]:
    """Build the files in a new folder, in this process, without a cache: as good, and sooner done."""
    write(files, root)
    cut_face.cache_clear()
    to_woff2.cache_clear()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(cache.PLACE, "off")
        return made(root, executor)


def edited_by(seed: int, folder: Path, executor: Executor) -> tuple[Files, list[str]]:
    """Return a document after random edits, and what the builds that followed each made of it at last."""
    random = Random(seed)
    states = [first_draft()]
    for _ in range(random.randint(*EDITS)):
        before = random.choice(states) if random.random() < 0.15 else states[-1]  # taken back
        states.append(edit(before, random))
        write(states[-1], folder)
        last = made(folder, executor)
    return states[-1], last


@pytest.mark.parametrize("seed", range(3))
def test_warm_equals_cold(seed: int, tmp_path: Path, workers: Executor) -> None:
    files, warm = edited_by(seed, tmp_path / "warm", workers)
    assert warm == made_cold(files, tmp_path / "cold")


@pytest.mark.parametrize("seed", [3, 4, 5, *many(range(300, 360))])
def test_warm_equals_cold_in_stretches(
    seed: int, tmp_path: Path, workers: Executor, short_stretches: None
) -> None:
    files, warm = edited_by(seed, tmp_path / "warm", workers)
    assert warm == made_anew(files, tmp_path / "cold", workers)


@pytest.mark.parametrize("seed", many(range(100, 300)))
def test_warm_equals_cold_many_times(seed: int, tmp_path: Path, workers: Executor) -> None:
    files, warm = edited_by(seed, tmp_path / "warm", workers)
    assert warm == made_anew(files, tmp_path / "cold", workers)


def changing(name: str, old: str, new: str) -> Callable[[Files], Files]:
    def change(files: Files) -> Files:
        assert old in files[name]
        return {**files, name: files[name].replace(old, new)}

    return change


@pytest.mark.parametrize(
    ("function", "position", "change"),
    [
        ("_read", 1, changing("source/1.md", "First", "Other")),
        ("_resolved", 0, changing("source/1.md", "@one; @two", "@four; @two")),
        ("_resolved", 1, changing("source/references.yaml", "The one book", "The first book")),
        ("_write", 0, changing("source/1.md", "First", "Other")),
        ("_write", 1, changing("source/1.md", "A note", "Another note")),
        ("print_part", 0, changing("source/1.md", "First", "Other")),
        ("print_part", 1, changing("styles/common.css", "}", "} p { letter-spacing: .1em }")),
        ("survey", 0, changing("source/1.md", "First", "Other *words* and")),
        ("place", 0, changing("source/1.md", "First", "Other")),
        ("take_layer", 0, changing("source/1.md", "First", "Word " * 2000)),
        ("take_front", 1, changing("source/1.md", "First", "Other")),
        ("print_numbering", 0, changing("source/1.md", "First", "Word " * 2000)),
        ("_filled", 1, changing("source/1.md", "First", "Other")),
        ("_citing", 0, changing("source/references.yaml", "The one book", "The first book")),
        ("_citing", 2, changing("source/1.md", "First", "Word " * 2000)),
        ("_filled", 2, changing("source/figures/p.svg", "</svg>", '<path d="M0 0h9"/></svg>')),
        ("draw", 0, changing("source/metadata.yaml", "A small", "A tall")),
        ("_cut", 3, changing("source/1.md", "First", "Ω")),
        ("_entries", 1, changing("source/references.yaml", "id: one", "id: eins")),
        ("_marked", 0, changing("source/1.md", "First", "Other")),
        ("_marked", 1, changing("source/1.md", "First", "Word " * 2000)),
        ("_placed", 0, changing("source/1.md", "A note", "Another note")),
        ("_placed", 1, changing("source/figures/p.svg", "</svg>", "<g/></svg>")),
        ("chapter_text", 0, changing("source/1.md", "First", "Other")),
        ("chapter_text", 1, changing("source/1.md", "A note", "Another note")),
        ("chapter_text", 3, changing("source/figures/p.svg", "</svg>", "<g/></svg>")),
        ("_finished", 0, changing("source/1.md", "First", "Other")),
        ("_finished", 1, changing("source/1.md", "See @sec:b.", "See @sec:b.\n\n# Zwischen {-}")),
        ("_may_move", 0, changing("source/figures/p.svg", "</svg>", "<animate/></svg>")),
    ],
)
def test_a_key_that_forgets_an_input_is_noticed(
    function: str,
    position: int,
    change: Callable[[Files], Files],
    tmp_path: Path,
    workers: Executor,
) -> None:
    draft, changed = first_draft(), change(first_draft())
    write(draft, tmp_path / "warm")
    cold = made_anew(changed, tmp_path / "cold", workers)
    with forgetting(function, position):
        made_or_refused(tmp_path / "warm", workers)
        write(changed, tmp_path / "warm")
        assert made_or_refused(tmp_path / "warm", workers) != cold


def made_or_refused(root: Path, executor: Executor) -> list[str]:
    """Build with a key that forgets: what does not belong together may be refused."""
    try:
        return made(root, executor)
    except (LookupError, ValueError) as error:
        return [str(error)]


@contextmanager
def forgetting(function: str, position: int) -> Iterator[None]:
    """Leave one input of one function out of its key."""
    real = cache.key_of
    cut_face.cache_clear()  # which would remember by itself, for as long as the process lives

    def key_of(*about: object) -> str:
        match about:
            case (module, name, tuple(inputs)) if name == function:
                return real(module, name, inputs[:position] + inputs[position + 1 :])
        return real(*about)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cache, "key_of", key_of)
        yield
