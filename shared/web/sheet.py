"""Tables that people open in a spreadsheet: CSV and XLSX, in which no cell can become a formula."""

import csv
import io
from collections.abc import Iterable, Sequence

from shared.web.reply import Reply
from shared.web.upload import off_hub

CSV, XLSX = "text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMULA_BEGINS = ("=", "+", "-", "@", "\t", "\r", "\n")

Cell = str | int | float | None
Rows = Iterable[Sequence[Cell]]


def harmless(cell: Cell) -> Cell:
    """The cell as a spreadsheet shows it and never carries it out; numbers stay numbers."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_BEGINS) else cell


def csv_of(rows: Rows) -> bytes:
    """UTF-8 with a byte order mark, without which spreadsheets show Chinese as rubbish."""
    into = io.StringIO(newline="")
    csv.writer(into).writerows([harmless(cell) for cell in row] for row in rows)
    return into.getvalue().encode("utf-8-sig")


def xlsx_of(rows: Rows) -> bytes:
    """One sheet, written row by row; texts are texts whatever they begin with."""
    from openpyxl import Workbook  # 10 MB, which a process in which nobody exports need not hold
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in rows:
        cells = [WriteOnlyCell(sheet, harmless(cell)) for cell in row]
        for cell in cells:
            if isinstance(cell.value, str):
                cell.data_type = "s"
        sheet.append(cells)
    into = io.BytesIO()
    book.save(into)
    return into.getvalue()


def offered(rows: Rows, kind: str, name: str) -> Reply:
    """The answer that offers these rows as a file of this kind and name."""
    body = off_hub(csv_of if kind == CSV else xlsx_of, rows)
    return Reply(200, body, kind, (("Content-Disposition", f'attachment; filename="{name}"'),))
