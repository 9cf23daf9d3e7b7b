"""A page that begins with an entry of the reference list is marked beside that entry on screens, over none of its words."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from concordant.editions.edition import Format
from concordant.validation.chromium import launched
from tests.documents import write_document

KEYS = [f"ref{number}" for number in range(60)]
REFERENCES = "references:\n" + "\n".join(
    f"- id: {key}\n  type: book\n  title: The book that is called {key}\n" for key in KEYS
)
TEXT = "# One\n\n" + "\n\n".join(f"Words [@{key}]." for key in KEYS) + "\n"
HIDDEN = ".entry-label > .page::before { visibility: hidden; }"
WORDS = """entry => {
    const range = document.createRange();
    range.selectNodeContents(entry);
    return [...range.getClientRects()].map(({left, top, right, bottom}) => [left, top, right, bottom]);
}"""


@pytest.fixture(scope="module")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("entries")
    document = write_document(root, {"01.md": TEXT}, references=REFERENCES)
    return document.build([Format.PDF, Format.HTML], proven=False)["html"]


@pytest.mark.slow
@pytest.mark.parametrize("width", [360, 800, 1280])
def test_marks_stand_over_no_words(page_file: Path, width: int) -> None:
    with launched() as browser:
        page = browser.new_page(viewport={"width": width, "height": 600})
        page.goto(page_file.as_uri())
        entry = page.locator(".entry:has(.entry-label > .page)").first
        entry.evaluate("each => each.scrollIntoView({block: 'center'})")
        page.wait_for_timeout(200)
        marked = Image.open(io.BytesIO(page.screenshot()))
        page.add_style_tag(content=HIDDEN)
        bare = Image.open(io.BytesIO(page.screenshot()))
        label, text = (
            entry.locator(each).evaluate(WORDS) for each in (".entry-label", ".entry-text")
        )
    assert max(right for _, _, right, _ in label) <= min(left for left, *_ in text)
    mark = ImageChops.difference(marked.convert("RGB"), bare.convert("RGB")).getbbox()
    assert mark is not None
    for left, top, right, bottom in [*label, *text]:
        apart = mark[2] <= left or right <= mark[0] or mark[3] <= top + 4 or bottom - 4 <= mark[1]
        assert apart, "the mark stands over words"
