"""Reading the first sheet of an XLSX workbook to lines of cells."""

import io
from collections.abc import Iterator
from zipfile import BadZipFile, ZipFile

from services.directory.town.csv_file import Line
from services.directory.town.problems import Problems, Source

MOST_BYTES = 64 * 1024 * 1024  # unpacked
MOST_COLUMNS = 50


def split(file: str, data: bytes, problems: Problems) -> list[Line] | None:
    """Every row that is not blank, with its number; None after noting why there is none."""
    try:
        with ZipFile(io.BytesIO(data)) as parts:
            if sum(part.file_size for part in parts.infolist()) > MOST_BYTES:
                raise BadZipFile
        lines = [*_lines(data)]
    except Exception:  # noqa: BLE001 - openpyxl raises whatever a broken workbook makes it stumble over
        problems.add(Source(file, 0), "broken-xlsx")
        return None
    if not lines:
        problems.add(Source(file, 1), "empty-file")
    width = len(lines[0][1]) if lines else 0  # blank cells at the end of a row are there, though nobody wrote them
    return [(line, cells + [""] * (width - len(cells))) for line, cells in lines]


def _lines(data: bytes) -> Iterator[Line]:
    from openpyxl import load_workbook  # 10 MB, which a process in which nobody imports need not hold

    book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    for line, row in enumerate(book.worksheets[0].iter_rows(max_col=MOST_COLUMNS, values_only=True), 1):
        cells = ["" if cell is None else str(cell).strip() for cell in row]
        while cells and not cells[-1]:
            cells.pop()
        if cells:
            yield line, cells
