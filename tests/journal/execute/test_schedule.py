"""Every night: two schedules never collide; the lines for cron and systemd."""

import json
import time

import pytest

from tegashiki.cli import main
from tegashiki.journal.execute import schedule
from tegashiki.journal.format import paths
from tests.journal.notebooks import (
    FINISH,
    PARAMETERS,
    begin,
    tegashiki,
    write,
)

pytestmark = pytest.mark.process


@pytest.fixture
def runs(tmp_path, monkeypatch):
    monkeypatch.setenv(paths.RUNS, str(tmp_path / "runs"))
    monkeypatch.setenv("TF_NUM_INTRAOP_THREADS", "1")
    return tmp_path / "runs"


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
    assert "tegashiki prune > /dev/null; " in line and " --tag nightly " in line
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
