"""Every cause for which two runs may differ, each said in one line.

    for cause in causes.between(one, other, paths.checkout()): print(cause)

What is equal is not mentioned; what cannot be compared is, with the reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tegashiki.errors import TegashikiError
from tegashiki.journal.archive.reader import ArchivedRun
from tegashiki.journal.format import layout, notebook
from tegashiki.journal.notebook import parameters, source
from tegashiki.journal.report import code_changes

KINDS = ("notebook", "parameter", "seed", "code", "data", "upstream", "environment", "device")


@dataclass(frozen=True)
class Cause:
    """One difference. `one` and `other` are short words, or None where there is nothing."""

    kind: str  # one of KINDS
    name: str
    one: Any = None
    other: Any = None

    def __str__(self) -> str:
        values = "" if self.one is self.other is None else f": {_word(self.one)} and "
        return f"{self.kind} {self.name}{values}{_word(self.other) if values else ''}"


def between(one: ArchivedRun, other: ArchivedRun, checkout: Path | None = None) -> list[Cause]:
    """All causes, in the order of KINDS. `checkout` holds the commits of the runs.

    Raises TegashikiError if a record cannot be read.
    """
    a, b = one.record, other.record
    found = [Cause("notebook", f"cell {n}") for n in _cells(one, other)]
    if one.step != other.step or one.series != other.series:
        names = [f"{run.series} {run.step}" for run in (one, other)]
        found.insert(0, Cause("notebook", "step", *names))
    found += _mapping("parameter", a["parameters"], b["parameters"], skip={"seed"})
    if a["seed"] != b["seed"]:
        found.append(Cause("seed", "root", a["seed"], b["seed"]))
    else:
        found += _mapping("seed", a["seeds"], b["seeds"])
    found += _code(one, other, checkout)
    found += _mapping("data", *({d["name"]: d["sha256"][:12] for d in r["data"]} for r in (a, b)))
    found += _upstream(a["upstream"], b["upstream"])
    return found + list(_surroundings(a, b))


def _cells(one: ArchivedRun, other: ArchivedRun) -> list[int]:
    """Numbers of the code cells whose text differs; the values of parameters are not text."""
    if one.step != other.step:
        return []
    sides = []
    for run in (one, other):
        try:
            cells = notebook.read(run.folder / layout.NOTEBOOK).cells
        except TegashikiError:
            return []
        tags = [set(cell.get("metadata", {}).get("tags", [])) for cell in cells]
        sides.append([
            cell.get("source", "").strip() for cell, tag in zip(cells, tags, strict=True)
            if cell.get("cell_type") == "code" and not tag & {"injected-parameters", source.TAG}
        ])  # fmt: skip
    a, b = sides
    longest = max(len(a), len(b))
    a, b = a + [""] * (longest - len(a)), b + [""] * (longest - len(b))
    return [n for n, (x, y) in enumerate(zip(a, b, strict=True), 1) if x != y]


def _code(one: ArchivedRun, other: ArchivedRun, checkout: Path | None) -> Iterable[Cause]:
    a, b = one.record["code"] or {}, other.record["code"] or {}
    known = one.record["modules"], other.record["modules"]
    if all(known) and known[0] == known[1]:
        return  # the same files were imported, whatever the commits are called
    if not any(known) and a.get("commit") == b.get("commit") and not (
        a.get("patch") or b.get("patch")
    ):
        return
    if a.get("commit") != b.get("commit"):
        yield Cause("code", "commit", *((c.get("commit") or "unknown")[:12] for c in (a, b)))
    try:
        if checkout is None:
            raise TegashikiError("not in a checkout of it")
        for line in code_changes.changes(checkout, one, other):
            yield Cause("code", line)
    except TegashikiError as error:
        if all(known):  # at least the modules can be named
            for cause in _mapping("code", *known):
                yield Cause("code", f"module {cause.name}")
        yield Cause("code", f"functions cannot be named: {error}")


def _upstream(one: list[dict[str, Any]], other: list[dict[str, Any]]) -> Iterable[Cause]:
    a, b = ({u["step"]: u for u in side} for side in (one, other))
    for step in {**a, **b}:
        mine, theirs = a.get(step), b.get(step)
        if mine is None or theirs is None or mine["manifest_sha256"] != theirs["manifest_sha256"]:
            yield Cause("upstream", step, mine and mine["id"], theirs and theirs["id"])


def _surroundings(a: Mapping[str, Any], b: Mapping[str, Any]) -> Iterable[Cause]:
    mine, theirs = a["environment"] or {}, b["environment"] or {}
    for name in ("python", "platform"):
        yield from _mapping("environment", *({name: e.get(name)} for e in (mine, theirs)))
    for name in ("packages", "settings"):
        yield from _mapping("environment", mine.get(name) or {}, theirs.get(name) or {})
    yield from _mapping("device", a["device"] or {}, b["device"] or {})


def _mapping(
    kind: str, one: Mapping[str, Any], other: Mapping[str, Any], skip: set[str] = frozenset()
) -> list[Cause]:
    return [
        Cause(kind, name, one.get(name), other.get(name)) for name in {**one, **other}
        if name not in skip and not parameters.same(one.get(name), other.get(name))
    ]  # fmt: skip


def _word(value: Any) -> str:
    return "nothing" if value is None else str(value)
