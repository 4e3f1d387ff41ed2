"""A run for Trackio: `TRACKIO_DIR=FOLDER trackio show` opens it.

    FOLDER/<series>.db    SQLite; tables metrics, configs and system_metrics, as Trackio makes them
"""

from __future__ import annotations

import json
import math
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

from tegashiki.journal.format import layout, metrics
from tegashiki.journal.transfer.exports.facts import Facts

_TABLES = """
CREATE TABLE metrics (id INTEGER PRIMARY KEY AUTOINCREMENT, run_id TEXT NOT NULL,
    timestamp TEXT NOT NULL, run_name TEXT NOT NULL, step INTEGER NOT NULL, metrics TEXT NOT NULL,
    log_id TEXT, space_id TEXT);
CREATE TABLE configs (id INTEGER PRIMARY KEY AUTOINCREMENT, run_id TEXT NOT NULL,
    run_name TEXT NOT NULL, config TEXT NOT NULL, created_at TEXT NOT NULL, UNIQUE(run_id));
CREATE TABLE system_metrics (id INTEGER PRIMARY KEY AUTOINCREMENT, run_id TEXT NOT NULL,
    timestamp TEXT NOT NULL, run_name TEXT NOT NULL, metrics TEXT NOT NULL, log_id TEXT,
    space_id TEXT);
"""


def write(known: Facts, home: Path) -> None:
    """The database of the series with this one run; results are the last step's metrics."""
    run, start = known.run, known.when("started")
    reach = max(known.when("ended") - start, 1)
    name = f"{run.step} {run.id}"
    rows = [{n: v for n, v in row.items() if isinstance(v, float) and math.isfinite(v)}
            for row in known.rows]  # fmt: skip
    rows.append(known.numbers)
    system = run.folder / layout.SYSTEM
    samples = metrics.read(system) if system.is_file() else []
    base = sqlite3.connect(home / f"{run.series}.db")
    try:
        base.executescript(_TABLES)
        base.execute(
            "INSERT INTO configs (run_id, run_name, config, created_at) VALUES (?, ?, ?, ?)",
            (run.id, name, json.dumps(known.parameters), _iso(start)),
        )
        base.executemany(
            "INSERT INTO metrics (run_id, timestamp, run_name, step, metrics) VALUES (?,?,?,?,?)",
            [(run.id, _iso(start + reach * number / len(rows)), name, number, json.dumps(row))
             for number, row in enumerate(rows)],
        )  # fmt: skip
        base.executemany(
            "INSERT INTO system_metrics (run_id, timestamp, run_name, metrics) VALUES (?,?,?,?)",
            [(run.id, _iso(start + 1000 * row.pop("seconds", 0.0)), name, json.dumps(row))
             for row in samples],
        )  # fmt: skip
        base.commit()
    finally:
        base.close()


def _iso(milliseconds: float) -> str:
    return datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat()
