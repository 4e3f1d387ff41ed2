"""A run seen while it goes on, and told of when it fails: system.csv, watch, on_failure, tags."""

import json
import subprocess
import sys

import pytest

from tegashiki.errors import TegashikiError
from tegashiki.journal.archive import reader
from tegashiki.journal.execute import series
from tegashiki.journal.format import layout, manifest, metrics, notes
from tegashiki.journal.report import watching
from tests.journal.notebooks import BEGIN, PARAMETERS, archived, command, environment, write
from tests.journal.notebooks import tegashiki as told

BUSY = (
    "import time\nuntil = time.monotonic() + 3.6\nepoch = 0\n"
    "while time.monotonic() < until:\n    sum(range(100_000))\n"
    "    if time.monotonic() > until - 3 + epoch:\n"
    "        epoch += 1\n        run.metrics(epoch=epoch, loss=1 / epoch)"
)


@pytest.mark.process
def test_a_failing_run_is_watched_and_told_of(tmp_path):
    home, runs = tmp_path / "tiny", tmp_path / "runs"
    write(home, "2026-01-01_01_step", [PARAMETERS, BEGIN, BUSY, "raise ValueError('no <use>')"])
    script = "import sys, pathlib; pathlib.Path(sys.argv[1]).write_text(' '.join(sys.argv[2:]))"
    (home / "series.toml").write_text(
        'title = "Tiny"\nsteps = ["2026-01-01_01_step"]\n'
        f"on_failure = {json.dumps([sys.executable, '-c', script, str(tmp_path / 'told'), '{step}', '{status}', '{reason}'])}\n"  # noqa: E501
    )
    going = subprocess.Popen(
        command("run", home, "-m", "is  it\nwatched?"), env=environment(runs), text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    try:
        page = tmp_path / "now.html"
        for _ in range(100):
            if reader.runs(runs) and (reader.runs(runs)[0].folder / layout.SYSTEM).is_file():
                break
            going.poll() is None and told("ls", runs=runs)
        shown = told("watch", "--page", page, "--once", runs=runs)
        assert shown.returncode == 0 and 'http-equiv="refresh"' in page.read_text()
        followed = told("watch", runs=runs, timeout=60)
        going.communicate(timeout=60)
    finally:
        going.kill()
    assert followed.returncode == 1 and "failed" in followed.stdout.splitlines()[-1]
    assert (tmp_path / "told").read_text().startswith("step failed code cell 4: ValueError: no <u")
    (run,) = reader.runs(runs)
    assert run.notes == {"why": "is it watched?", "tags": []} and run.broken() == []
    assert layout.SYSTEM in [entry["path"] for entry in manifest.read(run.folder)]
    rows = metrics.read(run.folder / layout.SYSTEM)
    # the last row may find the kernel gone already
    assert max(row["cpu_percent"] for row in rows) > 5
    assert max(row["memory_mb"] for row in rows) > 20
    assert {"cpu_percent", "memory_mb"} <= watching.samples(run).keys()
    drawn = watching.terminal(run, 80, 24)
    assert "memory_mb" in drawn and "loss" in drawn and len(drawn.splitlines()) <= 26
    page = watching.page(run)
    assert "refresh" not in page and page.count("<svg") >= 3 and "<use>" not in page


def test_tags_are_changed_without_touching_the_seal(tmp_path):
    run = archived(tmp_path, "tiny", "step", {})
    notes.change(run.folder, why="one line", add=["released", "wide"])
    assert told("tag", run.id, "--drop", "wide", runs=tmp_path).stdout.split() == [
        run.id, "released", "one", "line"]  # fmt: skip
    assert reader.runs(tmp_path)[0].broken() == []
    assert run.id in told("ls", "--tag", "released", runs=tmp_path).stdout
    assert run.id not in told("ls", "--tag", "wide", runs=tmp_path).stdout
    for wrong in (["two words"], ["--why", "x" * 400], ["--why", "token=ghp_" + "a1B2" * 9]):
        assert told("tag", run.id, *wrong, runs=tmp_path).returncode == 1
    assert notes.read(run.folder) == {"why": "one line", "tags": ["released"]}


def test_series_toml_that_makes_no_sense_is_refused(tmp_path):
    write(tmp_path, "2026-01-01_01_step", [PARAMETERS])
    head = 'steps = ["2026-01-01_01_step"]\n'
    for wrong in ('on_failure = ["{nosuch}"]', 'on_failure = "mail"', '[best]\nlabel = "a"',
                  '[best]\nlabel = "a"\nof = {x = 3}'):  # fmt: skip
        (tmp_path / "series.toml").write_text(head + wrong)
        with pytest.raises(TegashikiError, match=r"on_failure|best"):
            series.read(tmp_path)
