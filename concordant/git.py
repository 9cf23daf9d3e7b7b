"""The one module that asks git; a machine without it, or a folder without history, gets no answer."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

# Neither another owner of the checkout (a container's root, say) nor the user's settings may change what
# git answers. Only questions are asked for which git starts no program that the repository could name.
_SETTINGS = (
    "-c",
    "safe.directory=*",
    "-c",
    "log.showSignature=false",
    "-c",
    "core.quotePath=false",
)


def is_here() -> bool:
    """Tell whether there is a git to be asked."""
    return shutil.which("git") is not None


def ask(root: Path, *arguments: str) -> str:
    """Return what git prints, without white space around it; nothing where git or a repository is missing."""
    git = shutil.which("git")
    if git is None:
        return ""
    # Set by git in its hooks, such variables lead away from the folder that is meant.
    environment = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    done = subprocess.run(
        [git, *_SETTINGS, "-C", str(root), *arguments],
        capture_output=True,
        encoding="utf-8",
        check=False,
        env=environment,
    )
    return done.stdout.strip() if done.returncode == 0 else ""
