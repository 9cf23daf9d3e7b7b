"""The EPUB edition of a small document, read as a reading system reads it."""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from PIL import Image

from concordant.editions.accessibility import look_at, sight_of
from concordant.editions.package import make_epub
from concordant.editions.plainstyle import plain
from concordant.sources.pictures import Picture
from concordant.validation.epub import check_epubcheck
from concordant.validation.tools import Tools
from tests.documents import SVG, write_document
from tests.editions.rich import METADATA, publication, published

NAMES = {
    "h": "http://www.w3.org/1999/xhtml",
    "o": "http://www.idpf.org/2007/opf",
    "dc": "http://purl.org/dc/elements/1.1/",
}
TYPE = "{http://www.idpf.org/2007/ops}type"
PACKAGE = "EPUB/package.opf"
Files = dict[str, bytes]
Pages = dict[str, etree._Element]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return make_epub(publication(tmp_path_factory.mktemp("document"))).data


@pytest.fixture(scope="module")
def files(data: bytes) -> Files:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture(scope="module")
def pages(files: Files) -> Pages:
    return {name: etree.fromstring(text) for name, text in files.items() if name.endswith("xhtml")}


@pytest.fixture(scope="module")
def package(files: Files) -> etree._Element:
    return etree.fromstring(files[PACKAGE])


def find(root: etree._Element, path: str) -> list[Any]:
    found = root.xpath(path, namespaces=NAMES)
    assert isinstance(found, list)
    return found


def values(root: etree._Element, path: str) -> list[str]:
    return [str(each) for each in find(root, path)]


def words(element: etree._Element) -> str:
    return " ".join("".join(map(str, element.itertext())).split())


def meant(page: str, href: str) -> tuple[str, str]:
    """The file and the identifier to which a link on a page leads."""
    path, _, anchor = href.partition("#")
    home = posixpath.normpath(posixpath.join(posixpath.dirname(page), path)) if path else page
    return home, anchor


