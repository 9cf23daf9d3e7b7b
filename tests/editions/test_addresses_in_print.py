"""Code and addresses have no hyphens but their own in print, wherever their lines end."""

from __future__ import annotations

import pypdfium2
import pytest

from concordant.editions.edition import Format
from concordant.editions.elements import inner, parse
from concordant.editions.press.addresses import tell_addresses
from tests.documents import write_document

HYPHEN = "\ufffe"  # what PDFium gives for one at a line's end
WORD = "characterization"
CHAPTERS = {
    "Words": f"{WORD} " * 60,
    "Code": f"`{WORD}` " * 60,
    "Address": f"https://example.org/{WORD}/{WORD} or ({WORD}@{WORD}.org), " * 12,
    "DOI": f"10.1234/{WORD}.{WORD}, www.{WORD}.org " * 12,
    "Link": f"<https://example.org/{WORD}/{WORD}> and [{WORD}.org](https://{WORD}.org) or {WORD}.org/{WORD} "
    * 20,
    "Note": f"Text.^[{f'`{WORD}` https://example.org/{WORD} ' * 9}]",
}
TEXT = "\n\n".join(f"# {name}\n\n{text}" for name, text in CHAPTERS.items())


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    document = write_document(tmp_path_factory.mktemp("addresses"), {"01.md": TEXT})
    pdf = pypdfium2.PdfDocument(document.build([Format.PDF], proven=False)["pdf"])
    chapters = range(2, 2 + len(CHAPTERS))  # behind the title page and the contents
    texts = [pdf[index].get_textpage().get_text_range() for index in chapters]
    return dict(zip(CHAPTERS, texts, strict=True))


def test_words_are_divided(pages: dict[str, str]) -> None:
    assert HYPHEN in pages["Words"]


@pytest.mark.parametrize("name", [*CHAPTERS][1:])
def test_code_and_addresses_are_not(pages: dict[str, str], name: str) -> None:
    assert WORD in pages[name]
    assert HYPHEN not in pages[name]


def test_addresses_are_told_from_words() -> None:
    root = parse(
        '<p>At www.a.org, <b>b</b> 10.1234/x &amp; <a href="#">https://a</a> or <a href="https://a.org">a.org</a></p>'
        '<p>Words 10.5/2 @ www and/or a.o. <a href="https://a">words at www.a.org</a></p>'
    )
    tell_addresses(root)
    assert inner(root) == (
        '<p>At <span class="address">www.a.org,</span> <b>b</b> <span class="address">10.1234/x</span> &amp; '
        '<a href="#" class="address">https://a</a> or <a href="https://a.org" class="address">a.org</a></p>'
        '<p>Words 10.5/2 @ www and/or a.o. <a href="https://a">words at <span class="address">www.a.org</span></a></p>'
    )
