"""Tables of plain text, for people: columns aligned, the same on a terminal and in a pipe, nothing cut short."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from rich.cells import cell_len

GAP = "  "


def aligned(rows: Sequence[Sequence[object]], *, header: Sequence[str], right: Collection[str] = ()) -> list[str]:
    """Lines of a table, the header first. The columns named in `right` (numbers) are flush right."""
    table = [list(header), *([str(cell) for cell in row] for row in rows)]
    widths = [max(cell_len(row[column]) for row in table) for column in range(len(header))]
    sides = [name in right for name in header]
    return [GAP.join(_padded(*cell) for cell in zip(row, widths, sides, strict=True)).rstrip() for row in table]


def _padded(cell: str, width: int, is_right: bool) -> str:
    space = " " * (width - cell_len(cell))  # len() would count a Chinese character as one column
    return space + cell if is_right else cell + space
