"""The cache gives back what was put in or nothing, whatever happens to its place."""

from __future__ import annotations

import os
import pickle
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concordant.cache import (
    PLACE,
    Folder,
    Kept,
    Question,
    Recalling,
    Remote,
    at_hand,
    key_of,
    put_away,
    recalled,
    remembered,
    remembering,
    store_for,
)
from concordant.editions.workers import ThisProcess
from concordant.problem import CannotRun
from tests.documents import write_document


@dataclass(frozen=True, slots=True)
class Input:
    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Told:
    digest: str
    heavy: object = None


@dataclass(frozen=True, slots=True)
class Result:
    data: bytes
    places: Mapping[str, int]


calls: list[object] = []


@remembered
def double(text: str, *, times: int = 2) -> dict[str, tuple[int, bytes]]:
    calls.append(text)
    return {text: (times, text.encode() * times)}


@remembered
def carried(name: str) -> Result:
    calls.append(name)
    return Result(name.encode(), {name: 1})


@remembered
def nothing(name: str) -> None:
    calls.append(name)


@at_hand
def shouted(word: str, *, times: int = 1) -> str | None:
    calls.append(word)
    return word.upper() * times or None


@pytest.fixture(autouse=True)
def forget_calls() -> None:
    calls.clear()


def question(name: str = "x") -> Question:
    return Question(double, (name,))


def entry_in(folder: Path) -> Path:
    (path,) = folder.glob("??/*")
    return path


def test_work_is_done_once(tmp_path: Path) -> None:
    for _ in range(3):
        with remembering(Folder(tmp_path)):
            assert double("a", times=3) == {"a": (3, b"aaa")}
            assert carried("a") == Result(b"a", {"a": 1})
            assert nothing("n") is None
    assert calls == ["a", "a", "n"]
    double("a", times=3)
    assert len(calls) == 4, "outside, nothing is remembered"


def test_what_is_at_hand_is_so_until_the_outermost_block_ends() -> None:
    with remembering(None):
        assert [shouted("a"), shouted("a", times=2), shouted("")] == ["A", "AA", None]
        with remembering(None):
            assert [shouted("a"), shouted("a", times=2), shouted("")] == ["A", "AA", None]
        assert shouted("a") == "A"
        assert calls == ["a", "a", ""]
    with remembering(None):
        assert shouted("a") == "A"
    assert calls == ["a", "a", "", "a"]
    assert [shouted("a"), shouted("a")] == ["A", "A"]
    assert len(calls) == 6


def test_what_is_put_away_is_at_hand_no_more_but_for_an_outer_block() -> None:
    with remembering(None):
        shouted("a")
        with remembering(None):
            put_away()
        assert shouted("a") == "A"
        assert calls == ["a"]
        put_away()
        assert shouted("a") == "A"
        assert calls == ["a", "a"]
    put_away()


def test_of_what_is_at_hand_the_longest_unused_goes_first() -> None:
    with remembering(None):
        for turn in range(10_000):
            shouted(str(turn))
            shouted("always")
        assert calls.count("always") == 1
        calls.clear()
        shouted("always")
        shouted("9999")
        assert not calls
        shouted("0")
        assert calls == ["0"]


def test_other_inputs_and_other_functions_are_other_questions(tmp_path: Path) -> None:
    with remembering(Folder(tmp_path)):
        assert double("a") != double("a", times=3)
        assert double("b") == {"b": (2, b"bb")}
        assert nothing("a") is None


