"""PDF's syntax as binding writes it is what readers of PDF read; no stream ends with a carriage return."""

from __future__ import annotations

import io
import zlib

import page
import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from concordant.editions.binding.loose import Loose
from concordant.editions.binding.syntax import (
    Indirect,
    array,
    dictionary,
    filled,
    named,
    packed,
    refer,
    references,
    renumbering,
    streams_for,
    write_file,
    write_objects,
)

CLOSING = b"\r\nendstream"
ROOT = Indirect(1, b"<< /Type /Catalog /Pages 2 0 R /Many 4 0 R >>")
PAGES = Indirect(2, b"<< /Type /Pages /Kids [  ] /Count 0 >>")


def unlucky_data() -> bytes:
    """Return data whose compressed form ends with a carriage return: the lowest byte of Adler-32."""
    return next(
        data
        for number in range(1_000_000)
        if (data := str(number).encode()) and (1 + sum(data)) % 256 == 0x0D
    )


def pdf_with(*streams: pikepdf.Stream) -> bytes:
    pdf = pikepdf.new()
    pdf.add_blank_page()
    pdf.Root.Streams = pikepdf.Array([pdf.copy_foreign(each) for each in streams])
    buffer = io.BytesIO()
    pdf.save(buffer)
    return buffer.getvalue()


def file_of(objects: list[Indirect], room: int) -> bytes:
    pieces = [write_objects([ROOT, PAGES], 0, 4), write_objects(objects, 4, room)]
    return b"".join(write_file(pieces, b"/Root 1 0 R"))


def test_pictures_are_not_smoothed() -> None:
    source = pikepdf.new()
    image = source.make_stream(
        b"\0", Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Interpolate=True
    )
    loose = Loose(pdf_with(image))
    found = loose.pdf.Root.Streams[0]
    assert found.Interpolate
    assert b"/Interpolate false" in loose.text(found.objgen[0])


def test_no_stream_ends_with_a_carriage_return() -> None:
    data = unlucky_data()
    assert zlib.compress(data).endswith(b"\r")
    source = pikepdf.new()
    loose = Loose(pdf_with(source.make_stream(data)))
    number = loose.pdf.Root.Streams[0].objgen[0]
    text, kept = loose.text(number), loose.data(number)
    assert b"/FlateDecode" in text
    assert b"/Length" not in text
    assert kept is not None
    assert not kept.endswith(b"\r")
    assert zlib.decompress(kept).strip() == data


@given(st.binary())
def test_packed_data_says_the_same_and_ends_clearly(data: bytes) -> None:
    compressed = packed(data)
    assert zlib.decompress(compressed).rstrip(b"\n") == data.rstrip(b"\n")
    assert not compressed.endswith(b"\r")


def test_the_validator_reads_such_an_end_as_a_wrong_length() -> None:
    source = pikepdf.new()
    stream = source.make_stream(zlib.compress(unlucky_data()), Filter=pikepdf.Name.FlateDecode)
    unclear = pdf_with(stream)
    assert CLOSING in unclear
    rules = [each.rule_id for each in page.validate_pdf_bytes(unclear, profile="3a").failures]
    assert "PDFA3A-STREAM-LENGTH-001" in rules


@pytest.mark.parametrize("count", [0, 1, 199, 200, 201, 1000])
def test_objects_are_read_as_they_were_written(count: int) -> None:
    objects = [Indirect(4, array(refer(number) for number in range(5, 5 + count)))]
    objects += [Indirect(5 + each, b"<< /Number %d >>" % each) for each in range(count)]
    objects.append(Indirect(5 + count, b"<< >>", b"content"))
    room = count + 2 + streams_for(count + 1) + 50
    with pikepdf.open(io.BytesIO(file_of(objects, room))) as pdf:
        assert [int(each.Number) for each in pdf.Root.Many] == list(range(count))
        assert pdf.get_object(5 + count, 0).read_raw_bytes() == b"content"
        assert not pdf.check_pdf_syntax()


def test_streams_of_objects_and_references_end_clearly() -> None:
    """Written as they come, some sets of objects end with a carriage return; none does here."""
    plain = 0
    for number in range(300):
        objects = [Indirect(4, array([b"(%b)" % (b"a" * number)]))]
        held = b"4 0\n" + objects[0].text
        plain += zlib.compress(held).endswith(b"\r")
        written = file_of(objects, 2)
        assert CLOSING not in written
        with pikepdf.open(io.BytesIO(written)) as pdf:
            assert str(pdf.Root.Many[0]) == "a" * number
    assert plain


def test_a_part_that_stands_later_is_found_there() -> None:
    root = Indirect(1, ROOT.text.replace(b"4 0 R", b"8 0 R"))
    first = write_objects([root, PAGES], 0, 4)
    last = write_objects([Indirect(8, b"[ 7 ]"), Indirect(9, b"<< >>", b"content")], 8, 4)
    for between in (0, 1, 5000):
        filler = write_objects([Indirect(4, b"<< >>", b"y" * between)], 4, 4)
        data = b"".join(write_file([first, filler, last], b"/Root 1 0 R"))
        with pikepdf.open(io.BytesIO(data)) as pdf:
            assert [int(each) for each in pdf.Root.Many] == [7]
            assert pdf.get_object(4, 0).read_raw_bytes() == b"y" * between
            assert pdf.get_object(9, 0).read_raw_bytes() == b"content"
            assert not pdf.check_pdf_syntax()


def test_objects_without_room_are_an_error() -> None:
    with pytest.raises(ValueError, match="no room"):
        write_objects([ROOT, PAGES], 0, 3)


def test_references_in_strings_are_none() -> None:
    text = pikepdf.Dictionary(Title=r"see (12 0 R) \ and 3 0 R", Next=pikepdf.Array()).unparse()
    whole = dictionary(text.removeprefix(b"<< ").removesuffix(b" >>"), b"/Up 12 0 R /Down 7 0 R")
    assert references(whole) == [12, 7]
    moved = renumbering({12: 40, 7: None})(whole)
    assert moved == whole.replace(b"/Up 12 0 R", b"/Up 40 0 R").replace(b"7 0 R", b"null")
    assert filled(named(whole, lambda number: f"n{number}"), {"n12": 12, "n7": 7}) == whole
