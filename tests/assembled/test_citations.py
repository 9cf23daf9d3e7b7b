from __future__ import annotations

import re
from pathlib import Path

import pytest

from concordant.numbered.blank import BLANK
from concordant.numbered.chapter import Chapter, Numbered
from concordant.tree import Node, attribute, rewrite, string, text_of, walk
from tests.documents import METADATA, write_document

SUPERSCRIPT = """<?xml version="1.0" encoding="utf-8"?>
<style xmlns="http://purl.org/net/xbiblio/csl" class="in-text" version="1.0">
  <info><title>Raised</title><id>raised</id><updated>2020-01-01T00:00:00+00:00</updated></info>
  <citation collapse="citation-number">
    <layout vertical-align="sup" delimiter=","><text variable="citation-number"/></layout>
  </citation>
  <bibliography><layout><text variable="title"/></layout></bibliography>
</style>
"""


BIBTEX = """@book{one, author={Roe, Ann and others}, title={One}}
@book{two, author={Roe, Ann and Doe, Jim and others}, title={Two}}
"""
JSON = """[{"id": "one", "type": "book", "title": "One", "author": [{"family": "Roe", "given": "Ann"}, {"literal": "others"}]},
{"id": "two", "type": "book", "title": "Two", "author": [{"family": "Roe", "given": "Ann"}, {"family": "Doe", "given": "Jim"}, {"literal": "others"}]}]
"""

FIELDS = """
@article{one, author={Roe, Ann and Doe, Jim and Poe, Eve}, title={Un mot}, journal={Texte}, volume=3, number=4, year=2020, month=mar}
@techreport{two, author={Roe, Ann}, title={Deux}, institution={ONU}, type={note}, number={TR-12}, address={Gand}, year=2022, month=8}
@techreport{three, author={Roe, Ann}, title={Trois}, institution={ONU}, number={12}, year=2022}
@book{four, editor={Roe, Ann and Doe, Jim}, title={Quatre}, publisher={Springer}, address={Gand}, edition=2, series={Cours}, number={77}}
@book{five, author={Roe, Ann}, editor={Doe, Jim}, translator={Poe, Eve}, title={Cinq}, volume=2, publisher={Springer}}
@incollection{six, author={Roe, Ann}, title={Six}, booktitle={Texte}, editor={Doe, Jim}, edition=3, year=2019}
@incollection{seven, title={Sept}, booktitle={Texte}, editor={Doe, Jim}}
"""
PRINTED = {
    "en-GB": [
        "A. Roe, J. Doe and E. Poe. ‘Un mot’. Texte, 3 (4), March 2020.",
        "A. Roe. Deux. Note TR-12, Gand: ONU, August 2022.",
        "A. Roe. Trois. No.\u00a012, ONU, 2022.",
        "A. Roe and J. Doe (eds). Quatre, 2nd edn. Cours 77, Gand: Springer.",
        "A. Roe. Cinq, vol.\u00a02, ed. by J. Doe, trans. by E. Poe. Springer.",
        "A. Roe. ‘Six’. In Texte, 3rd edn, ed. by J. Doe, 2019.",
        "‘Sept’. In Texte, ed. by J. Doe.",
    ],
    "de": [
        "A. Roe, J. Doe und E. Poe. „Un mot“. Texte, 3 (4), März 2020.",
        "A. Roe. Deux. Note TR-12, Gand: ONU, August 2022.",
        "A. Roe. Trois. Nr.\u00a012, ONU, 2022.",
        "A. Roe und J. Doe (Hrsg.). Quatre, 2. Aufl. Cours 77, Gand: Springer.",
        "A. Roe. Cinq, Bd.\u00a02, hg. von J. Doe, übers. von E. Poe. Springer.",
        "A. Roe. „Six“. In Texte, 3. Aufl., hg. von J. Doe, 2019.",
        "„Sept“. In Texte, hg. von J. Doe.",
    ],
    "fr": [
        "A. Roe, J. Doe et E. Poe. «\u00a0Un mot\u00a0». Texte, 3 (4), mars 2020.",
        "A. Roe. Deux. Note TR-12, Gand: ONU, août 2022.",
        "A. Roe. Trois. nᵒ\u00a012, ONU, 2022.",
        "A. Roe et J. Doe (éd.). Quatre, 2ᵉ éd. Cours 77, Gand: Springer.",
        "A. Roe. Cinq, vol.\u00a02, éd. par J. Doe, trad. par E. Poe. Springer.",
        "A. Roe. «\u00a0Six\u00a0». In Texte, 3ᵉ éd., éd. par J. Doe, 2019.",
        "«\u00a0Sept\u00a0». In Texte, éd. par J. Doe.",
    ],
}


