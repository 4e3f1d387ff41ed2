"""A notebook file as nbformat reads it: version 4, sources and outputs as whole texts.

    content = notebook.read(folder / layout.NOTEBOOK)
    [cell.source for cell in content.cells]

nbformat is imported when it is needed: it takes half a second, and most commands open no notebook.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tegashiki.errors import TegashikiError
from tegashiki.storage import files

LIMIT = 64 * 2**20  # bytes; outputs in an archived notebook are limited to 8 MB


def read(path: Path) -> Any:
    """The notebook (a NotebookNode). Raises TegashikiError for what is no notebook of version 4."""
    try:
        if path.stat().st_size > LIMIT:
            raise TegashikiError(f"{path}: larger than {LIMIT // 2**20} MiB; clear its outputs")
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise TegashikiError(f"{path}: no such notebook") from None
    except (OSError, UnicodeDecodeError) as error:
        raise TegashikiError(f"{path}: not a readable notebook: {error}") from error
    return parse(text, str(path))


def parse(text: str, where: str) -> Any:
    """The notebook in `text`; `where` is what messages call it. Raises TegashikiError."""
    prepare()
    from nbformat import reader

    try:
        content = reader.reads(text)
    except RecursionError:
        raise TegashikiError(f"{where}: not a readable notebook: nested too deep") from None
    except (ValueError, KeyError, TypeError, AttributeError, reader.ValidationError) as error:
        said = str(error).partition("\n")[0]
        raise TegashikiError(f"{where}: not a readable notebook: {said}") from None
    if content.get("nbformat") != 4:
        raise TegashikiError(f"{where}: expected a notebook of nbformat 4; open and save it anew")
    cells = content.get("cells")
    if not isinstance(cells, list) or not all(isinstance(cell, dict) for cell in cells):
        raise TegashikiError(f"{where}: the notebook has no list of cells")
    for number, cell in enumerate(cells, 1):
        if not _sound(cell):
            raise TegashikiError(f"{where}: cell {number} has no type, source or outputs as "
                                 "nbformat 4 has them; open and save it anew")  # fmt: skip
        if cell["cell_type"] == "code":
            cell.setdefault("outputs", [])  # some tools leave them out; nbformat's writer does not
    return content


def _sound(cell: dict[str, Any]) -> bool:
    """Whether a cell has what every reader and writer of notebooks relies on."""
    outputs = cell.get("outputs", []) if cell.get("cell_type") == "code" else []
    return (
        isinstance(cell.get("cell_type"), str) and isinstance(cell.get("source", ""), str)
        and isinstance(cell.get("metadata", {}), dict) and isinstance(outputs, list)
        and all(isinstance(output, dict) and _sound_output(output) for output in outputs)
    )  # fmt: skip


def _sound_output(output: dict[str, Any]) -> bool:
    match output.get("output_type"):
        case "stream":
            return isinstance(output.get("text"), str)
        case "display_data" | "execute_result":
            return isinstance(output.get("data", {}), dict)
        case kind:
            return isinstance(kind, str)


def text(content: Any) -> str:
    """The text of a notebook's file, as Jupyter writes it."""
    prepare()
    from nbformat import v4

    return v4.writes(content, split_lines=True, indent=1, ensure_ascii=False) + "\n"


def prepare() -> None:
    """Import nbformat, quickly; call it before papermill is imported."""
    files.without_grammars()
    from nbformat import reader, v4  # noqa: F401
