"""What a run is compared by, as a script beside its page: facts, curves, time, machine, pictures.

    run_data.script(run)                 # data/<id>.js, which calls tegashiki.add
"""

from __future__ import annotations

import json
from itertools import accumulate, pairwise
from typing import Any

from tegashiki.errors import TegashikiError
from tegashiki.journal.archive.reader import ArchivedRun
from tegashiki.journal.report import curves, digest, watching
from tegashiki.journal.report.clock import is_time
from tegashiki.journal.report.site.page import lines as lines_of
from tegashiki.storage import files


def script(run: ArchivedRun) -> str:
    """The run for the pages that compare: a script that hands over its facts and curves."""
    return f"tegashiki.add({inline(_facts(run))});\n"


def inline(value: Any) -> str:
    """JSON that may stand in a script, also in an old browser."""
    said = json.dumps(files.plain(value), ensure_ascii=True, separators=(",", ":"))
    return said.replace("<", "\\u003c")


def _facts(run: ArchivedRun) -> dict[str, Any]:
    """What two runs are compared by."""
    try:
        record, lines, results = run.record, lines_of(run), run.results
        code, environment = record["code"] or {}, record["environment"] or {}
        device = record["device"] or {}
    except (TegashikiError, KeyError, TypeError) as error:
        return {"id": run.id, "step": run.step, "broken": str(error)}
    return {
        "id": run.id, "series": run.series, "step": run.step, "status": run.status,
        "started": (run.outcome.get("started") or "")[:19],
        "parameters": record["parameters"],
        "results": {n: v for n, v in results.items() if not isinstance(v, list | dict)},
        "facts": {
            "seed": record["seed"],
            "commit": (code.get("commit") or "unknown")[:12],
            "patch": bool(code.get("patch")),
            **{f"data {d['name']}": d["sha256"][:12] for d in record["data"]},
            **{f"upstream {u['step']}": u["id"] for u in record["upstream"]},
            "python": environment.get("python"),
            "processor": device.get("processor"), "cores": device.get("cores"),
            "seconds": run.outcome.get("seconds"),
        },
        "packages": environment.get("packages") or {},
        "curves": {n: thin(p) for n, p in lines.items() if not is_time(n)},
        "clock": thin(ticking(lines)),
        "pictures": [p.name for p in digest.pictures(run)],
        "system": {name: thin(points) for name, points in watching.samples(run).items()},
    }  # fmt: skip


def ticking(lines: dict[str, curves.Points]) -> curves.Points:
    """Seconds since the start over the curves' own x; no points if nobody took the time.

    A column `seconds` is added up where it starts anew with each row.
    """
    points = next((lines[name] for name in ("seconds", "elapsed") if name in lines), [])
    if all(later[1] >= sooner[1] for sooner, later in pairwise(points)):
        return points
    return list(zip((x for x, _ in points), accumulate(y for _, y in points), strict=True))


def thin(points: curves.Points, most: int = 300) -> list[tuple[float, float]]:
    """At most so many points, the last one always among them; the archive keeps them all."""
    if not points:
        return []
    step = -(-len(points) // most)
    kept = list(points[::step])
    return kept if kept[-1] == points[-1] else [*kept, points[-1]]
