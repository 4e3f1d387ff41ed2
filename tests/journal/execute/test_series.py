"""A series through the real command line: order, hand-over, profiles, resuming, gates, retries."""

import json
import shutil
import sys

import pytest

from tegashiki import journal
from tegashiki.errors import TegashikiError
from tegashiki.journal.archive import reader
from tegashiki.journal.execute import plan
from tegashiki.journal.format import folder
from tests.journal.notebooks import FINISH, archived, begin, only, tegashiki, write

pytestmark = [pytest.mark.process, pytest.mark.timeout(300)]

FIRST = [
    ("parameters", "count = 3\nseed = 1"),
    begin("first", "chain", "count=count, seed=seed"),
    "run.artifact('numbers.txt', keep=True).write_text(str(list(range(count))))\n"
    "run.pass_gate('ready', code='c1', data='d1')\n"
    f"import sys\nrun.result(count=count, own={sys.executable!r} == sys.executable)",
    FINISH,
]
SECOND = [
    ("parameters", "first = 'latest'\nscale = 2\nseed = 1"),
    begin("second", "chain", "first=first, scale=scale, seed=seed"),
    "source = run.upstream('first', first)\n"
    "run.require_gate('ready', code='c1', data='d1')\n"
    "import json\n"
    "total = scale * sum(json.loads(source.artifact('numbers.txt').read_text()))\n"
    "run.result(total=total)",
    "assert total < 100, f'total is {total}'",
    FINISH,
]
TOML = """
title = "Two steps"
steps = ["2026-01-01_01_first", "2026-01-01_02_second"]

[profiles.full.first]
count = 5
"""


@pytest.fixture
def chain(tmp_path):
    folder = tmp_path / "chain"
    write(folder, "2026-01-01_01_first", FIRST)
    write(folder, "2026-01-01_02_second", SECOND)
    (folder / "series.toml").write_text(TOML)
    return folder


@pytest.fixture
def runs(tmp_path):
    return tmp_path / "runs"


def test_series_from_end_to_end(chain, runs):
    done = tegashiki("run", chain, "--profile", "full", "-p", "scale=3", runs=runs)
    assert done.returncode == 0, done.stderr
    first, second = reader.runs(runs)
    # The report: status, key numbers and where to read, for each step; and what was exported.
    assert all(word in done.stdout for word in ("count 5", "total 30", "numbers.txt", "second"))
    assert second.parameters == {"first": first.id, "scale": 3, "seed": 1}
    assert second.record["given"] == {"first": first.id, "scale": 3}
    assert second.record["upstream"][0]["id"] == first.id
    assert second.record["gates"]["required"][0]["run"] == first.id
    assert first.record["series_run"] == second.record["series_run"]
    assert first.record["profile"] == "full"
    assert first.results["own"] is True  # the kernel is this very interpreter

    # From the second step, on the first step's earlier run, only where that fits.
    again = tegashiki("run", chain, "--profile", "full", "--from", "second", "--json", runs=runs)
    assert again.returncode == 0, again.stderr
    assert json.loads(again.stdout)[0]["parameters"]["first"] == first.id
    for options in (["-p", "count=4", "--profile", "full"], []):
        refused = tegashiki("run", chain, "--from", "second", *options, runs=runs)
        assert refused.returncode == 1
        assert "no intact ok run of step first with these parameters" in refused.stderr
    assert len(reader.runs(runs)) == 3


def test_reused_runs_were_made_from_each_other(chain, runs, monkeypatch):
    write(chain, "2026-01-01_03_third", [("parameters", "first = 'latest'\nsecond = 'latest'")])
    steps = TOML.replace('02_second"', '02_second", "2026-01-01_03_third"')
    (chain / "series.toml").write_text(steps)
    monkeypatch.setenv("TEGASHIKI_RUNS", str(runs))
    first = {"count": 3, "seed": 1}
    second = {"first": "latest", "scale": 2, "seed": 1}
    old = archived(runs, "chain", "first", first)
    made = archived(runs, "chain", "second", second, upstream=[old])
    archived(runs, "chain", "first", first)  # newer, but the second step knows nothing of it
    archived(runs, "chain", "second", second, upstream=[old], profile="full")
    archived(runs, "chain", "second", second, upstream=[old], status="failed")
    reused = plan.make(str(chain), {}, "quick", "third").reused
    assert {step: run.id for step, run in reused.items()} == {"first": old.id, "second": made.id}
    with pytest.raises(TegashikiError, match="no intact ok run of step second"):
        plan.make(str(chain), {"scale": "3"}, "quick", "third")


