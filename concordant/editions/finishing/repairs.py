"""Repairs of the file's objects, each of one thing that ISO 19005-3 asks for and WeasyPrint leaves out."""

from __future__ import annotations

import pikepdf


def keep_pixels(pdf: pikepdf.Pdf) -> None:
    """Ask no viewer to smooth pictures (ISO 19005-3, 6.2.8)."""
    for stream in _streams(pdf):
        if stream.get("/Subtype") == pikepdf.Name.Image and stream.get("/Interpolate"):
            stream.Interpolate = False


def _streams(pdf: pikepdf.Pdf) -> list[pikepdf.Stream]:
    return [each for each in pdf.objects if isinstance(each, pikepdf.Stream)]
