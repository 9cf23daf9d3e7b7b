"""Cache: results of pure functions, kept under a hash of all that they depend on.

A key covers the function, its inputs, our own code and every installed package's version, so an entry never
has to be thrown away because it is out of date: what has changed has another key. An entry that is damaged, or
stands under another key, counts as missing. Several processes may use one place at once.

Inputs and results are plain data (what `marshal` writes: texts, bytes, numbers, tuples, lists, dicts), or
dataclasses whose fields are; such data cannot bring code along. Who can write into a shared cache can still change
editions: share it with those whom you trust.
"""

from __future__ import annotations

import contextlib
import hashlib
import marshal
import os
import platform
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from dataclasses import dataclass, fields, is_dataclass
from functools import cache, wraps
from pathlib import Path
from typing import Any, ParamSpec, Protocol, TypeVar, get_type_hints

from concordant.problem import CannotRun
from concordant.reproducing.native import native_versions

PLACE = "CONCORDANT_CACHE"  # the variable: a folder, a URL that fsspec knows, or "off"
OWN = ".concordant"  # the project's hidden folder, which git ignores
BOUND = 2_000_000_000  # bytes: a book of 5,600 pages takes some 1.4 GB
Inputs = ParamSpec("Inputs")
Value = TypeVar("Value")
_AT_HAND = 8000  # results, of some 20 kB each: a book of 1,400 pages takes 1,500
_DIGEST = 32  # bytes at an entry's head: the hash of its key and of the rest
_KEPT = 0.8  # of the bound: what a clean-up leaves
_NEW = ".new-"  # begins the names of unfinished entries
_ABANDONED = 3600.0  # seconds after which an unfinished entry belongs to nobody
_TRIMMED = ".trimmed"  # the file whose time is that of the last clean-up
_REST = 300.0  # seconds between clean-ups: to look at all entries takes long
_ATOMS = {str, bytes, int, float, bool, type(None)}
_COMPARABLE = 2  # the format of marshal in which equal values are equal bytes


