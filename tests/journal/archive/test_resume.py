"""Going on: a killed training ends where it would have ended; a failed series does the rest;
what is up to date is passed over; two schedules never collide."""

import json
import textwrap
import time

import numpy as np
import pytest

from tegashiki.cli import main
from tegashiki.errors import TegashikiError
from tegashiki.journal.archive import reader, resume
from tegashiki.journal.execute import plan, schedule
from tegashiki.journal.format import layout, metrics, paths
from tegashiki.journal.format.metrics import Metrics
from tegashiki.storage import files
from tests.journal.notebooks import (
    FINISH,
    PARAMETERS,
    archived,
    begin,
    kernels,
    kill,
    only,
    start,
    tegashiki,
    wait_for,
    write,
)

pytestmark = pytest.mark.process

TRAIN = textwrap.dedent("""
    import keras, numpy as np
    from pathlib import Path
    from tegashiki.tex.tokenizer import PlainTokenizer
    from tegashiki.train import TrainConfig, batches, fit
    from tegashiki.train.learner import Learner
    from tests.toys import bag, formulas

    tokenizer = PlainTokenizer()
    keras.utils.set_random_seed(run.seed("weights"))
    learner = Learner(bag()(len(tokenizer), 16), TrainConfig(epochs=4, batch_size=4,
                      learning_rate=rate, warmup=3, average=0.9), jit=False)

    def source(epoch):
        if epoch == 2 and stop.exists():
            print("waiting", flush=True)
            import time; time.sleep(120)
        rng = np.random.default_rng([run.seed("order"), epoch])
        return batches.epoch(formulas(), bag(), tokenizer, 4, rng)

    def validate():
        return fit.evaluate(learner, batches.epoch(formulas(8), bag(), tokenizer, 4))

    checkpoints = run.artifact("checkpoints/last.npz").parent
    history = fit.fit(learner, source, validate, checkpoints, 5, run.metrics,
                      monitor="val_accuracy")
    fit.save_weights(run.artifact("weights.npz"), learner.network)
    run.result(loss=history[-1]["loss"])
""")


@pytest.fixture
def runs(tmp_path, monkeypatch):
    monkeypatch.setenv(paths.RUNS, str(tmp_path / "runs"))
    monkeypatch.setenv("TF_NUM_INTRAOP_THREADS", "1")
    return tmp_path / "runs"


@pytest.mark.slow
def test_n_epochs_and_n_resumed_are_2n_bit_for_bit(tmp_path, runs):
    """The kernel is killed in the third of four epochs; another process goes on."""
    stop = tmp_path / "stop"
    cells = [PARAMETERS, begin(), f"from pathlib import Path\nstop = Path({str(stop)!r})" + TRAIN,
             FINISH]  # fmt: skip
    path = write(tmp_path / "tiny", "step", cells)
    given = ["-p", "rate=0.01"]
    stop.touch()
    process = start("run", path, *given, runs=runs)

    def hangs():
        logs = list(runs.glob("*/*/log.txt"))
        return logs and "waiting" in logs[0].read_text()

    try:
        wait_for(hangs, 200)  # TensorFlow loads in 5 s, on a busy machine in a hundred
        killed = only(runs)
        kernel = kernels(killed.folder)
    finally:
        kill(process.pid)
        process.communicate(timeout=20)
    wait_for(lambda: not kernels(killed.folder) and kernel, 10)
    stop.unlink()
    killed = only(runs)
    assert killed.status == "died"
    assert len(metrics.read(killed.folder / "metrics.csv")) == 2
    done = tegashiki("resume", killed.id, "--notebook", path, runs=runs, timeout=400)
    assert done.returncode == 0, done.stderr
    whole = tegashiki("run", path, *given, runs=runs, timeout=400)
    assert whole.returncode == 0, whole.stderr
    _, resumed, whole = reader.runs(runs)
    assert resumed.record["predecessor"] == {"id": killed.id, "why": "resume"}
    assert resumed.parameters == whole.parameters == killed.parameters
    rows = [metrics.read(run.folder / "metrics.csv") for run in (resumed, whole)]
    for one, other in zip(*rows, strict=True):
        assert {**one, "seconds": 0} == {**other, "seconds": 0}
    weights = [np.load(run.artifact("weights.npz")) for run in (resumed, whole)]
    assert all(np.array_equal(weights[0][name], weights[1][name]) for name in weights[1].files)
    for arrays in weights:
        arrays.close()


