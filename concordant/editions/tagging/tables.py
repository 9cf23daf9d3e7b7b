"""Tables: header cells say what they head, and cells of irregular tables say what heads them (ISO 14289-1, 7.5)."""

from __future__ import annotations

from dataclasses import dataclass

from concordant.editions.tagging.tree import Node

_SCOPES = {"col": "/Column", "colgroup": "/Column", "row": "/Row", "rowgroup": "/Row"}


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell and the rows and columns that it covers (from 0)."""

    node: Node
    rows: range
    columns: range

    @property
    def heads_column(self) -> bool:
        """Whether it is the header of columns."""
        return self.node.attributes.get("/Table", {}).get("Scope") == "/Column"

    @property
    def heads_row(self) -> bool:
        """Whether it is the header of rows."""
        return self.node.attributes.get("/Table", {}).get("Scope") == "/Row"


def scope_headers(root: Node) -> None:
    """Give each header cell the scope that the HTML says, or else that its place says."""
    for table in root.walk():
        for group in table.nodes if table.role == "Table" else ():
            default = "/Column" if group.role == "THead" else "/Row"
            for cell in group.walk():
                if cell.role == "TH":
                    cell.describe("/Table", Scope=_SCOPES.get(cell.get("scope"), default))


def associate_headers(root: Node) -> None:
    """Where scopes alone do not tell (spans, several rows of headers), name each cell's headers."""
    scope = root.scope()
    for turn, table in enumerate((each for each in root.walk() if each.role == "Table"), 1):
        cells = grid(table)
        headers = [cell for cell in cells if cell.node.role == "TH"]
        if not _irregular(table, headers):
            continue
        for index, header in enumerate(headers):
            name = table.get("id") or f"{scope}-table-{turn}"
            header.node.identifier = f"{name}-head-{index}"
        for cell in cells:
            heading = [
                each.node.identifier for each in headers if each is not cell and _heads(each, cell)
            ]
            if heading:
                cell.node.describe("/Table", Headers=heading)


def grid(table: Node) -> list[Cell]:
    """Return a table's cells with their places, which spans from rows above move."""
    cells: list[Cell] = []
    taken: set[tuple[int, int]] = set()
    rows = [node for node in table.walk() if node.role == "TR"]
    for number, row in enumerate(rows):
        column = 0
        for node in row.nodes:
            while (number, column) in taken:
                column += 1
            spans = node.attributes.get("/Table", {})
            cell = Cell(
                node,
                range(number, number + spans.get("RowSpan", 1)),
                range(column, column + spans.get("ColSpan", 1)),
            )
            taken |= {(row, column) for row in cell.rows for column in cell.columns}
            cells.append(cell)
    return cells


def _irregular(table: Node, headers: list[Cell]) -> bool:
    rows_of_headers = {row for each in headers if each.heads_column for row in each.rows}
    spans = any(
        each.node.attributes.get("/Table", {}).keys() & {"RowSpan", "ColSpan"} for each in headers
    )
    return bool(headers) and (spans or len(rows_of_headers) > 1)


def _heads(header: Cell, cell: Cell) -> bool:
    above = header.heads_column and header.rows.stop <= cell.rows.start
    before = header.heads_row and header.columns.stop <= cell.columns.start
    return (above and _meet(header.columns, cell.columns)) or (
        before and _meet(header.rows, cell.rows)
    )


def _meet(one: range, other: range) -> bool:
    return one.start < other.stop and other.start < one.stop
