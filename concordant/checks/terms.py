"""Words that introduce numbers, by language, as data.

They are a help, not a condition: a caption or a heading is recognised by the file's own structure,
and a number is taken as it is printed. A term only tells kinds apart and finds numbers that are no links.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from concordant.checks.model import Kind

# en, de, fr, es, it, nl, pt; singular, plural and short forms, in lower case without final stop.
TERMS: Mapping[Kind, tuple[str, ...]] = {
    Kind.SECTION: (
        *("section", "sections", "sec", "secs", "chapter", "chapters", "appendix", "appendices"),
        *("abschnitt", "abschnitte", "kapitel", "anhang", "abschn", "kap"),
        *("chapitre", "chapitres", "annexe", "annexes"),
        *("sección", "secciones", "capítulo", "capítulos", "apéndice", "anexo"),
        *("sezione", "sezioni", "capitolo", "capitoli", "appendice"),
        *("paragraaf", "paragrafen", "hoofdstuk", "hoofdstukken", "bijlage"),
        *("seção", "seções", "secção", "secções", "apêndice"),
    ),
    Kind.FIGURE: (
        *("figure", "figures", "fig", "figs"),
        *("abbildung", "abbildungen", "abb", "bild"),
        *("figura", "figuras", "figg", "figuur", "figuren", "afbeelding", "afbeeldingen"),
    ),
    Kind.TABLE: (
        *("table", "tables", "tab", "tbl", "tabs"),
        *("tabelle", "tabellen", "tableau", "tableaux"),
        *("tabla", "tablas", "cuadro", "tabella", "tabel", "tabela", "tabelas", "quadro"),
    ),
    Kind.EQUATION: (
        *("equation", "equations", "eq", "eqs", "eqn", "formula"),
        *("gleichung", "gleichungen", "gl", "formel", "équation", "équations", "éq"),
        *("ecuación", "ecuaciones", "equazione", "equazioni", "vergelijking", "vergelijkingen"),
        *("equação", "equações"),
    ),
    Kind.LISTING: (
        *("listing", "listings", "lst", "program"),
        *("auflistung", "quelltext", "quellcode", "code", "listado", "listados"),
        *("listato", "listati", "listagem", "listagens", "codevoorbeeld"),
    ),
    Kind.FOOTNOTE: ("footnote", "footnotes", "note", "notes", "fußnote", "fußnoten", "anmerkung"),
    Kind.REFERENCE: ("reference", "references", "ref", "refs"),
    Kind.PAGE: (
        *("page", "pages", "p", "pp", "seite", "seiten", "s", "página", "páginas", "pág", "págs"),
        *("pagina", "pagine", "pag", "pagg", "pagina's", "blz", "pg"),
    ),
}

KIND_OF_TERM: Mapping[str, Kind] = {term: kind for kind, terms in TERMS.items() for term in terms}

# Headings of the parts that one edition has and another has not, by role.
PARTS: Mapping[str, tuple[str, ...]] = {
    "contents": (
        *(
            "contents",
            "table of contents",
            "list of figures",
            "list of tables",
            "figures",
            "tables",
        ),
        *("list of listings", "list of equations", "figures and tables", "listings"),
        *("inhalt", "inhaltsverzeichnis", "abbildungsverzeichnis", "tabellenverzeichnis"),
        *("abbildungen", "tabellen"),
        *("table des matières", "sommaire", "table des figures", "liste des tableaux"),
        *("índice", "contenido", "índice de figuras", "índice de tablas", "conteúdo", "sumário"),
        *("indice", "elenco delle figure", "elenco delle tabelle"),
        *("inhoud", "inhoudsopgave", "lijst van figuren", "lijst van tabellen"),
    ),
    "references": (
        *("references", "bibliography", "works cited", "literature", "literature cited"),
        *("literatur", "literaturverzeichnis", "quellen", "bibliographie", "références"),
        *(
            "referencias",
            "bibliografía",
            "bibliografia",
            "riferimenti",
            "referenties",
            "literatuur",
        ),
        *("referências",),
    ),
    "colophon": (
        *("colophon", "imprint", "kolophon", "impressum", "achevé d’imprimer"),
        *("colofón", "colofon", "colofão"),
    ),
}

# What introduces the back-references of an entry ("Cited on pages 4 and 7").
CITED = (
    r"cited\s+(?:on|in|at|from|by)|cited|back\s+to|return\s+to|zitiert\s+(?:auf|in)|citée?s?(?:\s+(?:à|en|dans|pages?))?"
    r"|citad[oa]s?\s+(?:en|na|em)|citat[oaie]\s+(?:a|in)|geciteerd\s+(?:op|in)|see"
)

_NO_LETTERS = re.compile(r"^[\d_’']+")
_WORD_BACKWARDS = re.compile(r"[\w’']*")


def kind_named_by(text: str) -> Kind | None:
    """Return the kind that the last word of `text` names ("see Figures " gives FIGURE), or None.

    A number that follows a word directly is no number of its kind: it calls a note.
    """
    stripped = text.rstrip()
    if stripped.endswith("."):
        stripped = stripped[:-1]
    elif len(stripped) == len(text):
        return None
    match = _WORD_BACKWARDS.match(stripped[::-1])
    word = match[0][::-1] if match else ""
    return KIND_OF_TERM.get(_NO_LETTERS.sub("", word).casefold())


def part_named_by(heading: str) -> str:
    """Return the role of a part by its heading ("Contents" gives "contents"), or ""."""
    name = " ".join(heading.casefold().split()).strip(" .:")
    return next((role for role, names in PARTS.items() if name in names), "")