@given(st.data())
def test_a_damaged_entry_is_none(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    store = Folder(tmp_path_factory.mktemp("cache"))
    question().keep(store, ["some", "value"])
    path = entry_in(store.path)
    good = path.read_bytes()
    place = data.draw(st.integers(0, len(good) - 1))
    match data.draw(st.sampled_from(["cut", "flip", "append"])):
        case "cut":
            path.write_bytes(good[:place])
        case "flip":
            path.write_bytes(good[:place] + bytes([good[place] ^ 255]) + good[place + 1 :])
        case _:
            path.write_bytes(good + b"x")
    assert question().look_up(store) is None
    question().keep(store, "new")
    assert question().look_up(store) == ("new",)


def test_an_entry_under_another_key_is_none(tmp_path: Path) -> None:
    store = Folder(tmp_path)
    question("x").keep(store, "of x")
    of_x = entry_in(tmp_path)
    question("y").keep(store, "of y")
    (of_y,) = set(tmp_path.glob("??/*")) - {of_x}
    of_y.write_bytes(of_x.read_bytes())
    assert question("y").look_up(store) is None
    assert question("x").look_up(store) == ("of x",)


def test_what_is_kept_is_for_one_key_of_one_version(tmp_path: Path) -> None:
    kept = Kept(Folder(tmp_path), "this version")
    value = [(1, "one", b"\0", 0.1, [2])]
    kept.keep(b"key", value)
    assert pickle.loads(pickle.dumps(kept)).look_up(b"key") == (value,)
    assert kept.look_up(b"another key") is None
    assert Kept(Folder(tmp_path), "another version").look_up(b"key") is None
    kept.keep(b"nothing", None)
    assert kept.look_up(b"nothing") == (None,)


def test_only_a_folder_is_asked_for_every_page(tmp_path: Path) -> None:
    near = Recalling(ThisProcess(), Folder(tmp_path)).memory
    assert near is not None
    near.keep(b"key", "value")
    again = Recalling(ThisProcess(), Folder(tmp_path)).memory
    assert again is not None
    assert again.look_up(b"key") == ("value",)
    assert Recalling(ThisProcess(), Remote({})).memory is None
    assert Recalling(ThisProcess(), None).memory is None


class _Slow(Executor):
    """Has works wait until it is told to do them."""

    def __init__(self) -> None:
        self.waiting: list[tuple[Future[Any], Callable[[], Any]]] = []

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        self.waiting.append((future, partial(fn, *args, **kwargs)))
        return future

    def go_on(self) -> None:
        for future, work in self.waiting:
            future.set_result(work())
        self.waiting.clear()


def shout(text: str) -> str:
    return text.upper()


def test_equal_works_are_done_once(tmp_path: Path) -> None:
    slow = _Slow()
    recalling = Recalling(slow, Folder(tmp_path))
    first, same, other = (recalling.submit(shout, each) for each in ("a", "a", "b"))
    assert len(slow.waiting) == 2
    slow.go_on()
    assert (first.result(), same.result(), other.result()) == ("A", "A", "B")
    assert recalling.submit(shout, "a").result() == "A"
    assert not slow.waiting
    assert recalling.done_anew == {shout: 2}


def test_work_that_failed_is_done_again(tmp_path: Path) -> None:
    slow = _Slow()
    recalling = Recalling(slow, Folder(tmp_path))
    recalling.submit(shout, "a")
    [(failed, _)] = slow.waiting
    slow.waiting.clear()
    failed.set_exception(OSError())
    again = recalling.submit(shout, "a")
    slow.go_on()
    assert again.result() == "A"


def test_what_is_kept_and_damaged_is_forgotten(tmp_path: Path) -> None:
    kept = Kept(Folder(tmp_path), "this version")
    kept.keep(b"key", "value")
    [entry] = [path for path in tmp_path.rglob("*") if path.is_file()]
    data = entry.read_bytes()
    entry.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    assert kept.look_up(b"key") is None


def test_an_entry_brings_no_code(tmp_path: Path) -> None:
    class Evil:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return os.mkdir, (str(tmp_path / "ran"),)

    store = Folder(tmp_path / "cache")
    question().keep(store, "value")
    path = entry_in(store.path)
    path.write_bytes(path.read_bytes()[:32] + pickle.dumps(Evil()))
    assert question().look_up(store) is None
    with pytest.raises(ValueError, match="unmarshallable"):
        question().keep(store, Evil())
    assert not (tmp_path / "ran").exists()


def _write_and_read(folder: Path, turn: int) -> bool:
    store = Folder(folder)
    for _ in range(50):
        question().keep(store, bytes([turn]) * 100_000)
        found = question().look_up(store)
        if found is None or len(set(found[0])) != 1 or len(found[0]) != 100_000:
            return False
    return True


def test_processes_do_not_disturb_each_other(tmp_path: Path) -> None:
    with ProcessPoolExecutor(4) as pool:
        assert all(pool.map(_write_and_read, [tmp_path] * 8, range(8)))
    assert entry_in(tmp_path).is_file(), "and nothing half-written is left"


def test_the_longest_unused_go_when_there_is_too_much(tmp_path: Path) -> None:
    store = Folder(tmp_path, bound=10_000)
    asked = [question(str(index)) for index in range(12)]
    for age, each in enumerate(asked):
        before = set(tmp_path.glob("??/*"))
        each.keep(store, bytes(1000))
        (path,) = set(tmp_path.glob("??/*")) - before
        os.utime(path, (1_000_000 + age, 1_000_000 + age))
    assert asked[0].look_up(store)  # used now
    store.trim()
    left = len(list(tmp_path.glob("??/*")))
    kept = [each for each in asked if each.look_up(store)]
    assert asked[0] in kept
    assert kept[1:] == asked[-len(kept) + 1 :]
    assert 5 <= left <= 9
    store.trim()
    assert len(list(tmp_path.glob("??/*"))) == left


def test_what_was_made_is_recalled_and_nothing_is_made(tmp_path: Path) -> None:
    assert recalled(double, "a") is None
    with remembering(Folder(tmp_path)):
        assert recalled(double, "a") is None
        made = double("a")
        calls.clear()
        assert recalled(double, "a") == (made,)
        assert recalled(double, "b") is None
        assert calls == []


def test_a_store_that_is_far_is_not_asked_one_question_after_another() -> None:
    with remembering(Remote({})):
        made = double("a")
        assert recalled(double, "a") is None
        calls.clear()
        assert double("a") == made
        assert calls == []


def test_it_is_not_looked_through_again_for_some_minutes(tmp_path: Path) -> None:
    store = Folder(tmp_path, bound=10)
    for index in range(3):
        question(str(index)).keep(store, bytes(1000))
        store.trim()
        assert len(list(tmp_path.glob("??/*"))) == index
    (note,) = (path for path in tmp_path.iterdir() if path.is_file())
    for when in (time.time() - 3600, time.time() + 3600):  # a clock may have been wrong
        os.utime(note, (when, when))
        store.trim()
        assert list(tmp_path.glob("??/*")) == []
        question("more").keep(store, bytes(1000))


def test_what_a_killed_process_left_is_cleared_away_in_time(tmp_path: Path) -> None:
    store = Folder(tmp_path)
    question().keep(store, 1)
    old, new = (entry_in(tmp_path).parent / name for name in (".new-old", ".new-new"))
    old.write_bytes(b"half")
    new.write_bytes(b"half")
    os.utime(old, (time.time() - 7200,) * 2)
    store.trim()
    assert not old.exists()
    assert new.exists()
    assert question().look_up(store) == (1,)


def test_a_folder_that_cannot_be_written_is_no_cache(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with remembering(Folder(tmp_path / "file")):
        assert double("a") == {"a": (2, b"aa")}


def test_a_cache_can_be_anywhere_that_fsspec_reaches(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(PLACE, f"memory://{tmp_path.name}")
    for _ in range(2):
        with remembering(store_for(tmp_path)):
            assert double("a") == {"a": (2, b"aa")}
    assert calls == ["a"]
    assert not list(tmp_path.iterdir())
    monkeypatch.setenv(PLACE, "nowhere://at-all")
    with pytest.raises(CannotRun, match="nowhere"):
        store_for(tmp_path)


def test_the_cache_of_a_project_hides_from_git_and_can_be_moved_or_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(PLACE, raising=False)
    assert store_for(tmp_path) == Folder(tmp_path / ".concordant" / "cache")
    assert (tmp_path / ".concordant" / ".gitignore").read_text() == "*\n"
    monkeypatch.setenv(PLACE, str(tmp_path / "elsewhere"))
    assert store_for(tmp_path) == Folder(tmp_path / "elsewhere")
    monkeypatch.setenv(PLACE, "off")
    assert store_for(tmp_path) is None


def test_keys_differ_where_inputs_do() -> None:
    inputs: list[tuple[object, ...]] = [
        ("ab", "c"), ("a", "bc"), ("abc",), (b"abc",), (("a", "b"), "c"), ("a", ("b", "c")), (1,), ("1",), (True,),
        (1.0,), (None,), ((),), ("",), (), (Input("a", b"b"),), (Input("b", b"a"),), (("a", b"b"),), (["a", b"b"],),
        (Told("one"),), (Told("two"),), (("one", None),),
    ]  # fmt: skip
    keys = [key_of(*each) for each in inputs]
    assert len(set(keys)) == len(inputs)
    assert key_of("a" + "b", "c") == keys[0]
    assert key_of(Told("one", object())) == key_of(Told("one"))


def test_no_key_is_made_of_what_could_change_unseen() -> None:
    with pytest.raises(ValueError, match="unmarshallable"):
        key_of(Path("a"))


@pytest.mark.slow
def test_a_build_clears_the_cache_up(tmp_path: Path) -> None:
    document = write_document(tmp_path, {"1.md": "# One\n\nWords.\n"})
    left = tmp_path / ".concordant/cache/ab/.new-left"
    left.parent.mkdir(parents=True)
    left.write_bytes(b"half")
    os.utime(left, (time.time() - 7200,) * 2)
    document.build()
    assert not left.exists()
