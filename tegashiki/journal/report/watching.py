"""A run while it goes on: how far it is, its curves, what the machine does; as text, and as a page.

    print(watching.terminal(run, width=100, height=30))
    files.write_text(path, watching.page(run))               # loads itself anew every few seconds

Both only read the run's files: they can be started at any time, and more than once.
"""

from __future__ import annotations

from datetime import UTC, datetime
from html import escape

from tegashiki.errors import TegashikiError
from tegashiki.journal.archive.reader import ArchivedRun
from tegashiki.journal.format import layout, metrics
from tegashiki.journal.report import curves, formatting, svg
from tegashiki.journal.report.clock import is_time

REFRESH_SECONDS = 3
_BARS = " ▁▂▃▄▅▆▇█"
_CHARTS = 8  # curves on the page


def terminal(run: ArchivedRun, width: int = 80, height: int = 24) -> str:
    """As many lines as a terminal of that size holds."""
    lines = [f"{run.series} {run.step} {run.id}: {run.status}, {state(run)}"]
    for name, points in samples(run).items():
        drawn = bars([y for _, y in points], width - 26)
        lines.append(f"{name:>12} {points[-1][1]:>9.5g}  {drawn}")
    known = _curves(run)
    name = next((n for n in curves.USUAL if n in known), next(iter(known), None))
    if name is not None:
        room = max(height - len(lines) - 6, 4)
        lines += [name, curves.terminal({name: known[name]}, width - 2, room)]
    used = sum(text.count("\n") + 1 for text in lines)
    lines += ["", *_last_words(run, max(height - used - 2, 2))]
    return "\n".join(line[:width] if "\n" not in line else line for line in lines)


def state(run: ArchivedRun) -> str:
    """How far it is, in one line."""
    outcome = run.outcome
    if run.status != layout.RUNNING:
        said = outcome.get("reason") or formatting.numbers(run.results)
        return f"{formatting.duration(outcome.get('seconds'))}: {said}"
    cells, progress = outcome.get("cells"), outcome.get("progress")
    parts = [f"{formatting.duration(outcome.get('seconds'))}"]
    parts += [f"cell {cells['done'] + 1}/{cells['total']}"] if cells else ["starting"]
    if progress:
        parts.append(f"{progress['done']}/{progress['total']} {progress['text']}".strip())
    if beat := outcome.get("heartbeat"):
        age = (datetime.now(UTC) - datetime.fromisoformat(beat)).total_seconds()
        parts.append(f"heartbeat {max(age, 0):.0f} s ago")
    return ", ".join(parts)


def samples(run: ArchivedRun) -> dict[str, list[tuple[float, float]]]:
    """Columns of system.csv over seconds; {} where there is none."""
    path = run.folder / layout.SYSTEM
    try:
        rows = metrics.read(path) if path.is_file() else []
    except TegashikiError:
        return {}
    found: dict[str, list[tuple[float, float]]] = {}
    for row in rows:
        for name, value in row.items():
            if name != "seconds" and isinstance(value, float) and "seconds" in row:
                found.setdefault(name, []).append((row["seconds"], value))
    return found


def bars(values: list[float], width: int) -> str:
    """The last values as a line of bars, the highest of them full.

    >>> bars([0, 1, 2, 4], 10)
    ' ▂▄█'
    """
    last = values[-max(width, 1) :]
    top = max(last, default=0.0) or 1.0
    return "".join(_BARS[round(max(v, 0) / top * (len(_BARS) - 1))] for v in last)


def page(run: ArchivedRun) -> str:
    """A page of its own, without scripts; while the run goes on it loads itself anew."""
    goes_on = run.status == layout.RUNNING
    again = f'<meta http-equiv="refresh" content="{REFRESH_SECONDS}">' if goes_on else ""
    drawn = [(name, points, "epoch") for name, points in list(_curves(run).items())[:_CHARTS]]
    drawn += [(name, points, "seconds") for name, points in samples(run).items()]
    charts = "".join(
        f"<figure><figcaption>{escape(name)}: {points[-1][1]:.5g}</figcaption>"
        f"{svg.chart({name: points}, name, over, 480, 220)}</figure>"
        for name, points, over in drawn
    )
    title = escape(f"{run.series} {run.step} {run.id}")
    log = escape("\n".join(_last_words(run, 20)))
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}: {escape(run.status)}</title>{again}
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<style>body{{font:1rem/1.5 system-ui,sans-serif;max-width:72rem;margin:1rem auto;padding:0 1rem}}
main{{display:grid;gap:1rem;grid-template-columns:repeat(auto-fill,minmax(min(100%,26rem),1fr))}}
figure{{margin:0}}svg{{max-width:100%;height:auto}}pre{{white-space:pre-wrap}}</style></head>
<body><h1>{title}</h1><p><b>{escape(run.status)}</b> {escape(state(run))}</p>
<main>{charts}</main><pre>{log}</pre></body></html>
"""


def _curves(run: ArchivedRun) -> dict[str, list[tuple[float, float]]]:
    try:
        return {name: line for name, line in curves.of(run).items() if not is_time(name)}
    except TegashikiError:  # a row that is being written
        return {}


def _last_words(run: ArchivedRun, most: int) -> list[str]:
    try:
        with (run.folder / layout.LOG).open("rb") as file:
            file.seek(max(file.seek(0, 2) - 8000, 0))
            said = file.read().decode("utf-8", errors="replace")
    except OSError:
        return []
    return said.rstrip().splitlines()[-most:]
