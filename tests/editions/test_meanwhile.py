"""While pages are laid out: what is new is begun first, and the rest is made step by step, as long as there is time."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest

from concordant.cache import Folder, Recalling, remembering
from concordant.editions import package, reading
from concordant.editions.paged import Meanwhile, lay_out_pages
from concordant.editions.press.printing import print_part
from concordant.editions.publication import Publication
from concordant.editions.workers import ThisProcess
from tests.editions import rich


@pytest.fixture(scope="module")
def publication(tmp_path_factory: pytest.TempPathFactory) -> Publication:
    return rich.publication(tmp_path_factory.mktemp("meanwhile"))


class _Noting(ThisProcess):
    def __init__(self) -> None:
        self.printed: list[str] = []

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        if fn is print_part:
            self.printed += args[:1]
        return super().submit(fn, *args, **kwargs)


@pytest.mark.parametrize("chapter", [0, 1])
def test_new_chapters_are_begun_first_and_printed_once(
    publication: Publication, tmp_path: Path, chapter: int
) -> None:
    noting, store = _Noting(), Folder(tmp_path)
    told: list[bool] = []
    new = publication.fragments[chapter : chapter + 1]
    with remembering(store):
        beside = Meanwhile(waiting=lambda are_printed: told.append(are_printed()), new=new)
        lay_out_pages(publication, Recalling(noting, store), meanwhile=beside)
    assert f'id="{new[0].chapter.anchor}"' in noting.printed[0]
    assert len(noting.printed) == len(set(noting.printed))
    assert told == [True]


def test_lists_that_wait_for_page_numbers_are_not_begun_first(
    publication: Publication, tmp_path: Path
) -> None:
    usual, noting = _Noting(), _Noting()
    lay_out_pages(publication, Recalling(usual, Folder(tmp_path / "1")))
    beside = Meanwhile(new=publication.fragments[-1:])
    lay_out_pages(publication, Recalling(noting, Folder(tmp_path / "2")), meanwhile=beside)
    assert noting.printed == usual.printed


def test_chapters_are_prepared_one_after_another(
    publication: Publication, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []
    chapter_text: Callable[..., Any] = vars(package)["chapter_text"]

    def note(body: str, *args: Any) -> Any:
        made.append(body)
        return chapter_text(body, *args)

    monkeypatch.setattr(package, "chapter_text", note)
    steps = package.prepare_epub(publication)
    next(steps)
    assert made == [publication.fragments[0].body]
    assert len([*steps]) == 2 * len(publication.fragments) - 1
    assert len(made) == len(publication.fragments)
    assert len([*reading.prepare_html(publication)]) == len(publication.fragments)
