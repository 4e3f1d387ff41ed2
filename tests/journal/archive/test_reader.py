"""The archive as a reader meets it: status, manifest, index, ls, show; whole and damaged."""

import csv
import json
import shutil
import time

import pytest

from tegashiki import journal
from tegashiki.cli import main
from tegashiki.errors import TegashikiError
from tegashiki.journal.archive import index, reader
from tegashiki.journal.format import layout, metrics, status
from tegashiki.storage import files


@pytest.fixture(autouse=True)
def runs(tmp_path, monkeypatch):
    monkeypatch.setenv("TEGASHIKI_RUNS", str(tmp_path / "runs"))
    monkeypatch.chdir(tmp_path)  # no checkout
    return tmp_path / "runs"


def make(step="step", **results):
    run = journal.begin("tiny", step, seed=1)
    run.result(**results)
    run.finish()
    return reader.ArchivedRun(run.folder)


def change(path, **changes):
    files.write_json(path, files.read_json(path) | changes)


def test_index_is_rebuilt_from_the_folders(runs):
    first, second = make("one", loss=0.5), make("two")
    text = (runs / "index.csv").read_text()
    (runs / "index.csv").unlink()
    index.rebuild(runs)
    assert (runs / "index.csv").read_text() == text == index.text(runs)
    rows = list(csv.DictReader(text.splitlines()))
    assert [row["id"] for row in rows] == [first.id, second.id]
    assert rows[0]["results"] == '{"loss":0.5}' and rows[0]["parameters"] == '{"seed":1}'
    journal.begin("tiny", "three")  # goes on: not in the index yet
    assert index.text(runs) == text
    shutil.copytree(runs, runs.parent / "elsewhere")
    assert index.text(runs.parent / "elsewhere") == text


def test_every_column_and_file_is_documented(checkout):
    text = (checkout / "runs" / "README.md").read_text()
    for name in index.COLUMNS:
        assert f"`{name}`" in text, name
    names = [value for key, value in vars(layout).items() if key.isupper() and "." in str(value)]
    fields = journal_fields()
    for name in [*(n for n in names if isinstance(n, str)), *fields]:
        assert f"`{name}" in text, name


def journal_fields():
    run = make(loss=1.0)
    fields = {*run.record, *run.outcome, *files.read_json(run.folder / layout.MANIFEST)}
    return fields | {*run.record["code"], *run.record["environment"], *run.record["device"]}


@pytest.mark.parametrize("damage", ["change", "remove", "add", "manifest"])
def test_manifest_finds_damage(damage):
    run = make(loss=0.5)
    path = run.folder / "results.json"
    if damage == "change":
        path.write_text('{"loss": 0.1}')
    elif damage == "remove":
        path.unlink()
    elif damage == "add":
        (run.folder / "more.txt").touch()
    else:
        change(run.folder / layout.MANIFEST, files=[])
    assert run.broken()


def test_status_of_dead_and_foreign_runs():
    run = make()
    beat = {"status": "running", "ended": None}
    change(run.folder / layout.STATUS, **beat, heartbeat=files.now(), owner={"boot": "elsewhere"})
    assert status.read(run.folder)["status"] == "running"
    for when in ("2020-01-01T00:00:00.000Z", "2999-01-01T00:00:00.000Z", None):
        change(run.folder / layout.STATUS, **beat, heartbeat=when)
        assert status.read(run.folder)["status"] == "died"


def test_heartbeat_does_not_mind_a_clock_set_back(monkeypatch):
    run = journal.begin("tiny", "step")
    change(run.folder / layout.STATUS, heartbeat="2999-01-01T00:00:00.000Z")
    assert status.read(run.folder)["status"] == "running"  # by the time since boot
    monkeypatch.setattr(layout, "STALE_SECONDS", -1.0)
    assert "no heartbeat for" in status.read(run.folder)["reason"]