def stopped(runs, tmp_path, status="failed", **more):
    """A run that left a checkpoint and two whole rows, as archived."""
    path = write(tmp_path / "tiny", "step", [PARAMETERS, begin(), FINISH])
    parameters = {"epochs": 2, "rate": 0.5, "seed": 7}
    run = archived(runs, "tiny", "step", parameters)
    notebook = {"path": "step.ipynb", "sha256": files.sha256(path)}
    record = files.read_json(run.folder / layout.RUN) | {"notebook": notebook} | more
    files.write_json(run.folder / layout.RUN, record)
    (run.folder / resume.CHECKPOINTS).mkdir(parents=True)
    (run.folder / resume.CHECKPOINTS / "last.npz").write_bytes(b"state")
    (run.folder / resume.CHECKPOINTS / ".last.npz.x.part").write_bytes(b"half")
    (run.folder / layout.METRICS).write_text("epoch,loss\n1,3.0\n2,2.0\n3,1.")
    from tegashiki.journal.format import manifest

    state = files.read_json(run.folder / layout.STATUS)
    state |= {"status": status, "manifest_sha256": manifest.write(run.folder)}
    files.write_json(run.folder / layout.STATUS, state)
    return reader.ArchivedRun(run.folder), path


def test_what_a_successor_inherits(runs, tmp_path):
    run, path = stopped(runs, tmp_path)
    todo = resume.plan(run, path)
    assert todo.resumes is run and [step.source.step for step in todo.steps] == ["step"]
    assert todo.steps[0].parameters == run.parameters
    resume.inherit(run, tmp_path / "new")
    found = sorted(p.name for p in (tmp_path / "new").rglob("*") if p.is_file())
    assert found == ["last.npz", "metrics.csv"]
    table = Metrics(tmp_path / "new" / "metrics.csv")
    table.add({"epoch": 3, "loss": 1.5})
    assert [row["loss"] for row in metrics.read(table.path)] == [3.0, 2.0, 1.5]
    (run.folder / resume.CHECKPOINTS / "last.npz").write_bytes(b"other")
    with pytest.raises(TegashikiError, match="changed since run"):
        resume.inherit(run, tmp_path / "third")


def test_what_is_not_resumed(runs, tmp_path, capsys):
    run, path = stopped(runs, tmp_path)
    path.write_text(path.read_text() + " ")
    with pytest.raises(TegashikiError, match=r"changed since run .*put it back"):
        resume.plan(run, path)
    with pytest.raises(TegashikiError, match="not here"):
        resume.plan(run)
    good = archived(runs, "tiny", "step", {})
    assert main(["resume", good.id]) == 1
    assert "is 'ok'; only one that stopped early" in capsys.readouterr().err
    failed = archived(runs, "tiny", "step", {}, status="failed")
    with pytest.raises(TegashikiError, match="name it with --notebook"):
        resume.plan(failed)


FIRST = [("parameters", "count = 3"), begin("first", "chain", "count=count"),
         "run.result(count=count)", FINISH]  # fmt: skip
SECOND = [
    ("parameters", "first = 'latest'\nscale = 2"),
    begin("second", "chain", "first=first, scale=scale"),
    "source = run.upstream('first', first)\nfrom pathlib import Path\n"
    "assert (Path('MARK')).exists(), 'not yet'\nrun.result(total=scale * source.results['count'])",
    FINISH,
]
THIRD = [("parameters", "second = 'latest'\nshift = 1"),
         begin("third", "chain", "second=second, shift=shift"),
         "run.result(end=run.upstream('second', second).results['total'] + shift)",
         FINISH]  # fmt: skip


@pytest.mark.slow
def test_failed_series_goes_on_and_what_is_up_to_date_is_passed_over(tmp_path, runs):
    """One story, since each step is a kernel: fails, is resumed, repeated, changed in part."""
    home, mark = tmp_path / "chain", tmp_path / "mark"
    write(home, "2026-01-01_01_first", FIRST)
    write(home, "2026-01-01_02_second", [c if isinstance(c, tuple) else c.replace("MARK", str(mark))
                                         for c in SECOND])  # fmt: skip
    write(home, "2026-01-01_03_third", THIRD)
    names = ["2026-01-01_01_first", "2026-01-01_02_second", "2026-01-01_03_third"]
    (home / "series.toml").write_text(f"steps = {json.dumps(names)}")
    done = tegashiki("run", home, "-p", "scale=5", "-p", "shift=7", "--summary", runs=runs)
    first, failed = reader.runs(runs)
    assert done.returncode == 1 and done.stderr == ""
    assert done.stdout == (
        f"chain quick: FAILED at second ({failed.id}): code cell 4: AssertionError: not yet\n"
    )
    assert failed.record["series_given"] == {"scale": "5", "shift": "7"}
    mark.touch()
    done = tegashiki("resume", failed.id, runs=runs, cwd=home)
    assert done.returncode == 0, done.stderr
    *_, second, third = reader.runs(runs)
    assert len(reader.runs(runs)) == 4 and third.results == {"end": 22}
    assert second.record["predecessor"] == {"id": failed.id, "why": "resume"}
    assert second.record["upstream"][0]["id"] == first.id
    assert third.parameters == {"second": second.id, "shift": 7}

    given = ["-p", "scale=5", "-p", "shift=7", "--if-changed"]
    done = tegashiki("run", home, *given, "--summary", "--exclusive", runs=runs)
    assert done.stdout == "chain quick: ok, nothing changed, 0 of 3 steps run\n"
    done = tegashiki("run", home, "-p", "scale=5", "-p", "shift=8", "--if-changed", runs=runs)
    assert done.returncode == 0 and len(reader.runs(runs)) == 5
    for line in (f"[1/3] first up to date: run {first.id}",
                 f"[2/3] second up to date: run {second.id}",
                 "[3/3] third runs: parameter shift: 7 then, 8 now"):  # fmt: skip
        assert line in done.stderr, done.stderr


