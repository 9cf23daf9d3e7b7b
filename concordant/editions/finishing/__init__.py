"""Finishing: what WeasyPrint leaves to be said or put right in the PDF file itself (ISO 32000-1, ISO 19005-3, XMP)."""
