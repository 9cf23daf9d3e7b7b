"""Addresses in the reference list lead there, in every edition."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pikepdf
import pytest

from tests.documents import write_document

DOI, PAGE = "https://doi.org/10.1000/182", "https://example.org/page"
REFERENCES = f"""references:
- id: one
  type: article-journal
  title: An article
  issued: 2020
  DOI: 10.1000/182
- id: two
  type: webpage
  title: A page
  issued: 2021
  URL: {PAGE}
"""


@pytest.mark.slow
def test_dois_and_addresses_are_links_in_every_edition(tmp_path: Path) -> None:
    sections = {"01.md": "# One\n\nText [@one; @two].\n"}
    made = write_document(tmp_path, sections, references=REFERENCES).build()
    with zipfile.ZipFile(made["epub"]) as container:
        pages = [container.read(name).decode() for name in container.namelist() if "html" in name]
    for markup in ("".join(pages), made["html"].read_text("utf-8")):
        assert {DOI, PAGE} <= set(re.findall(r'<a href="(https:[^"]+)"', markup))
    with pikepdf.open(made["pdf"]) as pdf:
        notes = [note for page in pdf.pages for note in page.get("/Annots", [])]
        led = {str(note["/A"]["/URI"]) for note in notes if "/A" in note}
    assert {DOI, PAGE} <= led
