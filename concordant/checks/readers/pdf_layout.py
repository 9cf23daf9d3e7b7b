"""The order of an untagged PDF's text, its margins, and the folios of any PDF: from places on the page alone."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise
from statistics import median

from concordant.checks.flow import LINE, Role, Span
from concordant.checks.labels import FOLIO, folio_value
from concordant.checks.readers.pdf_glyphs import Piece, Run, pieces_of
from concordant.checks.readers.pdf_text import Sheetwork

_DRESSED = re.compile(
    r"^(?:[-–—·|\s]*|(?:page|seite|p\.|s\.)\s*)(\d{1,4}|[ivxlcdm]{1,15})(?:[-–—·|\s]*|\s*(?:/|of|von)\s*\d+)$",
    re.IGNORECASE,
)
_REPEATS = 3


def margin_runs(pages: Sequence[list[Run]]) -> list[list[Run]]:
    """Return, for each page of an untagged file, the runs of its running heads and folios."""
    edges = [_edge_lines(page) for page in pages]
    masks = Counter(mask for page in edges for mask in {_mask(line) for line in page})
    margins = []
    for page, lines in zip(pages, edges, strict=True):
        bands = [
            (line[0].bottom, line[0].top)
            for line in lines
            if masks[_mask(line)] >= _REPEATS or _is_folio_line(line)
        ]
        margins.append([r for r in page if any(low <= r.middle <= high for low, high in bands)])
    return margins


def _edge_lines(page: list[Run]) -> list[list[Piece]]:
    lines = pieces_of(page)
    return [*lines[:2], *lines[-2:]] if len(lines) > 4 else lines[:1] + lines[1:][-1:]


def _mask(line: list[Piece]) -> str:
    return re.sub(r"\d+", "#", " ".join(piece.text for piece in line)).strip()


def _is_folio_line(line: list[Piece]) -> bool:
    return len(line) == 1 and bool(_DRESSED.match(line[0].text.strip()))


def by_place(work: Sheetwork, pages: Sequence[list[Run]], margins: Sequence[list[Run]]) -> None:
    """Put the runs of an untagged file in order: as drawn, with blocks where the page shows gaps."""
    for page, margin in zip(pages, margins, strict=True):
        outside = {id(run) for run in margin}
        body = _with_labels_first([run for run in page if id(run) not in outside])
        pitch = _pitch(body)
        begin = work.length
        previous: Run | None = None
        for run in body:
            if previous is not None and _new_block(previous, run, pitch):
                begin = _block(work, begin, at_foot=run.bottom > previous.bottom)
            work.put(run)
            previous = run if run.text.strip() else previous
        _block(work, begin, at_foot=True)


def _is_label(run: Run) -> bool:
    return bool(re.fullmatch(r"\s*(?:\d{1,3}[.)]|\[\d{1,3}\]|[•◦▪–])\s*", run.text))


def _with_labels_first(runs: list[Run]) -> list[Run]:
    """Put short runs that are drawn late, such as the numbers of a list, before the line that they stand at."""
    order = list(runs)
    for run in runs:
        if len(run.text.strip()) > 6 or not run.text.strip():
            continue
        at = order.index(run)
        for index, other in enumerate(order[:at]):
            beside = abs(other.bottom - run.bottom) < 0.3 * other.height
            if beside and -1 <= other.left - run.right < 2 * other.height:
                order.insert(index, order.pop(at))
                break
    return order


def _block(work: Sheetwork, begin: int, *, at_foot: bool) -> int:
    """End a block; at the foot of a page or column it may go on at the head of the next, where a line has ended."""
    end = work.length
    if at_foot and end > begin and work.last not in ("\n", LINE):
        work.sign(LINE)
    work.end_block()
    if end > begin:
        work.spans.append(Span(Role.BLOCK, begin, end))
    return work.length


def _pitch(runs: list[Run]) -> float:
    steps = [a.bottom - b.bottom for a, b in pairwise(runs) if a.bottom - b.bottom > 2]
    return median(steps) if steps else 14.0


def _new_block(previous: Run, run: Run, pitch: float) -> bool:
    if _is_label(run) or (_is_label(previous) and abs(previous.bottom - run.bottom) < 1):
        return _is_label(run)
    drop = previous.bottom - run.bottom
    if abs(drop) < 0.5 * max(run.height, previous.height):
        return False
    return drop < 0 or drop > 1.3 * pitch or abs(run.height - previous.height) > 1.5


def folios_of(candidates: list[list[str]], labels: Mapping[int, str]) -> dict[int, str]:
    """Return the folio of each page (0-based) that has one, chosen among what may be it."""
    folios: dict[int, str] = {}
    for index, found in enumerate(candidates):
        chosen = _choose(found, index, candidates, labels.get(index, ""))
        if chosen:
            folios[index] = chosen
    return folios


def possible_folios(margin: list[Run]) -> list[str]:
    """Return what may be the folio in the margin of a page."""
    found = []
    for line in pieces_of(margin):
        for piece in line:
            text = piece.text.strip()
            match = _DRESSED.match(text)
            if match and folio_value(match[1]):
                found.append(match[1])
                continue
            words = text.split()
            found += (
                [w for w in (words[0], words[-1]) if w.isdigit() and FOLIO.match(w)]
                if words
                else []
            )
    return found


def _choose(found: list[str], index: int, all_found: list[list[str]], label: str) -> str:
    """Choose the folio: alone, or as the file's label has it, or in step with the pages around."""
    if len(found) <= 1 or label in found:
        return label if label in found else (found[0] if found else "")
    for folio in found:
        value = folio_value(folio)
        for step in (-1, 1):
            if 0 <= index + step < len(all_found) and value:
                near = [folio_value(other) for other in all_found[index + step]]
                if (value[0], value[1] + step) in near:
                    return folio
    return found[0]
