"""Fixtures that several modules share."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from concordant.editions.edition import Format
from concordant.pipeline import build
from concordant.progress import Progress
from tests.documents import ROOT


@pytest.fixture(scope="session")
def report(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The real document, built in a folder of its own."""
    root = tmp_path_factory.mktemp("report")
    for name in ("source", "styles"):
        (root / name).symlink_to(ROOT / name)
    build(root, Format, Progress(Console(file=StringIO())))
    return {path.suffix[1:]: path for path in (root / "build").iterdir()}
