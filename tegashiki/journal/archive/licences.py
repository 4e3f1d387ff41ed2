"""Which sets a run's pictures may come from, and whether they may be shown.

    table = licences.load(root)                       # runs/licences.toml; None without one
    sets = licences.behind(run.record, known, table)  # what the run and those before it read
    for what in licences.problems(run, known, table): print(what)

The table belongs to the archive, so that the journal need not know any set. What a run read and the
table does not name is treated as if nothing of it might be shown.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from tegashiki.errors import TegashikiError
from tegashiki.journal.archive import reader
from tegashiki.journal.format import layout, manifest, notebook, rights

NAME = "licences.toml"
FREE, CREDITED, NONE = "free", "credited", "none"


@dataclass(frozen=True)
class Set:
    """A set of data, as far as its pictures go."""

    name: str
    licence: str
    credit: str  # who made it, as a picture must say
    pictures: str  # FREE: nobody is seen on them; CREDITED: with name and licence; NONE: not at all
    places: tuple[str, ...] = ()  # patterns of the places that a run records

    def entry(self) -> dict[str, str]:
        """As it stands in rights.json and in the picture itself."""
        return {"name": self.name, "licence": self.licence, "credit": self.credit}


def load(root: Path) -> list[Set] | None:
    """The table of an archive, or None if it has none. Raises TegashikiError if it is broken."""
    path = root / NAME
    if not path.is_file():
        return None
    try:
        rows = tomllib.loads(path.read_text(encoding="utf-8"))["set"]
        table = [Set(**{**row, "places": tuple(row["places"])}) for row in rows]
    except (ValueError, KeyError, TypeError) as error:
        raise TegashikiError(f"{path}: {error}; see its first lines for what a set needs") from None
    if odd := [one.name for one in table if one.pictures not in (FREE, CREDITED, NONE)]:
        raise TegashikiError(f"{path}: {odd[0]}: pictures is one of {FREE}, {CREDITED}, {NONE}")
    return table


def lineage(
    record: Mapping[str, Any], known: Mapping[str, reader.ArchivedRun]
) -> tuple[list[Mapping[str, Any]], list[str]]:
    """This record and those of all runs that it came from; ids of such that are not `known`."""
    found, missing, todo, seen = [], [], [record], set()
    while todo:
        found.append(todo.pop())
        for id in [earlier["id"] for earlier in found[-1].get("upstream", ())]:
            if id not in seen and id in known:
                todo.append(known[id].record)
            elif id not in seen:
                missing.append(id)
            seen.add(id)
    return found, missing


def behind(
    record: Mapping[str, Any], known: Mapping[str, reader.ArchivedRun], table: list[Set]
) -> list[Set]:
    """The sets that the run of this record read, or any run that it read from; free ones left out.

    `known` are the runs of the archive by id; one that is missing counts as a set of its own.
    """
    records, missing = lineage(record, known)
    places = [data.get("place") or data["name"] for one in records for data in one.get("data", ())]
    found = {one.name: one for one in (named(place, table) for place in places)}
    for id in missing:
        name = f"run {id}"
        found[name] = Set(name, "unknown: it is not in the archive", "", NONE)
    return sorted((s for s in found.values() if s.pictures != FREE), key=lambda s: s.name)


def named(place: str, table: list[Set]) -> Set:
    """The set that lies at a recorded place; one of which nothing may be shown if none fits."""
    for one in table:
        if any(fnmatch(place, pattern) for pattern in one.places):
            return one
    return Set(place, f"unknown: {NAME} does not name it", "", NONE)


def problems(
    run: reader.ArchivedRun, known: Mapping[str, reader.ArchivedRun], table: list[Set]
) -> Iterable[str]:
    """Pictures that git takes and that show what may not be shown, or not without a credit."""
    sets = behind(run.record, known, table)
    if not sets:
        return
    told = rights.read(run.folder)["pictures"]
    for entry in manifest.read(run.folder):
        path = entry["path"]
        if rights.is_picture(path) and entry["in_git"] and (run.folder / path).is_file():
            yield from _judged(path, told.get(path), sets)
    for place, names in _shown_in(run.folder / layout.NOTEBOOK):
        named = [told[path] for path in told if Path(path).stem in names]
        best = max(named, key=lambda one: one["shows"] == rights.NUMBERS, default=None)
        yield from _judged(f"{layout.NOTEBOOK}, {place}", best, sets)


def _judged(where: str, told: Mapping[str, Any] | None, sets: list[Set]) -> Iterable[str]:
    if told and told["shows"] == rights.NUMBERS:
        return
    if closed := [f"{s.name} ({s.licence})" for s in sets if s.pictures == NONE]:
        yield (f"{where}: may show {', '.join(closed)}, of which nothing may be shown; "
               "`tegashiki withdraw` takes it out, or say that it shows numbers only")  # fmt: skip
    elif missing := {s.name for s in sets} - {one["name"] for one in (told or {}).get("sets", ())}:
        yield f"{where}: lacks the name and licence of {', '.join(sorted(missing))}"


def _shown_in(path: Path) -> Iterable[tuple[str, set[str]]]:
    """Each cell of the notebook that holds a picture, and the quoted names in its code."""
    if not path.is_file():
        return
    for number, cell in enumerate(notebook.read(path).cells):
        if any(map(holds_picture, cell.get("outputs", ()))):
            yield f"cell {number}", quoted(cell["source"])


def quoted(code: str) -> set[str]:
    """The names in quotes, without folder and ending: what a cell calls its pictures.

    >>> sorted(quoted('run.figure(figure, "bodies"); run.artifact("a/attention.gif")'))
    ['attention', 'bodies']
    """
    return set(re.findall(r"""["'](?:\w+/)*(\w+)(?:\.\w+)?["']""", code))


def holds_picture(output: Mapping[str, Any]) -> bool:
    """Whether a cell's output holds a picture, drawn or embedded in HTML."""
    data = output.get("data", {})
    embedded = "data:image" in str(data.get("text/html", ""))
    return embedded or any(mime.startswith("image/") for mime in data)
