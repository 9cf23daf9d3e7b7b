"""Changes that leave what a reader sees as it is: none of them may be reported."""

from __future__ import annotations

import re
import unicodedata
import zipfile
from collections.abc import Callable

import pikepdf
from lxml import etree

from concordant.checks.model import Edition
from tests.checks.mutations import markup as m
from tests.checks.mutations.editions import (
    content_documents,
    package_name,
    page_bytes,
    parse_page,
    read_zip,
    write_zip,
)
from tests.checks.mutations.pdf_book import names, open_pdf, saved

Same = Callable[[bytes], bytes]
MARKUP: dict[str, Callable[[m.Docs], None]] = {}
PDF: dict[str, Callable[[pikepdf.Pdf], dict[str, object] | None]] = {}


def in_markup(function: Callable[[m.Docs], None]) -> Callable[[m.Docs], None]:
    MARKUP[function.__name__.replace("_", " ")] = function
    return function


def in_pdf(
    function: Callable[[pikepdf.Pdf], dict[str, object] | None],
) -> Callable[[pikepdf.Pdf], dict[str, object] | None]:
    PDF[function.__name__.replace("_", " ")] = function
    return function


def changes() -> list[tuple[str, Edition, Same]]:
    """Return every harmless change: its name, the edition that it changes, and how."""
    made: list[tuple[str, Edition, Same]] = []
    for name, function in MARKUP.items():
        made.append((name, Edition.HTML, _html(function)))
        made.append((name, Edition.EPUB, _epub(function)))
    made += [(name, Edition.EPUB, function) for name, function in CONTAINER.items()]
    made += [(name, Edition.PDF, _pdf(function)) for name, function in PDF.items()]
    return made


def _html(function: Callable[[m.Docs], None]) -> Same:
    def change(data: bytes) -> bytes:
        root = parse_page(data)
        function({"": root})
        return page_bytes(root)

    return change


def _epub(function: Callable[[m.Docs], None]) -> Same:
    def change(data: bytes) -> bytes:
        files = read_zip(data)
        docs = {name: etree.fromstring(files[name]) for name in content_documents(files)}
        function(docs)
        for name, root in docs.items():
            files[name] = etree.tostring(root, encoding="utf-8", xml_declaration=True)
        return write_zip(files)

    return change


def _pdf(function: Callable[[pikepdf.Pdf], dict[str, object] | None]) -> Same:
    def change(data: bytes) -> bytes:
        pdf = open_pdf(data)
        return saved(pdf, **(function(pdf) or {}))

    return change


def _rewrite(docs: m.Docs, change: Callable[[str], str]) -> None:
    """Change every text node outside of preformatted text, formulas and pictures."""
    kept = ("pre", "math", "svg", "style", "script", "head", "title")
    for element in list(m.everything(docs)):
        if m.inside(element, *kept):
            parent = element.getparent()
            if element.tail and parent is not None and not m.inside(parent, *kept):
                element.tail = change(element.tail)
            continue
        if element.text:
            element.text = change(element.text)
        if element.tail and element.getparent() is not None:
            element.tail = change(element.tail)


@in_markup
def attributes_reversed(docs: m.Docs) -> None:
    for element in m.everything(docs):
        items = list(element.attrib.items())
        element.attrib.clear()
        for key, value in reversed(items):
            element.set(key, value)


@in_markup
def comments_between_elements(docs: m.Docs) -> None:
    for element in list(m.everything(docs)):
        if m.local(element) in ("p", "li", "figure", "section"):
            element.addprevious(etree.Comment("a remark"))


@in_markup
def classes_removed(docs: m.Docs) -> None:
    for element in m.everything(docs):
        m.without(element, "class")


@in_markup
def data_attributes_removed(docs: m.Docs) -> None:
    for element in m.everything(docs):
        for key in [str(key) for key in element.attrib if str(key).startswith("data-")]:
            del element.attrib[key]


@in_markup
def identifiers_renamed(docs: m.Docs) -> None:
    for element in m.everything(docs):
        if element.get("id"):
            element.set("id", f"n-{element.get('id')}")
        if (
            m.local(element) == "a"
            and "#" in element.get("href", "")
            and "://" not in element.get("href", "")
        ):
            path, _, anchor = element.get("href", "").partition("#")
            element.set("href", f"{path}#n-{anchor}" if anchor else path)


