"""The registry of what the checker can say: a code, what it means, what an author can do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rule:
    """What a code means, and the hint that goes with it."""

    meaning: str
    hint: str


RULES: Mapping[str, Rule] = {
    "kind-missing": Rule(
        "An edition shows nothing of a kind of number that another edition or the ledger has.",
        "look whether the edition was built from all sections, and whether its markup can be read",
    ),
    "declaration-missing": Rule(
        "A numbered thing stands in other editions but not in this one.",
        "build the editions again from one source; a part of this edition is missing",
    ),
    "declaration-extra": Rule(
        "A numbered thing stands in this edition alone.",
        "build the editions again from one source; this edition has a part too many",
    ),
    "declaration-label": Rule(
        "A numbered thing has another number in this edition.",
        "number things once, before the editions are written",
    ),
    "declaration-order": Rule(
        "A numbered thing or a part of the text stands at another place in the order.",
        "compare the order of the sections, of the spine or of the pages",
    ),
    "declaration-text": Rule(
        "The text beside a number (caption, heading, entry, note) differs.",
        "one of the editions is older than the others, or was edited by hand",
    ),
    "mention-missing": Rule(
        "The text of other editions mentions a number here; this edition does not.",
        "look for a missing sentence, note or citation",
    ),
    "mention-extra": Rule(
        "This edition mentions a number where the others do not.",
        "look for a sentence, note or citation too many",
    ),
    "mention-label": Rule(
        "The text mentions another number in this edition.",
        "one of the editions is older than the others, or counts by itself",
    ),
    "mention-undeclared": Rule(
        "The text mentions a number that nothing carries.",
        "declare it, or correct the mention",
    ),
    "link-target": Rule(
        "A link leads to something that carries another number than the link prints.",
        "correct the link's target or its text",
    ),
    "link-dead": Rule(
        "A link leads nowhere.",
        "give the target its identifier back, or correct the link",
    ),
    "link-lost": Rule(
        "A link that prints a number leads to a place where nothing is numbered.",
        "let the link lead to the numbered thing itself",
    ),
    "link-missing": Rule(
        "A number is mentioned in plain letters, without a link.",
        "make it a cross-reference or a citation in the source",
    ),
    "number-duplicate": Rule(
        "Two things of a kind carry the same number.",
        "number the whole document at once, not file by file",
    ),
    "number-gap": Rule(
        "A number is left out.",
        "number the things of a kind one after the other",
    ),
    "number-order": Rule(
        "The numbers of a kind do not ascend.",
        "number the things of a kind in the order in which they stand",
    ),
    "never-mentioned": Rule(
        "A numbered thing is mentioned nowhere in the text.",
        "mention it, or leave it out",
    ),
    "citation-order": Rule(
        "The references are not numbered in the order of their first citation.",
        "let the citation processor number the references",
    ),
    "page-number": Rule(
        "A printed page number is not the folio of the page where its link lands.",
        "let the layout engine count again, or restart the folios where the numbers restart",
    ),
    "folio-order": Rule(
        "The folios do not count the pages one by one.",
        "look for a missing, doubled or moved page",
    ),
    "folio-label": Rule(
        "The file's own label of a page is not the folio printed on it, or there is none although the other editions name their pages.",
        "write the page labels from the folios",
    ),
    "page-mark": Rule(
        "A page mark is left out, does not say which page it is, or is not at the words with which that page of the PDF begins; or an edition has none although another has.",
        "write the page marks again from the finished PDF",
    ),
    "contents-text": Rule(
        "A line of the contents, a list or the bookmarks does not say what stands where it leads.",
        "write the contents from the numbered headings and captions",
    ),
    "contents-missing": Rule(
        "A list leaves out a thing although it lists others of the same kind and depth, or an edition has no such list although another has.",
        "write the contents from the numbered headings and captions",
    ),
    "contents-order": Rule(
        "The lines of a list are not in the order of what they lead to, or one stands there twice.",
        "write the contents from the numbered headings and captions",
    ),
    "backlink-wrong": Rule(
        "A way back from a note or an entry does not lead to a mention of it.",
        "let the way back lead to the citation or the call itself",
    ),
    "backlink-missing": Rule(
        "A note or an entry has no way back, although others of its kind have one, here or in another edition.",
        "give every note and entry a link back",
    ),
    "words-differ": Rule(
        "The running text differs.",
        "one of the editions is older than the others, or was edited by hand",
    ),
    "words-missing": Rule(
        "A part of the running text stands in some editions only.",
        "look for a missing section, or give the part a role that sets it apart",
    ),
    "picture-text": Rule(
        "A picture prints text in the EPUB or the HTML that it does not print in the PDF; an error where most of it is missing.",
        "look at the picture in both editions; the layout engine may not know how it is drawn",
    ),
    "identity-differs": Rule(
        "The editions say that they are different documents or versions, or one shows another title than its metadata have.",
        "build all editions again from one source",
    ),
    "identity-missing": Rule(
        "An edition does not say which document or version it is.",
        "write title, identifier and version into every edition",
    ),
}
