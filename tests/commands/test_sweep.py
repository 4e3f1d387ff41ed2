"""`tegashiki sweep`: a grid of archived runs on Dask, and the entry that compares them."""

import json
import os
import signal

import psutil
import pytest

from tegashiki.errors import TegashikiError
from tegashiki.journal.archive import reader
from tegashiki.journal.execute import grid, strategy
from tests.journal.notebooks import FINISH, PARAMETERS, begin, start, tegashiki, wait_for, write

pytest.importorskip("distributed")

pytestmark = pytest.mark.timeout(500)

SCORE = "run.result(loss=abs(rate - 0.3) + 0.01 * seed / epochs)"


@pytest.fixture
def scored(tmp_path):
    """A notebook whose loss is least at rate 0.3 and seed 0."""
    return write(tmp_path / "tiny", "2026-01-01_01_step", [PARAMETERS, begin(), SCORE, FINISH])


@pytest.mark.process
def test_a_grid_of_runs_and_its_entry(scored, tmp_path):
    runs = tmp_path / "runs"
    done = tegashiki("sweep", scored, "-p", "rate=0.1,0.3", "-p", "seed=0..1", "--metric", "loss",
                     "--json", runs=runs, timeout=300)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert len(told["runs"]) == 4
    archived = {run.id: run for run in reader.runs(runs)}
    assert {row["run"] for row in told["runs"]} | {told["entry"]} == set(archived)
    entry = archived[told["entry"]]
    assert entry.status == "ok" and entry.results["best_rate"] == "0.3"
    assert entry.results["best_seed"] == "0" and entry.results["runs"] == 4
    assert {item["id"] for item in entry.record["upstream"]} == {r["run"] for r in told["runs"]}
    assert (entry.folder / "pictures" / "parallel.svg").is_file()


@pytest.mark.process
def test_a_killed_worker_loses_no_finished_run_and_its_point_is_tried_again(tmp_path):
    wait = "import time\nif seed: time.sleep(6)"
    cells = [PARAMETERS, begin(), wait, SCORE, FINISH]
    slow = write(tmp_path / "tiny", "2026-01-01_01_step", cells)
    runs = tmp_path / "runs"
    sweep = start("sweep", slow, "-p", "seed=0,1", "--workers", "1", "--json", runs=runs)
    wait_for(lambda: any(run.status == "running" and run.parameters["seed"] == 1
                         for run in _runs(runs)), seconds=120)
    point = next(child for child in psutil.Process(sweep.pid).children(recursive=True)
                 if "tegashiki.journal.execute.point" in " ".join(child.cmdline()))
    point.parent().kill()
    told = json.loads(sweep.communicate(timeout=180)[0])
    assert sweep.returncode == 0
    assert sorted((row["given"]["seed"], row["status"]) for row in told["runs"]) == [
        ("0", "ok"), ("1", "ok")]
    states = sorted((run.parameters["seed"], run.status) for run in reader.runs(runs)
                    if run.step == "step")
    assert states == [(0, "ok"), (1, "interrupted"), (1, "ok")]


@pytest.mark.process
def test_ctrl_c_leaves_an_honest_archive(tmp_path):
    wait = "import time\ntime.sleep(60)"
    slow = write(tmp_path / "tiny", "2026-01-01_01_step", [PARAMETERS, begin(), wait, FINISH])
    runs = tmp_path / "runs"
    sweep = start("sweep", slow, "-p", "seed=0..3", "--workers", "1", runs=runs)
    wait_for(lambda: any(run.status == "running" and run.record["began"] for run in _runs(runs)),
             seconds=120)
    os.killpg(sweep.pid, signal.SIGINT)
    assert "0 runs were done and stay" in sweep.communicate(timeout=60)[1]
    assert sweep.returncode == 130
    wait_for(lambda: {run.status for run in _runs(runs)} == {"interrupted"})


def test_a_mistyped_parameter_is_refused_before_anything_starts(scored, tmp_path):
    runs = tmp_path / "runs"
    done = tegashiki("sweep", scored, "-p", "rat=0.1,0.3", runs=runs)
    assert done.returncode == 1 and "no parameter 'rat'" in done.stderr
    assert not runs.exists()


@pytest.mark.parametrize("text", ["", "1,,2", "1,1", "5..2", "0..99999"])
def test_values_that_make_no_sense(text):
    with pytest.raises(TegashikiError, match=r"lr="):
        grid.values(text, "lr")


def test_halving_runs_few_points_long():
    points = grid.points({"rate": "1,2,3,4,5,6,7,8,9"})
    halving = strategy.Halving(points, ("epochs", (1, 3, 9)), "loss")
    todo, ran = list(halving.first()), []
    while todo:
        mark, given = todo.pop(0)
        ran.append(given)
        todo += halving.after(mark, {"loss": float(given["rate"])}, "ok")
    longest = [given["rate"] for given in ran if given["epochs"] == "9"]
    assert "1" in longest and len(longest) < len(points) / 2
    assert len(ran) < halving.total



def _runs(root):
    """The runs so far; none before the archive is made."""
    return reader.runs(root) if root.exists() else []
