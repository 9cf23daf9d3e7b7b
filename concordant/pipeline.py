"""The pipeline: sources → assembled → numbered → editions, in order, and the files written at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from concordant.cache import Recalling, put_away, remembering, store_for
from concordant.callstack import with_room
from concordant.editions.binding.bind import Binding, NotPrinted, Surveys, surveys
from concordant.editions.cover import start_cover
from concordant.editions.edition import Edition, Format, Issued
from concordant.editions.expected import Expected
from concordant.editions.package import make_epub
from concordant.editions.paged import (
    Meanwhile,
    Paged,
    lay_out_pages,
    make_pdf,
    outfit_of,
    start_pdf,
)
from concordant.editions.press.complaints import NotDrawn, NotLaidOut
from concordant.editions.press.printing import NotesLost, print_part
from concordant.editions.publication import Publication, with_pages
from concordant.editions.reading import make_html
from concordant.editions.settling import folios_in
from concordant.editions.typefaces.fonts import CutFace
from concordant.editions.typefaces.webfonts import web_fonts
from concordant.editions.workers import (
    FirstHere,
    LocalWorkers,
    Started,
    ThisProcess,
    is_near,
    local,
    local_workers,
)
from concordant.later import meanwhile
from concordant.meantime import Meantime, make_ready
from concordant.numbered.chapter import Numbered
from concordant.numbered.ledger import Kind, Ledger, ledger_json
from concordant.problem import ConcordantError, Place, Problem, ProblemsFound, Severity
from concordant.progress import Progress
from concordant.proofs import Proofs
from concordant.publishing import Published, publish_apart
from concordant.reproducing.layoutstack import lint_layout_stack
from concordant.sources.project import Project, first_place, place_of_table
from concordant.staging import Stage, staged

if TYPE_CHECKING:
    from concordant.checks.model import Verdict

BUILD = "build"
LEDGER = "numbers.json"
_SAMPLE = 40  # as many characters of a table tell which one is meant
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
        job = _Job(tuple(formats), progress, Recalling(workforce, store))
        return with_room(_build, document, job, proven=proven)


def _root_of(document: Path | Published) -> Path:
    return document if isinstance(document, Path) else document[0].project.root


@dataclass(frozen=True, slots=True)
class _Composed:
    """A publication in pages, and what is drawn and pressed for it elsewhere; whether chapters of other editions are `at_hand`."""

    publication: Publication
    warnings: tuple[Problem, ...]
    ledger: Callable[[], bytes]
    paged: Paged
    bound: Binding | None
    cover: Started[bytes]
    fonts: Sequence[CutFace]
    at_hand: bool


@dataclass(frozen=True, slots=True)
class _Job:
    """What is to be made, who is told of its steps, and who works on it; the processes of this machine among them are `workers`."""

    formats: Sequence[Format]
    progress: Progress
    executor: Recalling

    @property
    def workers(self) -> LocalWorkers | None:
        return local(self.executor.executor)


def _build(document: Path | Published, job: _Job, *, proven: bool) -> Built:
    root, memory = _root_of(document), job.executor.memory
    expected = Expected(memory, root)
    published = _published(document, job, expected)
    with staged(root / BUILD) as stage:
        # Files are no values: what was read of them is recalled by their bytes alone.
        proofs = Proofs(stage, job.workers, memory, compared=proven)
        composed = _compose(published, job, expected, proofs)
        del published
        built = _make(composed, job, proofs)
        del composed
        from concordant.checks.ahead import give_back  # noqa: PLC0415 - loaded in the meantime

        put_away()
        give_back()  # the check needs the room
        if proven:
            with job.progress.step("check that they agree"):
                verdict = proofs.verdict()
            if verdict.exit_status:
                raise Disagreement(verdict, built.warnings)
    return replace(built, warnings=(*built.warnings, *lint_layout_stack(root)))


def _published(document: Path | Published, job: _Job, expected: Expected) -> Published:
    if not isinstance(document, Path):
        return document
    if job.workers:
        meanwhile(make_ready, document, expected, job.workers, job.executor.store)
    return publish_apart(document, job.progress, job.workers, job.executor.store)


def _compose(published: Published, job: _Job, expected: Expected, proofs: Proofs) -> _Composed:
    publication, warnings = published
    executor, fragments = job.executor, publication.fragments
    ledger = cache(lambda: ledger_json(publication.numbered.ledger, _told(publication)).encode())
    cover, fonts = start_cover(publication, executor), web_fonts(publication)
    binders = executor.for_small(FirstHere(executor.executor))
    looked_through: list[Surveys] = []
    starts, is_alike = expected.starts(fragments), expected.are_numbered_alike(fragments)
    meantime = Meantime(
        publication, starts, is_alike, job.formats, fonts, ledger, proofs, job.workers
    )

    def while_waiting(are_printed: Callable[[], bool]) -> None:
        meantime.spend(executor.done_anew[print_part], are_printed)

    def while_lists_are_printed(parts: Sequence[bytes]) -> None:
        executor.trim(job.workers or ThisProcess())
        if Format.PDF in job.formats:
            looked_through.append(surveys(binders))
            looked_through[0].begin(parts)

    memory = executor.memory if is_near(executor.executor) else None
    outfit = outfit_of(publication, memory)
    with job.progress.step("lay out the pages"), _told_as_problems(publication.numbered.ledger):
        folios, new = expected.folios(fragments), expected.new(fragments)
        beside = Meanwhile(while_lists_are_printed, while_waiting, new, folios)
        paged = lay_out_pages(publication, executor, outfit, beside)
        expected.note(outfit, fragments, paged.starts, folios_in(paged.parts))
        publication = with_pages(publication, paged.starts)
    warnings = (*warnings, *_too_wide(paged, publication), *_too_small(paged, publication))
    binding = None
    if Format.PDF in job.formats:
        looked = looked_through[0] if looked_through else None
        binding = start_pdf(publication, paged, binders, looked, memory)
    at_hand = bool(starts)
    return _Composed(publication, warnings, ledger, paged, binding, cover, fonts, at_hand)


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


def _make(composed: _Composed, job: _Job, proofs: Proofs) -> Built:
    """Make the editions, their ledger and receipt."""
    publication, fonts = composed.publication, composed.fonts
    makers: dict[Format, Callable[[], Edition]] = {
        Format.PDF: lambda: make_pdf(publication, composed.paged, composed.bound),
        Format.EPUB: lambda: make_epub(publication, composed.cover.result(), fonts),
        Format.HTML: lambda: make_html(publication, fonts),
    }
    made = {}
    for form in sorted(job.formats, key=_BY_CHECK.index):
        with job.progress.step(step_of(form)):
            try:
                made[form] = makers[form]()
            except NotPrinted as hidden:
                raise ProblemsFound(_hidden(hidden.args, publication.numbered.ledger)) from hidden
            new = composed.bound.new if composed.bound else 1.0
            proofs.put(form.value, made[form].name, made[form].data, new)
        if not composed.at_hand:
            put_away()  # the next edition needs the room
    editions = tuple(made[form] for form in job.formats)
    proofs.put("ledger", LEDGER, composed.ledger())
    with job.progress.step("write the receipt"):
        _issue(publication, editions, composed.ledger(), proofs.stage, proven=proofs.compared)
    return Built(
        publication.project,
        publication.numbered,
        tuple(each.issued for each in editions),
        composed.warnings,
        proofs.compared,
        tuple(proofs.stage.names),
    )


def _issue(
    publication: Publication,
    editions: Sequence[Edition],
    ledger: bytes,
    stage: Stage,
    *,
    proven: bool,
) -> None:
    from concordant.reproducing.issue import receipt_files  # noqa: PLC0415 - loaded in the meantime

    results = {"check": "agree"} if proven else {}  # without agreement there is no receipt
    folder = publication.project.root / BUILD
    files = receipt_files(publication, editions, (LEDGER, ledger), folder, results)
    for name, data in files.items():
        stage.write(name, data)


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


def _too_wide(paged: Paged, publication: Publication) -> Iterator[Problem]:
    """Yield a warning for each table that the pages of the PDF cut off."""
    hint = "leave columns out, or make two tables of it"
    for anchor, cells, turn in (each for part in paged.parts for each in part.printed.wide):
        section = _place_of(anchor, publication.numbered.ledger)
        place = place_of_table(cells, turn, section, publication.project)
        sample = " | ".join(cells)[:_SAMPLE]
        message = f'the table that begins "{sample}" is wider than the pages of the PDF'
        yield Problem("table-wide", message, place, hint, Severity.WARNING)


def _too_small(paged: Paged, publication: Publication) -> Iterator[Problem]:
    """Yield a warning for each formula that would be cut off, were it not set so small."""
    for tex in (each for part in paged.parts for each in part.printed.small):
        sample = f"{tex[:_SAMPLE]} …" if len(tex) > _SAMPLE else tex
        message = (
            f"the formula {sample} is wider than the pages of the PDF, and hardly readable there"
        )
        place = first_place(tex, publication.project)
        yield Problem("formula-wide", message, place, "break it into lines", Severity.WARNING)


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
