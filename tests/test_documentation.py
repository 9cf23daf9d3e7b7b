"""The documentation stays true to the code: every task, option, problem code and metadata key is in it."""

from __future__ import annotations

import re
from dataclasses import fields

from invoke.collection import Collection

import tasks
from concordant.sources.metadata import Metadata
from tests.documents import ROOT

README = (ROOT / "README.md").read_text("utf-8")


def test_every_task_and_option_is_in_the_readme() -> None:
    for name, task in Collection.from_module(tasks).tasks.items():
        assert f"`inv {name}`" in README, name
        row = next(line for line in README.splitlines() if line.startswith(f"| `inv {name}`"))
        for argument in task.get_arguments():
            assert f"--{argument.name.replace('_', '-')}" in row, (name, argument.name)


def test_the_readme_names_no_task_that_is_not_there() -> None:
    named = set(re.findall(r"^\| `inv ([a-z-]+)`", README, re.MULTILINE))
    assert named == {name.replace("_", "-") for name in Collection.from_module(tasks).task_names}


def test_every_problem_code_is_explained_and_none_is_made_up() -> None:
    code = re.compile(r'Problem\(\s*"([a-z-]+)"')
    sources = [path.read_text("utf-8") for path in (ROOT / "concordant").rglob("*.py")]
    raised = {found for text in sources for found in code.findall(text)}
    text = (ROOT / "docs" / "problems.md").read_text("utf-8")
    rows = [line.split("|")[1] for line in text.splitlines() if line.startswith("| `")]
    assert raised == {found for row in rows for found in re.findall(r"`([a-z-]+)`", row)}


def test_every_metadata_key_is_explained() -> None:
    text = (ROOT / "docs" / "writing.md").read_text("utf-8")
    assert {field.name for field in fields(Metadata)} <= set(re.findall(r"`([a-z]+)`", text))


def test_links_between_the_pages_lead_somewhere() -> None:
    for page in (ROOT / "README.md", *(ROOT / "docs").glob("*.md")):
        text = re.sub(r"(`+).+?\1", "", page.read_text("utf-8"), flags=re.DOTALL)
        for target in re.findall(r"\]\(([^)#:]+)\)", text):
            assert (page.parent / target).exists(), (page.name, target)
