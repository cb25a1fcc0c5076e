"""Tables as files that people open in a spreadsheet, where no text can become a formula."""

import csv
import io
from collections.abc import Sequence
from typing import TypeAlias

Cell: TypeAlias = str | int | None
CSV, XLSX = "text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""With these a spreadsheet begins a formula, with wide ones too (OWASP, CSV injection)."""


def as_csv(rows: Sequence[Sequence[Cell]]) -> bytes:
    """RFC 4180, in UTF-8 with a byte order mark: without it Excel reads another encoding."""
    written = io.StringIO()
    csv.writer(written).writerows([_harmless(cell) for cell in row] for row in rows)
    return written.getvalue().encode("utf-8-sig")


def as_xlsx(rows: Sequence[Sequence[Cell]], sheet: str) -> bytes:
    """A workbook of one sheet; texts are texts, whatever they begin with."""
    import xlsxwriter  # noqa: PLC0415  # seventeen milliseconds at the start, and few ask for a workbook

    written = io.BytesIO()
    with xlsxwriter.Workbook(written, {"in_memory": True}) as book:
        page = book.add_worksheet(sheet)
        for row, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                if isinstance(cell, str):
                    page.write_string(row, column, cell)
                elif cell is not None:
                    page.write_number(row, column, cell)
        page.freeze_panes(1, 0)
        page.autofit()
    return written.getvalue()


def _harmless(cell: Cell) -> Cell:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_DANGEROUS) else cell
