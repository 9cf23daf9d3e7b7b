"""Templates: kept as what Jinja compiles them to; of those that fail, what is wrong, and in which line, as their author wrote it."""

from __future__ import annotations

import traceback
from pathlib import Path

from jinja2 import BytecodeCache, TemplateError, TemplateNotFound, TemplateSyntaxError
from jinja2.bccache import Bucket

from concordant.cache import Kept, key_of
from concordant.problem import Place, relative_place


class Compiled(BytecodeCache):
    """Keeps compiled templates in a memory; Jinja compares what they were compiled from."""

    def __init__(self, memory: Kept) -> None:
        self._memory = memory

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        """Return a template's key; Jinja's own is for paths in UTF-8 alone."""
        return key_of(name, filename)

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill a bucket, if its template is known."""
        if known := self._memory.look_up(bucket.key.encode()):
            bucket.bytecode_from_string(known[0])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what a bucket holds."""
        self._memory.keep(bucket.key.encode(), bucket.bytecode_to_string())


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
