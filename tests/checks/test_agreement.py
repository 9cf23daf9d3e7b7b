"""The whole check on a publication made by hand, on those of other tools, and on files that it cannot read."""

from __future__ import annotations

import ast
import json
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pypandoc
import pypdfium2
import pytest

from concordant.checks.check import check, read_edition
from concordant.checks.model import Edition, Kind, Verdict
from concordant.isolation import surroundings
from concordant.problem import CannotRun
from concordant.validation.tools import chromium
from tests.checks import material

CHECKER = Path(__file__).resolve().parents[2] / "concordant" / "checks"
CHAPTERS = """---
title: Two chapters
lang: en
---

# First chapter

A sentence with a note.[^a] Another sentence with a second note.[^b]

[^a]: The first note of the first chapter.
[^b]: The second note of the first chapter.

# Second chapter

More text with a note.[^c] And the last one.[^d]

[^c]: The first note of the second chapter.
[^d]: The second note of the second chapter.
"""


def codes(verdict: Verdict) -> set[str]:
    return {finding.code for finding in verdict.findings}


def labels(verdict_file: Path, edition: Edition, kind: Kind) -> list[str]:
    return [thing.label for thing in read_edition(edition, verdict_file).declared(kind)]


def test_three_hand_made_editions_and_their_ledger_agree(harbour: dict[str, Path]) -> None:
    verdict = check(harbour["pdf"], harbour["epub"], harbour["html"], harbour["json"])
    assert verdict.findings == ()
    assert verdict.exit_status == 0
    counted = {(c.kind, c.edition): (c.declared, c.mentioned) for c in verdict.counts}
    # Counted by hand in `material.CHAPTERS`: 7 entries; 11 printed citations and 2 inside ranges.
    for edition in Edition:
        assert counted[Kind.REFERENCE, edition] == (7, 13)
        assert counted[Kind.FOOTNOTE, edition] == (4, 4)
        assert counted[Kind.SECTION, edition] == (5, 3)
        assert counted[Kind.FIGURE, edition] == (2, 3)
        assert counted[Kind.TABLE, edition] == (2, 2)
        assert counted[Kind.EQUATION, edition] == (1, 1)
        assert counted[Kind.LISTING, edition] == (1, 1)
    # Five lines of contents, two of figures, and eleven places in the reference list.
    assert counted[Kind.PAGE, Edition.PDF] == (9, 18)
    words = dict(verdict.words)
    assert words[Edition.PDF] == words[Edition.EPUB] == words[Edition.HTML] > 200


def test_what_is_set_apart_is_said(harbour: dict[str, Path]) -> None:
    verdict = check(harbour["pdf"], harbour["epub"], harbour["html"])
    roles = {(edition, aside.role) for edition, aside in verdict.asides}
    assert {
        (Edition.PDF, "contents"),
        (Edition.PDF, "furniture"),
        (Edition.HTML, "navigation"),
    } <= roles


def test_a_disagreement_names_editions_and_the_place_in_the_source(
    harbour: dict[str, Path], tmp_path: Path
) -> None:
    page = harbour["html"].read_text(encoding="utf-8")
    wrong = tmp_path / "wrong.html"
    wrong.write_text(page.replace("Figure 2: Plan", "Figure 3: Plan"), encoding="utf-8")
    verdict = check(harbour["pdf"], harbour["epub"], wrong, harbour["json"])
    finding = next(f for f in verdict.findings if f.code == "declaration-label")
    assert finding.message == "figure 2 in pdf and epub and ledger is 3 in html"
    assert finding.place == "source/ch2.md:11"
    assert {printed.edition for printed in finding.printed} == {Edition.LEDGER, Edition.HTML}
    assert verdict.exit_status == 1


def test_nothing_seen_of_a_kind_is_a_failure(harbour: dict[str, Path], tmp_path: Path) -> None:
    page = harbour["html"].read_text(encoding="utf-8")
    bare = tmp_path / "bare.html"
    bare.write_text(
        page.replace("doc-footnote", "note").replace("doc-endnotes", "note"), encoding="utf-8"
    )
    stripped = bare.read_text(encoding="utf-8")
    for number in material.NOTES:
        stripped = stripped.replace(material.call(number), "")
    bare.write_text(stripped, encoding="utf-8")
    assert "kind-missing" in codes(check(harbour["pdf"], None, bare))


