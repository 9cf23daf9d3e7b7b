"""Finishing: each repair of the file puts right what is wrong without it."""

from __future__ import annotations

import io

import page
import pikepdf

from concordant.editions.finishing.endings import end_streams_clearly
from concordant.editions.finishing.finish import settle_endings, write
from concordant.editions.finishing.repairs import keep_pixels

CLOSING = b"\r\nendstream"


def pdf_with(*streams: pikepdf.Stream) -> pikepdf.Pdf:
    pdf = pikepdf.new()
    pdf.add_blank_page()
    pdf.Root.Streams = pikepdf.Array([pdf.copy_foreign(each) for each in streams])
    return pdf


def unlucky_data() -> bytes:
    """Return data whose compressed form ends with a carriage return: the lowest byte of Adler-32."""
    return next(
        data
        for number in range(1_000_000)
        if (data := str(number).encode()) and (1 + sum(data)) % 256 == 0x0D
    )


def saved(pdf: pikepdf.Pdf) -> bytes:
    buffer = io.BytesIO()
    pdf.save(buffer)
    return buffer.getvalue()


def test_pictures_are_not_smoothed() -> None:
    source = pikepdf.new()
    image = source.make_stream(
        b"\0", Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Interpolate=True
    )
    pdf = pdf_with(source.make_indirect(image))
    assert pdf.Root.Streams[0].Interpolate
    keep_pixels(pdf)
    assert not pdf.Root.Streams[0].Interpolate


def test_no_stream_ends_with_a_carriage_return() -> None:
    source = pikepdf.new()
    pdf = pdf_with(source.make_stream(unlucky_data(), Length1=len(unlucky_data())))
    before = saved(pdf)
    assert CLOSING in before
    with pikepdf.open(io.BytesIO(before)) as again:
        end_streams_clearly(again)
        stream = again.Root.Streams[0]
        assert stream.read_bytes() == unlucky_data() + b"\n"
        assert stream.Length1 == len(unlucky_data()) + 1
        assert CLOSING not in saved(again)


def test_streams_of_objects_end_clearly_too() -> None:
    """Written as they come, some sets of objects end with a carriage return; none does here."""
    plain = 0
    for number in range(256):
        pdf = pikepdf.new()
        pdf.add_blank_page()
        pdf.Root.Number = pdf.make_indirect(pikepdf.String("a" * number))
        buffer = io.BytesIO()
        pdf.save(buffer, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        plain += CLOSING in buffer.getvalue()
        assert CLOSING not in settle_endings(write(pdf))
    assert plain


def test_streams_of_elements_end_clearly_however_many_there_are() -> None:
    """With hundreds of streams some end with a carriage return, whatever is shifted; each is put right by itself."""
    pdf = pikepdf.new()
    pdf.add_blank_page()
    elements = (
        pikepdf.Dictionary(Type=pikepdf.Name.StructElem, S=pikepdf.Name.P, T=str(number))
        for number in range(60_000)
    )
    pdf.Root.Elements = pikepdf.Array([pdf.make_indirect(each) for each in elements])
    buffer = io.BytesIO()
    pdf.save(buffer, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    assert CLOSING in buffer.getvalue()
    written = settle_endings(write(pdf))
    assert CLOSING not in written
    with pikepdf.open(io.BytesIO(written)) as again:
        assert [int(str(each.T)) for each in again.Root.Elements] == list(range(60_000))


def test_streams_that_were_not_compressed_end_clearly() -> None:
    source = pikepdf.new()
    pdf = pdf_with(source.make_stream(unlucky_data()))
    end_streams_clearly(pdf)
    assert CLOSING not in settle_endings(write(pdf))


def test_the_validator_reads_such_an_end_as_a_wrong_length() -> None:
    source = pikepdf.new()
    unclear = saved(pdf_with(source.make_stream(unlucky_data())))
    rules = [each.rule_id for each in page.validate_pdf_bytes(unclear, profile="3a").failures]
    assert "PDFA3A-STREAM-LENGTH-001" in rules
