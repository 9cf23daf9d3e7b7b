"""Cache: results of work, kept in a folder under a hash of all that the work depends on.

A key covers every input, our own code and the tools' versions, so an entry never has to be thrown away
because it is out of date: what has changed has another key. An entry that is damaged counts as missing.
Several processes may use one folder at once.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import pickle
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, TypeVar

Value = TypeVar("Value")
_DIGEST = 32  # bytes at an entry's head: the SHA-256 of the rest
_KEPT = 0.8  # of the bound: what a clean-up leaves
_ABANDONED = 3600.0  # seconds after which an unfinished entry belongs to nobody
_TOOLS = ("pypandoc_binary", "weasyprint", "pydyf", "lxml", "pikepdf", "fonttools", "ziamath")


def key_of(*inputs: object) -> str:
    """Return the key of work on these inputs: text, bytes, numbers, None, tuples and dataclasses of such.

    Raises:
        TypeError: an input is of another type, whose content could not be told for certain.
    """
    digest = hashlib.sha256(own_code())
    for each in inputs:
        _feed(digest, each)
    return digest.hexdigest()


def _feed(digest: Any, value: object) -> None:
    """Hash a value with its type and length, so that no two different values read alike."""
    if isinstance(value, (bytes, str)):
        data = value.encode() if isinstance(value, str) else value
        digest.update(f"{type(value).__name__} {len(data)} ".encode() + data)
    elif value is None or isinstance(value, (bool, int, float)):
        digest.update(f"{type(value).__name__} {value!r} ".encode())
    elif isinstance(value, (tuple, list)):
        digest.update(f"sequence {len(value)} ".encode())
        for each in value:
            _feed(digest, each)
    elif fields := getattr(type(value), "__dataclass_fields__", None):
        digest.update(f"{type(value).__qualname__} {len(fields)} ".encode())
        for name in fields:
            _feed(digest, getattr(value, name))
    else:
        raise TypeError(f"no key can be made of a {type(value).__name__}")


@cache
def own_code() -> bytes:
    """Return a hash of this package's code and of the versions of the tools that it uses."""
    root = Path(__file__).resolve().parent
    digest = hashlib.sha256()
    for path in sorted(root.rglob("*")):
        if path.is_file() and path.suffix != ".pyc":
            _feed(digest, (path.relative_to(root).as_posix(), path.read_bytes()))
    for tool in _TOOLS:
        with contextlib.suppress(PackageNotFoundError):
            _feed(digest, (tool, version(tool)))
    return digest.digest()


@dataclass(frozen=True, slots=True)
class Cache:
    """A folder of entries that together take at most `bound` bytes; the longest unused go first."""

    folder: Path
    bound: int = 500_000_000

    def remember(self, key: str, work: Callable[[], Value]) -> Value:
        """Return the result of earlier work with this key, or do the work and keep its result."""
        found = self.get(key)
        if found is None:
            found = (work(),)
            self.put(key, found[0])
        value: Value = found[0]
        return value

    def get(self, key: str) -> tuple[Any] | None:
        """Return the entry's value in a tuple; None if there is no such entry or it is damaged."""
        path = self._path(key)
        try:
            data = path.read_bytes()
        except OSError:
            return None
        head, body = data[:_DIGEST], data[_DIGEST:]
        if hashlib.sha256(body).digest() != head:
            _forget(path)
            return None
        with contextlib.suppress(OSError):
            os.utime(path)  # used now: file systems need not keep the time of reading
        return (pickle.loads(body),)

    def put(self, key: str, value: object) -> None:
        """Keep a value; a folder that cannot be written keeps nothing, which does no harm."""
        body = pickle.dumps(value, protocol=5)
        path = self._path(key)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(prefix=".new-", dir=path.parent)
            with os.fdopen(handle, "wb") as file:
                file.write(hashlib.sha256(body).digest() + body)
            Path(name).replace(path)
        except OSError:
            return

    def trim(self) -> None:
        """Delete what was longest unused, if the entries take more than the bound; call it once a build."""
        entries = sorted(self._entries())
        total = sum(size for _, size, _ in entries)
        goal = self.bound * _KEPT if total > self.bound else self.bound
        now = time.time()
        for used, size, path in entries:
            if total > goal or (path.name.startswith(".new-") and now - used > _ABANDONED):
                _forget(path)
                total -= size

    def _entries(self) -> Iterable[tuple[float, int, Path]]:
        for path in self.folder.glob("??/*"):
            with contextlib.suppress(OSError):  # another process has just deleted it
                status = path.stat()
                yield status.st_mtime, status.st_size, path

    def _path(self, key: str) -> Path:
        return self.folder / key[:2] / key[2:]


def _forget(path: Path) -> None:
    with contextlib.suppress(OSError):
        path.unlink()
