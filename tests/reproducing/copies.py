"""Copies of the project with a small document, in which a test may break something."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.documents import METADATA, REFERENCES, ROOT

PARTS = ("concordant", "styles", "tasks.py", "environments/layout-stack.yaml")
SECTION = (
    "# Eins – 一 {#sec:one}\n\nThe “first” of the files\\ [@one; @two].^[A note.] See [@sec:two].\n"
)
# Bold code, of which there is no face: other fonts of the family would be taken, if they were seen.
OTHER = (
    "# Zwei {#sec:two}\n\nÜber alles, **`bold code`** and office affairs $x^2$. See [@sec:one].\n"
)


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy's folder."""

    root: Path

    def break_(self, file: str, right: str, wrong: str) -> None:
        """Replace one line's words in the program; they have to be there."""
        path = self.root / file
        text = path.read_text("utf-8")
        assert text.count(right) == 1, (file, right, text.count(right))
        path.write_text(text.replace(right, wrong), "utf-8")

    def invoke(
        self, *arguments: str, env: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run one of the copy's own tasks with the copy's own package."""
        command = [sys.executable, "-P", "-m", "invoke", f"--search-root={self.root}", *arguments]
        kept = {key: value for key, value in os.environ.items() if key != "SOURCE_DATE_EPOCH"}
        return subprocess.run(
            command,
            cwd=self.root,
            env={**kept, "PYTHONPATH": str(self.root), "COLUMNS": "200", **(env or {})},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )

    def git(self, *arguments: str, date: str = "2021-03-04T05:06:07Z") -> str:
        """Run git in the copy, as nobody in particular and at a given date."""
        who = {
            f"GIT_{role}_{part}": "test"
            for role in ("AUTHOR", "COMMITTER")
            for part in ("NAME", "EMAIL")
        }
        when = {"GIT_AUTHOR_DATE": date, "GIT_COMMITTER_DATE": date}
        command = ["git", "-C", str(self.root), *arguments]
        env = {**os.environ, **who, **when}
        done = subprocess.run(command, capture_output=True, encoding="utf-8", check=True, env=env)
        return done.stdout.strip()

    def commit(self, date: str = "2021-03-04T05:06:07Z") -> str:
        """Commit everything; return the commit's name."""
        if not (self.root / ".git").exists():
            self.git("init", "--quiet", "--initial-branch=main")
            (self.root / ".gitignore").write_text("/build/\n__pycache__/\n", "utf-8")
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message=Changes", date=date)
        return self.git("rev-parse", "HEAD")


def copy_project(root: Path) -> Copy:
    """Copy the program and the styles into `root`, with a small document of two sections."""
    for name in PARTS:
        target = root / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, target)
    contents = {
        "1.md": SECTION,
        "2.md": OTHER,
        "metadata.yaml": METADATA + 'version: "1"\n',
        "references.yaml": REFERENCES,
    }
    (root / "source").mkdir()
    for name, text in contents.items():
        (root / "source" / name).write_text(text, "utf-8")
    return Copy(root)
