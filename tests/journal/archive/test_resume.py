"""Going on: a killed training ends where it would have ended; a failed series does the rest;
what is up to date is passed over; two schedules never collide."""

import textwrap

import numpy as np
import pytest

from tegashiki.cli import main
from tegashiki.errors import TegashikiError
from tegashiki.journal.archive import reader, resume
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

pytestmark = [pytest.mark.process, pytest.mark.timeout(600)]
TRAIN = textwrap.dedent("""
    import keras, numpy as np
    from pathlib import Path
    from tegashiki.tex.tokenizer import PlainTokenizer
    from tegashiki.train import TrainConfig, batches, loop
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
        return loop.evaluate(learner, batches.epoch(formulas(8), bag(), tokenizer, 4))

    checkpoints = run.artifact("checkpoints/last.npz").parent
    history = loop.fit(learner, source, validate, checkpoints, 5, run.metrics,
                      monitor="val_accuracy")
    loop.save_weights(run.artifact("weights.npz"), learner.network)
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
