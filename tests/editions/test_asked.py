"""What was asked of a mapping tells whether another would have given the same answers."""

from __future__ import annotations

from concordant.editions.asked import Asked


def test_others_may_differ_in_what_was_not_asked() -> None:
    asked = Asked({"a": "1", "b": "2"})
    assert asked["a"] == "1"
    assert asked.would_tell({"a": "1", "b": "3", "c": "4"})
    assert not asked.would_tell({"a": "2", "b": "2"})
    assert not asked.would_tell({"b": "2"})


def test_what_was_missing_is_an_answer_too() -> None:
    asked = Asked({"a": "1"})
    assert asked.get("b", "0") == "0"
    assert "c" not in asked
    assert asked.would_tell({"a": "2"})
    assert not asked.would_tell({"b": "0"})
    assert not asked.would_tell({"c": "1"})


def test_who_looks_at_all_is_told_of_any_difference() -> None:
    for look in (list, len, lambda each: list(each.values())):
        asked = Asked({"a": "1", "b": "2"})
        assert look(asked)
        assert asked.would_tell({"a": "1", "b": "2"})
        assert not asked.would_tell({"b": "2", "a": "1"})
        assert not asked.would_tell({"a": "1", "b": "2", "c": "3"})
