"""status.json: dead runs, foreign ones, clocks that are set, other versions."""

import time

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
