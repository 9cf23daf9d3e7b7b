"""Finishing: what WeasyPrint leaves to be said in the PDF itself (ISO 32000-1, XMP)."""

from __future__ import annotations

import io

import pikepdf

from concordant.editions.publication import Publication


def finish(data: bytes, publication: Publication, *, roman_pages: int) -> bytes:
    """Add page labels (roman for the first `roman_pages`) and the document's identity."""
    metadata = publication.project.metadata
    buffer = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        roman = pikepdf.Dictionary(S=pikepdf.Name.r)
        arabic = pikepdf.Dictionary(S=pikepdf.Name.D)
        pdf.Root.PageLabels = pikepdf.Dictionary(Nums=[0, roman, roman_pages, arabic])
        with pdf.open_metadata(set_pikepdf_as_editor=False) as xmp:
            xmp["dc:identifier"] = metadata.identifier
            xmp["dc:source"] = publication.source_urn
            xmp["xmpMM:DocumentID"] = metadata.identifier
            xmp["xmpMM:VersionID"] = metadata.version or "0"
            xmp["dc:language"] = {metadata.lang}
        pdf.save(
            buffer, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate
        )
    return buffer.getvalue()
