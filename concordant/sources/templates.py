"""Templates that fail: what is wrong, and in which line, as their author wrote it."""

from __future__ import annotations

import traceback
from pathlib import Path

from jinja2 import TemplateError, TemplateNotFound, TemplateSyntaxError

from concordant.problem import Place, relative_place


def place_in(error: Exception, template: Path, root: Path) -> Place:
    """Return the template's line where the error arose: Jinja writes it into the traceback."""
    if isinstance(error, TemplateSyntaxError):
        return relative_place(Path(error.filename or template), root, error.lineno)
    frames = traceback.extract_tb(error.__traceback__)
    lines = [
        (Path(frame.filename), frame.lineno or 0)
        for frame in frames
        if Path(frame.filename).parent == template.parent
    ]
    file, line = lines[-1] if lines else (template, 0)
    return relative_place(file, root, line)


def reason_of(error: Exception) -> str:
    """Return what a template's error says."""
    if isinstance(error, TemplateNotFound):
        return f'there is no template "{error.name}"'
    if isinstance(error, TemplateError):
        return error.message or type(error).__name__
    return f"{type(error).__name__}: {error}"