@in_markup
def white_space_added(docs: m.Docs) -> None:
    _rewrite(docs, lambda text: text.replace(" ", "\n   "))


@in_markup
def soft_hyphens_added(docs: m.Docs) -> None:
    _rewrite(docs, lambda text: re.sub(r"([a-z]{4})([a-z]{4})", "\\1\u00ad\\2", text))


@in_markup
def ligatures_as_one_character(docs: m.Docs) -> None:
    _rewrite(docs, lambda text: text.replace("ffi", "ﬃ").replace("fi", "ﬁ").replace("fl", "ﬂ"))


@in_markup
def accents_taken_apart(docs: m.Docs) -> None:
    _rewrite(docs, lambda text: unicodedata.normalize("NFD", text))


@in_markup
def no_break_spaces(docs: m.Docs) -> None:
    _rewrite(docs, lambda text: re.sub(r"([a-z]) (\d)", "\\1\u00a0\\2", text))


@in_markup
def words_in_elements_of_their_own(docs: m.Docs) -> None:
    for paragraph in m.paragraphs(docs):
        words = (paragraph.text or "").split(" ")
        if len(words) > 3:
            own = etree.Element(
                paragraph.tag.replace("}p", "}em") if "}" in paragraph.tag else "em"
            )
            own.text, own.tail = words[1], " " + " ".join(words[2:])
            paragraph.text = words[0] + " "
            paragraph.insert(0, own)


@in_markup
def permalinks_added(docs: m.Docs) -> None:
    for index, paragraph in enumerate(m.paragraphs(docs)):
        paragraph.set("id", paragraph.get("id") or f"permalink-{index}")
        link = etree.SubElement(paragraph, paragraph.tag[:-1] + "a")
        link.set("href", f"#{paragraph.get('id')}")
        link.text = "¶"


@in_markup
def title_attributes_added(docs: m.Docs) -> None:
    for link in m.links(docs):
        link.set("title", "See 99 and Figure 98")


@in_markup
def another_style_sheet(docs: m.Docs) -> None:
    for root in docs.values():
        head = next(each for each in root.iter() if m.local(each) == "head")
        style = etree.SubElement(head, head.tag[:-4] + "style")
        style.text = "p { font-family: sans-serif; hyphens: none }"


@in_markup
def lines_may_break_in_words(docs: m.Docs) -> None:
    for paragraph in m.paragraphs(docs):
        match = re.search(r"[a-z]{8}", paragraph.text or "")
        if match:
            text = paragraph.text or ""
            wbr = etree.Element(paragraph.tag[:-1] + "wbr")
            wbr.tail = text[match.start() + 4 :]
            paragraph.text = text[: match.start() + 4]
            paragraph.insert(0, wbr)


def _deflated(data: bytes) -> bytes:
    return write_zip(read_zip(data), zipfile.ZIP_DEFLATED)


def _files_in_another_order(data: bytes) -> bytes:
    files = read_zip(data)
    first = "mimetype"
    return write_zip(
        {first: files[first], **{n: files[n] for n in sorted(files, reverse=True) if n != first}}
    )


def _files_renamed(data: bytes) -> bytes:
    files = read_zip(data)
    chapters = {
        n.rpartition("/")[2] for n in content_documents(files) if not n.endswith("nav.xhtml")
    }
    renamed: dict[str, bytes] = {}
    for name, data_ in files.items():
        content = data_
        if name.endswith((".xhtml", ".opf", ".ncx")):
            text = content.decode()
            for chapter in sorted(chapters, key=len, reverse=True):
                text = re.sub(rf"(?<![\w-]){re.escape(chapter)}", f"x-{chapter}", text)
            content = text.encode()
        folder, slash, base = name.rpartition("/")
        renamed[f"{folder}{slash}x-{base}" if base in chapters else name] = content
    return write_zip(renamed)


def _in_package(change: Callable[[str], str]) -> Same:
    def edit(data: bytes) -> bytes:
        files = read_zip(data)
        path = package_name(files)
        files[path] = change(files[path].decode()).encode()
        return write_zip(files)

    return edit


def _manifest_reversed(opf: str) -> str:
    items = re.findall(r"<item\s[^>]*>", opf)
    head, tail = opf[: opf.index(items[0])], opf[opf.rindex(items[-1]) + len(items[-1]) :]
    return head + "".join(reversed(items)) + tail


