"""Pictures keep within the page and keep their proportions, on paper and on screens."""

from __future__ import annotations

from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from concordant.editions.edition import Format
from concordant.validation.chromium import launched
from tests.documents import SVG, write_document
from tests.editions.tagging.structures import Reader

COLUMN = 114 / 25.4 * 72  # points
HIGHEST = 33 * 14  # lines of 14 points
PIXEL = 0.75  # points
SIZES = {  # of pictures of 3000 × 1000, 800 × 3000 and 90 × 40 px, in points
    "![a](wide.png)": (COLUMN, COLUMN / 3),
    "![b](tall.png)": (HIGHEST * 8 / 30, HIGHEST),
    "![c](wide.png){width=300px}": (300 * PIXEL, 100 * PIXEL),
    "![d](wide.png){width=50%}": (COLUMN / 2, COLUMN / 6),
    "![e](drawn.svg)": (90 * PIXEL, 40 * PIXEL),
    "![f](drawn.svg){width=50%}": (COLUMN / 2, COLUMN * 2 / 9),
    "![g](drawn.svg){height=80px}": (180 * PIXEL, 80 * PIXEL),
    "![h](drawn.svg){width=45px}": (45 * PIXEL, 20 * PIXEL),
    "![i](metric.svg){width=50%}": (COLUMN / 2, COLUMN * 2 / 9),
    "![j](large.svg)": (COLUMN, COLUMN * 4 / 9),
}
TEXT = "# One\n\n" + "".join(f"Words.\n\n{each}\\\n\n" for each in SIZES)
FILES = {
    "drawn.svg": SVG,
    "metric.svg": SVG.replace('"90"', '"9mm"').replace('"40"', '"4mm"'),
    "large.svg": SVG.replace('"90"', '"900"').replace('"40"', '"400"'),
}


@pytest.fixture(scope="module")
def editions(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    document = write_document(tmp_path_factory.mktemp("pictures"), {"01.md": TEXT}, files=FILES)
    Image.new("1", (3000, 1000)).save(document.root / "source" / "wide.png")
    Image.new("1", (800, 3000)).save(document.root / "source" / "tall.png")
    return document.build([Format.PDF, Format.HTML], proven=False)


def test_pictures_are_as_large_on_paper_as_said_and_as_fits(editions: dict[str, Path]) -> None:
    reader = Reader(editions["pdf"])
    figures = [each.element for each in reader.parts() if each.role == "Figure"]
    boxes = [pikepdf.Rectangle(each.A.BBox) for each in figures]
    found = [(box.width, box.height, box.llx) for box in boxes]
    expected = [(*size, boxes[0].llx) for size in SIZES.values()]
    for each, size in zip(found, expected, strict=True):
        assert each == pytest.approx(size, abs=0.1)


@pytest.mark.slow
def test_pictures_keep_their_proportions_on_screens(editions: dict[str, Path]) -> None:
    sizes = """() => [...document.querySelectorAll("main :is(img, svg)")].map(each => {
        const { width, height } = each.getBoundingClientRect();
        return width / height;
    })"""
    with launched() as browser:
        page = browser.new_page(viewport={"width": 1000, "height": 900})
        page.goto(editions["html"].as_uri())
        found = page.evaluate(sizes)
    assert found == pytest.approx([width / height for width, height in SIZES.values()], rel=0.01)
