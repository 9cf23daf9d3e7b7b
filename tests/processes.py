"""Programs that run in a process of their own, with temporary files of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


def among(folder: Path) -> dict[str, str]:
    """Return surroundings in which the system's temporary files are in a folder."""
    return {**os.environ, "TMPDIR": str(folder)}


def output_of(code: str, temporary: Path | None = None) -> str:
    """Run a program, which must succeed, with temporary files in a folder if one is given; return what it prints."""
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=among(temporary) if temporary else None,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
