"""The run as a notebook sees it, in a plain process: what it notes, reads and refuses."""

import csv
import math
import shutil

import numpy as np
import pytest

from tegashiki import journal
from tegashiki.errors import TegashikiError
from tegashiki.journal.archive import reader
from tegashiki.journal.format import folder, metrics, paths
from tegashiki.storage import files


@pytest.fixture(autouse=True)
def runs(tmp_path, monkeypatch):
    monkeypatch.setenv(paths.RUNS, str(tmp_path / "runs"))
    monkeypatch.delenv(paths.JOIN, raising=False)
    monkeypatch.chdir(tmp_path)  # no checkout
    return tmp_path / "runs"


@pytest.fixture
def run():
    return journal.begin("tiny", "step", seed=7)


def finished(step="step", series="tiny", artifacts=(), **values):
    run = journal.begin(series, step, **values)
    for name in artifacts:
        run.artifact(name).write_text(name)
    run.finish()
    return run


def join(runs, monkeypatch, **parameters):
    """A folder as the launcher makes it, for `begin` to join."""
    record = folder.record("tiny", "step", "tegashiki", parameters)
    record |= {"device": {}, "profile": "quick"}
    path, _ = folder.create(runs, record, "launcher", None, b"")
    monkeypatch.setenv(paths.JOIN, str(path))
    return path


def test_metrics_in_full_resolution(run):
    loss = 2.0 / 3.0
    run.metrics(epoch=1, loss=loss)
    run.metrics(epoch=2, loss=np.float32(0.1), rate=1e-3)  # a column that comes up later
    run.metrics(epoch=3, loss=math.nan)
    rows = metrics.read(run.folder / "metrics.csv")
    assert rows[0] == {"epoch": 1, "loss": loss}
    assert rows[1] == {"epoch": 2, "loss": float(np.float32(0.1)), "rate": 1e-3}
    assert math.isnan(rows[2]["loss"])
    with (run.folder / "metrics.csv").open() as file:
        assert next(csv.reader(file)) == ["epoch", "loss", "rate"]
    with pytest.raises(TypeError, match="metric loss"):
        run.metrics(loss=[1, 2])


def test_results_are_merged_and_plain(run):
    run.result(exact=np.float64(0.25), n=np.int64(8))
    run.result(loss=math.inf, table={"a": np.array([1, 2])})
    expected = {"exact": 0.25, "n": 8, "loss": None, "table": {"a": [1, 2]}}
    assert files.read_json(run.folder / "results.json") == expected


def test_seeds_derive_from_the_root_seed(run):
    weights = run.seed("weights")
    assert weights == run.seed("weights") != run.seed("order")
    assert 0 <= weights < 2**31
    assert journal.begin("tiny", "step", seed=8).seed("weights") != weights


def test_data_is_hashed(run, tmp_path):
    (tmp_path / "set").mkdir()
    (tmp_path / "set" / "a.inkml").write_text("<ink/>")
    run.data(tmp_path / "set" / "a.inkml", "one")
    assert run.data(tmp_path / "set", "all") == tmp_path / "set"
    one, every = files.read_json(run.folder / "run.json")["data"]
    assert (one["name"], one["bytes"]) == ("one", 6) and len(every["sha256"]) == 64
    assert one["sha256"] == files.sha256(tmp_path / "set" / "a.inkml")
    (tmp_path / "set" / "b.inkml").touch()
    assert files.sha256(tmp_path / "set") != every["sha256"]
    with pytest.raises(TegashikiError, match="no such data"):
        run.data(tmp_path / "nothing")


def test_data_has_a_portable_place(tmp_path, monkeypatch):
    monkeypatch.setenv(paths.DATA, str(tmp_path))
    assert paths.portable(tmp_path / "math" / "x.zip") == "$TEGASHIKI_DATA/math/x.zip"
    assert paths.portable(tmp_path.parent / "x.zip") == "x.zip"


def test_upstream_latest_and_by_id():
    old = finished("first", artifacts=["a.txt"])
    new = finished("first", artifacts=["a.txt"])
    run = journal.begin("tiny", "second", first="latest")
    assert run.upstream("first", "latest").id == new.id
    assert run.upstream("first", old.id).artifact("a.txt").read_text() == "a.txt"
    noted = files.read_json(run.folder / "run.json")["upstream"]
    assert [(item["id"], item["asked"]) for item in noted] == [(new.id, "latest"), (old.id, old.id)]


