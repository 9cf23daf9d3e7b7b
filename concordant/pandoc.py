"""The one module that talks to pandoc, the program that pypandoc brings.

Every call runs pandoc in its sandbox, so that no source can make it read other files or the network, and
reads pandoc's own log, because its exit status is 0 on most real problems. pypandoc's own calls would start
three processes instead of one: each asks first which formats there are.
"""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pypandoc

from concordant.isolation import isolate
from concordant.problem import CannotRun
from concordant.tree import Node

isolate()
MARKDOWN = "markdown+table_attributes-raw_tex"
_API_VERSION = [1, 23, 1]
# pandoc takes 64 MB at once; for one section, asking the system for less takes a quarter less time.
_MEMORY = ("+RTS", "-H24m", "-RTS")


@dataclass(frozen=True, slots=True)
class Parsed:
    """A tree, and what pandoc had to say about it."""

    blocks: list[Node]
    warnings: tuple[str, ...]


def version() -> str:
    """Return pandoc's version."""
    return str(pypandoc.get_pandoc_version())


def read_markdown(text: str) -> Parsed:
    """Parse one section of Markdown into blocks."""
    output, warnings = _convert(text, "json", MARKDOWN)
    return Parsed(json.loads(output)["blocks"], warnings)


def resolve_citations(
    blocks: list[Node], *, bibliography: Sequence[tuple[str, bytes]], style: bytes, lang: str
) -> Parsed:
    """Run citeproc (CSL 1.0.2) over blocks; the result ends with the Div `refs`.

    `bibliography` has the files' names and contents, `style` is that of a CSL style.
    """
    meta: dict[str, Node] = {
        "lang": {"t": "MetaString", "c": lang},
        "link-citations": {"t": "MetaBool", "c": True},
        "link-bibliography": {"t": "MetaBool", "c": False},
    }
    files = {f"{turn}-{name}": text for turn, (name, text) in enumerate(bibliography)}
    options = ["--citeproc", "--csl={folder}/style.csl"]
    options += [f"--bibliography={{folder}}/{name}" for name in files]
    output, warnings = _convert(
        _document(blocks, meta), "json", "json", options, {**files, "style.csl": style}
    )
    return Parsed(json.loads(output)["blocks"], warnings)


def read_bibliography(text: str, *, form: str) -> list[dict[str, Any]]:
    """Return the entries of a bibliography (`bibtex`, `biblatex` or `csljson`) as CSL-JSON items."""
    output, _ = _convert(text, "csljson", form)
    items: list[dict[str, Any]] = json.loads(output)
    return items


def write_html(blocks: list[Node], *, lang: str) -> str:
    """Write blocks as an HTML5 fragment that is also well-formed XML, with formulas as MathML."""
    options = ["--mathml", "--section-divs", "--wrap=none", "--syntax-highlighting=none"]
    meta = {"lang": {"t": "MetaString", "c": lang}}
    output, _ = _convert(_document(blocks, meta), "html5", "json", options)
    return output


def _document(blocks: list[Node], meta: dict[str, Node]) -> str:
    return json.dumps({"pandoc-api-version": _API_VERSION, "meta": meta, "blocks": blocks})


def _convert(
    text: str,
    to: str,
    form: str,
    options: Sequence[str] = (),
    files: Mapping[str, bytes] | None = None,
) -> tuple[str, tuple[str, ...]]:
    """Run pandoc; `{folder}` in an option stands for the folder into which the files, by name, are written."""
    with tempfile.TemporaryDirectory(prefix="concordant-") as folder:
        for name, content in (files or {}).items():
            (Path(folder) / name).write_bytes(content)
        given = [each.replace("{folder}", folder) for each in options]
        log = Path(folder) / "log.json"
        # A data folder without data: the user's own could hold abbreviations, templates, translations.
        private = ["--sandbox", f"--log={log}", f"--data-dir={folder}"]
        program = (pypandoc.get_pandoc_path(), *_MEMORY)
        command = [*program, f"--from={form}", f"--to={to}", *private, *given]
        try:
            done = subprocess.run(command, input=text.encode(), capture_output=True, check=False)
        except OSError as error:
            raise CannotRun(f"pandoc cannot be started: {error}") from error
        if done.returncode:
            raise CannotRun(f"pandoc failed: {done.stderr.decode(errors='replace').strip()}")
        return done.stdout.decode(), _warnings(log)


def _warnings(log: Path) -> tuple[str, ...]:
    entries = json.loads(log.read_text("utf-8")) if log.exists() else []
    return tuple(
        str(entry.get("pretty", entry.get("type", "")))
        for entry in entries
        if entry.get("verbosity") in {"WARNING", "ERROR"}
    )
