"""The parameters of a notebook: read from its one cell, checked before anything starts.

    known = parameters.read('epochs = 3  #@param {type: "integer"}\\nlr = 1e-3', "train.ipynb")
    parameters.convert(known["lr"], "5e-4", "train.ipynb")         # 0.0005

The default's type is the parameter's type. The same cell serves papermill, Colab and us, so it
holds nothing but comments and `name = literal`.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tegashiki.errors import TegashikiError
from tegashiki.journal.notebook import forms, secrets


@dataclass(frozen=True)
class Parameter:
    """One line of the parameters cell."""

    name: str
    default: Any  # a literal; its type is the parameter's type
    form: forms.Form = field(default_factory=forms.Form)  # the `#@param` comment


def read(source: str, where: str) -> dict[str, Parameter]:
    """The parameters that the cell `source` declares, in its order.

    Raises TegashikiError, with `where` and the line, for anything but `name = literal`, for a
    default without a type (None), and for a default that its own form forbids.
    """
    try:
        tree = ast.parse(source)
    except SyntaxError as error:
        raise TegashikiError(
            f"{where}: parameters cell, line {error.lineno}: {error.msg}; write `name = value`"
        ) from None
    lines = source.splitlines()
    found: dict[str, Parameter] = {}
    for statement in tree.body:
        place = f"{where}: parameters cell, line {statement.lineno}"
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
            continue  # a bare string is a comment
        name, value = _assignment(statement, place)
        if name in found:
            raise TegashikiError(f"{place}: {name} is set twice; keep one line")
        if problem := untyped(value):
            raise TegashikiError(f"{place}: {name} = {value!r}: {problem}")
        try:
            form = forms.read(lines[(statement.end_lineno or statement.lineno) - 1])
        except ValueError as error:
            raise TegashikiError(f"{place}: {name}: {error}") from None
        if problem := forms.complaint(form, value):
            raise TegashikiError(f"{place}: {name} = {value!r}: {problem}; correct the default")
        found[name] = Parameter(name, value, form)
    return found


def convert(parameter: Parameter, given: Any, where: str) -> Any:
    """`given` (text from the command line, or a typed value from a profile) in the right type.

    >>> convert(Parameter("epochs", 3), "30", "train.ipynb")
    30

    Raises TegashikiError for a wrong type, a value outside of the form, or a secret.
    """
    name, kind = parameter.name, type(parameter.default)
    try:
        value = _typed(given, kind)
    except ValueError:
        raise TegashikiError(
            f"{where}: parameter {name}: expected {kind.__name__} "
            f"(default {parameter.default!r}), got {given!r}"
        ) from None
    if problem := forms.complaint(parameter.form, value):
        raise TegashikiError(f"{where}: parameter {name} = {value!r}: {problem}")
    return value


def effective(
    known: Mapping[str, Parameter], given: Mapping[str, Any], where: str
) -> dict[str, Any]:
    """Every parameter with the value that the run will have, defaults included.

    Raises TegashikiError for an unknown name (naming the near ones), a wrong type or a secret.
    """
    names(known, given, where)
    values = {
        name: convert(parameter, given[name], where) if name in given else parameter.default
        for name, parameter in known.items()
    }
    for name, value in values.items():
        if why := secrets.reason(name, value):
            raise TegashikiError(
                f"{where}: parameter {name} looks like a secret ({why}); runs are published, "
                "read it from an environment variable inside the notebook instead"
            )
    return values


def names(known: Iterable[str], given: Iterable[str], where: str) -> None:
    """Raise TegashikiError for a name that is not among the `known` ones, naming the near ones."""
    known = list(known)
    for name in given:
        if name not in known:
            raise TegashikiError(f"{where}: no parameter {name!r}; {_near(name, known)}")


def same(left: Any, right: Any) -> bool:
    """Whether two values are the same once written to JSON and read again (tuples are lists)."""
    if isinstance(left, list | tuple) and isinstance(right, list | tuple):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(same(left[key], right[key]) for key in left)
    return type(left) is type(right) and left == right


def untyped(value: Any) -> str | None:
    """Why a value cannot be a parameter (it is no plain literal), or None."""
    if isinstance(value, bool | int | str):
        return None
    if isinstance(value, float):
        return None if math.isfinite(value) else "not a finite number"
    if isinstance(value, list | tuple):
        return next((problem for item in value if (problem := untyped(item))), None)
    if isinstance(value, dict) and all(isinstance(key, str) for key in value):
        return next((problem for item in value.values() if (problem := untyped(item))), None)
    return "no type to check against; use a number, text, True or False, a list or a dict of these"


def _assignment(statement: ast.stmt, place: str) -> tuple[str, Any]:
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)], value=node):
            pass
        case ast.AnnAssign(target=ast.Name(id=name), value=node) if node is not None:
            pass
        case _:
            raise TegashikiError(f"{place}: expected `name = value`; move code to another cell")
    try:
        return name, ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError):
        raise TegashikiError(
            f"{place}: {name} is computed; write a literal, and compute in another cell"
        ) from None


def _typed(given: Any, kind: type) -> Any:
    if kind is str:
        if isinstance(given, str):
            return given
    elif kind is bool:
        truth = {"true": True, "false": False}.get(str(given).lower())
        if truth is not None:
            return truth
    elif kind in (int, float):
        number = _literal(given) if isinstance(given, str) else given
        if isinstance(number, int | float if kind is float else int):
            if not isinstance(number, bool) and math.isfinite(number):
                return kind(number)
    else:
        value = _literal(given) if isinstance(given, str) else given
        if isinstance(value, list | tuple) and kind in (list, tuple):
            value = kind(value)
        if isinstance(value, kind) and not untyped(value):
            return value
    raise ValueError(given)


def _literal(text: str) -> Any:
    try:
        return ast.literal_eval(text.strip())
    except (SyntaxError, MemoryError, RecursionError, TypeError) as error:
        raise ValueError(text) from error


def _near(name: str, names: list[str]) -> str:
    import difflib

    if near := difflib.get_close_matches(name, names, n=2):
        return "did you mean " + " or ".join(near) + "?"
    return "it has " + (", ".join(names) or "no parameters")
