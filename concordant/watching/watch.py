"""Watch: after each save first the page, made without the pages of print; then all editions, behind it."""

from __future__ import annotations

import gc
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from io import StringIO
from pathlib import Path
from threading import Event, Lock, Thread

from rich.console import Console
from watchfiles import watch as saves

from concordant.cache import remembering, store_for
from concordant.commands import elsewhere, note
from concordant.editions.edition import Format
from concordant.editions.fragments import Fragment
from concordant.editions.reading import make_html
from concordant.editions.workers import local_workers
from concordant.pipeline import BUILD, Disagreement, build
from concordant.problem import CannotRun, ConcordantError, ProblemsFound
from concordant.progress import Progress
from concordant.publishing import Published, publish
from concordant.report import in_order, tell_problems
from concordant.sources.project import SOURCE, STYLES
from concordant.unchanged import causes
from concordant.watching.place import edited
from concordant.watching.server import Board, serving

PAGE = "document.html"
_SETTLED = 30  # ms without another change, after which a save is over
_LONGEST = 200  # ms that one save may take
_GLANCE = 200  # ms between looks whether to end


def watch(
    root: Path,
    console: Console,
    *,
    port: int = 0,
    show: Callable[[str], object] | None = None,
    end: Event | None = None,
) -> None:
    """Build the document in `root` after each save, and serve its page, until `end` is set or Ctrl-C.

    `show` is given the page's address.

    Raises:
        CannotRun: the folder has no document, or the port is taken.
    """
    folders = [root / name for name in (SOURCE, STYLES)]
    if missing := [each.name for each in folders if not each.is_dir()]:
        raise CannotRun(f"there is no folder {missing[0]}/ in {root}")
    board = Board()
    with remembering(store_for(root)), local_workers() as executor:
        desk = Desk(root, console, board, executor)
        with desk.following(), serving(board, desk.find, port) as address:
            console.print(f"The page is at {address} (Ctrl-C ends)", highlight=False)
            if show:
                show(address)
            begun = False
            for changes in saves(
                *folders,
                step=_SETTLED,
                debounce=_LONGEST,
                rust_timeout=_GLANCE,
                yield_on_timeout=True,
                stop_event=end,
                raise_interrupt=False,
            ):
                if changes or not begun:  # the first look comes when saves are already heard of
                    desk.refresh(sorted({_name(path, root) for _, path in changes}))
                    begun = True


@dataclass(frozen=True, slots=True)
class Draft:
    """What was published for the page, and what decides it: the key of the causes before."""

    causes: str
    published: Published


class Desk:
    """What lies on the author's desk: the page as of the last save, and the editions that follow it."""

    def __init__(self, root: Path, console: Console, board: Board, executor: Executor) -> None:
        self._root, self._console, self._board, self._executor = root, console, board, executor
        self._fragments: tuple[Fragment, ...] = ()
        self._draft: Draft | None = None
        self._page = b""
        self._saves = 0
        self._lock = Lock()
        self._saved, self._ended = Event(), Event()

    def find(self, name: str) -> bytes | None:
        """Return what the page shows, by name; of the editions, those in `build/`."""
        if name == PAGE:
            return self._page
        path = self._root / BUILD / name
        made = path.suffix in {f".{form}" for form in Format}
        return path.read_bytes() if made and "/" not in name and path.is_file() else None

    def refresh(self, names: Iterable[str] = ()) -> None:
        """Make the page again, show it where it was edited, and have the editions follow."""
        start = time.perf_counter()
        with self._lock:
            self._saves += 1
        try:
            draft = Draft(causes(self._root), publish(self._root, _silence()))
            publication, _ = draft.published
            page = make_html(publication).data
        except Exception as error:  # whatever the text does to us, the next save gets its turn
            self._complain(error)
            return
        place = edited(self._fragments, publication.fragments) if self._fragments else ""
        with self._lock:
            self._fragments, self._page, self._draft = publication.fragments, page, draft
            state = replace(
                self._board.state, place=place, problems=(), doing="PDF and EPUB follow"
            )
            self._board.put(replace(state, turn=state.turn + 1))
        self._tell(f"{' '.join(names)} page {_since(start)}".strip())
        self._saved.set()

    @contextmanager
    def following(self) -> Iterator[None]:
        """Make the editions in a thread while the block runs."""
        thread = Thread(target=self._follow)
        thread.start()
        try:
            yield
        finally:
            self._ended.set()
            self._saved.set()
            thread.join()

    def _follow(self) -> None:
        while not self._ended.is_set():
            self._saved.wait()
            self._saved.clear()
            if not self._ended.is_set():
                self._make(self._saves)
                gc.collect()

    def _make(self, save: int) -> None:
        start, before = time.perf_counter(), causes(self._root)
        try:
            built = build(self.document(before), Format, _silence(), executor=self._executor)
        except Exception as error:
            if save == self._saves:  # else what was wrong is being written over
                self._complain(error)
            return
        note(self._root, built, before)
        with self._lock:
            if save != self._saves:
                return
            name = next(each.name for each in built.editions if each.form is Format.HTML)
            self._page = (self._root / BUILD / name).read_bytes()
            self._board.put(replace(self._board.state, doing="all editions agree"))
        tell_problems(built.warnings, self._console)
        self._tell(f"all editions {_since(start)}; they agree")

    def document(self, now: str) -> Path | Published:
        """Return the document as it was published for the page, if it is still so; else its folder."""
        draft = self._draft
        if draft is None or draft.causes != now or elsewhere(draft.published[0].project):
            return self._root
        return draft.published

    def _complain(self, error: Exception) -> None:
        """Tell what is wrong, on the terminal and in the page, which keeps showing the last good text."""
        if isinstance(error, ProblemsFound):
            lines = [str(each) for each in in_order(error.problems)]
            tell_problems(error.problems, self._console)
        elif isinstance(error, Disagreement):
            lines = [finding.message for finding in error.verdict.findings]
            tell_problems(error.warnings, self._console)
            self._tell("the editions do not agree; the last good ones are untouched")
        else:
            lines = [str(error) or type(error).__name__]
            self._tell(f"error: {lines[0]}")
            if not isinstance(error, ConcordantError):
                self._console.print("".join(traceback.format_exception(error)), markup=False)
        with self._lock:
            self._board.put(replace(self._board.state, problems=tuple(lines), doing=""))

    def _tell(self, line: str) -> None:
        self._console.print(f"{time.strftime('%H:%M:%S')} {line}", markup=False, highlight=False)


def _silence() -> Progress:
    return Progress(Console(file=StringIO()))


def _since(start: float) -> str:
    return f"{time.perf_counter() - start:.2f} s"


def _name(path: str, root: Path) -> str:
    real = Path(path)
    return real.relative_to(root).as_posix() if real.is_relative_to(root) else real.name
