"""Finishing: what WeasyPrint leaves to be said or put right in the PDF file itself (ISO 32000-1, ISO 19005-3, XMP)."""

from concordant.editions.finishing.finish import finish, settle_endings
from concordant.editions.finishing.identity import Imprint

__all__ = ["Imprint", "finish", "settle_endings"]
