"""The verdict as one self-contained HTML page: what each edition prints, with pictures of the PDF's places."""

from __future__ import annotations

import base64
import io
from collections.abc import Mapping
from pathlib import Path

import pypdfium2
from jinja2 import Environment, PackageLoader, select_autoescape

from concordant.checks.codes import RULES
from concordant.checks.model import Edition, Kind, Spot, Verdict
from concordant.checks.reports.terminal import summary

_SCALE = 2.0
_MARGIN = 36.0
_PICTURES = 80


def as_page(verdict: Verdict, pdf: Path | None = None) -> str:
    """Return the report; pictures are cut from `pdf`, where it is given."""
    environment = Environment(
        loader=PackageLoader("concordant.checks", "reports"),
        autoescape=select_autoescape(default=True, default_for_string=True),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    editions = [edition for edition, _ in verdict.files]
    return environment.get_template("report.jinja").render(
        verdict=verdict,
        summary=summary(verdict),
        editions=editions,
        kinds=[kind for kind in Kind if any(c.kind is kind for c in verdict.counts)],
        counts={(c.kind, c.edition): c for c in verdict.counts},
        wrong={kind: sum(f.kind is kind for f in verdict.errors) for kind in (*Kind, None)},
        words=dict(verdict.words),
        rules=RULES,
        pictures=_pictures(verdict, pdf) if pdf else {},
    )


def _pictures(verdict: Verdict, pdf: Path) -> Mapping[Spot, str]:
    """Return a picture, as a data address, of each place in the PDF that a finding shows."""
    spots = dict.fromkeys(
        printed.spot
        for finding in verdict.findings
        for printed in finding.printed
        if printed.edition is Edition.PDF and printed.spot.page
    )
    document = pypdfium2.PdfDocument(pdf)
    try:
        return {spot: _picture(document, spot) for spot in list(spots)[:_PICTURES]}
    finally:
        document.close()


def _picture(document: pypdfium2.PdfDocument, spot: Spot) -> str:
    page = document[min(spot.page, len(document)) - 1]
    width, height = page.get_size()
    left, bottom, right, top = spot.box or (0.0, 0.0, width, height)
    if spot.box:
        bottom, top = max(bottom - _MARGIN, 0.0), min(top + _MARGIN, height)
        left, right = 0.0, width
    crop = (left, bottom, width - right, height - top)
    picture = page.render(scale=_SCALE, crop=crop).to_pil()
    out = io.BytesIO()
    picture.convert("L").save(out, "PNG", optimize=True)
    page.close()
    return "data:image/png;base64," + base64.b64encode(out.getvalue()).decode()
