"""Finish a PDF: its identity, its page labels, the repairs; then write it, the same bytes for the same document."""

from __future__ import annotations

import io

import pikepdf

from concordant.editions.finishing.endings import (
    end_object_streams_clearly,
    end_streams_clearly,
)
from concordant.editions.finishing.identity import (
    Imprint,
    declare_conformance,
    identify,
    label_pages,
)
from concordant.editions.finishing.repairs import keep_pixels


def finish(pdf: pikepdf.Pdf, imprint: Imprint) -> bytes:
    """Finish a joined file and write it."""
    label_pages(pdf, imprint.roman_pages)
    identify(pdf, imprint)
    declare_conformance(pdf)
    keep_pixels(pdf)
    end_streams_clearly(pdf)
    return write(pdf)


def write(pdf: pikepdf.Pdf) -> bytes:
    """Write the file; `end_streams_clearly` holds for the streams, too, which writing adds."""
    return end_object_streams_clearly(_write(pdf), _write)


def _write(pdf: pikepdf.Pdf) -> bytes:
    buffer = io.BytesIO()
    pdf.save(buffer, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return buffer.getvalue()
