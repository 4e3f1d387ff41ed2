"""Which runs are meant: by date, by a number or a parameter, and in which order.

    test = select.condition("val_exact>0.4")
    select.ordered([run for run in runs if test(run)], "val_exact", reverse=True)
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Sequence
from typing import Any

from tegashiki.errors import TegashikiError
from tegashiki.journal.archive.reader import ArchivedRun
from tegashiki.journal.format import layout, metrics

_CONDITION = re.compile(r"(?P<name>[\w.-]+)\s*(?P<sign><=|>=|!=|=|<|>)\s*(?P<value>.*)")
_SIGNS = {
    "=": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le,
    ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2}([T ]\d{2}(:\d{2}){0,2})?)?)?")
_FACTS = ("seconds", "started", "status")


def value(run: ArchivedRun, name: str) -> Any:
    """What the run has under this name; None if nothing, or if its record is broken."""
    try:
        if name in run.results:
            return run.results[name]
        if name in run.parameters:
            return run.parameters[name]
        path = run.folder / layout.METRICS
        rows = metrics.read(path) if path.is_file() else []
        if rows and name in rows[-1]:
            return rows[-1][name]
        if name in ("series", "step"):
            return getattr(run, name)
        return run.outcome.get(name) if name in _FACTS else run.record.get(name)
    except TegashikiError:
        return None


def condition(text: str) -> Callable[[ArchivedRun], bool]:
    """A test of runs from `name=value` or another comparison; a run without the name fails it.

    Raises TegashikiError for what is no comparison.
    """
    found = _CONDITION.fullmatch(text.strip())
    if not found:
        raise TegashikiError(f"--where {text}: expected NAME=VALUE, or with != < <= > >=")
    wanted, compare = found["value"].strip(), _SIGNS[found["sign"]]

    def test(run: ArchivedRun) -> bool:
        have = value(run, found["name"])
        if have is None:
            return False
        try:
            return compare(float(have), float(wanted))
        except (TypeError, ValueError):
            return compare(str(have).lower(), wanted.lower())

    return test


def must_have(runs: Sequence[ArchivedRun], text: str) -> None:
    """Raise TegashikiError if no run has the name that a comparison asks for: it is mistyped."""
    found = _CONDITION.fullmatch(text.strip())
    if runs and found and all(value(run, found["name"]) is None for run in runs):
        raise TegashikiError(
            f"--where {text}: none of these runs has {found['name']!r}; `tegashiki show` a run"
        )


def ordered(runs: Sequence[ArchivedRun], name: str, reverse: bool = False) -> list[ArchivedRun]:
    """The runs by what they have under `name`, lowest first, numbers before words.

    Those that have nothing come last, also in `reverse`. Raises TegashikiError if none has it.
    """
    have = [(run, value(run, name)) for run in runs]
    some = [(run, v) for run, v in have if v is not None]
    if runs and not some:
        raise TegashikiError(f"--sort {name}: none of these runs has it; `tegashiki show` a run")
    some.sort(key=lambda pair: _key(pair[1]), reverse=reverse)
    return [run for run, _ in some] + [run for run, v in have if v is None]


def dated(
    runs: Sequence[ArchivedRun], since: str | None, until: str | None
) -> list[ArchivedRun]:
    """The runs that started within the dates, both included. Raises TegashikiError for no date."""
    for option, date in (("--since", since), ("--until", until)):
        if date is not None and not _DATE.fullmatch(date):
            raise TegashikiError(f"{option} {date}: expected a date like 2026-11-20 (UTC)")
    kept = []
    for run in runs:
        started = run.outcome.get("started") or ""
        # ISO times order like words; a shorter date covers all that begins with it.
        early = since is not None and started < since.replace(" ", "T")
        late = until is not None and started[: len(until)] > until.replace(" ", "T")
        if not early and not late:
            kept.append(run)
    return kept


def _key(have: Any) -> tuple[int, float, str]:
    if isinstance(have, int | float):
        return (0, float(have), "")
    return (1, 0.0, str(have))
