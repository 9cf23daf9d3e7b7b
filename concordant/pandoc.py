"""The one module that talks to pandoc, the program that pypandoc brings.

Sources are read in pandoc's sandbox, so that none can make it read other files or the network. What pandoc logs is
read, because its exit status is 0 on most real problems. pypandoc's own calls would start
three processes instead of one: each asks first which formats there are.

Sections are many and small, and a pandoc that is warm takes half the time for one. So they go to processes that run
`pandoc.lua` and answer one request after another.
"""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from concordant.cache import recalled
from concordant.isolation import isolate
from concordant.later import deferred
from concordant.problem import CannotRun
from concordant.tree import Node

isolate()
Work = TypeVar("Work")
Result = TypeVar("Result")
_find = deferred("pypandoc", "get_pandoc_path")
MARKDOWN = "markdown+table_attributes"
_API_VERSION = [1, 23, 1]
_PATIENCE = 5  # seconds for a process that has closed its pipe to end
_AT_ONCE = (os.cpu_count() or 1) + 1  # while pandoc works on one section, we do on another
_SCRIPT = Path(__file__).with_suffix(".lua")
_NURSERY = ("+RTS", "-A64m", "-RTS")  # citeproc makes much that is soon thrown away


@dataclass(frozen=True, slots=True)
class Parsed:
    """A tree, and what pandoc had to say about it; `metadata` has the keys of what a text says of itself."""

    blocks: list[Node]
    warnings: tuple[str, ...]
    metadata: tuple[str, ...] = ()


class Failed(CannotRun):
    """pandoc runs, and makes nothing of what it has been given."""


@cache
def version() -> str:
    """Return pandoc's version."""
    return _run([_program(), "--version"]).split()[1]


def read_markdown(text: str) -> Parsed:
    """Parse one section of Markdown into blocks."""
    output, warnings = _ask("json", MARKDOWN, text)
    document = json.loads(output)
    return Parsed(document["blocks"], warnings, tuple(document["meta"]))


def resolve_citations(
    blocks: list[Node], *, bibliography: Sequence[tuple[str, bytes]], style: bytes, lang: str
) -> Parsed:
    """Run citeproc (CSL 1.0.2) over blocks; the result ends with the Div `refs`.

    `bibliography` has the files' names and contents, `style` is that of a CSL style.
    """
    meta: dict[str, Node] = {
        "lang": {"t": "MetaString", "c": lang},
        "link-citations": {"t": "MetaBool", "c": True},
        "link-bibliography": {"t": "MetaBool", "c": True},
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
    meta = {"lang": {"t": "MetaString", "c": lang}}
    return _ask("html5", "json", _document(blocks, meta))[0]


def several(
    function: Callable[[Work], Result],
    works: Iterable[Work],
    known: Callable[[Work], tuple[Result] | None] = lambda _: None,
) -> list[Result]:
    """Return for each work what is `known` of it (in a tuple), or else `function(work)`, several at a time.

    Of the pandocs that they have called one stays for who comes next. The last is begun first: the reference list, which takes
    longest. What is known is looked up in this thread: several would wait for each other.
    """
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        try:
            begun = [known(each) or pool.submit(function, each) for each in reversed([*works])]
            results = [e[0] if isinstance(e, tuple) else e.result() for e in begun]
            return results[::-1]
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
        finally:
            end_idle(but=1)


def several_remembered(
    function: Callable[..., Result], inputs: Iterable[tuple[Any, ...]]
) -> list[Result]:
    """Return what a function that is `remembered` gives for each of these inputs, as `several` does."""
    return several(lambda each: function(*each), inputs, lambda each: recalled(function, *each))


def start_ahead() -> None:
    """Start a process now that will be asked soon; where none can be started, whoever asks is told."""
    with suppress(CannotRun):
        _idle.append(_Pandoc())


class _Pandoc:
    """A process that runs our script."""

    def __init__(self) -> None:
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 - as long as the process
        command = [_program(), "lua", "-E", str(_SCRIPT)]
        try:
            self._process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._log
            )
        except OSError as error:
            raise CannotRun(f"pandoc cannot be started: {error}") from error

    def ask(self, to: str, form: str, text: str) -> tuple[str, list[dict[str, Any]]]:
        """Have a text converted; return the output and pandoc's messages."""
        data, given, answers = text.encode(), self._process.stdin, self._process.stdout
        assert given
        assert answers
        try:
            given.write(b"%b %b %d\n%b" % (to.encode(), form.encode(), len(data), data))
            given.flush()
            good, *lengths = answers.readline().split()
            said, output = (answers.read(int(each)) for each in lengths)
        except (OSError, ValueError) as error:
            self._process.wait(_PATIENCE)
            self._log.seek(0)
            why = self._log.read().decode(errors="replace").strip()
            raise CannotRun(f"pandoc has ended: {why}") from error
        if good != b"true":
            raise Failed(f"pandoc failed: {json.loads(said)}")
        return output.decode(), json.loads(said)

    def end(self) -> None:
        """Let the process end, which then takes away the file that it keeps among the temporary ones."""
        try:
            self._process.communicate(timeout=_PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.communicate()


_idle: list[_Pandoc] = []


def _ask(to: str, form: str, text: str) -> tuple[str, tuple[str, ...]]:
    """Return what a process makes of a text, and its warnings in the order in which its log has them."""
    try:
        process = _idle.pop()
    except IndexError:
        process = _Pandoc()
    try:
        output, messages = process.ask(to, form, text)
    except BaseException:
        process.end()
        raise
    _idle.append(process)
    return output, _warnings(reversed(messages))


@atexit.register
def end_idle(*, but: int = 0) -> None:
    """End the processes that nobody asks, but for so many."""
    while len(_idle) > but:
        _idle.pop().end()


def _document(blocks: list[Node], meta: dict[str, Node]) -> str:
    return json.dumps({"pandoc-api-version": _API_VERSION, "meta": meta, "blocks": blocks})


def _program() -> str:
    """Return the program's path: that of pypandoc's, which `isolate` has named, or of one that it finds."""
    return os.environ.get("PYPANDOC_PANDOC") or str(_find())


def _run(command: Sequence[str], text: str = "") -> str:
    try:
        done = subprocess.run(command, input=text.encode(), capture_output=True, check=False)
    except OSError as error:
        raise CannotRun(f"pandoc cannot be started: {error}") from error
    if done.returncode:
        raise Failed(f"pandoc failed: {done.stderr.decode(errors='replace').strip()}")
    return done.stdout.decode()


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
        command = [_program(), *_NURSERY, f"--from={form}", f"--to={to}", *private, *given]
        output = _run(command, text)
        entries = json.loads(log.read_text("utf-8")) if log.exists() else []
        return output, _warnings(entries)


def _warnings(entries: Iterable[dict[str, Any]]) -> tuple[str, ...]:
    return tuple(
        str(entry.get("pretty", entry.get("type", "")))
        for entry in entries
        if entry.get("verbosity") in {"WARNING", "ERROR"}
    )
