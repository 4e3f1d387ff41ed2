"""A notebook as it is before it runs: its name, its text, its one parameters cell.

    source = notebook.read(Path("notebooks/ink2tex/2026-11-20_03_train.ipynb"))
    source.step, source.series, list(source.parameters)
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tegashiki.errors import TegashikiError
from tegashiki.journal.notebook import parameters, secrets

_DATED = re.compile(r"\d{4}-\d{2}-\d{2}_\d+_(?P<step>.+)")
TAG = "parameters"


@dataclass(frozen=True)
class Source:
    """A notebook that can be run: readable, in Python, with exactly one parameters cell."""

    path: Path
    content: dict[str, Any]  # nbformat 4, as JSON
    parameters: dict[str, parameters.Parameter]

    @property
    def step(self) -> str:
        """What the notebook is called among the steps of its series: `train`."""
        return step_name(self.path)

    @property
    def series(self) -> str:
        """The folder that the notebook lies in: `ink2tex`."""
        return self.path.resolve().parent.name


def step_name(path: Path | str) -> str:
    """The step in a dated name, or else the whole name.

    >>> step_name("2026-11-20_03_train.ipynb"), step_name("sketch.ipynb")
    ('train', 'sketch')
    """
    name = Path(path).name.removesuffix(".ipynb")
    dated = _DATED.fullmatch(name)
    return dated["step"] if dated else name


def text(cell: dict[str, Any]) -> str:
    """A cell's source, which nbformat lets be a text or a list of lines."""
    source = cell.get("source", "")
    return source if isinstance(source, str) else "".join(source)


def read(path: Path) -> Source:
    """The notebook at `path`. Raises TegashikiError if it is no notebook that we can run."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise TegashikiError(f"{path}: no such notebook") from None
    except (OSError, ValueError) as error:
        raise TegashikiError(f"{path}: not a readable notebook: {error}") from error
    if not isinstance(content, dict) or content.get("nbformat") != 4:
        raise TegashikiError(f"{path}: expected a notebook of nbformat 4; open and save it anew")
    cells = content.get("cells")
    if not isinstance(cells, list) or not all(isinstance(cell, dict) for cell in cells):
        raise TegashikiError(f"{path}: the notebook has no list of cells")
    _check_cells(path, cells)
    source = _parameters_cell(path, cells)
    return Source(path, content, parameters.read(source, str(path)))


def _check_cells(path: Path, cells: list[dict[str, Any]]) -> None:
    for number, cell in enumerate(cells, 1):
        if what := secrets.form(text(cell)):
            raise TegashikiError(
                f"{path}: cell {number}: holds what looks like {what}; runs are published, "
                "read it from an environment variable instead"
            )


def _parameters_cell(path: Path, cells: list[dict[str, Any]]) -> str:
    tagged = [
        cell for cell in cells
        if cell.get("cell_type") == "code" and TAG in cell.get("metadata", {}).get("tags", [])
    ]  # fmt: skip
    if len(tagged) == 1:
        return text(tagged[0])
    if tagged:
        raise TegashikiError(f"{path}: {len(tagged)} cells tagged `{TAG}`; keep one")
    form = next((n for n, cell in enumerate(cells, 1) if "#@param" in text(cell)), None)
    hint = f"; cell {form} has #@param lines, tag that one" if form else ""
    raise TegashikiError(
        f"{path}: no cell tagged `{TAG}`, so defaults would be used silently{hint} "
        "(JupyterLab: property inspector, Cell Tags)"
    )