class Store(Protocol):
    """Where entries are kept; it may forget any of them."""

    def read(self, key: str) -> bytes | None:
        """Return what was written under the key, or None."""

    def write(self, key: str, data: bytes) -> None:
        """Keep data; where it cannot be kept, do nothing."""

    def trim(self) -> None:
        """Give back room, if the entries take too much of it."""


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder of entries that together take at most `bound` bytes; the longest unused go first."""

    path: Path
    bound: int = BOUND

    def read(self, key: str) -> bytes | None:
        """Return an entry, and note that it was used."""
        path = self._path(key)
        try:
            with open(path, "rb", 0) as file:  # noqa: PTH123
                data = file.read()
            os.utime(path)  # file systems need not keep the time of reading
        except OSError:
            return None
        return data

    def write(self, key: str, data: bytes) -> None:
        """Write an entry beside its place, then move it there, so that nobody reads half of it."""
        path = Path(self._path(key))
        with contextlib.suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(prefix=_NEW, dir=path.parent)
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            Path(name).replace(path)

    def trim(self) -> None:
        """Delete the longest unused entries, if all take more than the bound, and what a killed process left.

        Where that was done in the last minutes, by whomever, do nothing.
        """
        if self._was_trimmed():
            return
        entries = sorted(self._entries())
        total = sum(size for _, size, *_ in entries)
        goal = self.bound * _KEPT if total > self.bound else self.bound
        now = time.time()
        for used, size, path, unfinished in entries:
            if total > goal or (unfinished and now - used > _ABANDONED):
                with contextlib.suppress(OSError):
                    Path(path).unlink()
                total -= size

    def _was_trimmed(self) -> bool:
        """Tell whether the folder was looked through in the last minutes; if not, say that it is now."""
        note = self.path / _TRIMMED
        with contextlib.suppress(OSError):
            if 0 <= time.time() - note.stat().st_mtime < _REST:
                return True
        with contextlib.suppress(OSError):
            note.touch()
        return False

    def _entries(self) -> Iterator[tuple[float, int, str, bool]]:
        """Yield when each entry was used, its size and its path, and whether it is unfinished."""
        for folder in _listed(self.path):
            for each in _listed(folder):
                with contextlib.suppress(OSError):  # another process has just deleted it
                    status = each.stat()
                    yield (status.st_mtime, status.st_size, each.path, each.name.startswith(_NEW))

    def _path(self, key: str) -> str:
        """Return where an entry lies, as text: thousands are read, and a `Path` takes as long to make as to read from."""
        return f"{self.path}/{key[:2]}/{key[2:]}"


def _listed(folder: os.PathLike[str]) -> Iterator[os.DirEntry[str]]:
    """Yield what a folder holds: there may be tens of thousands of entries, for which paths would take long."""
    with contextlib.suppress(OSError), os.scandir(folder) as found:
        yield from found


@dataclass(frozen=True, slots=True)
class Remote:
    """A place that fsspec reaches, such as `s3://bucket/cache`; whoever runs it keeps its size in bounds."""

    files: Any

    def read(self, key: str) -> bytes | None:
        """Return an entry; a place that cannot be reached has none."""
        try:
            data: bytes = self.files[key]
        except Exception:  # each protocol has errors of its own
            return None
        return data

    def write(self, key: str, data: bytes) -> None:
        """Write an entry, if the place lets us."""
        with contextlib.suppress(Exception):
            self.files[key] = data

    def trim(self) -> None:
        """Leave the place as it is."""


def store_for(root: Path) -> Store | None:
    """Return where the results for the document in `root` are kept; None where CONCORDANT_CACHE says `off`.

    Raises:
        CannotRun: CONCORDANT_CACHE is a URL, and fsspec or what it needs for the URL is not installed.
    """
    place = os.environ.get(PLACE, "").strip()
    if place == "off":
        return None
    if "://" not in place:
        return Folder(Path(place).expanduser() if place else own_folder(root) / "cache")
    try:
        import fsspec  # noqa: PLC0415 - an extra

        return Remote(fsspec.get_mapper(place))
    except (ImportError, ValueError) as error:
        raise CannotRun(f"{PLACE}={place} cannot be used: {error}") from error


def memory_for_code(root: Path) -> Kept | None:
    """Return where what is code may be kept for the document in `root`, which is run as it is found.

    That is the project's own folder; None where CONCORDANT_CACHE says another, which others might write into, or `off`.
    """
    store = None if os.environ.get(PLACE, "").strip() else store_for(root)
    return Kept(store, key_of("code")) if store else None


def own_folder(root: Path) -> Path:
    """Return the project's hidden folder, which hides itself from git; where it cannot be made, so be it."""
    folder = root / OWN
    with contextlib.suppress(OSError):
        if not folder.is_dir():
            folder.mkdir()
            (folder / ".gitignore").write_text("*\n", "utf-8")
    return folder


class _InUse:
    store: Store | None = None
    blocks = 0  # of `remembering`, one within the other
    at_hand: dict[Any, Any] | None = (
        None  # results by function and values, the longest unused first
    )


@contextmanager
def remembering(store: Store | None) -> Iterator[None]:
    """Let functions that are `remembered` keep their results in a store, in this process; those `at_hand` keep them in its memory.

    Where such blocks are nested, the outermost has what is at hand.
    """
    before, at_hand = _InUse.store, _InUse.at_hand
    _InUse.store = store
    _InUse.at_hand = {} if at_hand is None else at_hand
    _InUse.blocks += 1
    try:
        yield
    finally:
        _InUse.store, _InUse.at_hand = before, at_hand
        _InUse.blocks -= 1


def put_away() -> None:
    """Forget what is at hand, unless there is an outer block that may need it again."""
    if _InUse.at_hand and _InUse.blocks == 1:
        _InUse.at_hand.clear()


def at_hand(function: Callable[Inputs, Value]) -> Callable[Inputs, Value]:
    """Let a pure function of hashable values, whose results nobody alters, have them at hand while `remembering`.

    Results of the last thousands of calls are; whoever is asked for the same text again need not even hash it.
    """

    @wraps(function)
    def recall(*args: Inputs.args, **kwargs: Inputs.kwargs) -> Value:
        known = _InUse.at_hand
        if known is None:
            return function(*args, **kwargs)
        key = (function, args, *sorted(kwargs.items()))
        found = known.pop(key, None)
        if found is None:
            found = (function(*args, **kwargs),)
        known[key] = found
        if len(known) > _AT_HAND:
            known.pop(next(iter(known)), None)
        value: Value = found[0]
        return value

    return recall


