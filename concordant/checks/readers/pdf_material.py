"""What a PDF has come to while it is read, before its flow is put together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field

from concordant.checks.memory import Memory
from concordant.checks.readers.pdf_bidi import has_right_to_left
from concordant.checks.readers.pdf_glyphs import Drawn
from concordant.checks.readers.pdf_order import Placed
from concordant.checks.readers.pdf_said import Said
from concordant.checks.readers.pdf_structure import RECALLED
from concordant.checks.readers.pdf_survey import Aside, Recalled, Survey


@dataclass(frozen=True, slots=True)
class Material:
    """What a PDF has come to, as far as it was read: what it says, its number of pages, and what they draw.

    Where a memory has them, the parts that are known are `recalled`, by their numbers; their pages are not drawn.
    """

    name: str
    said: Said
    count: int
    drawn: dict[int, Drawn]
    memory: Memory | None = None
    found: Survey | None = None
    recalled: Mapping[int, Recalled] = field(default_factory=dict)

    @property
    def printed(self) -> frozenset[int]:
        """The pages that draw any text."""
        return frozenset(page for page, (text, *_) in self.drawn.items() if text.strip())

    @property
    def agrees(self) -> bool:
        """Whether the file was read as it was surveyed: the parts that are known are there, and nobody else is on their pages."""
        if not self.recalled or self.found is None:
            return True
        steps = self.said.steps
        parts = [steps.parts[at] for at, code in enumerate(steps.codes) if code == RECALLED]
        own = {page for each in self.recalled.values() for page in each.own}
        used = [content for each in self.recalled.values() for content in each.used]
        return (
            self.count == len(self.found.pages)
            and sorted(parts) == sorted(self.recalled)
            and own.isdisjoint(steps.pages)
            and len(set(used)) == len(used)
            and set(used).isdisjoint(zip(steps.pages, steps.numbers, strict=True))
            and not any(has_right_to_left(text) for text, *_ in self.drawn.values())
        )


@dataclass(frozen=True, slots=True)
class Order:
    """What was put in order: what each page has beside it, the parts that may be remembered, and pages with text that the tree forgets."""

    asides: dict[int, Aside]
    placed: Sequence[Placed] = ()
    forgotten: Set[int] = frozenset()
    printed: Set[int] = frozenset()
