"""Layers: the page numbers of a part, as forms that its pages draw (ISO 32000-1, 8.10)."""

from __future__ import annotations

from dataclasses import dataclass

from concordant.editions.binding.facefont import PartFont
from concordant.editions.binding.loose import Loose, Shared
from concordant.editions.binding.syntax import Text


@dataclass(frozen=True, slots=True)
class Layer:
    """A form for each page, with its data, and what they need that others may share; as `Survey` has these."""

    forms: tuple[tuple[Text, bytes], ...]
    fonts: tuple[tuple[str, PartFont], ...]
    shared: tuple[Shared, ...]


NONE = Layer((), (), ())


def take_layer(folios: bytes) -> Layer:
    """Take the page numbers of a part from the PDF in which they are printed."""
    loose = Loose(folios)
    forms = []
    for page in loose.pdf.pages:
        resources = loose.name(page.Resources.objgen[0])
        number = page.Contents.objgen[0]
        head = b"%b /Type /XObject /Subtype /Form /BBox %b /Resources " % (
            loose.text(number).removesuffix(b" >>"),
            page.MediaBox.unparse(),
        )
        forms.append(((head, resources, b" >>"), loose.data(number) or b""))
    return Layer(tuple(forms), tuple(loose.fonts.items()), tuple(loose.shared.values()))
