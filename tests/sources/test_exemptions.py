"""Declared exceptions: what they answer, and what is said when they are no good."""

from __future__ import annotations

from concordant.problem import Place, Problem
from concordant.sources.exemptions import Exemption, unanswered, unused
from concordant.sources.metadata import Metadata, read_metadata

HERE = Problem(
    "link-text-vague", "m", Place("source/02-b.md", 7), about=frozenset({"https://a.org"})
)


def declared(*lines: str) -> tuple[Metadata, list[str]]:
    text = "title: T\nlang: en\nexceptions:\n" + "".join(f"{line}\n" for line in lines)
    metadata, problems = read_metadata(text, "m.yaml")
    return metadata, [str(each) for each in problems]


def answers(line: str, problem: Problem = HERE) -> bool:
    metadata, problems = declared(line)
    assert not problems
    return not unanswered([problem], metadata.exceptions)


def test_an_exception_answers_its_code_its_file_and_what_it_is_of() -> None:
    assert answers("- {code: link-text-vague, in: 02-b.md, reason: r}")
    assert answers("- {code: link-text-vague, in: source/02-b.md, reason: r}")
    assert answers("- {code: link-text-vague, in: ['01-*', '02-*'], reason: r}")
    assert answers("- {code: link-text-vague, of: https://a.org, reason: r}")
    assert not answers("- {code: link-text-vague, in: 03-*, of: https://a.org, reason: r}")
    assert not answers("- {code: link-text-vague, in: 02-*, of: https://b.org, reason: r}")
    assert not answers("- {code: link-empty, in: 02-b.md, reason: r}")


def test_all_that_a_finding_is_about_must_be_named() -> None:
    both = Problem("ref-same-title", "m", Place("r.yaml", 1), about=frozenset({"a", "b"}))
    assert answers("- {code: ref-same-title, of: [a, b, c], reason: r}", both)
    assert not answers("- {code: ref-same-title, of: [a], reason: r}", both)
    nameless = Problem("heading-empty", "m", Place("source/01.md", 1))
    assert not answers("- {code: heading-empty, of: [x], reason: r}", nameless)


def test_an_exception_without_a_reason_or_a_place_is_told_and_answers_nothing() -> None:
    metadata, problems = declared(
        "- code: link-text-vague",
        "  in: 02-b.md",
        "",
        "- {code: link-text-vague, reason: because}",
    )
    assert problems == [
        "m.yaml:4: error[exception-incomplete]: the exception has no reason; add `reason: …`",
        "m.yaml:7: error[exception-incomplete]: the exception does not say for what it holds; "
        "add `in:` with a file or a pattern, or `of:` with what the finding names",
    ]
    assert unanswered([HERE], metadata.exceptions) == [HERE]


def test_what_is_unknown_in_an_exception_is_told() -> None:
    _, problems = declared(
        "- {code: link-text-vage, in: a, reason: r}",
        "- {code: ref-missing, in: a, reason: r}",
        "- {code: link-empty, at: a, of: b, reason: r}",
        "- just words",
    )
    assert problems[0] == (
        'm.yaml:4: error[exception-unknown]: there are no exceptions for "link-text-vage"; '
        'did you mean "link-text-vague"?'
    )
    assert problems[1].startswith("m.yaml:5: error[exception-unknown]: there are no exceptions")
    assert problems[2] == (
        'm.yaml:6: error[exception-unknown]: "at" means nothing in an exception; '
        "known are code, of, in, reason"
    )
    assert problems[3].startswith("m.yaml:7: error[exception-unknown]")


def test_what_answers_nothing_is_told() -> None:
    exceptions = (
        Exemption("link-text-vague", files=("02-b.md",), reason="r", place=Place("m.yaml", 4)),
        Exemption("link-text-vague", files=("03-c.md",), reason="r", place=Place("m.yaml", 5)),
        Exemption(
            "link-text-vague", frozenset({"https://a.org", "x"}), (), "r", Place("m.yaml", 6)
        ),
    )
    assert [str(each) for each in unused([HERE], exceptions)] == [
        'm.yaml:5: warning[exception-unused]: the exception for "link-text-vague" answers nothing; '
        "take it out",
        'm.yaml:6: warning[exception-unused]: the exception for "link-text-vague" answers nothing '
        'of "x"; take it out',
    ]
