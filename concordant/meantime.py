"""Meantime: what workers do while this process reads the sources, and what it does while they lay out pages.

No result depends on it: what is not at hand when it is asked for is made then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from concordant.cache import Store, kept_in, remembering
from concordant.editions.edition import Format
from concordant.editions.expected import Expected, Starts
from concordant.editions.package import prepare_epub
from concordant.editions.publication import Publication, compile_templates, with_pages
from concordant.editions.reading import make_html, prepare_html
from concordant.editions.typefaces.fonts import CutFace
from concordant.editions.typefaces.webfonts import prepare_fonts
from concordant.editions.workers import LATER_BY_WORKERS, LocalWorkers
from concordant.later import load, meanwhile
from concordant.problem import ProblemsFound
from concordant.proofs import Proofs
from concordant.sources.length import is_long
from concordant.sources.project import language_of

# What is needed only when the pages are laid out, and loaded while they are: here and by workers.
_LATER = (
    "concordant.editions.binding.whole",
    "concordant.checks.check",
    "concordant.reproducing.issue",
    "rich.table",
)
_READER = "concordant.checks.readers.pdf"


def make_ready(root: Path, expected: Expected, workers: LocalWorkers, store: Store | None) -> None:
    """Have workers do what they need first, while they have nothing else to do; if there is time, what is needed later, too.

    A long document gives them time, and one that has not been built before: all of it has to be read.
    """
    is_first = not expected.make_ready(workers, workers.count)
    for _ in range(workers.count if is_first or is_long(root) else 0):
        workers.submit(load, *LATER_BY_WORKERS)
    if is_first:
        workers.submit(work_ahead, root, store)


def work_ahead(root: Path, store: Store | None) -> None:
    """Do what a first build needs of templates, tools and hyphenation, for the processes that build to find."""
    from concordant.editions.press.hyphenation import read_dictionary  # noqa: PLC0415 - a worker's
    from concordant.reproducing.tools import tools_of  # noqa: PLC0415 - likewise

    if store:
        if memory := kept_in(store):
            read_dictionary(language_of(root), memory)
        compile_templates(root)
        with remembering(store):
            tools_of(root)


@dataclass(frozen=True, slots=True)
class Meantime:
    """The time in which pages of a publication are laid out.

    `starts` is where they are likely to begin, empty if that is not known; the numbers in the text may be `numbered_alike`
    as in the last build.
    """

    publication: Publication
    starts: Starts
    numbered_alike: bool
    formats: Sequence[Format]
    fonts: Sequence[CutFace]
    ledger: Callable[[], object]
    proofs: Proofs
    workers: LocalWorkers | None

    def spend(self, works: int, are_done: Callable[[], bool]) -> None:
        """Do here what will be asked for; workers have been given so many works, and it is known when they `are_done`."""
        workers = self.workers
        # With no more than a work each, somebody is idle; and the ledger has time while the PDF is read.
        is_little = workers is not None and self.numbered_alike and works <= workers.count
        self._load(is_little)
        likely = with_pages(self.publication, self.starts) if self.starts else None
        if not (likely and is_little and self._foretell(likely)):
            self.ledger()
        for _ in self._prepared(likely):
            if is_little and are_done():  # what is left has time while the PDF is read
                break

    def _load(self, is_little: bool) -> None:
        """Load what is needed later, here or by a worker, and look at the tools that the receipt names."""
        root = self.publication.project.root
        by_worker = is_little and is_long(root)
        meanwhile(_look_ahead, root, _LATER if by_worker else (*_LATER, _READER))
        if is_little and not by_worker:
            # To load what reads would take a worker longer than to read takes this process.
            self.proofs.read_here()
        elif self.workers:
            self.workers.submit(load, *LATER_BY_WORKERS)

    def _foretell(self, likely: Publication) -> bool:
        """Make the HTML as it will be if all pages begin so, to be read ahead; tell whether it is made."""
        if Format.HTML in self.formats and self.proofs.compared and all(self.starts.values()):
            with suppress(ProblemsFound):  # which are told when the editions are made
                page = make_html(likely, self.fonts)
                self.proofs.put_ahead(Format.HTML.value, page.name, page.data)
                return True
        return False

    def _prepared(self, likely: Publication | None) -> Iterator[None]:
        """Make, step by step, what single chapters are in the EPUB and the HTML, if their pages begin so, and fonts."""
        with suppress(ProblemsFound):  # as above
            if likely and Format.EPUB in self.formats:
                yield from prepare_epub(likely)
            if likely and Format.HTML in self.formats:
                yield from prepare_html(likely)
        if {Format.EPUB, Format.HTML}.intersection(self.formats):
            yield from prepare_fonts(self.fonts)


def _look_ahead(root: Path, modules: Sequence[str]) -> None:
    load(*modules)
    from concordant.reproducing.tools import program_hashes, tools_of  # noqa: PLC0415 - not at first

    program_hashes()
    tools_of(root)
