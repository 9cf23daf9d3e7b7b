"""The structure tree of a tagged PDF, in reading order (ISO 32000-1, 14.7 and 14.8)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pikepdf

from concordant.checks.flow import Role

_ROLES = {
    **{f"H{level}": Role.HEADING for level in range(1, 7)},
    "H": Role.HEADING,
    "Table": Role.TABLE,
    "Figure": Role.PICTURE,
    "Caption": Role.CAPTION,
    "Note": Role.NOTE,
    "FENote": Role.NOTE,
    "BibEntry": Role.ENTRY,
    "TOC": Role.CONTENTS,
    "Formula": Role.MATH,
    "Lbl": Role.MARKER,
    "Artifact": Role.FURNITURE,
}
_INLINE = frozenset(
    [
        "Span",
        "Link",
        "Em",
        "Strong",
        "Quote",
        "Reference",
        "Annot",
        "Lbl",
        "Sub",
        "Ruby",
        "RB",
        "RT",
        "RP",
        "Warichu",
        "WT",
        "WP",
        "Code",
    ]
)
_TEXTUAL = frozenset(["P", "H", "H1", "H2", "H3", "H4", "H5", "H6", "Caption", "LBody"])


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a walk through the tree: an element is entered or left, or content is met."""

    tag: str
    enter: bool = False
    leave: bool = False
    page: int = -1
    mcid: int = -1
    role: Role | None = None
    level: int = 0
    block: bool = False


def walk(pdf: pikepdf.Pdf) -> Iterator[Step]:
    """Yield the steps of a walk through the structure tree; nothing when the file has none."""
    root = pdf.Root.get("/StructTreeRoot")
    if root is None:
        return
    pages = {page.obj.objgen: index for index, page in enumerate(pdf.pages)}
    names = root.get("/RoleMap")
    pairs = names.items() if names is not None else ()
    roles = {str(key)[1:]: str(value)[1:] for key, value in pairs}
    yield from _kids(root.get("/K"), pages, roles, -1, inline=False)


def _kids(
    kids: object, pages: dict[tuple[int, int], int], roles: dict[str, str], page: int, inline: bool
) -> Iterator[Step]:
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, int):
            yield Step("", page=page, mcid=kid)
        elif isinstance(kid, pikepdf.Dictionary):
            yield from _dictionary(kid, pages, roles, page, inline)


def _dictionary(
    kid: pikepdf.Dictionary,
    pages: dict[tuple[int, int], int],
    roles: dict[str, str],
    page: int,
    inline: bool,
) -> Iterator[Step]:
    where = kid.get("/Pg")
    page = pages.get(where.objgen, page) if where is not None else page
    if "/S" not in kid:
        if kid.get("/Type") == "/MCR" or ("/MCID" in kid and "/Obj" not in kid):
            yield Step("", page=page, mcid=int(kid["/MCID"]))
        return
    tag = str(kid["/S"])[1:]
    tag = roles.get(tag, tag)
    block = tag not in _INLINE and not (
        inline and tag in ("NonStruct", "Private", "Figure", "Formula")
    )
    role = _ROLES.get(tag)
    level = int(tag[1]) if role is Role.HEADING and tag[1:].isdigit() else 0
    yield Step(tag, enter=True, page=page, role=role, level=level, block=block)
    if "/K" in kid:
        inner = tag in _TEXTUAL or (inline and not block) or (tag in _INLINE)
        yield from _kids(kid["/K"], pages, roles, page, inner)
    yield Step(tag, leave=True, page=page, role=role, level=level, block=block)
