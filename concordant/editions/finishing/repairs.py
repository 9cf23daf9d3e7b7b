"""Repairs of the file's objects, each of one thing that ISO 19005-3 asks for and WeasyPrint leaves out."""

from __future__ import annotations

import pikepdf


def keep_pixels(pdf: pikepdf.Pdf) -> None:
    """Ask no viewer to smooth pictures (ISO 19005-3, 6.2.8)."""
    for stream in _streams(pdf):
        if stream.get("/Subtype") == pikepdf.Name.Image and stream.get("/Interpolate"):
            stream.Interpolate = False


def end_streams_clearly(pdf: pikepdf.Pdf) -> None:
    """Let no stream end with a carriage return, which reads as part of the line end after it (ISO 19005-3, 6.1.7.1).

    The last byte of compressed data belongs to its checksum: one more line end in the data changes it, and
    means nothing to content, maps, fonts and pictures.
    """
    for stream in _streams(pdf):
        compressed = stream.get("/Filter") == pikepdf.Name.FlateDecode
        if compressed and stream.read_raw_bytes().endswith(b"\r"):
            stream.write(stream.read_bytes() + b"\n")
            if "/Length1" in stream:
                stream.Length1 = int(stream.Length1) + 1


def _streams(pdf: pikepdf.Pdf) -> list[pikepdf.Stream]:
    return [each for each in pdf.objects if isinstance(each, pikepdf.Stream)]
