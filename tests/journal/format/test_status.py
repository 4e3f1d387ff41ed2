"""status.json: dead runs, foreign ones, clocks that are set, other versions."""

import os
import subprocess
import sys
import time

import psutil
import pytest

from tegashiki import journal
from tegashiki.errors import TegashikiError
from tegashiki.journal.archive import reader
from tegashiki.journal.format import layout, status
from tegashiki.storage import files
from tests.archived import make

pytestmark = pytest.mark.usefixtures("runs")


def change(path, **changes):
    files.write_json(path, files.read_json(path) | changes)


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


def test_the_last_word_is_written_whole(tmp_path, monkeypatch):
    monkeypatch.setattr(layout, "HEARTBEAT_SECONDS", 1000.0)
    state = status.Status(tmp_path, "launcher")
    state.beat(progress={"done": 1, "total": 2, "text": ""})       # just written: it waits
    assert files.read_json(tmp_path / layout.STATUS)["progress"] is None
    state.close("failed", "why", exit_code=3)
    told = files.read_json(tmp_path / layout.STATUS)
    assert (told["status"], told["reason"], told["exit_code"]) == ("failed", "why", 3)
    assert told["ended"] == told["heartbeat"] and "owner" not in told
    assert told["seconds"] == round(told["seconds"], 3) >= 0
    assert status.read(tmp_path)["status"] == "failed"


def test_without_a_heartbeat_it_never_lived(tmp_path):
    status.Status(tmp_path, "launcher")
    change(tmp_path / layout.STATUS, heartbeat=None, owner={"boot": "elsewhere"})
    assert status.read(tmp_path)["reason"] == "it never had a heartbeat"


def test_a_process_that_nobody_waited_for_is_gone():
    child = subprocess.Popen([sys.executable, "-c", "pass"])
    while psutil.Process(child.pid).status() != psutil.STATUS_ZOMBIE:
        time.sleep(0.01)
    assert status._process_start(child.pid) is None
    child.wait()
    assert status._process_start(os.getpid()) == status._process_start(os.getpid()) is not None
