"""The parameters cell as a kernel saw it: what nobody launched must find out for itself.

    declared.values()            # {"epochs": 5, "rate": 0.5, "seed": 7}

A kernel keeps the text of the cells that it ran, but not their tags. The parameters cell is the one
that papermill put its own cell behind; else the one with #@param forms; else the first that holds
nothing but `name = literal`. What stands in later cells of that kind is what was chosen: papermill
writes one, and a person edits the cell and runs it again.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

from tegashiki.errors import TegashikiError
from tegashiki.journal.notebook import parameters
from tegashiki.journal.notebook.parameters import Parameter

_INJECTED = "# Parameters"  # the first line of the cell that papermill adds


def shell() -> Any | None:
    """The notebook's IPython, or None in a plain script."""
    ipython = sys.modules.get("IPython")
    return ipython.get_ipython() if ipython else None


def sources() -> list[str]:
    """The text of the cells that this kernel ran, in its order; [] in a plain script."""
    here = shell()
    return list(here.history_manager.input_hist_raw)[1:] if here is not None else []


def values(cells: list[str] | None = None, guess: bool = True) -> dict[str, Any]:
    """{name: value} as the cells set them; {} where there is no parameters cell.

    >>> values(["n = 1  #@param {type: 'integer'}", "# Parameters\\nn = 5\\n"])
    {'n': 5}

    Without `guess` a cell counts only where papermill or a form marks it as the one. Raises
    TegashikiError if papermill was given a name that the parameters cell does not have: it
    only warns of it, and runs with the default.
    """
    found: dict[str, Any] = {}
    chosen = _cell(cells := sources() if cells is None else cells, guess)
    if chosen is None:
        return found
    found = {name: p.default for name, p in (_literals(cells[chosen]) or {}).items()}
    for text in cells[chosen + 1 :]:
        later = _literals(text) or {}
        if text.lstrip().startswith(_INJECTED):
            parameters.names(found, later, "papermill")
        if later and later.keys() <= found.keys():
            found |= {name: parameter.default for name, parameter in later.items()}
    return found


def changed(recorded: Mapping[str, Any], around: Mapping[str, Any]) -> str | None:
    """The first parameter whose variable in `around` is not what was recorded, in words."""
    for name, value in recorded.items():
        if name in around and not parameters.same(around[name], value):
            return f"{name} was {value!r} when the run began and is {around[name]!r} now"
    return None


def _cell(cells: list[str], guess: bool) -> int | None:
    """The number of the parameters cell among `cells`."""
    literal = [number for number, text in enumerate(cells) if _literals(text)]
    for number in literal:
        if cells[number].lstrip().startswith(_INJECTED):
            if number - 1 in literal:
                return number - 1
            raise TegashikiError(
                "papermill was given parameters, but no cell is tagged `parameters`: tag it, or "
                "the run would take its defaults"
            )
    forms = [number for number in literal if "#@param" in cells[number]]
    return next(iter(forms or (literal if guess else [])), None)


def _literals(text: str) -> dict[str, Parameter] | None:
    """What a cell of nothing but `name = literal` sets; None for any other cell."""
    try:
        return parameters.read(text, "a cell")
    except TegashikiError:
        return None
