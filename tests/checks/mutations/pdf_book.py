"""A PDF opened for changing: its links with the text under them, and its drawn text with the structure over it."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pikepdf
import pypdfium2


@dataclass(frozen=True, slots=True)
class LinkAt:
    """A link annotation: where it is listed, the text under it, the text where it leads."""

    page: int
    index: int
    text: str
    there: str
    dest: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """A text-showing operator: where it stands, what it shows, the structure elements over it."""

    page: int
    index: int
    text: str
    path: tuple[str, ...]
    tagged: bool


def open_pdf(data: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(data))


def saved(pdf: pikepdf.Pdf, **options: Any) -> bytes:
    out = io.BytesIO()
    pdf.save(out, **{"static_id": True, **options})
    return out.getvalue()


def names(pdf: pikepdf.Pdf) -> pikepdf.NameTree:
    return pikepdf.NameTree(pdf.Root.Names.Dests)


@lru_cache(maxsize=4)
def links_of(data: bytes) -> tuple[LinkAt, ...]:
    """Return the links inside the file that lie on text."""
    pdf, document = open_pdf(data), pypdfium2.PdfDocument(data)
    index_of = {page.obj.objgen: index for index, page in enumerate(pdf.pages)}
    texts = [document[i].get_textpage() for i in range(len(document))]
    table = names(pdf)
    found = []
    for number, page in enumerate(pdf.pages):
        for index, note in enumerate(page.obj.get("/Annots", [])):
            if note.get("/Subtype") != "/Link" or "/Dest" not in note:
                continue
            name = str(note.Dest)
            if name not in table:
                continue
            goal = table[name]
            where, x, y = index_of[goal[0].objgen], float(goal[2]), float(goal[3])
            box = sorted(float(v) for v in note.Rect)
            x0, y0, x1, y1 = (float(v) for v in note.Rect)
            under = texts[number].get_text_bounded(
                min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)
            )
            there = texts[where].get_text_bounded(x - 1, y - 30, x + 400, y + 1)
            found.append(LinkAt(number, index, tidy(under), tidy(there), name))
            del box
    return tuple(found)


def tidy(text: str) -> str:
    return " ".join(text.replace("\ufffe", "-").replace("\x02", "-").split())


def paths_of(pdf: pikepdf.Pdf) -> dict[tuple[int, int], tuple[str, ...]]:
    """Return the tags over every marked content: (page, mcid) to the path from the root."""
    index_of = {page.obj.objgen: index for index, page in enumerate(pdf.pages)}
    found: dict[tuple[int, int], tuple[str, ...]] = {}
    stack: list[tuple[Any, int, tuple[str, ...]]] = [(pdf.Root.StructTreeRoot.K, -1, ())]
    while stack:
        thing, page, path = stack.pop()
        if isinstance(thing, pikepdf.Array):
            stack += [(kid, page, path) for kid in thing]
        elif isinstance(thing, int):
            found[page, thing] = path
        elif isinstance(thing, pikepdf.Dictionary):
            page = index_of.get(thing.Pg.objgen, page) if "/Pg" in thing else page
            if "/S" in thing and "/K" in thing:
                stack.append((thing.K, page, (*path, str(thing.S)[1:])))
            elif thing.get("/Type") == "/MCR":
                found[page, int(thing.MCID)] = path
    return found


class Fonts:
    """Decodes the strings that a page shows, by the fonts' own ToUnicode maps."""

    def __init__(self, page: pikepdf.Page) -> None:
        resources: Any = page.obj.get("/Resources")
        fonts = resources.get("/Font") if resources is not None else None
        self.maps = {str(name): to_unicode(font) for name, font in (fonts.items() if fonts else ())}

    def text(self, font: str, operand: object) -> str:
        table = self.maps.get(font, {})
        return "".join(table.get(code, "") for code in codes(operand))


def to_unicode(font: pikepdf.Object) -> dict[int, str]:
    if "/ToUnicode" not in font:
        return {}
    cmap = bytes(font.ToUnicode.read_bytes()).decode("latin-1")
    table = {}
    for block in re.findall(r"beginbfchar(.*?)endbfchar", cmap, re.S):
        for code, value in re.findall(r"<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]+)>", block):
            table[int(code, 16)] = bytes.fromhex(value).decode("utf-16-be", "replace")
    for block in re.findall(r"beginbfrange(.*?)endbfrange", cmap, re.S):
        for low, high, value in re.findall(r"<(\w+)>\s*<(\w+)>\s*<(\w+)>", block):
            for offset in range(int(high, 16) - int(low, 16) + 1):
                table[int(low, 16) + offset] = chr(int(value, 16) + offset)
    return table


