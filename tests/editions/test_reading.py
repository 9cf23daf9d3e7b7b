"""The HTML edition of a small document, read as a browser reads it."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from concordant.editions.placing import lower_headings, wrap_tables
from concordant.editions.reading import make_html
from tests.editions.rich import METADATA, publication

Page = Any  # lxml's XPath can give anything


@pytest.fixture(scope="module")
def text(tmp_path_factory: pytest.TempPathFactory) -> str:
    return make_html(publication(tmp_path_factory.mktemp("document"))).data.decode()


@pytest.fixture(scope="module")
def page(text: str) -> Page:
    return read(text)


def read(text: str) -> Page:
    return html.document_fromstring(text)


def words(element: Page) -> str:
    return " ".join(element.text_content().split())


def test_every_identifier_is_one_element_s(page: Page) -> None:
    counts = Counter(page.xpath("//@id"))
    assert len(counts) > 20
    assert [name for name, times in counts.items() if times > 1] == []


def test_every_link_within_the_page_has_a_target(page: Page) -> None:
    targets = [href[1:] for href in page.xpath("//a/@href") if href.startswith("#")]
    assert len(targets) > 30
    assert set(targets) <= set(page.xpath("//@id"))


def test_other_links_lead_to_the_sister_editions_only(page: Page) -> None:
    others = {href for href in page.xpath("//a/@href") if not href.startswith("#")}
    assert others == {"small.pdf", "small.epub"}


def test_nothing_is_fetched(page: Page, text: str) -> None:
    sources = page.xpath("//@src | //link[@rel='icon']/@href | //*[local-name()='image']/@href")
    sources += re.findall(r"url\((.*?)\)", text)
    sources += re.findall(r"@import[^;]*", text)
    assert len(sources) > 5
    assert [each for each in sources if not each.strip("\"'").startswith(("data:", "#"))] == []


def test_the_policy_allows_the_page_s_scripts_and_no_other(page: Page) -> None:
    [policy] = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    scripts = page.xpath("//script")
    digests = {hashlib.sha256(each.text.encode()).digest() for each in scripts}
    allowed = {base64.b64decode(each) for each in re.findall(r"'sha256-([^']+)'", policy)}
    assert len(scripts) == 2
    assert digests == allowed
    assert policy.startswith("default-src 'none'")


def test_notes_and_their_calls_lead_to_each_other(page: Page) -> None:
    calls = page.xpath("//a[@role='doc-noteref']")
    notes = page.xpath("//*[@role='doc-footnote']")
    assert [words(call) for call in calls] == ["1", "2"]
    assert [call.get("href") for call in calls] == [f"#{note.get('id')}" for note in notes]
    backs = [note.xpath(".//a[@role='doc-backlink']")[0] for note in notes]
    assert [back.get("href") for back in backs] == [f"#{call.get('id')}" for call in calls]


def test_each_entry_leads_back_to_each_place_that_cites_it(page: Page) -> None:
    for entry in page.xpath("//li[starts-with(@id, 'ref-')]"):
        citing = page.xpath(f"//main//a[@href='#{entry.get('id')}']/ancestor::*[@id][1]/@id")
        backs = entry.xpath(".//a[@role='doc-backlink']/@href")
        assert citing
        assert [f"#{each}" for each in citing] == backs


def test_pictures_and_formulas_say_what_they_are(page: Page) -> None:
    [drawing] = page.xpath("//figure//*[local-name()='svg']")
    assert drawing.get("role") == "img"
    assert drawing.get("aria-label") == "A word in a box"
    assert page.xpath("//math//annotation")
    assert page.xpath("//img[not(@alt)]") == []


def test_headings_descend_a_step_at_a_time_from_one_title(page: Page) -> None:
    levels = [int(each.tag[1]) for each in page.xpath("//h1|//h2|//h3|//h4|//h5|//h6")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    steps = [after - before for before, after in pairwise(levels)]
    assert max(steps) == 1


def test_permalinks_add_no_words(page: Page) -> None:
    links = page.xpath("//a[@class='permalink']")
    assert len(links) > 5
    assert "".join(link.text_content() for link in links) == ""
    for link in links:
        hidden = link.get("aria-hidden") == "true" and link.get("tabindex") == "-1"
        assert hidden != bool(link.get("aria-label"))
    assert page.xpath("//h2//a | //h3//a") == []


def test_the_contents_name_every_chapter_figure_table_and_listing(page: Page) -> None:
    entries = [words(each) for each in page.xpath("//nav//li/a")]
    chapters = ["1 First", "1.1 Part", "2 Second", "References"]
    assert entries == [*chapters, "1 A drawing", "1 Some data", "1 A listing"]


def test_the_head_describes_the_document_to_citation_managers(page: Page) -> None:
    tags = {(each.get("name") or each.get("property")): each for each in page.xpath("//meta")}
    assert tags["citation_title"].get("content") == "A small <document> & more: For tests"
    assert tags["citation_publication_date"].get("content") == "2020/02/02"
    authors = page.xpath("//meta[@name='citation_author']/@content")
    assert authors == ["Ada Example", "Bo Example"]
    data = json.loads(page.xpath("//script[@type='application/ld+json']")[0].text)
    assert data["name"] == "A small <document> & more"
    assert [each["name"] for each in data["author"]] == authors


def test_addresses_are_absolute_where_the_document_has_one(tmp_path: Path) -> None:
    metadata = f"{METADATA}url: https://press.example/small/\n"
    page = read(make_html(publication(tmp_path, metadata)).data.decode())
    address = "https://press.example/small/"
    assert page.xpath("//meta[@name='citation_pdf_url']/@content") == [f"{address}small.pdf"]
    assert page.xpath("//link[@rel='canonical']/@href") == [address]


def test_a_closing_tag_in_the_metadata_does_not_end_the_data(tmp_path: Path) -> None:
    metadata = METADATA.replace("For tests", "</script><b>bold</b>")
    page = read(make_html(publication(tmp_path, metadata)).data.decode())
    assert page.xpath("//b") == []
    data = json.loads(page.xpath("//script[@type='application/ld+json']")[0].text)
    assert data["alternativeHeadline"] == "</script><b>bold</b>"


def test_two_runs_give_the_same_bytes(text: str, tmp_path: Path) -> None:
    assert make_html(publication(tmp_path)).data.decode() == text


def test_tables_stand_in_a_box_and_keep_what_follows_them() -> None:
    root = html.fragment_fromstring("<div><table></table> after<p>next</p></div>")
    wrap_tables(root)
    assert html.tostring(root) == (
        b'<div><div class="table"><table></table></div> after<p>next</p></div>'
    )


def test_headings_make_room_for_the_title() -> None:
    root = html.fragment_fromstring("<div><h1>a</h1><h2>b</h2><h5>c</h5></div>")
    lower_headings(root)
    assert [each.tag for each in root] == ["h2", "h3", "h6"]
