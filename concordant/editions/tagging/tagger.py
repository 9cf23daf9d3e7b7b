"""Tag a PDF that is being made: grow the tree, repair it, write it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pydyf

from concordant.editions.tagging.boxes import grow
from concordant.editions.tagging.objects import write
from concordant.editions.tagging.repairs import REPAIRS, Repair


def add_tags(
    pdf: Any, document: Any, _: Any, streams: Any, repairs: Sequence[Repair] = REPAIRS
) -> None:
    """Tag `pdf`, made of a laid-out `document`; takes the place of WeasyPrint's function of this name."""
    root = grow(document.pages, streams)
    for repair in repairs:
        repair(root)
    write(pdf, root, len(document.pages))
    pdf.catalog["ViewerPreferences"] = pydyf.Dictionary({"DisplayDocTitle": "true"})
    pdf.catalog["MarkInfo"] = pydyf.Dictionary({"Marked": "true"})