def fact(run, **changes):
    path = run.folder / layout.RUN
    files.write_json(path, files.read_json(path) | changes)
    from tegashiki.journal.format import manifest

    state = files.read_json(run.folder / layout.STATUS)
    files.write_json(run.folder / layout.STATUS,
                     state | {"manifest_sha256": manifest.write(run.folder)})  # fmt: skip


def test_every_reason_to_run_again(runs, tmp_path, monkeypatch):
    from tegashiki.journal.archive import up_to_date

    home = tmp_path / "home"
    path = write(home / "notebooks" / "tiny", "step", [PARAMETERS, begin(), FINISH])
    (home / "pyproject.toml").touch()
    (home / "lib.py").write_text("x = 1")
    (home / "set").write_text("ink")
    monkeypatch.chdir(home)
    (step,) = plan.make(str(path), {}, "quick").steps

    def why():
        return up_to_date.find(runs, "tiny", "quick", step, {})[1]

    assert why() == "no ok run of it in profile quick yet"
    run = archived(runs, "tiny", "step", {"epochs": 2, "rate": 0.5, "seed": 7})
    assert why() == "the notebook changed"
    modules = {"lib": files.sha256(home / "lib.py"), "tegashiki.errors": files.sha256(
        paths.Path(up_to_date.tegashiki.__file__).parent / "errors.py")}  # fmt: skip
    data = {"name": "ink", "place": "set", "bytes": 3, "sha256": files.sha256(home / "set")}
    notebook = {"path": "x", "sha256": files.sha256(path)}
    fact(run, notebook=notebook, data=[data])
    assert why() == "its run does not say which code it imported"
    fact(run, modules=modules)
    assert why() == f"up to date: run {run.id}"
    (home / "other.py").write_text("never imported")
    assert why() == f"up to date: run {run.id}"
    (home / "lib.py").write_text("x = 2")
    assert why() == "code: module lib changed"
    (home / "set").write_text("INK")
    assert why() == "data ink changed"
    (home / "set").unlink()
    assert why() == "data ink is not where it was"
    fact(run, parameters={"epochs": 3, "rate": 0.5, "seed": 7})
    assert why() == "parameter epochs: 3 then, 2 now"


def test_two_schedules_never_collide(runs, tmp_path):
    with schedule.exclusive(runs, "tiny"):
        path = write(tmp_path / "tiny", "step", [PARAMETERS, begin(), FINISH])
        began = time.monotonic()
        done = tegashiki("run", path, "--exclusive", "--summary", runs=runs)
        assert done.returncode == schedule.BUSY and time.monotonic() - began < 20
        assert "runs it already; nothing was done" in done.stdout
        with schedule.exclusive(runs, "another"):
            pass
    with schedule.exclusive(runs, "tiny"):
        pass


def test_recipes(checkout, monkeypatch, capsys, tmp_path):
    monkeypatch.chdir(checkout)
    assert main(["cron", "ink2tex", "--at", "02:30"]) == 0
    said = capsys.readouterr().out
    line = next(text for text in said.splitlines() if text.startswith("30 2 * * * cd "))
    assert "tegashiki run ink2tex --profile quick --if-changed --exclusive" in line
    assert "OnCalendar=*-*-* 02:30:00" in said and f"WorkingDirectory={checkout}" in said
    odd = schedule.recipe(tmp_path / "it's 5% new", "ink2tex", "quick")
    assert "it'\"'\"'s 5\\% new' &&" in odd and "5%%" in odd
    monkeypatch.setenv("TEGASHIKI_DATA", "/data/my sets/5%")
    kept = schedule.recipe(tmp_path, "ink2tex", "quick")
    assert "&& TEGASHIKI_DATA='/data/my sets/5\\%' TEGASHIKI_RUNS=" in kept
    assert 'Environment="TEGASHIKI_DATA=/data/my sets/5%%"' in kept
    assert main(["cron", "--at", "25:00"]) == 1
    assert main(["cron", "--profile", "fulll"]) == 1


def test_workflow_runs_what_exists(checkout):
    yaml = pytest.importorskip("yaml")
    steps = yaml.safe_load((checkout / ".github" / "workflows" / "journal.yml").read_text())
    text = json.dumps(steps["jobs"])
    assert "make journal" in text and "tegashiki bundle --to" in text
    assert "schedule" in json.dumps(steps, default=str)
