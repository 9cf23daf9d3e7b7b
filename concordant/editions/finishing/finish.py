"""Finish a PDF: its identity, its page labels, the repairs; then write it, the same bytes for the same document."""

from __future__ import annotations

import io

import pikepdf

from concordant.editions.finishing.endings import (
    end_object_streams_clearly,
    end_streams_clearly,
)
from concordant.editions.finishing.identity import (
    declare_conformance,
    identify,
    label_pages,
)
from concordant.editions.finishing.imprint import Imprint
from concordant.editions.finishing.repairs import keep_pixels


def finish(pdf: pikepdf.Pdf, imprint: Imprint) -> bytes:
    """Finish a joined file and write it; `settle_endings` is to follow, once its objects have left the memory."""
    label_pages(pdf, imprint.roman_pages)
    identify(pdf, imprint)
    declare_conformance(pdf)
    keep_pixels(pdf)
    end_streams_clearly(pdf)
    return write(pdf)


def settle_endings(written: bytes) -> bytes:
    """Return a written file in which `end_streams_clearly` holds for the streams, too, which writing has added."""
    return end_object_streams_clearly(written, write)


def write(pdf: pikepdf.Pdf) -> bytes:
    """Write the file as it is."""
    buffer = io.BytesIO()
    pdf.save(buffer, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return buffer.getvalue()
