"""The pipeline: sources → assembled → numbered → editions, in order, and the files written at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from concordant.cache import Recalling, Store, put_away, remembering, store_for
from concordant.callstack import with_room
from concordant.editions.binding.bind import Binding, NotPrinted, Surveys, surveys
from concordant.editions.cover import start_cover
from concordant.editions.edition import Edition, Format, Issued
from concordant.editions.expected import Expected, Starts
from concordant.editions.package import make_epub, prepare_epub
from concordant.editions.paged import (
    Meanwhile,
    Paged,
    lay_out_pages,
    make_pdf,
    outfit_of,
    start_pdf,
)
from concordant.editions.press.complaints import NotDrawn, NotLaidOut
from concordant.editions.press.printing import NotesLost
from concordant.editions.publication import Publication, compile_templates, with_pages
from concordant.editions.reading import make_html, prepare_html
from concordant.editions.settling import folios_in
from concordant.editions.typefaces.webfonts import WebFonts
from concordant.editions.workers import (
    LATER_BY_WORKERS,
    FirstHere,
    LocalWorkers,
    Started,
    ThisProcess,
    is_near,
    local,
    local_workers,
)
from concordant.later import load, meanwhile
from concordant.numbered.chapter import Numbered
from concordant.numbered.ledger import Kind, Ledger, ledger_json
from concordant.problem import ConcordantError, Place, Problem, ProblemsFound
from concordant.progress import Progress
from concordant.publishing import Published, publish_apart
from concordant.reproducing.layoutstack import lint_layout_stack
from concordant.sources.length import is_long
from concordant.sources.project import Project
from concordant.staging import Stage, staged

if TYPE_CHECKING:
    from concordant.checks.check import Checking
    from concordant.checks.model import Verdict

BUILD = "build"
LEDGER = "numbers.json"
# What is needed only when the pages are laid out, and loaded while they are: here and by workers.
_LATER = (
    "concordant.editions.binding.whole",
    "concordant.checks.check",
    "concordant.reproducing.issue",
    "rich.table",
)

# What takes longest to check is made first: others read it meanwhile.
_BY_CHECK = (Format.PDF, Format.HTML, Format.EPUB)


@dataclass(frozen=True, slots=True)
class Built:
    """What a build made of a project: the numbered document, the editions, and the warnings on the way.

    `files` are the names of the files written.
    """

    project: Project
    numbered: Numbered
    editions: tuple[Issued, ...]
    warnings: tuple[Problem, ...]
    proven: bool
    files: tuple[str, ...]


class Disagreement(ConcordantError):
    """The new editions do not agree; the old ones are untouched. Exit status 1."""

    exit_code = 1

    def __init__(self, verdict: Verdict, warnings: tuple[Problem, ...] = ()) -> None:
        self.verdict, self.warnings = verdict, warnings
        super().__init__("the new editions do not agree")


def build(
    document: Path | Published,
    formats: Iterable[Format],
    progress: Progress,
    *,
    proven: bool = True,
    executor: Executor | None = None,
) -> Built:
    """Build the editions of a document, given by its folder or as it has been published, and put them into its `build/`.

    Before they replace what was there, the checker reads them, unless `proven` is false. `executor` has the
    pages laid out; without one, processes of this machine have, one a core.

    Raises:
        ProblemsFound: the document has errors; the editions that were there are untouched.
        Disagreement: the new editions do not agree; likewise.
        CannotRun: the folder or the machine is not ready for a build.
    """
    store = store_for(_root_of(document))
    crew = nullcontext(executor) if executor else local_workers()
    with remembering(store), crew as workforce:
        recalling = Recalling(workforce, store)
        return with_room(_build, document, tuple(formats), progress, recalling, proven=proven)


def _root_of(document: Path | Published) -> Path:
    return document if isinstance(document, Path) else document[0].project.root


@dataclass(frozen=True, slots=True)
class _Composed:
    """A publication in pages, and what is drawn and pressed for it elsewhere; whether chapters of other editions are `at_hand`."""

    publication: Publication
    warnings: tuple[Problem, ...]
    ledger: bytes
    paged: Paged
    bound: Binding | None
    cover: Started[bytes]
    fonts: WebFonts
    at_hand: bool


def _build(
    document: Path | Published,
    formats: Sequence[Format],
    progress: Progress,
    executor: Recalling,
    *,
    proven: bool,
) -> Built:
    root = _root_of(document)
    composed = _compose(document, formats, progress, executor)
    from concordant.checks.ahead import give_back  # noqa: PLC0415 - see _LATER
    from concordant.checks.check import Checking  # noqa: PLC0415 - as above

    with staged(root / BUILD) as stage:
        # Files are no values: what was read of them is recalled by their bytes alone.
        checking = Checking(local(executor.executor), executor.memory) if proven else None
        built = _make(composed, formats, progress, stage, checking)
        del composed
        put_away()
        give_back()  # the check needs the room
        if checking:
            with progress.step("check that they agree"):
                verdict = checking.verdict()
            if verdict.exit_status:
                raise Disagreement(verdict, built.warnings)
    return replace(built, warnings=(*built.warnings, *lint_layout_stack(root)))


def _compose(
    document: Path | Published, formats: Sequence[Format], progress: Progress, executor: Recalling
) -> _Composed:
    root, workers = _root_of(document), local(executor.executor)
    expected = Expected(executor.memory, root)
    if isinstance(document, Path):
        if workers:
            meanwhile(_make_ready, root, expected, workers, executor.store)
        document = publish_apart(root, progress, workers, executor.store)
    publication, warnings = document
    ledger = cache(lambda: ledger_json(publication.numbered.ledger, _told(publication)).encode())
    cover, fonts = start_cover(publication, executor), WebFonts(publication, executor)
    binders = executor.for_small(FirstHere(executor.executor))
    looked_through: list[Surveys] = []

    @cache
    def while_waiting() -> None:
        _get_ready(root, workers)
        ledger()
        _prepare(publication, formats, starts)

    def while_lists_are_printed(parts: Sequence[bytes]) -> None:
        fonts.start()
        executor.trim(workers or ThisProcess())
        if Format.PDF in formats:
            looked_through.append(surveys(binders))
            looked_through[0].begin(parts)

    starts = expected.starts(publication.fragments)
    memory = executor.memory if is_near(executor.executor) else None
    outfit = outfit_of(publication, memory)
    with progress.step("lay out the pages"), _told_as_problems(publication.numbered.ledger):
        folios = expected.folios(publication.fragments)
        beside = Meanwhile(while_lists_are_printed, while_waiting, folios)
        paged = lay_out_pages(publication, executor, outfit, beside)
        expected.note(outfit, publication.fragments, paged.starts, folios_in(paged.parts))
        publication = with_pages(publication, paged.starts)
    binding = None
    if Format.PDF in formats:
        looked = looked_through[0] if looked_through else None
        binding = start_pdf(publication, paged, binders, looked, memory)
    at_hand = bool(starts)
    return _Composed(publication, warnings, ledger(), paged, binding, cover, fonts, at_hand)


@contextmanager
def _told_as_problems(ledger: Ledger) -> Iterator[None]:
    """Tell the author what the layout engine cannot do, with its place."""
    try:
        yield
    except NotesLost as lost:
        raise ProblemsFound(_lost(lost.args[0], ledger)) from lost
    except NotDrawn as failed:
        raise ProblemsFound(_not_drawn(*failed.args, ledger=ledger)) from failed
    except NotLaidOut as failed:
        raise ProblemsFound(_not_laid_out(*failed.args, ledger=ledger)) from failed


def _prepare(publication: Publication, formats: Sequence[Format], starts: Starts) -> None:
    """Make what single chapters are in the EPUB and the HTML, if their pages begin here: then it is at hand."""
    if not starts:
        return
    publication = with_pages(publication, starts)
    with suppress(ProblemsFound):  # which are told when the editions are made
        if Format.EPUB in formats:
            prepare_epub(publication)
        if Format.HTML in formats:
            prepare_html(publication)


def _make(
    composed: _Composed,
    formats: Sequence[Format],
    progress: Progress,
    stage: Stage,
    checking: Checking | None,
) -> Built:
    """Make the editions, their ledger and receipt, on a stage; whoever checks begins with what is there."""
    publication, fonts = composed.publication, composed.fonts
    makers: dict[Format, Callable[[], Edition]] = {
        Format.PDF: lambda: make_pdf(publication, composed.paged, composed.bound),
        Format.EPUB: lambda: make_epub(publication, composed.cover.result(), fonts),
        Format.HTML: lambda: make_html(publication, fonts),
    }
    made = {}
    for form in sorted(formats, key=_BY_CHECK.index):
        with progress.step(step_of(form)):
            try:
                made[form] = makers[form]()
            except NotPrinted as hidden:
                raise ProblemsFound(_hidden(hidden.args, publication.numbered.ledger)) from hidden
            path = stage.write(made[form].name, made[form].data)
        if checking:
            new = composed.bound.new if composed.bound else 1.0
            checking.begin(form.value, path, new)
        if not composed.at_hand:
            put_away()  # the next edition needs the room
    editions = tuple(made[form] for form in formats)
    path = stage.write(LEDGER, composed.ledger)
    if checking:
        checking.begin("ledger", path)
    with progress.step("write the receipt"):
        _issue(publication, editions, composed.ledger, stage, proven=checking is not None)
    return Built(
        publication.project,
        publication.numbered,
        tuple(each.issued for each in editions),
        composed.warnings,
        checking is not None,
        tuple(stage.names),
    )


def _issue(
    publication: Publication,
    editions: Sequence[Edition],
    ledger: bytes,
    stage: Stage,
    *,
    proven: bool,
) -> None:
    from concordant.reproducing.issue import receipt_files  # noqa: PLC0415 - see _LATER

    results = {"check": "agree"} if proven else {}  # without agreement there is no receipt
    folder = publication.project.root / BUILD
    files = receipt_files(publication, editions, (LEDGER, ledger), folder, results)
    for name, data in files.items():
        stage.write(name, data)


def _make_ready(root: Path, expected: Expected, workers: LocalWorkers, store: Store | None) -> None:
    """Have workers do what they need first, while they have nothing else to do; if there is time, what is needed later, too.

    A long document gives them time, and one that has not been built before: all of it has to be read.
    """
    is_first = not expected.make_ready(workers, workers.count)
    for _ in range(workers.count if is_first or is_long(root) else 0):
        workers.submit(load, *LATER_BY_WORKERS)
    if is_first:
        workers.submit(_work_ahead, root, store)


def _work_ahead(root: Path, store: Store | None) -> None:
    """Do what a first build needs of the templates and the tools, for the process that builds to find."""
    from concordant.reproducing.tools import tools_of  # noqa: PLC0415 - see _LATER

    if store:
        compile_templates(root)
        with remembering(store):
            tools_of(root)


def _get_ready(root: Path, workers: Executor | None) -> None:
    """Load what is needed later, and look at the tools that the receipt names."""
    meanwhile(_look_ahead, root)
    if workers:
        workers.submit(load, *LATER_BY_WORKERS)


def _look_ahead(root: Path) -> None:
    load(*_LATER)
    from concordant.reproducing.tools import program_hashes, tools_of  # noqa: PLC0415 - see _LATER

    program_hashes()
    tools_of(root)


def _told(publication: Publication) -> dict[str, str]:
    """Return what the ledger says of the document that it is about."""
    return {
        "title": publication.project.metadata.title,
        "identifier": publication.project.metadata.identifier,
        "version": publication.project.metadata.version,
        "source": publication.source_urn,
    }


def _lost(anchors: Sequence[str], ledger: Ledger) -> Iterator[Problem]:
    for note in ledger.of(Kind.FOOTNOTE):
        if note.anchor in anchors:
            message = f"the layout engine loses footnote {note.number} at a page break"
            yield Problem("note-lost", message, note.place, "move its call, or break its paragraph")


def _not_drawn(anchor: str, *messages: str, ledger: Ledger) -> Iterator[Problem]:
    for message in messages:
        told = f"the layout engine leaves something of this chapter out: {message}"
        yield Problem("not-drawn", told, _place_of(anchor, ledger))


def _not_laid_out(anchor: str, message: str, *, ledger: Ledger) -> Iterator[Problem]:
    told = f"the layout engine fails at this chapter: {message}"
    hint = "try again without what was last changed in it or in styles/pdf.css"
    yield Problem("not-laid-out", told, _place_of(anchor, ledger), hint)


def _place_of(anchor: str, ledger: Ledger) -> Place:
    """Return where the section with this address stands in the source."""
    sections = ledger.of(Kind.SECTION)
    return next((each.place for each in sections if each.anchor == anchor), Place("source"))


def _hidden(anchors: Sequence[str], ledger: Ledger) -> Iterator[Problem]:
    """Yield what links lead to, though it is not printed; of each kind of thing the first."""
    lost, hint = set(anchors), "a style sheet hides it"
    for kind in Kind:
        alike = [each for each in ledger.of(kind) if each.anchor in lost]
        for first in alike[:1]:
            others = f" (the first of {len(alike)})" if len(alike) > 1 else ""
            message = f"{kind} {first.number}{others} is not printed, but links lead to it"
            yield Problem("not-printed", message, first.place, hint)
    for anchor in sorted(lost - {each.anchor for each in ledger.declarations}):
        message = f"what has the address #{anchor} is not printed, but links lead to it"
        yield Problem("not-printed", message, Place("styles/pdf.css"), hint)


def step_of(form: Format) -> str:
    """Return the name of the step that makes an edition."""
    return f"make the {form.value.upper()}"
