"""Exceptions that the author declares: findings of the lints that have been seen and are to stay, with the reason."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

import yaml

from concordant.problem import Place, Problem, Severity

# What can be a matter of judgement. All else stands in the way of editions that agree.
EXEMPTIBLE = frozenset(
    {
        "alt-missing",
        "alt-vague",
        "contrast-low",
        "heading-empty",
        "heading-skipped",
        "language-outdated",
        "language-unknown",
        "link-empty",
        "link-text-vague",
        "ref-same-title",
        "table-header-missing",
    }
)
NOWHERE = Place("")
_KEYS = ("code", "of", "in", "reason")


@dataclass(frozen=True, slots=True)
class Exemption:
    """One declared exception: a code, what it is about, the files it holds for, why, and where it is declared.

    `of` holds what the finding names (keys, a tag, a target) and `files` patterns of file names; where one of
    them is empty, the other alone decides.
    """

    code: str
    of: frozenset[str] = frozenset()
    files: tuple[str, ...] = ()
    reason: str = ""
    place: Place = NOWHERE
    unknown: tuple[str, ...] = ()
    """Keys of the declaration that mean nothing."""

    @property
    def complete(self) -> bool:
        """Whether it says what, where and why; nothing else silences a finding."""
        return self.code in EXEMPTIBLE and bool(self.reason and (self.of or self.files))

    def answers(self, problem: Problem) -> bool:
        """Tell whether this exception is about that finding."""
        return (
            self.complete
            and problem.code == self.code
            and (not self.of or (bool(problem.about) and problem.about <= self.of))
            and (not self.files or any(_matches(problem.place.file, each) for each in self.files))
        )


def _matches(file: str, pattern: str) -> bool:
    """Match a file's name, as the project's folder or its `source/` has it."""
    return fnmatchcase(file, pattern) or fnmatchcase(file, f"source/{pattern}")


def read_exemptions(raw: object, text: str, name: str) -> tuple[Exemption, ...]:
    """Read the value of `exceptions:` in the metadata file `name`, which has this text."""
    items = raw if isinstance(raw, list) else [raw]
    lines = _lines(text) or [0]
    return tuple(
        _read(each, Place(name, lines[min(index, len(lines) - 1)]))
        for index, each in enumerate(items)
    )


def _read(raw: object, place: Place) -> Exemption:
    if not isinstance(raw, Mapping):
        return Exemption("", place=place)
    unknown = tuple(str(key) for key in raw if key not in _KEYS)
    files = texts(raw.get("in", []))
    reason = " ".join(str(raw.get("reason") or "").split())
    of = frozenset(texts(raw.get("of", [])))
    return Exemption(str(raw.get("code") or ""), of, files, reason, place, unknown)


def texts(value: object) -> tuple[str, ...]:
    """Return what the metadata give as one text or as a list of them."""
    return tuple(map(str, value)) if isinstance(value, list) else (str(value),)


def _lines(text: str) -> list[int]:
    """Return the lines of the declarations."""
    root = yaml.compose(text, yaml.SafeLoader)
    pairs = root.value if isinstance(root, yaml.MappingNode) else []
    found = [value for key, value in pairs if key.value == "exceptions"]
    items = found[0].value if found and isinstance(found[0], yaml.SequenceNode) else found
    return [each.start_mark.line + 1 for each in items]


def lint_exemptions(exemptions: Iterable[Exemption]) -> Iterator[Problem]:
    """Yield what is wrong with the declarations themselves."""
    for each in exemptions:
        if each.code not in EXEMPTIBLE:
            close = difflib.get_close_matches(each.code, EXEMPTIBLE, 1)
            known = ", ".join(sorted(EXEMPTIBLE))
            hint = f'did you mean "{close[0]}"?' if close else f"exceptions are for {known}"
            message = f'there are no exceptions for "{each.code}"'
            yield Problem("exception-unknown", message, each.place, hint)
        for key in each.unknown:
            message = f'"{key}" means nothing in an exception'
            hint = "known are " + ", ".join(_KEYS)
            yield Problem("exception-unknown", message, each.place, hint)
        if not each.reason:
            message = "the exception has no reason"
            yield Problem("exception-incomplete", message, each.place, "add `reason: …`")
        if not (each.of or each.files):
            message = "the exception does not say for what it holds"
            hint = "add `in:` with a file or a pattern, or `of:` with what the finding names"
            yield Problem("exception-incomplete", message, each.place, hint)


def unanswered(problems: Iterable[Problem], exemptions: Sequence[Exemption]) -> list[Problem]:
    """Return the problems to which no exception has been declared."""
    return [
        problem for problem in problems if not any(each.answers(problem) for each in exemptions)
    ]


def unused(problems: Sequence[Problem], exemptions: Iterable[Exemption]) -> Iterator[Problem]:
    """Yield a warning for each exception, or part of one, to which nothing corresponds in all that was found."""
    for each in exemptions:
        answered = [problem for problem in problems if each.answers(problem)]
        about = frozenset[str]().union(*(problem.about for problem in answered))
        if not each.complete or (answered and each.of <= about):
            continue
        left = sorted(each.of - about) if answered else []
        whose = " of " + ", ".join(f'"{name}"' for name in left) if left else ""
        yield Problem(
            "exception-unused",
            f'the exception for "{each.code}" answers nothing{whose}',
            each.place,
            "take it out",
            Severity.WARNING,
        )