def codes(operand: object) -> Iterator[int]:
    parts = operand if isinstance(operand, pikepdf.Array) else [operand]
    for part in parts:
        if isinstance(part, pikepdf.String):
            data = bytes(part)
            yield from (int.from_bytes(data[i : i + 2], "big") for i in range(0, len(data) - 1, 2))


@lru_cache(maxsize=4)
def drawn_in(data: bytes) -> tuple[Drawn, ...]:
    """Return every text-showing operator of the file."""
    pdf = open_pdf(data)
    paths = paths_of(pdf) if "/StructTreeRoot" in pdf.Root else {}
    found = []
    for number, page in enumerate(pdf.pages):
        fonts, font, marks = Fonts(page), "", []
        for index, step in enumerate(pikepdf.parse_content_stream(page)):
            operator = str(step.operator)
            if operator == "Tf":
                font = str(step.operands[0])
            elif operator in ("BDC", "BMC"):
                properties = step.operands[1] if len(step.operands) > 1 else None
                inside = isinstance(properties, pikepdf.Dictionary) and "/MCID" in properties
                marks.append(int(properties.MCID) if inside else None)  # type: ignore[union-attr]
            elif operator == "EMC" and marks:
                marks.pop()
            elif operator in ("TJ", "Tj"):
                mcid = next((mark for mark in reversed(marks) if mark is not None), None)
                path = paths.get((number, mcid), ()) if mcid is not None else ()
                text = fonts.text(font, step.operands[0])
                found.append(Drawn(number, index, text, path, mcid is not None))
    return tuple(found)


def redraw(pdf: pikepdf.Pdf, place: Drawn, at: int, letter: str | None) -> str | None:
    """Draw another letter for the `at`-th one of an operator (None: draw nothing at all there).

    Returns the letter that is drawn instead, or None when the font has no glyph that will do.
    """
    page = pdf.pages[place.page]
    steps = list(pikepdf.parse_content_stream(page))
    if letter is None:
        del steps[place.index]
        page.obj.Contents = pdf.make_stream(pikepdf.unparse_content_stream(steps))
        return ""
    font = next(
        str(s.operands[0]) for s in reversed(steps[: place.index]) if str(s.operator) == "Tf"
    )
    table = Fonts(page).maps[font]
    others = sorted(
        {
            c
            for c in table.values()
            if len(c) == 1 and _alike(c, place.text[at]) and c != place.text[at]
        }
    )
    if place.text[at] in "ivx":
        others = [c for c in others if c in "ivx"]
    if not others:
        return None
    chosen = letter if letter in others else others[0]
    code = next(number for number, value in table.items() if value == chosen)
    step = steps[place.index]
    operand = _with_code(step.operands[0], table, at, code)
    steps[place.index] = pikepdf.ContentStreamInstruction([operand], step.operator)
    page.obj.Contents = pdf.make_stream(pikepdf.unparse_content_stream(steps))
    return chosen


def _alike(one: str, other: str) -> bool:
    return one.isdigit() if other.isdigit() else one.isalpha() and one.islower()


def _with_code(operand: Any, table: dict[int, str], at: int, code: int) -> Any:
    parts: list[Any] = list(operand) if isinstance(operand, pikepdf.Array) else [operand]
    seen = 0
    made: list[Any] = []
    for part in parts:
        if not isinstance(part, pikepdf.String):
            made.append(part)
            continue
        data = bytearray(bytes(part))
        for i in range(0, len(data) - 1, 2):
            length = len(table.get(int.from_bytes(data[i : i + 2], "big"), ""))
            if seen <= at < seen + length:
                data[i : i + 2] = code.to_bytes(2, "big")
            seen += length
        made.append(pikepdf.String(bytes(data)))
    return pikepdf.Array(made) if isinstance(operand, pikepdf.Array) else made[0]


def heading_over(drawn: Drawn) -> bool:
    return any(re.fullmatch(r"H\d", tag) for tag in drawn.path)


@lru_cache(maxsize=4)
def matter(data: bytes) -> tuple[int, int]:
    heads = [d for d in drawn_in(data) if heading_over(d)]
    first = next((d.page for d in heads if re.match(r"1(\D|$)", d.text)), 0)
    last = next((d.page for d in reversed(heads) if d.text.startswith("References")), 10**6)
    return first, last
