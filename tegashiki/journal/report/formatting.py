"""Runs in words: the tables and pages that the command line prints.

    print(formatting.table([["id", "status"], ["3f9a1c2b", "ok"]]))
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Any

from tegashiki.journal.archive.reader import ArchivedRun
from tegashiki.journal.format import layout, manifest, paths


def table(rows: Sequence[Sequence[str]]) -> str:
    """Rows of cells as aligned columns.

    >>> print(table([["id", "status"], ["3f9a1c2b", "ok"]]))
    id        status
    3f9a1c2b  ok
    """
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    lines = (
        "  ".join(cell + " " * (w - _width(cell)) for cell, w in zip(row, widths, strict=True))
        for row in rows
    )
    return "\n".join(line.rstrip() for line in lines)


def numbers(results: dict[str, Any], limit: int = 6) -> str:
    """The first key numbers, short: `exact 0.377, n 986`."""
    flat = [(name, value) for name, value in results.items() if not isinstance(value, list | dict)]
    shown = ", ".join(f"{name} {short(value)}" for name, value in flat[:limit])
    return shown + (f", {len(flat) - limit} more" if len(flat) > limit else "")


def short(value: Any) -> str:
    """A number in at most four significant digits, other values as they are."""
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def duration(seconds: float | None) -> str:
    """Seconds as a person says them: `4.2 s`, `3 min`, `1.5 h`."""
    if seconds is None:
        return "-"
    if seconds < 120:
        return f"{seconds:.1f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def kept(run: ArchivedRun) -> list[str]:
    """Paths of the artifacts that the run exports."""
    return [paths.shown(run.folder / layout.ARTIFACTS / name) for name in run.record["keep"]]


def one_line(
    series: str, profile: str, runs: Sequence[ArchivedRun], planned: int, reused: dict[str, str]
) -> str:
    """What a launch came to, as the subject of a mail.

    >>> one_line("ink2tex", "quick", [], 4, {"train": "3f9a1c2b"})
    'ink2tex quick: ok, nothing changed, 0 of 4 steps run'
    """
    seconds = sum(run.outcome.get("seconds") or 0 for run in runs)
    head = f"{series} {profile}: "
    if runs and runs[-1].status != layout.OK:
        last = runs[-1]
        return f"{head}{last.status.upper()} at {last.step} ({last.id}): {last.outcome['reason']}"
    if not runs:
        return f"{head}ok, nothing changed, 0 of {planned} steps run"
    said = numbers(runs[-1].results, 3)
    tail = f"; {runs[-1].step} {runs[-1].id}: {said}" if said else ""
    return f"{head}ok, {len(runs)} of {planned} steps run in {duration(seconds)}{tail}"


def summary(run: ArchivedRun) -> dict[str, Any]:
    """A run for `--json`: the same facts that the tables show."""
    return {
        "id": run.id,
        "series": run.series,
        "step": run.step,
        "status": run.status,
        "reason": run.outcome.get("reason"),
        "started": run.outcome.get("started"),
        "seconds": run.outcome.get("seconds"),
        "profile": run.record["profile"],
        "parameters": run.parameters,
        "results": run.results,
        "why": run.notes["why"],
        "tags": run.notes["tags"],
        "folder": str(run.folder),
    }


def page(run: ArchivedRun) -> str:
    """All that is known of one run."""
    record, outcome = run.record, run.outcome
    code, environment = record["code"] or {}, record["environment"] or {}
    lines = [f"{run.id}  {run.series} {run.step}  {run.status}"]
    if outcome.get("reason"):
        lines.append(f"  {outcome['reason']}")
    if run.notes["why"] or run.notes["tags"]:
        lines.append(f"  {run.notes['why'] or 'tagged'} [{', '.join(run.notes['tags'])}]")
    lines.append(f"  started {outcome.get('started')}, {duration(outcome.get('seconds'))}")
    lines.append(f"  launched by {record['launched']}, profile {record['profile']}")
    commit = (code.get("commit") or "unknown")[:12]
    dirty = {True: f" + {code.get('patch') or 'changes'}", None: " (no git)"}.get(code.get("dirty"))
    lines.append(f"  code {commit}{dirty or ''}, Python {environment.get('python')}")
    if device := record["device"]:  # unknown where the kernel died before it said so
        lines.append(f"  on {device.get('processor')}, {device.get('cores')} cores, "
                     f"{device.get('accelerators')}")  # fmt: skip
    lines += _section("parameters", record["parameters"])
    lines += _section("results", {name: short(value) for name, value in run.results.items()})
    lines += _section("read", {d["name"]: f"sha256 {d['sha256'][:12]}" for d in record["data"]})
    lines += _section("upstream", {u["step"]: u["id"] for u in record["upstream"]})
    gates = record["gates"]
    lines += _section("gates passed", {g["name"]: g["code"][:12] for g in gates["passed"]})
    lines += _section("gates required", {g["name"]: f"run {g['run']}" for g in gates["required"]})
    if (run.folder / layout.MANIFEST).is_file():
        sizes = {e["path"]: _size(e) for e in manifest.read(run.folder)}
        lines += _section(f"files in {paths.shown(run.folder)}", sizes)
    else:
        lines.append(f"  read {paths.shown(run.folder)}")
    return "\n".join(lines)


def _size(entry: dict[str, Any]) -> str:
    return f"{entry['bytes']:,} bytes" + ("" if entry["in_git"] else ", not in git")


def _section(title: str, values: dict[str, Any]) -> list[str]:
    if not values:
        return []
    wide = max(map(_width, values))
    return [f"  {title}"] + [f"    {name:<{wide}}  {value}" for name, value in values.items()]


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
