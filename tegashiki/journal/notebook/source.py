"""A notebook as it is before it runs: its name, its text, its one parameters cell.

    notebook = source.read(Path("notebooks/ink2tex/2026-11-20_03_train.ipynb"))
    notebook.step, notebook.series, list(notebook.parameters)
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tegashiki.errors import TegashikiError
from tegashiki.journal.format import notebook
from tegashiki.journal.notebook import parameters, secrets

_DATED = re.compile(r"\d{4}-\d{2}-\d{2}_\d+_(?P<step>.+)")
TAG = "parameters"


@dataclass(frozen=True)
class Source:
    """A notebook that can be run: readable, in Python, with exactly one parameters cell."""

    path: Path
    content: Any  # of nbformat 4, a NotebookNode
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


def read(path: Path) -> Source:
    """The notebook at `path`. Raises TegashikiError if it is no notebook that we can run."""
    content = notebook.read(path)
    cells = content["cells"]
    _check_cells(path, cells)
    source = _parameters_cell(path, cells)
    return Source(path, content, parameters.read(source, str(path)))


def _check_cells(path: Path, cells: list[dict[str, Any]]) -> None:
    for number, cell in enumerate(cells, 1):
        if what := secrets.form(cell.get("source", "")):
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
        return tagged[0].get("source", "")
    if tagged:
        raise TegashikiError(f"{path}: {len(tagged)} cells tagged `{TAG}`; keep one")
    form = next((n for n, cell in enumerate(cells, 1) if "#@param" in cell.get("source", "")), None)
    hint = f"; cell {form} has #@param lines, tag that one" if form else ""
    raise TegashikiError(
        f"{path}: no cell tagged `{TAG}`, so defaults would be used silently{hint} "
        "(JupyterLab: property inspector, Cell Tags)"
    )