def test_pandocs_notes_that_begin_again_in_every_chapter_are_named(tmp_path: Path) -> None:
    files = pandoc_editions(tmp_path)
    material.print_pdf(files["html"].read_text(encoding="utf-8"), tmp_path / "two.pdf")
    verdict = check(tmp_path / "two.pdf", files["epub"], files["html"])
    said = {finding.message for finding in verdict.errors}
    assert "footnote 3 in pdf and html is 1 in epub" in said
    assert "footnote 4 in pdf and html is 2 in epub" in said
    assert "two footnotes are numbered 1" in said
    assert {finding.kind for finding in verdict.errors} == {Kind.FOOTNOTE, None}


@pytest.mark.parametrize("variant", [None, "pdf/ua-1"])
def test_pandocs_page_printed_with_and_without_tags_agrees(
    tmp_path: Path, variant: str | None
) -> None:
    files = pandoc_editions(tmp_path)
    page = files["html"].read_text(encoding="utf-8")
    material.print_pdf(page, tmp_path / "two.pdf", variant=variant)
    assert check(tmp_path / "two.pdf", None, files["html"]).errors == ()
    assert labels(tmp_path / "two.pdf", Edition.PDF, Kind.FOOTNOTE) == ["1", "2", "3", "4"]


@pytest.mark.slow
def test_pandocs_page_printed_by_chromium_agrees(tmp_path: Path) -> None:
    files = pandoc_editions(tmp_path)
    # Chromium's link destinations are off by the sheet's margin, so the margin is the body's here.
    style = "<style>@page { margin: 0 } body { padding: 40px !important }</style></head>"
    page = tmp_path / "print.html"
    page.write_text(
        files["html"].read_text(encoding="utf-8").replace("</head>", style), encoding="utf-8"
    )
    out = tmp_path / "two.pdf"
    command = [chromium(), "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"]
    command += [f"--user-data-dir={tmp_path / 'profile'}", f"--print-to-pdf={out}", page.as_uri()]
    subprocess.run(command, check=True, capture_output=True, timeout=120, env=surroundings())
    assert check(out, None, files["html"]).errors == ()
    verdict = check(out, files["epub"], files["html"])
    assert "footnote 3 in pdf and html is 1 in epub" in {f.message for f in verdict.errors}


def pandoc_editions(folder: Path) -> dict[str, Path]:
    """Let plain pandoc write an HTML file and an EPUB from the same two chapters."""
    paths = {"html": folder / "two.html", "epub": folder / "two.epub"}
    pypandoc.convert_text(
        CHAPTERS, "html", "markdown", outputfile=str(paths["html"]), extra_args=["-s"]
    )
    pypandoc.convert_text(CHAPTERS, "epub3", "markdown", outputfile=str(paths["epub"]))
    return paths


def locked(source: Path, path: Path) -> None:
    with pikepdf.open(source) as pdf:
        pdf.save(path, encryption=pikepdf.Encryption(owner="a", user="b"))