def test_number_of_a_process_used_again():
    run = journal.begin("tiny", "step")
    owner = files.read_json(run.folder / layout.STATUS)["owner"]
    change(run.folder / layout.STATUS, owner=owner | {"pid_started": 1})
    assert status.read(run.folder)["status"] == "died"


def test_running_heartbeat_goes_on():
    run = journal.begin("tiny", "step")
    before = files.read_json(run.folder / layout.STATUS)["heartbeat"]
    time.sleep(layout.HEARTBEAT_SECONDS + 0.7)
    assert files.read_json(run.folder / layout.STATUS)["heartbeat"] > before


def test_other_versions_are_refused():
    run = make()
    change(run.folder / layout.RUN, version=3)
    with pytest.raises(TegashikiError, match="version 3; this tegashiki reads 1 and 2"):
        _ = reader.ArchivedRun(run.folder).parameters
    change(run.folder / layout.STATUS, version=3)
    with pytest.raises(TegashikiError, match="version 3"):
        status.read(run.folder)


def test_find(runs, tmp_path):
    first, second = make("one"), make("two")
    assert reader.find(runs, "latest").id == second.id
    assert reader.find(runs, first.id[:7]).id == first.id
    assert reader.find(runs, first.name).id == first.id
    assert reader.find(runs, str(first.folder)).id == first.id
    with pytest.raises(TegashikiError, match="no such run"):
        reader.find(runs, "zz")
    with pytest.raises(TegashikiError, match="no such run"):
        reader.find(tmp_path / "none", "latest")


def test_ls(capsys):
    good, other = make("one", loss=0.123456), make("two")
    assert main(["ls"]) == 0
    text = capsys.readouterr().out
    assert good.id in text and "loss 0.1235" in text and other.id in text
    main(["ls", "--step", "one", "--status", "ok", "--series", "tiny", "--json"])
    listed = json.loads(capsys.readouterr().out)
    assert [run["id"] for run in listed] == [good.id] and listed[0]["results"]["loss"] == 0.123456
    main(["ls", "--status", "failed"])
    assert good.id not in capsys.readouterr().out


def test_ls_shows_broken_runs_beside_the_others(capsys):
    good, bad, empty = make("one"), make("two", loss=1.0), make("three")
    (bad.folder / layout.RESULTS).write_text("{")
    for path in empty.folder.iterdir():
        path.unlink()
    assert main(["ls"]) == 0
    text = capsys.readouterr().out
    assert good.id in text and bad.id in text and f"{empty.id}" in text and "died" in text
    assert main(["ls", "--json"]) == 0
    assert {run["id"] for run in json.loads(capsys.readouterr().out) if "broken" in run} == {
        bad.id,
        empty.id,
    }


def test_show(capsys):
    run = make(loss=0.5)
    assert main(["show", "latest"]) == 0
    page = capsys.readouterr().out
    assert all(word in page for word in (run.id, "loss", "0.5", "seed", "results.json", "cores"))
    assert main(["show", run.id, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["run"]["parameters"] == {"seed": 1}
    assert main(["show", "nope"]) == 1
    assert capsys.readouterr().err.startswith("error: nope: no such run")


def test_folders_of_version_1_stay_readable(checkout):
    """A run made on the day the format was stated; it is never made anew."""
    root = checkout / "tests" / "journal" / "archive_version_1"
    (run,) = reader.runs(root)
    assert (run.status, run.broken()) == ("ok", [])
    assert run.parameters == {"epochs": 2, "rate": 0.25, "seed": 7}
    assert run.results == {"loss": 0.125}
    assert metrics.read(run.folder / layout.METRICS)[1] == {"epoch": 2, "loss": 0.125}
    assert run.artifact("weights.txt").read_text() == "0.5\n"
    with pytest.raises(TegashikiError, match="not here"):
        run.artifact("secret.txt")
    assert index.text(root) == (root / "index.csv").read_text()