CONTAINER: dict[str, Same] = {
    "deflated": _deflated,
    "files in another order": _files_in_another_order,
    "files renamed": _files_renamed,
    "manifest reversed": _in_package(_manifest_reversed),
    "more metadata": _in_package(
        lambda opf: opf.replace("</metadata>", '<meta property="schema:x">2 of 7</meta></metadata>')
    ),
}


@in_pdf
def linearised(pdf: pikepdf.Pdf) -> dict[str, object]:
    return {"linearize": True}


@in_pdf
def object_streams(pdf: pikepdf.Pdf) -> dict[str, object]:
    return {"object_stream_mode": pikepdf.ObjectStreamMode.generate}


@in_pdf
def uncompressed(pdf: pikepdf.Pdf) -> dict[str, object]:
    return {
        "compress_streams": False,
        "stream_decode_level": pikepdf.StreamDecodeLevel.generalized,
        "object_stream_mode": pikepdf.ObjectStreamMode.disable,
    }


@in_pdf
def locked_without_a_password(pdf: pikepdf.Pdf) -> dict[str, object]:
    return {"encryption": pikepdf.Encryption(owner="owner", user=""), "static_id": False}


@in_pdf
def annotations_reversed(pdf: pikepdf.Pdf) -> None:
    for page in pdf.pages:
        if "/Annots" in page.obj:
            page.obj.Annots = pikepdf.Array(reversed(list(page.obj.Annots)))


@in_pdf
def destinations_written_out(pdf: pikepdf.Pdf) -> None:
    table = names(pdf)
    for page in pdf.pages:
        for note in page.obj.get("/Annots", []):
            if "/Dest" in note and str(note.Dest) in table:
                note.Dest = pikepdf.Array(list(table[str(note.Dest)]))


@in_pdf
def links_as_actions(pdf: pikepdf.Pdf) -> None:
    for page in pdf.pages:
        for note in page.obj.get("/Annots", []):
            if "/Dest" in note:
                note.A = pikepdf.Dictionary(S=pikepdf.Name.GoTo, D=note.Dest)
                del note["/Dest"]


@in_pdf
def destinations_renamed(pdf: pikepdf.Pdf) -> None:
    table = names(pdf)
    for key in [str(key) for key in table]:
        table[f"n-{key}"] = pikepdf.Array(list(table[key]))
        del table[key]
    for page in pdf.pages:
        for note in page.obj.get("/Annots", []):
            if "/Dest" in note:
                note.Dest = pikepdf.String(f"n-{note.Dest}")
    outlines = [
        item for item in pdf.objects if isinstance(item, pikepdf.Dictionary) and "/Title" in item
    ]
    for item in outlines:
        if isinstance(item.get("/Dest"), pikepdf.String):
            item.Dest = pikepdf.String(f"n-{item.Dest}")


@in_pdf
def another_producer(pdf: pikepdf.Pdf) -> None:
    pdf.docinfo["/Producer"] = "Another one 9.9"


@in_pdf
def link_rectangles_grown(pdf: pikepdf.Pdf) -> None:
    for page in pdf.pages:
        for note in page.obj.get("/Annots", []):
            x0, y0, x1, y1 = (float(value) for value in note.Rect)
            left, right, low, high = min(x0, x1), max(x0, x1), min(y0, y1), max(y0, y1)
            note.Rect = pikepdf.Array([left - 0.4, low - 0.4, right + 0.4, high + 0.4])


@in_pdf
def bookmarks_closed(pdf: pikepdf.Pdf) -> None:
    for item in pdf.objects:
        if isinstance(item, pikepdf.Dictionary) and "/Title" in item and "/Count" in item:
            item.Count = -abs(int(item.Count))


@in_pdf
def contents_in_two_streams(pdf: pikepdf.Pdf) -> None:
    for page in pdf.pages:
        page.contents_add(b"q Q", prepend=True)


@in_pdf
def crop_boxes(pdf: pikepdf.Pdf) -> None:
    for page in pdf.pages:
        page.cropbox = page.mediabox


@in_pdf
def file_attached(pdf: pikepdf.Pdf) -> None:
    pdf.attachments["notes.txt"] = b"[99] Figure 98"


@in_pdf
def opens_with_bookmarks(pdf: pikepdf.Pdf) -> None:
    pdf.Root.PageMode = pikepdf.Name.UseOutlines