def cut(source: Path, path: Path) -> None:
    path.write_bytes(source.read_bytes()[: source.stat().st_size // 2])


def damaged(source: Path, path: Path) -> None:
    data = source.read_bytes()
    path.write_bytes(data[: len(data) // 3] + data[2 * len(data) // 3 :])


def photographed(source: Path, path: Path) -> None:
    document = pypdfium2.PdfDocument(source)
    pictures = [page.render(scale=0.5).to_pil() for page in document]
    pictures[0].save(path, "PDF", save_all=True, append_images=pictures[1:])


def something_else(_: Path, path: Path) -> None:
    path.write_bytes(b"GIF89a" + bytes(100))


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (locked, "encrypted and needs a password"),
        (cut, "truncated"),
        (damaged, "damaged"),
        (photographed, "no text was found"),
        (something_else, "not a PDF file"),
    ],
)
def test_a_pdf_that_cannot_be_read_is_explained(
    harbour: dict[str, Path], tmp_path: Path, spoil: Callable[[Path, Path], None], words: str
) -> None:
    spoil(harbour["pdf"], tmp_path / "bad.pdf")
    with pytest.raises(CannotRun, match=words) as raised:
        check(tmp_path / "bad.pdf", None, harbour["html"])
    assert "bad.pdf" in str(raised.value)
    assert raised.value.exit_code == 2


def test_an_epub_that_cannot_be_read_is_explained(harbour: dict[str, Path], tmp_path: Path) -> None:
    bad = tmp_path / "bad.epub"
    with zipfile.ZipFile(bad, "w") as container:
        container.writestr("readme.txt", "no book")
    with pytest.raises(CannotRun, match=r"no EPUB: META-INF/container\.xml is missing"):
        check(None, bad, harbour["html"])
    bad.write_bytes(harbour["epub"].read_bytes()[:900])
    with pytest.raises(CannotRun, match="not a readable EPUB"):
        check(None, bad, harbour["html"])
    files = material.epub_files()
    material.write_epub({**files, "ch1.xhtml": files["ch1.xhtml"][:-20]}, bad)
    with pytest.raises(CannotRun, match="damaged"):
        check(None, bad, harbour["html"])


def test_an_encrypted_chapter_is_explained(tmp_path: Path, harbour: dict[str, Path]) -> None:
    path = tmp_path / "locked.epub"
    material.write_epub(material.epub_files(), path)
    with zipfile.ZipFile(path, "a") as container:
        container.writestr(
            "META-INF/encryption.xml",
            '<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><CipherReference '
            'xmlns="http://www.w3.org/2001/04/xmlenc#" URI="OPS/ch1.xhtml"/></encryption>',
        )
    with pytest.raises(CannotRun, match=r"OPS/ch1\.xhtml is encrypted"):
        check(None, path, harbour["html"])


@pytest.mark.parametrize(
    "content", [b"\x00\x01binary", b"just some words", b"<html><body></body></html>"]
)
def test_a_file_that_is_no_html_page_is_explained(
    harbour: dict[str, Path], tmp_path: Path, content: bytes
) -> None:
    bad = tmp_path / "bad.html"
    bad.write_bytes(content)
    with pytest.raises(CannotRun, match=r"bad\.html: (this is not an HTML file|no text was found)"):
        check(harbour["pdf"], None, bad)


@pytest.mark.parametrize("content", ["no json", "[]", '{"document": {}, "kinds": {"table": 3}}'])
def test_a_ledger_of_another_shape_is_explained(
    harbour: dict[str, Path], tmp_path: Path, content: str
) -> None:
    bad = tmp_path / "numbers.json"
    bad.write_text(content, encoding="utf-8")
    with pytest.raises(CannotRun, match="not a ledger of numbers"):
        check(harbour["pdf"], None, None, bad)


def test_one_file_alone_cannot_be_checked(harbour: dict[str, Path]) -> None:
    with pytest.raises(CannotRun, match="at least two files"):
        check(harbour["pdf"])
    with pytest.raises(CannotRun, match="no such file"):
        check(harbour["pdf"], None, Path("nowhere.html"))


def test_the_ledger_counts_as_a_voice(harbour: dict[str, Path], tmp_path: Path) -> None:
    ledger = json.loads(harbour["json"].read_text(encoding="utf-8"))
    ledger["kinds"]["reference"]["declarations"].pop()
    other = tmp_path / "numbers.json"
    other.write_text(json.dumps(ledger), encoding="utf-8")
    verdict = check(harbour["pdf"], harbour["epub"], harbour["html"], other)
    assert [(f.code, f.label) for f in verdict.findings] == [("declaration-missing", "7")]


def test_the_checker_imports_nothing_of_the_builder() -> None:
    allowed = ("concordant.checks", "concordant.problem")
    for path in sorted(CHECKER.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0, f"{path}: imports by full name only"
                names = [node.module or ""]
            foreign = [
                n for n in names if n.split(".")[0] == "concordant" and not n.startswith(allowed)
            ]
            assert not foreign, f"{path.name} imports {foreign}"


def test_the_checker_reads_no_attribute_that_only_the_builder_could_have_put() -> None:
    for path in sorted((CHECKER / "readers").glob("*.py")):
        source = path.read_text(encoding="utf-8")
        assert "data-" not in source, path.name
        assert '"class"' not in source, path.name
