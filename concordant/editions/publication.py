"""The publication: all that the three editions are made of, the same for each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton
from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from concordant import __version__
from concordant.cache import memory_for_code
from concordant.editions.fragments import Fragment
from concordant.editions.pagemarks import PageStart, mark_pages
from concordant.editions.typefaces.fonts import CutFace
from concordant.numbered.chapter import Heading, Numbered, Role
from concordant.numbered.ledger import Declaration, Kind
from concordant.numbered.terms import Terms
from concordant.problem import Problem, ProblemsFound
from concordant.sources.dates import moment_of
from concordant.sources.identity import Source
from concordant.sources.pictures import Picture
from concordant.sources.project import STYLES, Project
from concordant.sources.templates import Compiled, place_in, reason_of
from concordant.sources.tokens import read_tokens

_SKELETONS = {len("2026"): "y", len("2026-05"): "yMMMM"}  # what CLDR calls a year, a month of one
# Of signs that are narrower or wider than a figure, in em.
_WIDTHS = {".": 0.3, "i": 0.3, "l": 0.3, "m": 0.85}


@dataclass(frozen=True)
class Publication:
    """One document, numbered and written as fragments, with its pictures and fonts."""

    project: Project
    source: Source
    terms: Terms
    numbered: Numbered
    fragments: tuple[Fragment, ...]
    pictures: Mapping[str, Picture]
    fonts: tuple[CutFace, ...]
    pages: tuple[str, ...] = ()
    """The folios of the pages that the fragments mark."""

    @property
    def slug(self) -> str:
        """The editions' file name, without extension."""
        return self.project.metadata.slug

    @property
    def timestamp(self) -> datetime:
        """When the document last changed, in UTC."""
        return self.source.dating.moment

    @cached_property
    def source_urn(self) -> str:
        """The name of exactly this source."""
        return self.source.urn

    @property
    def headings(self) -> tuple[Heading, ...]:
        """Every heading, in document order."""
        return tuple(each for chapter in self.numbered.chapters for each in chapter.headings)

    def declarations(self, kind: Kind) -> tuple[Declaration, ...]:
        """The declarations of one kind; sub-figures, which no list names, are left out."""
        return tuple(each for each in self.numbered.ledger.of(kind) if each.number.isdigit())

    def words(self, thing: Heading | Declaration) -> str | Markup:
        """What a contents list prints of a heading or caption: HTML, if that is more than plain words."""
        wording = self._wordings.get(thing.anchor)
        return thing.title if wording is None else Markup(wording)

    @cached_property
    def _wordings(self) -> dict[str, str]:
        return {anchor: words for each in self.fragments for anchor, words in each.wordings.items()}

    @cached_property
    def templates(self) -> Environment:
        """The templates of `styles/`, which escape whatever is not markup already."""
        environment = _environment(self.project.root)
        environment.globals |= {
            "metadata": self.project.metadata,
            "publication": self,
            "terms": self.terms,
            "timestamp": self.timestamp,
            "version": __version__,
            "Kind": Kind,
            "Role": Role,
        }
        return environment

    def long_date(self, date: str) -> str:
        """Write a day, a month or a year in the document's language (Unicode CLDR); leave what is none as it is."""
        moment = moment_of(date)
        try:
            locale = Locale.parse(self.project.metadata.lang, sep="-")
        except (ValueError, UnknownLocaleError):
            return date
        if moment is None:
            return date
        if skeleton := _SKELETONS.get(len(date)):
            return str(format_skeleton(skeleton, moment, locale=locale))
        return str(format_date(moment, "long", locale))

    @property
    def typefaces(self) -> tuple[str, ...]:
        """The families in which the editions are set; optical sizes go by their family's name."""
        families = dict.fromkeys(each.face.family for each in self.fonts)
        return tuple(name for name in families if not name.endswith(" Display"))

    def render(self, template: str, **values: Any) -> str:
        """Fill one template of `styles/`.

        Raises:
            ProblemsFound: the template fails.
        """
        try:
            return self.templates.get_template(template).render(**values)
        except Exception as error:  # whatever a template raises is for its author to hear
            raise self.failed(template, error) from error

    def failed(self, template: str, error: Exception) -> ProblemsFound:
        """Return what to tell the author of a template that fails, or that makes what is not well-formed."""
        place = place_in(error, self.project.styles / template, self.project.root)
        return ProblemsFound([Problem("template-broken", reason_of(error), place)])

    def sheet(self, *names: str, dark: bool = True) -> str:
        """Join style sheets of `styles/`, after the tokens as custom properties; paper needs no dark ones."""
        texts = [(self.project.styles / name).read_text("utf-8") for name in names]
        return "\n".join([self._tokens(dark=dark), *texts])

    def _tokens(self, *, dark: bool) -> str:
        path = self.project.styles / "tokens.yaml"
        light = read_tokens(path)
        if not dark:
            return f":root {{ {_properties(light)} }}"
        return f":root {{ {_properties(light)} }}\n{self._dark(light)}"

    def _dark(self, light: Mapping[str, str]) -> str:
        dark = read_tokens(self.project.styles / "tokens.yaml", "dark")
        changed = {name: value for name, value in dark.items() if light[name] != value}
        return f"@media (prefers-color-scheme: dark) {{ :root {{ {_properties(changed)} }} }}"


def compile_templates(root: Path) -> None:
    """Compile the templates of the document in `root`, for other processes to find; what is wrong with one is told when it is used."""
    environment = _environment(root)
    if environment.bytecode_cache:
        with suppress(Exception):
            for name in environment.list_templates(["jinja"]):
                environment.get_template(name)


def _environment(root: Path) -> Environment:
    memory = memory_for_code(root)
    environment = Environment(
        loader=FileSystemLoader(root / STYLES),
        bytecode_cache=Compiled(memory) if memory else None,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"long_date": _long_date, "column": _column}
    return environment


def with_pages(publication: Publication, starts: Mapping[str, Sequence[PageStart]]) -> Publication:
    """Return the publication with the PDF's pages, given by chapter, marked in its fragments."""
    fragments = tuple(
        mark_pages(each, starts[each.chapter.anchor]) for each in publication.fragments
    )
    folios = (
        start.folio for each in publication.fragments for start in starts[each.chapter.anchor]
    )
    return replace(publication, fragments=fragments, pages=tuple(folios))


# Without a context, Jinja would work out what filters make of constants when it compiles, for all languages to come.
@pass_context
def _long_date(context: Context, date: str) -> str:
    publication: Publication = context["publication"]
    return publication.long_date(date)


@pass_context
def _column(_: Context, things: Iterable[Heading | Declaration]) -> str:
    """Return a width in CSS for the column in which the things' numbers hang, with the space after them."""
    return folio_column(each.number for each in things)


def folio_column(numbers: Iterable[str]) -> str:
    """Return a width in CSS for the column in which numbers stand, with the space beside them."""
    widths = (sum(_WIDTHS.get(sign, 0.55) for sign in each) for each in set(numbers))
    return f"{max(2, 0.35 + max(widths, default=0)):.2f}em"


def _properties(tokens: Mapping[str, str]) -> str:
    return "; ".join(f"--{name}: {value}" for name, value in sorted(tokens.items()))