def test_the_media_type_comes_first_and_is_not_compressed(data: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        first = archive.infolist()[0]
        assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
        assert archive.read(first) == b"application/epub+zip"


def test_the_manifest_names_every_file_once(files: Files, package: etree._Element) -> None:
    named = [f"EPUB/{href}" for href in values(package, "//o:item/@href")]
    assert sorted(named) == sorted(set(files) - {"mimetype", "META-INF/container.xml", PACKAGE})


def test_the_spine_has_every_page_in_order(package: etree._Element, pages: Pages) -> None:
    items = dict(
        zip(values(package, "//o:item/@id"), values(package, "//o:item/@href"), strict=True)
    )
    spine = [items[each] for each in values(package, "//o:itemref/@idref")]
    opening = ["text/cover.xhtml", "text/title.xhtml", "nav.xhtml"]
    assert spine == [*opening, *(f"text/chapter-{number:02}.xhtml" for number in (1, 2, 3))]
    assert len(spine) == len(pages)


def test_every_link_leads_to_an_element_of_a_page(files: Files, pages: Pages) -> None:
    links = [
        meant(name, href)
        for name, page in pages.items()
        for href in values(page, "//@href | //@src")
    ]
    assert len(links) > 30
    for home, anchor in links:
        assert home in files
        assert not anchor or anchor in values(pages[home], "//@id")


def test_identifiers_are_unique_in_each_page(pages: Pages) -> None:
    for page in pages.values():
        assert [name for name, times in Counter(values(page, "//@id")).items() if times > 1] == []


def test_notes_carry_the_document_s_numbers_and_lead_back(pages: Pages) -> None:
    found = []
    for name, page in pages.items():
        for call in find(page, "//h:a[@role='doc-noteref']"):
            assert call.get(TYPE) == "noteref"
            home, anchor = meant(name, call.get("href", ""))
            [note] = find(pages[home], f"//h:aside[@id='{anchor}']")
            assert (note.get(TYPE), note.get("role")) == ("footnote", "doc-footnote")
            [back] = find(note, ".//h:a[@role='doc-backlink'][1]")
            assert meant(home, back.get("href", "")) == (name, call.get("id"))
            assert words(back) == words(call)
            found.append(words(call))
    assert found == ["1", "2"]
    assert sum(len(find(page, "//h:aside")) for page in pages.values()) == len(found)


def test_the_navigation_document_lists_everything(pages: Pages) -> None:
    navigation = {
        nav.get("id"): [words(each) for each in find(nav, ".//h:a")]
        for nav in find(pages["EPUB/nav.xhtml"], "//h:nav")
    }
    assert navigation["toc"] == ["1 First", "1.1 Part", "2 Second", "References"]
    assert navigation["landmarks"] == ["Cover", "Contents", "First", "References"]
    assert navigation["figures"] == ["1 A drawing"]
    assert navigation["tables"] == ["1 Some data"]
    assert navigation["listings"] == ["1 A listing"]


def test_the_manifest_says_where_formulas_are(tmp_path: Path) -> None:
    text = "# One\n\n## Of $x^2$\n\nText.\n\n# Two\n\nText.\n"
    document = write_document(tmp_path, {"1.md": text}, metadata=METADATA)
    with zipfile.ZipFile(io.BytesIO(make_epub(published(document.root)).data)) as archive:
        package = etree.fromstring(archive.read(PACKAGE))
        pages = [name for name in archive.namelist() if name.endswith(".xhtml")]
        hold = [name for name in pages if b"<math" in archive.read(name)]
    told = values(package, "//o:item[contains(@properties, 'mathml')]/@href")
    assert [f"EPUB/{each}" for each in told] == hold
    assert hold == ["EPUB/nav.xhtml", "EPUB/text/chapter-01.xhtml"]


def test_chapters_say_what_they_are(pages: Pages) -> None:
    kinds = [
        [each.get("role") for each in find(page, "/h:html/h:body/h:section[@class]")]
        for name, page in pages.items()
        if "chapter" in name
    ]
    assert kinds == [["doc-chapter", None], ["doc-chapter", None], ["doc-bibliography"]]


def test_every_page_and_picture_has_words(pages: Pages) -> None:
    for page in pages.values():
        assert page.get("lang") == "en-GB"
        assert words(find(page, "//h:title")[0])
        assert all(values(each, "@alt") != [""] for each in find(page, "//h:img"))
    drawings = [each for page in pages.values() for each in find(page, "//*[local-name()='svg']")]
    assert [each.get("aria-label") for each in drawings] == ["A word in a box"]


def accessibility(package: etree._Element) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for each in find(package, "//o:meta[starts-with(@property, 'schema:')]"):
        found.setdefault(each.get("property", "")[7:], []).append(each.text or "")
    return found


def test_accessibility_metadata_says_what_is_in_the_book(package: etree._Element) -> None:
    claims = accessibility(package)
    assert claims["accessMode"] == ["textual", "visual"]
    assert claims["accessModeSufficient"] == ["textual,visual", "textual"]
    assert {"alternativeText", "MathML", "tableOfContents"} <= set(claims["accessibilityFeature"])
    assert claims["accessibilityHazard"] == ["none"]


def test_accessibility_metadata_claims_nothing_that_is_not_there(tmp_path: Path) -> None:
    document = write_document(tmp_path, {"1.md": "# One\n\nText.\n"}, metadata=METADATA)
    with zipfile.ZipFile(io.BytesIO(make_epub(published(document.root)).data)) as archive:
        claims = accessibility(etree.fromstring(archive.read(PACKAGE)))
    assert claims["accessMode"] == ["textual"]
    assert claims["accessModeSufficient"] == ["textual"]
    assert not {"alternativeText", "MathML"} & set(claims["accessibilityFeature"])


def test_a_picture_that_is_excepted_from_words_is_not_claimed_to_have_them(tmp_path: Path) -> None:
    document = write_document(
        tmp_path,
        {"1.md": "# One\n\n![Caption](p.svg)\n"},
        metadata=METADATA + "exceptions:\n- {code: alt-missing, of: p.svg, reason: An ornament.}\n",
        files={"p.svg": SVG},
    )
    with zipfile.ZipFile(io.BytesIO(make_epub(published(document.root)).data)) as archive:
        claims = accessibility(etree.fromstring(archive.read(PACKAGE)))
    assert claims["accessMode"] == ["textual", "visual"]
    assert claims["accessModeSufficient"] == ["textual,visual"]
    assert "alternativeText" not in claims["accessibilityFeature"]
    assert "Every picture" not in claims["accessibilitySummary"][0]


def test_a_picture_without_words_takes_back_what_is_claimed_of_pictures(tmp_path: Path) -> None:
    good = publication(tmp_path)
    bodies = [each.body.replace('alt="A word in a box"', 'alt=""') for each in good.fragments]
    assert bodies != [each.body for each in good.fragments]
    fragments = tuple(
        replace(each, body=body) for each, body in zip(good.fragments, bodies, strict=True)
    )
    epub = make_epub(replace(good, fragments=fragments))
    with zipfile.ZipFile(io.BytesIO(epub.data)) as archive:
        claims = accessibility(etree.fromstring(archive.read(PACKAGE)))
    assert claims["accessMode"] == ["textual", "visual"]
    assert claims["accessModeSufficient"] == ["textual,visual"]
    assert "alternativeText" not in claims["accessibilityFeature"]
    assert "picture" not in " ".join(claims["accessibilitySummary"])


def animation() -> bytes:
    buffer = io.BytesIO()
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
    frames[0].save(buffer, "GIF", save_all=True, append_images=frames[1:])
    return buffer.getvalue()


def still() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(buffer, "GIF")
    return buffer.getvalue()


MOVING_SVG = SVG.replace("</svg>", '<animate attributeName="x" values="1;9"/></svg>').encode()


@pytest.mark.parametrize(
    ("kind", "data", "hazard"),
    [
        ("image/gif", animation(), "unknown"),
        ("image/gif", still(), "none"),
        ("image/svg+xml", MOVING_SVG, "unknown"),
        ("image/svg+xml", SVG.encode(), "none"),
    ],
)
def test_what_moves_is_told_as_a_hazard(kind: str, data: bytes, hazard: str) -> None:
    assert look_at([], [Picture("p", kind, data)], paged=False).hazard == hazard


def test_a_drawing_may_be_described_by_its_parts() -> None:
    head = '<div><svg xmlns="http://www.w3.org/2000/svg" aria-labelledby="t">'
    named = etree.fromstring(f'{head}<title id="t">A sign</title></svg></div>')
    nameless = etree.fromstring(f'{head}<title id="t"> </title></svg></div>')
    assert look_at([sight_of([named])], [], paged=False).described
    assert not look_at([sight_of([named, nameless])], [], paged=False).described


def test_semantics_have_the_name_that_reading_systems_look_for(files: Files) -> None:
    chapters = [text.decode() for name, text in files.items() if "chapter" in name]
    assert sum(text.count(' epub:type="noteref"') for text in chapters) == 2
    for text in chapters:
        assert text.count("http://www.idpf.org/2007/ops") == 1


def test_formulas_are_read_out_in_words(pages: Pages) -> None:
    [formula] = [each for page in pages.values() for each in find(page, "//*[@alttext]")]
    assert "square root of x" in formula.get("alttext")


def test_fonts_are_embedded_and_the_style_sheet_needs_no_variables(files: Files) -> None:
    style = files["EPUB/style.css"].decode()
    fonts = [name for name in files if name.endswith(".woff2")]
    assert any("stix-two-math" in name for name in fonts)
    assert all(files[name].startswith(b"wOF2") for name in fonts)
    assert all(name.removeprefix("EPUB/") in style for name in fonts)
    assert "var(" not in style
    assert "prefers-color-scheme: dark" in style


def test_two_runs_give_the_same_bytes(data: bytes, tmp_path: Path) -> None:
    assert make_epub(publication(tmp_path)).data == data


def test_plain_works_out_properties_and_products() -> None:
    sheet = ":root { --line: 1.5em } p { margin: calc(var(--line) * 0.5) 0; color: var(--ink) }"
    assert plain(sheet, {"ink": "#111"}).strip() == "p { margin: 0.75em 0; color: #111 }"
    assert plain("a{font-size:calc(2.6 / 1.3 * 100%)}", {}) == "a{font-size:200%}"
    assert plain("a{margin:calc(1em * -0.5)}", {}) == "a{margin:-0.5em}"
    assert plain("a{margin:calc(1em - 1px)}", {}) == "a{margin:calc(1em - 1px)}"
    with pytest.raises(KeyError):
        plain("a{color:var(--none)}", {})


@pytest.mark.slow
def test_epubcheck_finds_nothing(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "small.epub"
    path.write_bytes(data)
    version, findings = check_epubcheck(path, Tools(tmp_path))
    assert version
    assert [each for each in findings if each.counts] == []