def remembered(function: Callable[Inputs, Value]) -> Callable[Inputs, Value]:
    """Let a pure function look up what it has been asked before; outside of `remembering` it works each time."""

    @wraps(function)
    def recall(*args: Inputs.args, **kwargs: Inputs.kwargs) -> Value:
        store = _InUse.store
        if store is None:
            return function(*args, **kwargs)
        question = Question(function, (*args, *sorted(kwargs.items())))
        if (known := question.look_up(store)) is not None:
            value: Value = known[0]
            return value
        value = function(*args, **kwargs)
        question.keep(store, value)
        return value

    return recall


def recalled(function: Callable[..., Value], *args: Any) -> tuple[Value] | None:
    """Return, in a tuple, what a function that is `remembered` has been asked before.

    None where that is not known, or the store is not near: whoever has many questions for it asks them side by side.
    """
    store = _InUse.store
    return Question(function, args).look_up(store) if isinstance(store, Folder) else None


def key_for(function: Callable[..., Any], *args: Any) -> str:
    """Return the key under which is kept what a function that is `remembered` gives for these inputs."""
    return Question(function, args).key


def recalled_by_key(function: Callable[..., Value], key: str) -> tuple[Value] | None:
    """Return, in a tuple, what is kept under such a key; None where it is not there, or the store is not near."""
    store = _InUse.store
    return _answer(store, function, key) if isinstance(store, Folder) else None


def memory_in_use() -> Kept | None:
    """Return the store that is in use, for those who make many keys of their own; None where there is none near."""
    return kept_in(_InUse.store)


def kept_in(store: Store | None) -> Kept | None:
    """Return a store for those who make many keys of their own; None where it is not near enough to be asked often."""
    return Kept(store, key_of("kept")) if isinstance(store, Folder) else None


class Recalling(Executor):
    """Has another `executor` do what the store does not know, equal works once; functions and inputs as for `remembered`.

    `done_anew` counts the works that it has had done so far, by function.
    """

    def __init__(self, executor: Executor, store: Store | None) -> None:
        self.executor, self.store = executor, store
        self.done_anew: Counter[Callable[..., Any]] = Counter()
        self._under_way: dict[str, Future[Any]] = {}

    @property
    def memory(self) -> Kept | None:
        """The store, for those who make many keys of their own; None where it is not near enough to be asked often."""
        return kept_in(self.store)

    def trim(self, executor: Executor) -> None:
        """Have somebody on this machine trim the store."""
        if self.store:
            executor.submit(self.store.trim)

    def for_small(self, executor: Executor) -> Recalling:
        """Return who has many small works done by `executor`: a store that is not near would take longer to ask."""
        return Recalling(executor, self.store if isinstance(self.store, Folder) else None)

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Return the future of what is known already, or of the work."""
        store = self.store
        if store is None:
            self.done_anew[fn] += 1
            return self.executor.submit(fn, *args, **kwargs)
        question = Question(fn, (*args, *sorted(kwargs.items())))
        if (known := question.look_up(store)) is not None:
            done: Future[Any] = Future()
            done.set_result(known[0])
            return done
        begun = self._under_way.get(question.key)
        if begun is not None and not begun.done():
            return begun
        self.done_anew[fn] += 1
        future = self._under_way[question.key] = self.executor.submit(fn, *args, **kwargs)
        future.add_done_callback(lambda each: question.keep_result(store, each))
        future.add_done_callback(lambda _: self._under_way.pop(question.key, None))
        return future


class Question:
    """What a pure function is asked; the inputs as `key_of` takes them."""

    def __init__(self, function: Callable[..., Any], inputs: tuple[object, ...]) -> None:
        self._function = function
        self.key = key_of(function.__module__, function.__qualname__, inputs)

    def look_up(self, store: Store) -> tuple[Any] | None:
        """Return the answer in a tuple, or None if the store has none that is whole and this question's."""
        return _answer(store, self._function, self.key)

    def keep(self, store: Store, answer: Any) -> None:
        """Write an answer down."""
        if is_dataclass(answer):
            answer = tuple(getattr(answer, field.name) for field in fields(answer))
        _enter(store, self.key, answer)

    def keep_result(self, store: Store, future: Future[Any]) -> None:
        """Write down what work has come to, unless it failed."""
        if not future.cancelled() and future.exception() is None:
            self.keep(store, future.result())


