"""Pictures: the files that figures show, read once, and drawn first where a template stands for them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from concordant.assembled.lint import picture_path, template_of
from concordant.problem import Problem, ProblemsFound
from concordant.sources.drawings import draw
from concordant.sources.project import Project
from concordant.sources.tokens import load_tokens
from concordant.sources.typeface import Typeface

MEDIA_TYPES = {
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".webp": "image/webp",
}
