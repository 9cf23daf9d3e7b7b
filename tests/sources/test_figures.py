"""The document's own figures: they show their data, and it can be read in print and in the dark."""

import csv
import io
import itertools
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pypdfium2
import pytest
from lxml import etree
from weasyprint import HTML

from concordant.sources.drawings import Drawing, draw
from concordant.sources.tokens import read_tokens
from concordant.sources.typeface import figure_typeface

ROOT = Path(__file__).parents[2]
TOKENS = read_tokens(ROOT / "styles" / "tokens.yaml")
SANS = figure_typeface()
FIGURES = ("timeline", "references")
COLUMN = 114 / 25.4 * 72  # the text column of the PDF, in pt


def figure(name: str) -> Drawing:
    template = ROOT / "source" / "figures" / f"{name}.svg.jinja"
    return draw(template, ROOT / "source" / "data", TOKENS, SANS, root=ROOT)


def rows(name: str) -> list[dict[str, str]]:
    text = (ROOT / "source" / "data" / name).read_text(encoding="utf-8")
    return list(csv.DictReader(io.StringIO(text)))


def printed(drawing: Drawing) -> str:
    """The text that a reader of the PDF finds in the figure, spaces made plain."""
    face = f'@font-face{{font-family:"Source Sans 3";src:url("{SANS.path.as_uri()}")}}'
    page = "@page{size:160mm 240mm;margin:20mm}svg{width:114mm;height:auto}"
    pdf = HTML(string=f"<style>{face}{page}</style>{drawing.svg}").write_pdf()
    document = pypdfium2.PdfDocument(io.BytesIO(pdf))
    assert len(document) == 1
    return " ".join(document[0].get_textpage().get_text_range().split())


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text in a drawing, with the box from its x-height and descenders to its ends."""

    text: str
    size: float
    left: float
    right: float
    top: float
    bottom: float

    def overlaps(self, other: "Line") -> bool:
        beside = self.right <= other.left or other.right <= self.left
        return not (beside or self.bottom <= other.top or other.bottom <= self.top)


def inherited(element: etree._Element, attribute: str, default: str = "") -> str:
    found = next((e for e in [element, *element.iterancestors()] if e.get(attribute)), None)
    return default if found is None else str(found.get(attribute))


def lines(drawing: Drawing) -> list[Line]:
    """Every line of text: a <text> up to its first <tspan>, then each <tspan>."""
    found = []
    for text in etree.fromstring(drawing.svg).iterfind(".//{*}text"):
        x, y = float(str(text.get("x"))), float(str(text.get("y")))
        size = float(inherited(text, "font-size"))
        weight = int(inherited(text, "font-weight", "400"))
        anchor = {"end": 1.0, "middle": 0.5}.get(str(text.get("text-anchor")), 0.0)
        for part in (text, *text.iterfind("{*}tspan")):
            y += float(str(part.get("dy", 0)))
            words = (part.text or "").strip()
            width = SANS.width(words, size, weight)
            left = x - anchor * width
            found.append(Line(words, size, left, left + width, y - 0.66 * size, y + 0.21 * size))
    return found


@pytest.mark.parametrize("name", FIGURES)
def test_the_text_is_large_enough_in_print(name: str) -> None:
    drawing = figure(name)
    assert drawing.width == 680
    assert min(line.size for line in lines(drawing)) * COLUMN / drawing.width >= 7


@pytest.mark.parametrize("name", FIGURES)
def test_the_figure_fits_a_page_with_its_caption(name: str) -> None:
    drawing = figure(name)
    assert drawing.height * 114 / drawing.width <= 165


@pytest.mark.parametrize("name", FIGURES)
def test_no_text_overlaps_or_is_clipped(name: str) -> None:
    drawing = figure(name)
    texts = lines(drawing)
    assert len(texts) > 60
    for line in texts:
        assert line.left >= -0.5, line
        assert line.right <= drawing.width + 0.5, line
        assert line.top >= 0, line
        assert line.bottom <= drawing.height, line
    assert not [pair for pair in itertools.combinations(texts, 2) if pair[0].overlaps(pair[1])]


@pytest.mark.parametrize("name", FIGURES)
def test_every_colour_is_a_token_that_the_style_sheet_can_change(name: str) -> None:
    coloured = 0
    for element in etree.fromstring(figure(name).svg).iter():
        classes = str(element.get("class", "")).split()
        for attribute, suffix in (("fill", ""), ("stroke", "-line")):
            colour = element.get(attribute, "none")
            if colour != "none":
                names = [token for token, value in TOKENS.items() if value == colour]
                assert any(f"fig-{name}{suffix}" in classes for name in names), colour
                coloured += 1
    assert coloured > 30


def test_the_timeline_prints_every_event_in_order() -> None:
    events = rows("events.csv")
    assert 20 <= len(events) <= 30
    text = printed(figure("timeline"))
    labels = [" ".join(event["label"].split()) for event in events]
    places = [text.find(label) for label in labels]
    assert -1 not in places, labels[places.index(-1)]
    assert places == sorted(places)
    assert all(event["date"][:4] in text for event in events)


def test_the_timeline_tells_every_event() -> None:
    description = figure("timeline").description
    for event in rows("events.csv"):
        label = " ".join(event["label"].split())
        told = rf"{event['date'][:4]}[a-z, ]* \({event['kind']}\): {re.escape(label)}\."
        assert re.search(told, description), told


def test_events_are_dated_in_order_and_have_a_source() -> None:
    events = rows("events.csv")
    dates = [event["date"].split("/")[0] for event in events]
    assert all(re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", date) for date in dates)
    # A date of a year alone may stand anywhere in its year.
    assert all(a[: len(b)] <= b[: len(a)] for a, b in itertools.pairwise(dates))
    assert all(event["source"].strip() for event in events)
    kinds = {event["kind"] for event in events}
    assert kinds == {"unrest", "policy", "files", "publication", "reaction"}


def test_the_data_names_every_reference_once() -> None:
    assert [row["reference"] for row in rows("references-by-kind.csv")] == [
        str(number) for number in range(1, 69)
    ]


def test_the_references_are_drawn_once_each() -> None:
    svg = etree.fromstring(figure("references").svg)
    dots = [circle.getnext() for circle in svg.iterfind(".//{*}circle")]
    numbers = [int(str(dot.text)) for dot in dots if dot is not None]
    assert sorted(numbers) == list(range(1, 69))


def test_the_totals_are_those_of_the_data() -> None:
    references = rows("references-by-kind.csv")
    kinds = Counter(row["kind"] for row in references)
    columns = Counter(column(row["year"]) for row in references)
    numbers = [line for line in lines(figure("references")) if line.text.isdigit()]
    right = [line for line in numbers if line.right > 679.5]
    foot = [line for line in numbers if line.bottom == right[-1].bottom]
    assert [int(line.text) for line in right] == [*sorted(kinds.values(), reverse=True), 68]
    assert [int(line.text) for line in foot] == [columns[key] for key in sorted(columns)] + [68]


def test_each_dot_stands_in_its_row_and_column() -> None:
    texts = lines(figure("references"))
    heads = [line for line in texts if line.bottom == texts[0].bottom]
    names = [line for line in texts if line.left == 0 and line.text in KINDS]
    assert [line.text for line in names] == list(KINDS)
    circles = etree.fromstring(figure("references").svg).findall(".//{*}circle")
    for circle in circles:
        x, y = float(str(circle.get("cx"))), float(str(circle.get("cy")))
        number = circle.getnext()
        assert number is not None
        row = rows("references-by-kind.csv")[int(str(number.text)) - 1]
        assert KINDS[[name.text for name in names if name.top <= y][-1]] == row["kind"]
        assert [head.text for head in heads if head.left <= x][-1] == column(row["year"])


def column(year: str) -> str:
    return "2009–2018" if year < "2019" else year


# The first line of each row's name.
KINDS = {
    "Press and": "press",
    "Research institutes": "research",
    "The files’ publisher": "foundation",
    "Chinese government": "china",
    "Human rights": "rights",
    "United Nations,": "international",
    "United States": "us",
    "Left blank in the list": "blank",
}
