"""Picture files: whatever their names are, all three editions show them; what is wrong with one is told."""

from __future__ import annotations

import base64
import re
import zipfile
from io import BytesIO, StringIO
from itertools import count
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from lxml import etree
from PIL import Image, ImageFile
from rich.console import Console

from concordant.editions.chapterfile import picture_path
from concordant.problem import ProblemsFound
from concordant.progress import Progress
from concordant.publishing import publish
from concordant.sources.pictures import MEDIA_TYPES, Picture
from concordant.sources.rasters import fault_of
from concordant.validation.epub import check_epubcheck
from tests.documents import write_document

# Each picture has a colour and a size of its own; they are mentioned as Markdown may.
NAMES: dict[str, tuple[str, tuple[int, int, int], int]] = {
    "figures/my picture.png": ("figures/my%20picture.png", (200, 0, 0), 10),
    "figures/a b.png": ("<figures/a b.png>", (0, 200, 0), 20),
    "bär & co.png": ("<bär & co.png>", (0, 0, 200), 30),
    "figures/bö.png": ("figures/b%C3%B6.png", (200, 200, 0), 40),
    "figures/50%.png": ("figures/50%25.png", (0, 200, 200), 50),
}


def picture(colour: tuple[int, int, int], size: int, form: str = "PNG") -> bytes:
    buffer = BytesIO()
    Image.new("RGB", (size, 10), colour).save(buffer, form)
    return buffer.getvalue()


@pytest.mark.slow
def test_names_may_have_spaces_and_other_signs(tmp_path: Path) -> None:
    shown = {target: picture(colour, size) for target, colour, size in NAMES.values()}
    text = "".join(f'![C]({target}){{alt="A field."}}\n\n' for target in shown)
    document = write_document(tmp_path, {"01.md": f"# One\n\n{text}A ![sign](<a b.svg>) too.\n"})
    for name, (target, *_) in NAMES.items():
        path = tmp_path / "source" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(shown[target])
    drawing = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><path d="M0 0h9"/></svg>'
    )
    (tmp_path / "source" / "a b.svg").write_text(drawing, "utf-8")
    files = document.build()
    html = files["html"].read_text("utf-8").partition("<main")[2]
    encoded = re.findall(r'src="data:image/png;base64,([^"]*)"', html)
    assert [base64.b64decode(each) for each in encoded] == [*shown.values()]
    assert html.count("<svg") == 1
    assert list(pictures_of(files["epub"])) == [*shown.values()]
    _, found = check_epubcheck(files["epub"], None)  # type: ignore[arg-type]
    assert [each for each in found if each.severity != "note"] == []
    pdf = pypdfium2.PdfDocument(files["pdf"])
    drawn = [each for page in pdf for each in page.get_objects() if each.type == IMAGE]
    widths = [each.get_metadata().width for each in drawn]
    pdf.close()
    assert widths == [size for *_, size in NAMES.values()]


IMAGE = pypdfium2.raw.FPDF_PAGEOBJ_IMAGE


def pictures_of(epub: Path) -> list[bytes]:
    """Return the pictures of the first chapter."""
    with zipfile.ZipFile(epub) as archive:
        chapter = etree.fromstring(archive.read("EPUB/text/chapter-01.xhtml"))
        sources = [str(each.get("src")) for each in chapter.iter("{*}img")]
        return [archive.read(f"EPUB/{each.removeprefix('../')}") for each in sources]


def test_files_in_an_epub_have_plain_names_of_their_own() -> None:
    targets = ("a/b.png", "a%20b.png", "a b.png", "ä/b.png", "ö/b.png")
    paths = [picture_path(Picture(each, MEDIA_TYPES[".png"], b"")) for each in targets]
    assert paths[0] == "pictures/a-b.png"
    assert all(re.fullmatch(r"pictures/[a-z0-9-]+\.png", each) for each in paths)
    assert len(set(paths)) == len(targets)


@pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF", "WebP"])
def test_a_picture_that_is_whole_has_no_fault(form: str) -> None:
    assert fault_of(picture((9, 9, 9), 40, form), form) == ""


@pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF", "WebP"])
def test_a_picture_that_breaks_off_is_damaged(form: str) -> None:
    data = picture((9, 9, 9), 40, form)
    for kept in ({"PNG": 8, "WebP": 12}.get(form, 4), len(data) // 2, len(data) - 14):
        fault = fault_of(data[:kept], form)
        assert fault.startswith("is damaged"), kept
        assert "object at" not in fault  # which would be another each time


@pytest.mark.parametrize("form", ["JPEG", "GIF"])
def test_it_is_so_too_where_weasyprint_is_loaded(
    form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)
    data = picture((9, 9, 9), 40, form)
    assert fault_of(data[:-14], form).startswith("is damaged")


def test_it_is_so_too_while_a_thread_loads_weasyprint(monkeypatch: pytest.MonkeyPatch) -> None:
    opened, turns = Image.open, count(1)

    def open_meanwhile(*arguments: Any, **options: Any) -> Image.Image:
        if next(turns) == 2:  # the first is verified only
            ImageFile.LOAD_TRUNCATED_IMAGES = True
        return opened(*arguments, **options)

    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", False)
    monkeypatch.setattr(Image, "open", open_meanwhile)
    data = picture((9, 9, 9), 40, "JPEG")
    assert fault_of(data[:-14], "JPEG").startswith("is damaged")


def test_a_picture_with_a_wrong_byte_is_damaged() -> None:
    data = bytearray(picture((9, 9, 9), 40))
    data[data.index(b"IDAT") + 8] ^= 255
    assert fault_of(bytes(data), "PNG").startswith("is damaged or cut off (")


def test_a_picture_of_another_format_is_told() -> None:
    assert fault_of(picture((9, 9, 9), 40, "JPEG"), "PNG") == ("is JPEG, not PNG as its name says")
    assert fault_of(b"RIFF1234WAVEfmt", "PNG") == "is no PNG"


def test_a_damaged_picture_is_told_where_it_is_shown(tmp_path: Path) -> None:
    sections = {"01.md": "# One\n\nText.\n", "02.md": "# Two\n\nA\n![sign](p.png).\n"}
    document = write_document(tmp_path, sections)
    (tmp_path / "source" / "p.png").write_bytes(picture((9, 9, 9), 40)[:60])
    with pytest.raises(ProblemsFound) as found:
        publish(document.root, Progress(Console(file=StringIO())))
    (problem,) = map(str, found.value.problems)
    assert problem.startswith(
        'source/02.md:4: error[figure-unreadable]: the picture "p.png" is damaged or cut off ('
    )