def test_latest_keeps_to_the_profile(runs, monkeypatch, tmp_path):
    monkeypatch.setenv("TEGASHIKI_RUNS", str(runs))
    monkeypatch.chdir(tmp_path)
    quick = archived(runs, "chain", "first", {})
    full = archived(runs, "chain", "first", {}, profile="full")
    assert journal.begin("chain", "second").upstream("first").id == full.id
    record = folder.record("chain", "second", "tegashiki", {}) | {"profile": "quick"}
    path, _ = folder.create(runs, record, "launcher", None, b"")
    monkeypatch.setenv("TEGASHIKI_RUN", str(path))
    run = journal.begin("chain", "second")
    assert run.upstream("first").id == quick.id
    shutil.rmtree(quick.folder)
    with pytest.raises(TegashikiError, match=f"in profile quick; {full.id} is of profile full"):
        run.upstream("first")


def test_series_stops_at_the_first_failure(chain, runs):
    write(chain, "2026-01-01_01_first", [*FIRST[:2], "1 / 0", FINISH])
    done = tegashiki("run", chain, runs=runs)
    assert done.returncode == 1
    run = only(runs)
    assert f"first: {run.outcome['reason']} (1 steps not run)" in done.stdout
    assert run.name in done.stderr


def test_gate_refuses(chain, runs):
    requires = "run.require_gate('ready', code='c1', data='d1')"
    second = write(chain, "2026-01-01_02_second", [*SECOND[:2], requires, FINISH])
    assert tegashiki("run", second, "--retries", "3", runs=runs).returncode == 1
    reason = only(runs).outcome["reason"]  # one run only: a gate is never tried again
    assert "GateError: gate 'ready' of chain: no run ever passed it" in reason


def test_failed_assertion_is_not_retried(chain, runs):
    done = tegashiki("run", chain, "-p", "scale=50", "--retries", "3", runs=runs)
    assert done.returncode == 1 and "AssertionError: total is 150" in done.stdout
    assert len(reader.runs(runs)) == 2


def test_what_may_pass_is_retried(tmp_path, runs):
    mark = tmp_path / "mark"
    cell = f"from pathlib import Path\nmark = Path({str(mark)!r})\n"
    cell += "if not mark.exists():\n    mark.touch()\n    raise ConnectionError('no line')"
    path = write(tmp_path / "tiny", "step", [("parameters", "seed = 1"), cell])
    done = tegashiki("run", path, "--retries", "1", "--json", runs=runs)
    assert done.returncode == 0, done.stderr
    assert "ConnectionError: no line; again in 2 s" in done.stderr
    failed, good = reader.runs(runs)
    assert (failed.status, good.status) == ("failed", "ok")
    assert good.record["predecessor"] == {"id": failed.id, "why": "retry"}


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--profile", "fulll"], ["no profile 'fulll'", "quick, full"]),
        (["--from", "third"], ["no step 'third'", "first, second"]),
        (["-p", "scael=3"], ["no parameter 'scael'", "scale"]),
        (["-p", "count=3", "-p", "count=4"], ["given twice"]),
    ],
)
def test_refused_before_anything_starts(chain, runs, options, words):
    done = tegashiki("run", chain, *options, runs=runs)
    assert done.returncode == 1
    assert all(word in done.stderr for word in words)
    assert not runs.exists()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("steps = []", "list of notebook names"),
        ("steps = ['nowhere']", "nowhere.ipynb: no such notebook"),
        ("steps = ['2026-01-01_01_first']\nstep = 1", "unknown key 'step'"),
        ("steps = ['2026-01-01_01_first']\n[profiles.full.frist]\na = 1", "profiles.full.frist"),
        ("steps = [", "series.toml"),
    ],
)
def test_broken_series(chain, runs, text, words):
    (chain / "series.toml").write_text(text)
    done = tegashiki("run", chain, runs=runs)
    assert done.returncode == 1 and words in done.stderr and "Traceback" not in done.stderr


def test_unknown_target(runs):
    done = tegashiki("run", "no-such-series", runs=runs)
    assert done.returncode == 1 and "neither a notebook nor a series" in done.stderr