def _answer(store: Store, function: Callable[..., Any], key: str) -> tuple[Any] | None:
    """Return, in a tuple, the answer of a function that is kept under a key, as the function gave it."""
    if (entry := _entry(store, key)) is None:
        return None
    carrier = _result_type(function)
    return (carrier(*entry[0]),) if hasattr(carrier, "__dataclass_fields__") else entry


@cache
def _result_type(function: Callable[..., Any]) -> Any:
    return get_type_hints(function)["return"]


@dataclass(frozen=True, slots=True)
class Kept:
    """A store as a memory for those who make keys of their own, each covering all that decides its value.

    `version` is a key from `key_of`, so that other code or other tools find nothing of it.
    """

    store: Store
    version: str

    def look_up(self, key: bytes) -> tuple[Any] | None:
        """Return what is kept under a key, in a tuple, or None if it is not there, or not whole."""
        return _entry(self.store, self._name(key))

    def keep(self, key: bytes, value: Any) -> None:
        """Keep plain data."""
        _enter(self.store, self._name(key), value)

    def _name(self, key: bytes) -> str:
        return _hash(self.version.encode(), key).hex()


def _entry(store: Store, key: str) -> tuple[Any] | None:
    data = memoryview(store.read(key) or b"")  # whose slices are no copies
    if _hash(key.encode(), data[_DIGEST:]) != data[:_DIGEST]:
        return None
    return (marshal.loads(data[_DIGEST:]),)


def _enter(store: Store, key: str, value: Any) -> None:
    body = marshal.dumps(value)
    store.write(key, _hash(key.encode(), body) + body)


def key_of(*inputs: object) -> str:
    """Return the key of these inputs, our code and the tools, in hexadecimal digits.

    A dataclass is told by the fields that are compared, or by its field `digest` alone where it has one.

    Raises:
        ValueError: an input is no plain data, so that its content could not be told for certain.
    """
    return _hash(_causes(), marshal.dumps(_plain(inputs), _COMPARABLE)).hex()


def _plain(value: Any) -> Any:
    if type(value) in _ATOMS:
        return value
    if isinstance(value, tuple):
        return tuple(map(_plain, value))
    if is_dataclass(value) and not isinstance(value, type):
        names = [field.name for field in fields(value) if field.compare]
        kept = ["digest"] if "digest" in names else names
        return (type(value).__qualname__, *(_plain(getattr(value, name)) for name in kept))
    return value


@cache
def _causes() -> bytes:
    """Return a hash of this package's code, of Python, and of the packages and libraries that are installed."""
    packages = [path.name for each in map(Path, sys.path) for path in each.glob("*.dist-info")]
    causes = (
        own_code(),
        sorted(packages),
        sorted(native_versions().items()),
        sys.version,
        platform.machine(),
    )
    return _hash(marshal.dumps(causes, _COMPARABLE))


def own_code() -> bytes:
    """Return a hash of this package's files."""
    home = Path(__file__).resolve().parent
    paths = (path for path in sorted(home.rglob("*")) if "__pycache__" not in path.parts)
    code = [
        (path.relative_to(home).as_posix(), path.read_bytes()) for path in paths if path.is_file()
    ]
    return _hash(marshal.dumps(code, _COMPARABLE))


def _hash(*parts: bytes | memoryview) -> bytes:
    digest = (
        hashlib.sha256()
    )  # for which processors have instructions: a large book has 170 MB hashed after an edit
    for part in parts:
        digest.update(b"%d " % len(part))
        digest.update(part)
    return digest.digest()
