"""The cache gives back what was put in or nothing, whatever happens to its folder."""

from __future__ import annotations

import os
import pickle
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concordant.cache import Cache, key_of

KEY = key_of("something")


@dataclass(frozen=True, slots=True)
class Input:
    name: str
    content: bytes


def _entry(folder: Path) -> Path:
    (path,) = folder.glob("??/*")
    return path


def test_work_is_done_once(tmp_path: Path) -> None:
    done: list[int] = []

    def work() -> dict[str, tuple[int, bytes]]:
        done.append(1)
        return {"a": (1, b"2")}

    for _ in range(3):
        assert Cache(tmp_path).remember(KEY, work) == {"a": (1, b"2")}
    assert done == [1]


def test_none_is_a_result_too(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    assert cache.get(KEY) is None
    cache.put(KEY, None)
    assert cache.get(KEY) == (None,)


@given(st.data())
def test_a_damaged_entry_is_none(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("cache")
    cache = Cache(folder)
    cache.put(KEY, ["some", "value"])
    path = _entry(folder)
    good = path.read_bytes()
    place = data.draw(st.integers(0, len(good) - 1))
    damage = data.draw(st.sampled_from(["cut", "flip", "append"]))
    if damage == "cut":
        path.write_bytes(good[:place])
    elif damage == "flip":
        path.write_bytes(good[:place] + bytes([good[place] ^ 255]) + good[place + 1 :])
    else:
        path.write_bytes(good + b"x")
    assert cache.get(KEY) is None
    cache.put(KEY, "new")
    assert cache.get(KEY) == ("new",)


def test_a_damaged_entry_is_never_unpickled(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    cache.put(KEY, "value")
    mark = tmp_path / "ran"

    class Evil:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return os.mkdir, (str(mark),)

    path = _entry(tmp_path)
    path.write_bytes(path.read_bytes()[:32] + pickle.dumps(Evil()))
    assert cache.get(KEY) is None
    assert not mark.exists()


def _write_and_read(folder: Path, turn: int) -> bool:
    cache = Cache(folder)
    for _ in range(50):
        cache.put(KEY, bytes([turn]) * 100_000)
        found = cache.get(KEY)
        if found is None or len(set(found[0])) != 1 or len(found[0]) != 100_000:
            return False
    return True


def test_processes_do_not_disturb_each_other(tmp_path: Path) -> None:
    with ProcessPoolExecutor(4) as pool:
        assert all(pool.map(_write_and_read, [tmp_path] * 8, range(8)))
    assert [path.name for path in tmp_path.glob("??/*")] == [KEY[2:]]


def test_the_longest_unused_go_when_there_is_too_much(tmp_path: Path) -> None:
    cache = Cache(tmp_path, bound=10_000)
    keys = [key_of(index) for index in range(12)]
    for age, key in enumerate(keys):
        cache.put(key, bytes(1000))
        os.utime(tmp_path / key[:2] / key[2:], (1_000_000 + age, 1_000_000 + age))
    assert cache.get(keys[0])  # used now
    cache.trim()
    kept = [key for key in keys if cache.get(key)]
    assert keys[0] in kept
    assert kept[1:] == keys[-len(kept) + 1 :]
    assert 5 <= len(kept) <= 9
    cache.trim()
    assert [key for key in keys if cache.get(key)] == kept


def test_what_a_killed_process_left_is_cleared_away_in_time(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    cache.put(KEY, 1)
    old, new = (_entry(tmp_path).parent / name for name in (".new-old", ".new-new"))
    old.write_bytes(b"half")
    new.write_bytes(b"half")
    os.utime(old, (1, 1))
    cache.trim()
    assert not old.exists()
    assert new.exists()
    assert cache.get(KEY) == (1,)


def test_a_folder_that_cannot_be_written_is_no_cache(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    assert Cache(tmp_path / "file").remember(KEY, lambda: 5) == 5


def test_keys_differ_where_inputs_do() -> None:
    inputs: list[tuple[object, ...]] = [
        ("ab", "c"), ("a", "bc"), ("abc",), (b"abc",), (("a", "b"), "c"), ("a", ("b", "c")), (1,), ("1",), (True,),
        (1.0,), (None,), ((),), ("",), (), (Input("a", b"b"),), (Input("b", b"a"),), (("a", b"b"),),
    ]  # fmt: skip
    keys = [key_of(*each) for each in inputs]
    assert len(set(keys)) == len(inputs)
    assert key_of(*inputs[0]) == keys[0]


def test_no_key_is_made_of_what_could_change_unseen() -> None:
    with pytest.raises(TypeError, match="Path"):
        key_of(Path("a"))
