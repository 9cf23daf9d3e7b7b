"""Compares what pictures print: a drawing that loses its text in one edition is found, though its text is no running text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import zip_longest

from concordant.checks.model import Drawing, Edition, Finding, Printed, Reading
from concordant.checks.words import letters_of, shortened
from concordant.problem import Severity


def compare_pictures(readings: Sequence[Reading]) -> Iterator[Finding]:
    """Yield the pictures of the EPUB and HTML whose text the PDF does not print.

    Letters are compared without their order, which a drawing does not give. Where more than half of them are missing
    the picture is spoilt; where it is less, a font or a rule of style may have it so. A PDF none of whose pictures has text
    draws its letters as lines, and is not asked.
    """
    pdf = next((each for each in readings if each.edition is Edition.PDF), None)
    for reading in readings:
        if pdf and pdf.drawings and reading.edition in (Edition.HTML, Edition.EPUB):
            for drawn, drawing in _pairs(pdf.drawings, reading.drawings):
                letters = _letters(drawing)
                missing = (Counter(letters) - Counter(_letters(drawn))).total()
                if missing:
                    yield _finding(drawn, reading, drawing, spoilt=missing * 2 > len(letters))


def _pairs(
    ours: Sequence[Drawing], others: Sequence[Drawing]
) -> Iterator[tuple[Drawing | None, Drawing]]:
    """Yield the others' drawings that are not the same as ours in their order, each with that in its place, if any."""
    left, right = (["".join(sorted(_letters(each))) for each in side] for side in (ours, others))
    for kind, a, b, c, d in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        for drawn, drawing in zip_longest(ours[a:b], others[c:d]) if kind != "equal" else ():
            if drawing:
                yield drawn, drawing


def _letters(drawing: Drawing | None) -> str:
    return "".join(filter(str.isalnum, letters_of(drawing.text))) if drawing else ""


def _finding(drawn: Drawing | None, other: Reading, drawing: Drawing, *, spoilt: bool) -> Finding:
    message = f"a picture of {other.edition} prints text that pdf leaves out"
    printed = (
        Printed(Edition.PDF, shortened(drawn.text), drawn.spot)
        if drawn
        else Printed(Edition.PDF, ""),
        Printed(other.edition, shortened(drawing.text), drawing.spot),
    )
    severity = Severity.ERROR if spoilt else Severity.WARNING
    return Finding("picture-text", message, printed=printed, severity=severity)
