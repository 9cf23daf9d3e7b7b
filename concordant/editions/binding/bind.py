"""Binding, step by step: parts are looked through, get their numbers, are written, and are put in a row."""

from __future__ import annotations

from concurrent.futures import Executor
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from concordant.cache import Kept, Recalling
from concordant.editions.binding.imprint import Imprint
from concordant.editions.press.standins import stand_in
from concordant.editions.workers import Ahead, Started, start_all

if TYPE_CHECKING:
    from concordant.editions.binding.part import Survey

Surveys: TypeAlias = "Ahead[bytes, Survey]"


class NotPrinted(ValueError):
    """Links lead to what no part prints; the arguments are its addresses."""


@dataclass(frozen=True, slots=True)
class Sheets:
    """What is bound: the parts' PDFs in order, those of their page numbers, the fonts' programs, and what the file says of itself.

    The parts come from `Press.print_part`: links from part to part are `dest:` URIs there, and digests stand for the
    fonts. `folios` has a PDF for each part, with the page numbers to be laid over its pages, or is empty. `numbers` has
    the numbers for each part's blanks (see `blanks`), or is empty if there are none.
    """

    parts: tuple[bytes, ...]
    folios: tuple[bytes, ...]
    fonts: tuple[bytes, ...]
    imprint: Imprint
    numbers: tuple[tuple[str, ...], ...] = ()


def surveys(executor: Executor, *, overlaid: bool = True) -> Surveys:
    """Return who looks through parts as soon as they are printed; `overlaid` if page numbers will be laid over them."""
    # A process that has others bind does without what binds.
    from concordant.editions.binding.part import survey  # noqa: PLC0415

    return Ahead(executor, survey, overlaid)


class Binding:
    """The binding of sheets, under way; workers do what concerns one part alone, and find the `memory`.

    At its end `new` is the share of the parts that were written anew, as far as `executor` tells.
    """

    new = 1.0

    def __init__(
        self,
        sheets: Sheets,
        executor: Executor,
        looked_through: Surveys | None = None,
        memory: Kept | None = None,
    ) -> None:
        from concordant.editions.binding.front import take_front  # noqa: PLC0415 - as above
        from concordant.editions.binding.layer import take_layer  # noqa: PLC0415

        if not sheets.parts:
            raise ValueError("there is nothing to bind")
        self._sheets, self._executor, self._memory = sheets, executor, memory
        self._surveys = looked_through or surveys(executor, overlaid=bool(sheets.folios))
        self._surveys.begin(sheets.parts)
        self._layers = start_all(take_layer, sheets.folios, executor)
        self._front = Started(executor, take_front, sheets.parts[0], sheets.imprint)

    def result(self) -> bytes:
        """Return the finished file.

        Raises:
            NotPrinted: a link leads nowhere.
            ValueError: no part; a part and its page numbers have not the same number of pages; two parts name a
                destination or a structure element alike.
        """
        from concordant.editions.binding.layer import NONE  # noqa: PLC0415
        from concordant.editions.binding.part import place  # noqa: PLC0415
        from concordant.editions.binding.plan import Plan  # noqa: PLC0415
        from concordant.editions.binding.syntax import Written, write_file  # noqa: PLC0415
        from concordant.editions.binding.whole import (  # noqa: PLC0415
            trailer,
            write_common,
            write_layer,
        )

        sheets, front = self._sheets, self._front.result()
        looked_through = self._surveys.results(sheets.parts)
        layers = self._layers() or [NONE] * len(looked_through)
        plan = Plan(looked_through, layers, front)
        numbers = sheets.numbers or [()] * len(looked_through)
        places = plan.places(sheets.parts, numbers, self._memory)
        placed = start_all(place, places, self._executor)()
        if isinstance(self._executor, Recalling):
            self.new = self._executor.done_anew[place] / len(placed)
        programs = {stand_in(font): font for font in sheets.fonts}
        pieces = [write_common(plan, placed, front, programs)]
        for part, layer, at in zip(placed, layers, plan.ranges, strict=True):
            pieces.append(Written(part.data, part.entries, part.moving))
            pieces.append(write_layer(layer, at, plan))
        return b"".join(write_file(pieces, trailer(pieces)))