def filled(chapter: Chapter) -> list[Node]:
    """Return a chapter's blocks with the numbers in its blanks."""

    def fill(node: Node) -> list[Node] | None:
        anchors = dict(node["c"][0][2]) if node["t"] == "Link" else {}
        if BLANK not in anchors:
            return None
        number = chapter.numbers[anchors[BLANK]]
        assert text_of(node) == "0" * len(number)
        return [{"t": "Link", "c": [attribute(), [string(number)], node["c"][2]]}]

    blocks: list[Node] = rewrite(chapter.blocks, fill)
    return blocks


def citations(numbered: Numbered) -> list[Node]:
    nodes = walk([filled(chapter) for chapter in numbered.chapters])
    return [node for node in nodes if node["t"] == "Span" and "citation" in node["c"][0][1]]


def links(node: Node) -> list[tuple[str, str]]:
    return [
        (text_of(each["c"][1]), each["c"][2][0]) for each in walk(node["c"]) if each["t"] == "Link"
    ]


def test_groups_collapse_and_each_printed_number_is_its_own_link(tmp_path: Path) -> None:
    text = "# T\n\n[@three] [@one] [@two; @one; @four; @three] [@four, p. 5]\n"
    numbered, problems = write_document(tmp_path, {"01.md": text}).numbered()
    assert not problems
    printed = citations(numbered)
    assert [text_of(node) for node in printed] == ["[1]", "[2]", "[1–4]", "[4 (p. 5)]"]
    assert links(printed[2]) == [("1", "#ref-three"), ("4", "#ref-four")]


def test_mentions_follow_the_print_and_include_what_a_range_does_not_print(tmp_path: Path) -> None:
    text = "# T\n\nFirst [@two].\n\nThen [@three; @one; @two].\n"
    numbered, _ = write_document(tmp_path, {"01.md": text}).numbered()
    mentions = [(each.number, each.target, each.printed) for each in numbered.ledger.mentions]
    assert mentions == [
        ("1", "ref-two", True),
        ("1", "ref-two", True),
        ("2", "ref-three", False),
        ("3", "ref-one", True),
    ]


@pytest.mark.parametrize("order", [["one", "two", "three"], ["three", "one", "two"]])
def test_references_are_numbered_by_first_citation_across_sections(
    tmp_path: Path, order: list[str]
) -> None:
    sections = {f"{n}.md": f"# C\n\nText.^[In a note [@{key}].]\n" for n, key in enumerate(order)}
    numbered, _ = write_document(tmp_path, sections).numbered()
    listed = [each.anchor for each in numbered.ledger.declarations if each.kind == "reference"]
    assert listed == [f"ref-{key}" for key in order]


def test_a_mention_before_a_citation_is_no_part_of_it(tmp_path: Path) -> None:
    text = "# T {#sec:t}\n\nSee @sec:t [@two; @one] and @sec:t [-@two].\n"
    numbered, problems = write_document(tmp_path, {"01.md": text}).numbered()
    assert not problems
    assert "See Section\u00a01 [1, 2] and Section\u00a01 [1]." in text_of(
        filled(numbered.chapters[0])
    )


def test_another_numeric_style_can_be_named(tmp_path: Path) -> None:
    document = write_document(
        tmp_path,
        {"01.md": "# T\n\nWord [@two], word [@one; @two].\n"},
        metadata=METADATA + "csl: source/raised.csl\n",
        files={"raised.csl": SUPERSCRIPT},
    )
    numbered, problems = document.numbered()
    assert not problems
    paragraph = text_of(filled(numbered.chapters[0])).split("T ", 1)[1].strip()
    assert paragraph == "Word1, word2,1."


def entries(root: Path, lang: str, text: str, name: str = "x.bib") -> list[str]:
    """Return the entries of a bibliography as they are printed, cited one after the other."""
    keys = re.findall(r'(?:@\w+{|"id": ")(\w+)', text)
    document = write_document(
        root,
        {"01.md": f"# T\n\n{' '.join(f'[@{key}]' for key in keys)}\n"},
        metadata=METADATA.replace("en-GB", lang) + f"bibliography: {name}\n",
        files={name: text},
    )
    numbered, problems = document.numbered()
    assert not problems
    return [each.text for each in numbered.ledger.declarations if each.kind == "reference"]


@pytest.mark.parametrize(("name", "text"), [("x.bib", BIBTEX), ("x.json", JSON)])
@pytest.mark.parametrize(
    ("lang", "others"), [("en-GB", "et al."), ("de", "u.\u00a0a."), ("fr", "et al.")]
)
def test_and_others_is_what_the_language_says_for_it(
    tmp_path: Path, lang: str, others: str, name: str, text: str
) -> None:
    assert entries(tmp_path, lang, text, name) == [
        f"A. Roe {others} One.",
        f"A. Roe, J. Doe {others} Two.",
    ]


@pytest.mark.parametrize("lang", PRINTED)
def test_entries_print_what_they_are_given_in_the_words_of_the_language(
    tmp_path: Path, lang: str
) -> None:
    assert entries(tmp_path, lang, FIELDS) == PRINTED[lang]
