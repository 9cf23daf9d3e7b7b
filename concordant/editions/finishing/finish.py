"""Finish a PDF: its identity, its page labels, the repairs; then write it, the same bytes for the same document."""

from __future__ import annotations

import io

import pikepdf

from concordant.editions.finishing.identity import declare_conformance, identify, label_pages
from concordant.editions.finishing.repairs import end_streams_clearly, keep_pixels
from concordant.editions.publication import Publication

_CLOSING = b"\r\nendstream"
_TRIES = 16


def finish(pdf: pikepdf.Pdf, publication: Publication, *, roman_pages: int) -> bytes:
    """Finish a joined file, whose first `roman_pages` pages have roman folios, and write it."""
    label_pages(pdf, roman_pages)
    identify(pdf, publication)
    declare_conformance(pdf)
    keep_pixels(pdf)
    end_streams_clearly(pdf)
    return write(pdf)


def write(pdf: pikepdf.Pdf) -> bytes:
    """Write the file; `end_streams_clearly` holds for the streams, too, which writing adds.

    Those hold the objects in turn. One more object, which means nothing, shifts them all.
    """
    written = _write(pdf)
    for turn in range(_TRIES):
        if _CLOSING not in written:
            break
        pdf.Root.Filler = pdf.make_indirect(pikepdf.Array([0] * turn))
        written = _write(pdf)
    return written


def _write(pdf: pikepdf.Pdf) -> bytes:
    buffer = io.BytesIO()
    pdf.save(buffer, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return buffer.getvalue()
