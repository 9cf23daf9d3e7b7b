"""Nothing changed: whether the editions in `build/` are what a build would make again, told without building.

What a build depends on is hashed whole: sources, styles, our code, tools, libraries, the commit, the variable
SOURCE_DATE_EPOCH. So is what it made, so that an edition which was altered or deleted is made again. This module
loads nothing heavy, because that alone would take longer than the answer may.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from concordant import git
from concordant.cache import key_of, own_folder
from concordant.hashing import file_hash

RECORD = "built.json"
_FOLDERS = ("source", "styles")
_FILES = ("uv.lock", "environments/layout-stack.yaml")
_BUILD, _RECEIPT = "build", "receipt.json"


@dataclass(frozen=True, slots=True)
class Record:
    """The last good build: the key of its causes, files outside of the usual folders among them, and what it made.

    `made` has the hash of each file by its name in `build/`; `told` is what was said of the document.
    """

    key: str
    others: Sequence[str]
    made: Mapping[str, str]
    proven: bool
    told: Sequence[str]


def causes(root: Path, others: Iterable[str] = ()) -> str:
    """Return the key of everything that decides what a build of the document in `root` makes.

    `others` are files, by name relative to `root`, that the document names outside of its folders.
    """
    named = [*_FILES, *others]
    inputs = [(name, file_hash(root / name)) for name in named if (root / name).is_file()]
    inputs += [(name, file_hash(root / name)) for name in _names(root)]
    date = os.environ.get("SOURCE_DATE_EPOCH", "").strip()
    return key_of(sorted(inputs), date, git.is_here(), *_history(root))


def outside(root: Path, paths: Iterable[Path]) -> tuple[str, ...]:
    """Return, by name relative to `root`, those files that do not lie in the document's folders."""
    names = {Path(os.path.relpath(path, root)) for path in paths}
    return tuple(sorted(each.as_posix() for each in names if each.parts[0] not in _FOLDERS))


def still_built(
    root: Path, names: Iterable[str] | None, *, proven: bool, now: str = ""
) -> Record | None:
    """Return the record of the last build if another would make the same; None if one is needed.

    `names` are the extensions of the wanted editions, None for all; `proven` asks for checked ones. `now` is the key of
    the causes without others, where it is known.
    """
    record = _read(root)
    if record is None or (proven and not record.proven):
        return None
    made = {Path(name).suffix.lstrip(".") for name in record.made}
    wanted = {"pdf", "epub", "html"} if names is None else set(names)
    if not wanted <= made or record.made != hashes_of(root / _BUILD, record.made):
        return None
    if record.others or not now:
        now = causes(root, record.others)
    return record if record.key == now else None


def was_built(root: Path) -> bool:
    """Whether the document in `root` has been built well before, in whatever state it was."""
    return (own_folder(root) / RECORD).is_file()


def note_built(root: Path, record: Record) -> None:
    """Write down what was built; where it cannot be written, the next build is not spared."""
    with contextlib.suppress(OSError):
        path = own_folder(root) / RECORD
        beside = path.with_suffix(f".{os.getpid()}")
        beside.write_text(json.dumps(asdict(record)), "utf-8")
        beside.replace(path)


def hashes_of(folder: Path, names: Iterable[str]) -> dict[str, str]:
    """Return the hashes of those files that are there, by name; of a receipt without what checks have added to it."""
    paths = {name: folder / name for name in names}
    hashes = {}
    for name, path in paths.items():
        with contextlib.suppress(OSError, ValueError):
            hashes[name] = _receipt_hash(path) if name == _RECEIPT else file_hash(path)
    return hashes


def _read(root: Path) -> Record | None:
    try:
        record = Record(**json.loads((own_folder(root) / RECORD).read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    names = (*record.made, *record.others, *record.told) if isinstance(record.made, dict) else (0,)
    return record if all(isinstance(name, str) for name in names) else None


def _receipt_hash(path: Path) -> str:
    value = json.loads(path.read_text("utf-8"))
    value.pop("results", None)
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()


def _names(root: Path) -> Iterator[str]:
    """Yield the name of every file in the document's folders, those that are linked to included."""
    seen = set()
    for top in _FOLDERS:
        for folder, folders, files in os.walk(root / top, followlinks=True):
            real = os.path.realpath(folder)
            if real in seen:  # links can lead in circles
                folders.clear()
                continue
            seen.add(real)
            for name in files:
                path = Path(folder) / name
                if path.is_file():
                    yield path.relative_to(root).as_posix()


def _history(root: Path) -> tuple[str, bytes]:
    """Return the commit that is checked out, and where a shallow clone's history ends."""
    head, _, shallow = git.ask(root, "rev-parse", "HEAD", "--git-path", "shallow").partition("\n")
    path = root / shallow
    return head, path.read_bytes() if shallow and path.is_file() else b""
