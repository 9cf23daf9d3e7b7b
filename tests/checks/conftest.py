"""The hand-made publication and the report, each written once for all tests of the checker."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from concordant.checks.model import Edition
from concordant.editions.edition import Format
from concordant.pipeline import build
from concordant.progress import Progress
from tests.checks.material import write_editions
from tests.checks.mutations.suite import Bench

ROOT = Path(__file__).resolve().parents[2]
_SUFFIXES = {
    ".pdf": Edition.PDF,
    ".epub": Edition.EPUB,
    ".html": Edition.HTML,
    ".json": Edition.LEDGER,
}


@pytest.fixture(scope="session")
def harbour(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The hand-made publication: its files by format, with a ledger by hand."""
    return write_editions(tmp_path_factory.mktemp("harbour"))


@pytest.fixture(scope="session")
def harbour_bench(harbour: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Bench:
    """The hand-made publication, read once, for mutants."""
    return Bench(_by_edition(harbour.values()), tmp_path_factory.mktemp("mutants"))


@pytest.fixture(scope="session")
def report_files(tmp_path_factory: pytest.TempPathFactory) -> dict[Edition, Path]:
    """The real document, built in a folder of its own."""
    root = tmp_path_factory.mktemp("report")
    for name in ("source", "styles"):
        (root / name).symlink_to(ROOT / name)
    build(root, Format, Progress(Console(file=StringIO())))
    return _by_edition((root / "build").iterdir())


def _by_edition(paths: object) -> dict[Edition, Path]:
    return {_SUFFIXES[path.suffix]: path for path in paths if path.suffix in _SUFFIXES}  # type: ignore[attr-defined]
