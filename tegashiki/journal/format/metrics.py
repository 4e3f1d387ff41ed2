"""metrics.csv: the curves of a run, one row an epoch, in full resolution.

    table = Metrics(folder / "metrics.csv")
    table.add({"epoch": 1, "loss": 2.3113})
    metrics.read(folder / "metrics.csv")          # [{"epoch": 1.0, "loss": 2.3113}]
"""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

from tegashiki.errors import TegashikiError
from tegashiki.storage import files


class Metrics:
    """Appends rows; a column that comes up later is added to the whole table."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.columns: list[str] = []
        self._rows: list[dict[str, str]] = []
        if path.is_file():  # a resumed run goes on with the rows of the one before
            with path.open(encoding="utf-8", newline="") as file:
                table = csv.DictReader(file)
                self._rows = [{c: v for c, v in row.items() if v} for row in table]
                self.columns = list(table.fieldnames or [])

    def add(self, row: dict[str, Any]) -> None:
        """One row more, on disk when this returns. Values are numbers or short words."""
        self._rows.append({name: _cell(name, value) for name, value in row.items()})
        new = [name for name in row if name not in self.columns]
        if new:
            self.columns += new
            files.write_text(self.path, _table(self.columns, self._rows, header=True))
        else:
            with self.path.open("a", encoding="utf-8", newline="") as file:
                file.write(_table(self.columns, self._rows[-1:], header=False))


def read(path: Path) -> list[dict[str, Any]]:
    """The rows of a metrics.csv: numbers as float, other words as they are, empty cells left out.

    Raises TegashikiError for a row that does not fit the header, and for what is no such table.
    """
    try:
        with path.open(encoding="utf-8", newline="") as file:
            lines = csv.reader(file)
            columns = next(lines, [])
            rows = []
            for number, cells in enumerate(lines, 2):
                if len(cells) != len(columns):
                    raise TegashikiError(f"{path}: line {number}: expected {len(columns)} cells")
                rows.append({c: _number(v) for c, v in zip(columns, cells, strict=True) if v})
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise TegashikiError(f"{path}: not a table of metrics: {error}") from error
    return rows


def _table(columns: list[str], rows: list[dict[str, str]], header: bool) -> str:
    out = io.StringIO()
    table = csv.DictWriter(out, columns, restval="", lineterminator="\n")
    if header:
        table.writeheader()
    table.writerows(rows)
    return out.getvalue()


def _cell(name: str, value: Any) -> str:
    """The shortest text that gives exactly this number back."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise TypeError(f"metric {name}: expected a number, got {type(value).__name__}")
    return value if isinstance(value, str) else repr(value)


def _number(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text
