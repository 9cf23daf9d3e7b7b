"""Files that are being read: by workers from when there is time for it, or here when their readings are asked for."""

from __future__ import annotations

from concurrent.futures import Executor
from enum import IntEnum
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol

from concordant.checks.ahead import Coming, ahead
from concordant.checks.compare_links import check_edition
from concordant.checks.flow import Flow
from concordant.checks.ledger import read_ledger
from concordant.checks.memory import Memory
from concordant.checks.model import Edition, Finding, Reading
from concordant.checks.packing import packed, unpacked
from concordant.checks.pieces.joined import recognise_in_pieces
from concordant.checks.readers.epub import read_epub
from concordant.checks.readers.html import read_html
from concordant.checks.recognise import recognise
from concordant.problem import CannotRun

if TYPE_CHECKING:
    from concordant.checks.readers.pdf import PdfReading

# Shares of a PDF that are new: one process reads what is less than the first; with more than the second nothing is looked up.
_LITTLE, _NEARLY_ALL = 0.2, 0.9
_FEW = 200  # new pages that one process reads while others read other files


class Turn(IntEnum):
    """When a file is to be asked for, among others: first what this process has to do with it, last what takes workers longest."""

    PUT_TOGETHER_HERE, READ_HERE, READ_THERE, READ_THERE_LAST = range(4)


class Seen(NamedTuple):
    """A reading, and what is wrong in it whatever the others say: in a ledger nothing is."""

    reading: Reading
    findings: tuple[Finding, ...]


_Packed = tuple[bytes, tuple[Finding, ...]]  # the same, for another process


class Begun(Protocol):
    """A file that is being read."""

    @property
    def turn(self) -> Turn:
        """When it is to be asked for."""

    def go_on(self, waiting: bool) -> bool:
        """Give workers what they are to do, as far as that is known; tell whether they have all. It is, for who is waiting."""

    def seen(self) -> Seen:
        """Wait for the reading, which may be in pieces, and what is wrong in it. Raises `CannotRun`."""

    def whole(self) -> Reading:
        """Return the whole reading. Raises `CannotRun`."""


class _Here:
    """A file that is read here, when its reading is asked for."""

    turn = Turn.READ_HERE

    def __init__(self, edition: Edition, path: Path, memory: Memory | None) -> None:
        self._read = partial(_read, edition, path, memory)
        self.whole = partial(_read, edition, path, memory, whole=True)
        self._seen: Seen | None = None

    def go_on(self, _: bool) -> bool:
        return True

    def seen(self) -> Seen:
        self._seen = self._seen or _seen(self._read())
        return self._seen


class _There:
    """A file that a worker reads from when there is time for it."""

    turn = Turn.READ_THERE

    def __init__(
        self, executor: Executor, edition: Edition, path: Path, memory: Memory | None
    ) -> None:
        self._executor, self._what = executor, (edition, path, memory)
        self._packed: Coming[_Packed] | None = None

    def go_on(self, _: bool) -> bool:
        self._begun()
        return True

    def seen(self) -> Seen:
        return _as_seen(self._begun()())

    def whole(self) -> Reading:
        return unpacked(ahead(self._executor, _read_whole, *self._what)())

    def _begun(self) -> Coming[_Packed]:
        self._packed = self._packed or ahead(self._executor, _read_and_look, *self._what)
        return self._packed


class _Pdf:
    """A PDF, whose pages workers read, and which is put in order here; if little of it is new, one worker does all."""

    def __init__(
        self, path: Path, executor: Executor | None, memory: Memory | None, new: float
    ) -> None:
        self._path, self._executor, self._memory, self._new = path, executor, memory, new
        self._little: Coming[_Packed | None] | None = None
        if new < _LITTLE and executor and memory:
            self._little = ahead(executor, _read_what_is_little, path, memory)
        else:
            self._pdf.go_on(waiting=False)

    @property
    def turn(self) -> Turn:
        return Turn.READ_THERE_LAST if self._little else Turn.PUT_TOGETHER_HERE

    def go_on(self, waiting: bool) -> bool:
        return self._little is not None or self._pdf.go_on(waiting)

    def seen(self) -> Seen:
        read = self._little() if self._little else None
        return _as_seen(read) if read else _seen(_recognised(self._flow, self._memory))

    def whole(self) -> Reading:
        return recognise(self._flow)

    @cached_property
    def _pdf(self) -> PdfReading:
        from concordant.checks.readers.pdf import PdfReading  # noqa: PLC0415 - as below

        return PdfReading(self._path, self._executor, self._memory, anew=self._new > _NEARLY_ALL)

    @cached_property
    def _flow(self) -> Flow:
        return self._pdf.flow()


def _read_what_is_little(path: Path, memory: Memory) -> _Packed | None:
    """Read a PDF for another process, if that is little work."""
    # Who has a worker read a PDF does without what reads it.
    from concordant.checks.readers.pdf import read_what_is_little  # noqa: PLC0415

    flow = read_what_is_little(path, memory, _FEW)
    return _pack(_recognised(flow, memory)) if flow else None


def start_reading(
    edition: Edition,
    path: Path,
    executor: Executor | None = None,
    memory: Memory | None = None,
    new: float = 0.5,
) -> Begun:
    """Begin to read a file, of which the share `new` is said to be new to the memory.

    Raises `CannotRun`, as does what gives the reading.
    """
    if not path.is_file():
        raise CannotRun(f"{path}: there is no such file")
    path = path.absolute()  # workers may stand in another folder
    if edition is Edition.PDF:
        return _Pdf(path, executor, memory, new)
    # Where workers have little to read, this process would only wait for them.
    is_here = edition is Edition.LEDGER or (edition is Edition.EPUB and new < _LITTLE)
    if is_here or executor is None:
        return _Here(edition, path, memory)
    return _There(executor, edition, path, memory)


def _read_and_look(edition: Edition, path: Path, memory: Memory | None) -> _Packed:
    return _pack(_read(edition, path, memory))


def _read_whole(edition: Edition, path: Path, memory: Memory | None) -> bytes:
    return packed(_read(edition, path, memory, whole=True))


def _seen(reading: Reading) -> Seen:
    is_edition = reading.edition is not Edition.LEDGER
    return Seen(reading, tuple(check_edition(reading)) if is_edition else ())


def _pack(reading: Reading) -> _Packed:
    """Look at a reading where there is time for it, and pack it for who compares it with others."""
    return packed(reading), _seen(reading).findings


def _as_seen(read: _Packed) -> Seen:
    return Seen(unpacked(read[0]), read[1])


def _read(edition: Edition, path: Path, memory: Memory | None, *, whole: bool = False) -> Reading:
    if edition is Edition.LEDGER:
        return read_ledger(path)
    read = read_epub if edition is Edition.EPUB else read_html
    flow = read(path, memory)
    return recognise(flow) if whole else _recognised(flow, memory)


def _recognised(flow: Flow, memory: Memory | None) -> Reading:
    """Recognise an edition, in pieces where there is a memory of such."""
    in_pieces = recognise_in_pieces(flow, memory) if memory else None
    return in_pieces or recognise(flow)
