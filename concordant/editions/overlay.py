"""Overlay: pages of one PDF drawn over those of another, as artefacts that no reader reads out (ISO 32000-1, 14.8.2.2)."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf

_BEFORE = b"q"
_AFTER = b"Q /Artifact <</Type /Pagination>> BDC /Folio%d Do EMC"


def lay_over(target: Pdf, parts: Sequence[Sequence[Any]], layers: Sequence[bytes]) -> list[Any]:
    """Draw the pages of each layer over the pages of its part; return the layers' resources.

    Raises:
        ValueError: a part and its layer have not the same number of pages.
    """
    before = target.make_stream(_BEFORE)
    after: list[
        Any
    ] = []  # by the page's place in its part, since a part's pages share their resources
    resources = []
    for pages, layer in zip(parts, layers, strict=True):
        source = pikepdf.open(io.BytesIO(layer))
        shared = target.copy_foreign(source.make_indirect(source.pages[0].Resources))
        resources.append(shared)
        objects = pages[0].Resources.get("/XObject")
        if objects is None:
            objects = pages[0].Resources.XObject = Dictionary()
        for index, (page, over) in enumerate(zip(pages, source.pages, strict=True)):
            if index == len(after):
                after.append(target.make_stream(_AFTER % index))
            form = target.copy_foreign(over.Contents)
            form.Type, form.Subtype, form.BBox = Name.XObject, Name.Form, page.MediaBox
            form.Resources = shared
            objects[f"/Folio{index}"] = form
            page.Contents = Array([before, page.Contents, after[index]])
    return resources
