"""Colab's `#@param` forms: what a parameter's comment says about its values.

    form = forms.read('epochs = 3  #@param {type: "slider", min: 1, max: 50}')
    forms.complaint(form, 99)              # 'expected a value >= 1 and <= 50'
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import Any

_FORM = re.compile(r"#\s*@param\b\s*(?P<choices>\[.*?\])?\s*(?P<options>\{.*\})?")
_OPTION = re.compile(r"""["']?([\w-]+)["']?\s*:\s*("[^"]*"|'[^']*'|[^,}\s]+)""")
_TYPES: dict[str, tuple[type, ...]] = {
    "integer": (int,),
    "number": (int, float),
    "slider": (int, float),
    "boolean": (bool,),
    "string": (str,),
    "date": (str,),
}


@dataclass(frozen=True)
class Form:
    """One `#@param` comment."""

    choices: tuple[Any, ...] | None = None  # the only values, unless other input is allowed
    kind: str | None = None  # integer, number, slider, boolean, string, date or raw
    minimum: float | None = None  # of a slider
    maximum: float | None = None


def read(line: str) -> Form:
    """The form in the comment of one line of code; an empty one if there is none.

    >>> read('data = "crohme"  #@param ["synthetic", "crohme"]').choices
    ('synthetic', 'crohme')

    Raises ValueError for a form that cannot be understood.
    """
    found = _FORM.search(line)
    if not found:
        return Form()
    options = {key: value.strip("\"'") for key, value in _OPTION.findall(found["options"] or "")}
    kind = options.get("type")
    if kind is not None and kind not in _TYPES and kind != "raw":
        raise ValueError(f"unknown #@param type {kind!r}; use one of {', '.join(_TYPES)}, raw")
    choices = None
    if found["choices"] and options.get("allow-input", "false") != "true":
        try:
            choices = tuple(ast.literal_eval(found["choices"]))
        except (ValueError, SyntaxError):
            raise ValueError(f"#@param choices {found['choices']} are not literals") from None
    bounds = [float(options[key]) if key in options else None for key in ("min", "max")]
    return Form(choices, kind, *bounds)


def complaint(form: Form, value: Any) -> str | None:
    """What is wrong with `value` by the form, or None."""
    if form.choices is not None and value not in form.choices:
        # A raw drop-down lists what is typed into the code, so 3 may stand there as "3".
        if form.kind != "raw" or repr(value) not in form.choices:
            return "expected one of " + ", ".join(str(choice) for choice in form.choices)
    wanted = _TYPES.get(form.kind or "raw")
    if wanted and (not isinstance(value, wanted) or (isinstance(value, bool) != (bool in wanted))):
        return f"expected #@param type {form.kind}"
    low, high = form.minimum, form.maximum
    if (low is not None and value < low) or (high is not None and value > high):
        signed = ((">=", low), ("<=", high))
        bounds = [f"{sign} {bound:g}" for sign, bound in signed if bound is not None]
        return "expected a value " + " and ".join(bounds)
    return None
