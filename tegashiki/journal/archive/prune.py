"""Which artifacts an archive can do without: decided by a policy, never a word of the record.

    keep = prune.policy("released,last=3,best=1")
    for item in prune.plan(root, keep, store=None): print(item.run.id, item.bytes, item.fate)
    prune.carry_out(items)

    released       runs that a released model (models/**/model.json) names
    last=N         the newest N ok runs of each step of each series
    best=N         the N runs of each series with the best result (`best` in series.toml)
    thin=N         of runs tagged `repeated`, and of those tagged `nightly` before the newest N of
                   their step, only the record stays (thin.py), unless another rule keeps them

But for `thin` only artifacts go; the record, the curves, the log, the notebook and the pictures
stay. What is in the store can be pulled again, what was verified as identical can be made again;
the rest would be lost for good, and goes only when that is asked for.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tegashiki.errors import TegashikiError
from tegashiki.journal.archive import reader, thin
from tegashiki.journal.format import layout, manifest, pruned
from tegashiki.storage import files

if TYPE_CHECKING:
    from tegashiki.journal.transfer.store import Store

SMALLEST = 10_000         # bytes: smaller artifacts stay unless asked, there is nothing to gain
IN_STORE, AGAIN, LOST = "in the store", "can be made again", "lost for good"
COPIED, THIN = "in a released model", "as the policy says"
_RULE = re.compile(r"(released|last|best|thin)(?:=(\d+))?")


@dataclass(frozen=True)
class Item:
    """An artifact, or with `thin` another file, that the policy does not keep."""

    run: reader.ArchivedRun
    entry: dict[str, Any]      # of its manifest
    fate: str                  # IN_STORE, AGAIN, COPIED, THIN or LOST

    @property
    def bytes(self) -> int:
        """Its size."""
        return self.entry["bytes"]


def policy(text: str) -> dict[str, int]:
    """`released,last=3,best=1` as a dict. Raises TegashikiError for an unknown rule.

    >>> policy("released,last=3")
    {'released': 1, 'last': 3}
    """
    rules: dict[str, int] = {}
    for part in text.split(","):
        found = _RULE.fullmatch(part.strip())
        if not found or (found[1] != "released" and not found[2]):
            raise TegashikiError(f"--keep {text}: {part!r} is no rule; rules are released, last=N, "
                                 "best=N and thin=N")
        rules[found[1]] = int(found[2] or 1)
    return rules


def plan(root: Path, keep: Mapping[str, int], released: Iterable[str] = (),
         best: Mapping[str, str] | None = None, store: Store | None = None,
         copies: Collection[str] = (), smallest: int = SMALLEST,
         series: str | None = None, also: Collection[str] = ()) -> list[Item]:
    """The artifacts that may go, oldest run first.

    `released`: ids of the runs that released models name. `best`: for each series the result that
    is best when highest, or with a minus before it when lowest. `copies`: hashes of files that are
    elsewhere in the checkout, such as released models: what has one is let go of any run.
    `series`: only runs of this one. `also`: ids of runs that are kept whatever the rules say.
    """
    runs = [run for run in reader.sound(root, series) if (run.folder / layout.MANIFEST).is_file()]
    kept = {*_kept(runs, keep, set(released), best or {}), *also}
    old = thin.old(runs, keep["thin"], kept) if "thin" in keep else set()
    items = (Item(run, entry, _fate(run, entry, store, copies, run.id in old)) for run in runs
             for entry in manifest.read(run.folder)
             if (run.folder / entry["path"]).is_file() and (
                 thin.goes(run, entry) if run.id in old else
                 entry["path"].startswith(f"{layout.ARTIFACTS}/") and entry["bytes"] >= smallest))
    return [item for item in items if item.run.id not in kept or item.fate == COPIED]


def carry_out(items: Iterable[Item], why: str, left_in: str | None) -> int:
    """Remove the files, each after pruned.json says so; the bytes that were freed."""
    freed = 0
    by_run: dict[Path, list[Item]] = {}
    for item in items:
        by_run.setdefault(item.run.folder, []).append(item)
    for folder, mine in by_run.items():
        for fate in {item.fate for item in mine}:
            entries = [item.entry for item in mine if item.fate == fate]
            thinned = any(entry["path"] == layout.NOTEBOOK for entry in entries)
            left = {layout.NOTEBOOK: _hash(thin.without_outputs(folder))} if thinned else {}
            pruned.note(folder, entries, f"{why}; {fate}", left_in if fate == IN_STORE else None,
                        left)
        for item in mine:
            freed += _remove(folder, item)
        for room in (layout.ARTIFACTS, layout.PICTURES):
            for empty in sorted([folder / room, *(folder / room).rglob("*")], reverse=True):
                if empty.is_dir() and not any(empty.iterdir()):
                    empty.rmdir()
    return freed


def _remove(folder: Path, item: Item) -> int:
    path = folder / item.entry["path"]
    if item.entry["path"] != layout.NOTEBOOK:
        path.unlink()
        return item.bytes
    files.write_text(path, thin.without_outputs(folder))
    return item.bytes - path.stat().st_size


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def released(models: Path) -> list[str]:
    """The runs that the model.json files under a folder name."""
    found = []
    for path in sorted(models.rglob("model.json")):
        try:
            run = json.loads(path.read_text(encoding="utf-8")).get("run")
        except (OSError, ValueError, AttributeError):
            raise TegashikiError(f"{path}: no description of a model; mend or remove it") from None
        if isinstance(run, str):
            found.append(run)
    return found


def copies(models: Path) -> set[str]:
    """The sha256 of every file of the released models under a folder."""
    return {files.sha256(path) for path in models.rglob("*") if path.is_file()}


def _kept(runs: list[reader.ArchivedRun], keep: Mapping[str, int], named: set[str],
          best: Mapping[str, str]) -> Iterator[str]:
    good = [run for run in runs if run.status == layout.OK]
    yield from (run.id for run in runs if run.status == layout.RUNNING)
    if "released" in keep:
        yield from named
    steps: dict[tuple[str, str], list[str]] = {}
    for run in good:
        steps.setdefault((run.series, run.step), []).append(run.id)
    for ids in steps.values():
        yield from ids[-keep["last"]:] if keep.get("last") else ()
    for series, result in best.items():
        ranked = sorted((value, run.id) for run in good if run.series == series
                        if isinstance(value := run.results.get(result.lstrip("-")), int | float))
        ranked = ranked if result.startswith("-") else ranked[::-1]
        yield from (name for _, name in ranked[: keep.get("best", 0)])


def _fate(run: reader.ArchivedRun, entry: Mapping[str, Any], store: Store | None,
          copies: Collection[str], old: bool) -> str:
    if entry["sha256"] in copies:
        return COPIED
    if store is not None and store.has(entry["sha256"], entry["bytes"]):
        return IN_STORE
    path = run.folder / layout.VERIFY
    told = files.read_json(path) if path.is_file() else {}
    if entry["path"].startswith(f"{layout.ARTIFACTS}/") and told.get("verdict") == "identical":
        return AGAIN
    return THIN if old else LOST