def test_data_of_all_runs_before_is_told(tmp_path):
    (tmp_path / "ink.txt").write_text("ink")
    first = journal.begin("tiny", "first")
    first.data(tmp_path / "ink.txt")
    first.finish()
    second = journal.begin("tiny", "second")
    second.upstream("first")
    second.finish()
    run = journal.begin("tiny", "third")
    run.upstream("second")
    assert [item["name"] for item in run.data_behind()] == ["ink.txt"]
    shutil.rmtree(first.folder)
    with pytest.raises(TegashikiError, match=f"run {first.id}, from which this one came, is not"):
        run.data_behind()


def test_upstream_refuses_what_cannot_be_trusted(runs):
    run = journal.begin("tiny", "second", first="latest")
    with pytest.raises(TegashikiError, match="no ok run of tiny first"):
        run.upstream("first")
    good = finished("first", artifacts=["a.txt"])
    with pytest.raises(TegashikiError, match=r"no such artifact; it has a\.txt"):
        run.upstream("first").artifact("b.txt")
    with pytest.raises(TegashikiError, match="of tiny first, not of tiny second"):
        run.upstream("second", good.id)
    with pytest.raises(TegashikiError, match="no such run"):
        run.upstream("first", "ffffffff")
    path = good.folder / "artifacts" / "a.txt"
    path.write_text("b.txt")
    with pytest.raises(TegashikiError, match=r"a\.txt: changed since the run"):
        run.upstream("first")


def test_big_artifact_stays_out_of_git_and_may_be_missing():
    run = journal.begin("tiny", "step")
    run.artifact("small").write_bytes(b"x")
    run.artifact("data #1.bin").write_bytes(b"x" * 1_500_000)
    run.artifact("model.tflite", keep=True).write_bytes(b"x" * 1_500_000)
    run.artifact("saved/weights", keep=False).write_bytes(b"x" * 1_500_000)
    run.artifact("ours.npz", private=True).write_bytes(b"x")
    run.finish()
    rules = (run.folder / ".gitignore").read_text().splitlines()[1:]
    assert rules == [
        r"/artifacts/data\ \#1.bin",
        "/artifacts/ours.npz",
        "/artifacts/saved/weights",
    ]
    found = reader.ArchivedRun(run.folder)
    assert found.broken() == []
    (run.folder / "artifacts" / "data #1.bin").unlink()
    assert found.broken() == []  # as in a fresh clone
    with pytest.raises(TegashikiError, match="too big for git, or pruned"):
        found.artifact("data #1.bin")
    (run.folder / "artifacts" / "small").unlink()
    assert found.broken() == ["artifacts/small: missing"]


def test_artifact_stays_in_the_folder(run):
    with pytest.raises(TegashikiError, match="outside"):
        run.artifact("../../run.json")


def test_gate_is_for_the_same_code_and_data():
    run = journal.begin("tiny", "overfit")
    run.pass_gate("overfit", code="c1", data="d1")
    train = journal.begin("tiny", "train")  # and the first one, not finished, is interrupted
    with pytest.raises(journal.GateError, match=r"reached it, but is 'interrupted'"):
        train.require_gate("overfit", code="c1", data="d1")
    run = journal.begin("tiny", "overfit")
    run.pass_gate("overfit", code="c1", data="d1")
    run.finish()
    train = journal.begin("tiny", "train")
    with pytest.raises(journal.GateError, match="for other code"):
        train.require_gate("overfit", code="c2", data="d1")
    assert train.require_gate("overfit", code="c1", data="d1").id == run.id


def test_finish_closes(run):
    run.finish()
    for call in (run.finish, lambda: run.metrics(a=1), lambda: run.result(a=1)):
        with pytest.raises(TegashikiError, match="is finished"):
            call()
    found = reader.ArchivedRun(run.folder)
    assert found.status == "ok" and found.broken() == []
    assert "tegashiki.journal.session.run" in found.record["modules"]


def test_figure_is_the_same_bytes_each_time(run):
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots()
    axes.plot([1, 2])
    curve = run.folder / "pictures" / "curve.svg"
    run.figure(figure, "curve")
    first = curve.read_bytes()
    run.figure(figure, "curve")
    assert curve.read_bytes() == first
    axes.scatter(np.arange(20_000), np.arange(20_000))
    run.figure(figure, "dots")
    assert {path.name for path in curve.parent.iterdir()} == {"curve.svg", "dots.png"}
    plt.close(figure)


def test_progress_reaches_the_launcher(runs, monkeypatch):
    path = join(runs, monkeypatch, seed=1)
    journal.begin("tiny", "step", seed=1).progress(3, 9, "epoch")
    expected = {"done": 3, "total": 9, "text": "epoch"}
    assert files.read_json(path / ".progress.json") == expected
