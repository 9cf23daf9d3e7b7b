"""Language tags, by the examples of RFC 5646 (appendix A) and by what authors write instead."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from language_tags import tags

from concordant.sources.languages import fault_of, replacement, suggestion

VALID = """de fr ja i-enochian zh-Hant zh-Hans sr-Cyrl sr-Latn zh-cmn-Hans-CN cmn-Hans-CN zh-yue-HK
yue-HK zh-Hans-CN sr-Latn-RS sl-rozaj sl-rozaj-biske sl-nedis de-CH-1901 sl-IT-nedis hy-Latn-IT-arevela
de-DE en-US es-419 de-CH-x-phonebk az-Arab-x-AZE-derbend x-whatever qaa-Qaaa-QM-x-southern de-Qaaa
sr-Latn-QM sr-Qaaa-RS en-US-u-islamcal zh-CN-a-myext-x-private en-a-myext-b-another EN-gb ug-Arab"""
# The last three are the RFC's: two regions, a singleton that begins a tag, a singleton twice.
INVALID = (
    "xx en-UK english en_GB eng fr-FR-FR zz-ZZ de-abcde en- de-419-DE a-DE ar-a-aaa-b-bbb-a-ccc"
)


@pytest.mark.parametrize("tag", VALID.split())
def test_the_valid_tags_of_the_standard_pass(tag: str) -> None:
    assert not fault_of(tag)


@pytest.mark.parametrize("tag", [*INVALID.split(), "de, en", "français"])
def test_what_is_no_tag_is_told(tag: str) -> None:
    assert fault_of(tag)


@given(st.sampled_from(["en", "de", "ug", "sr"]), st.text("abz", min_size=2, max_size=2))
def test_a_region_is_one_that_is_registered(language: str, region: str) -> None:
    registered = tags.region(region) is not None or region.upper() in {"AA", "ZZ"}
    assert (not fault_of(f"{language}-{region}")) == registered


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("english", "en"),
        ("Deutsch", "de"),
        ("français", "fr"),
        ("en_GB", "en-GB"),
        ("en-UK", "en-GB"),
        ("ger", "de"),
        ("eng-UK", "en-GB"),
        ("qqqq", ""),
    ],
)
def test_what_was_meant_is_suggested(written: str, meant: str) -> None:
    assert suggestion(written) == meant


def test_what_has_been_replaced_is_named() -> None:
    assert [replacement(tag) for tag in ("iw-IL", "i-klingon", "en-GB")] == ["he-IL", "tlh", ""]
