"""The notebooks on recurrent networks: what can be run, one run in small, and what is archived."""

import json

import pytest

from tegashiki import cli
from tegashiki.journal.archive import reader
from tegashiki.journal.execute import plan
from tegashiki.tflite.convert import Lite

pytestmark = [pytest.mark.training, pytest.mark.process, pytest.mark.timeout(400)]

STEPS = ("sine", "cells", "topologies", "characters", "sentiment", "tagging", "electricity")
TINY = {"days": 8, "passes": 8, "units": 8, "learning_rate": 0.02}


def test_the_full_profile_changes_no_parameter_that_a_notebook_lacks():
    for profile in ("quick", "full"):
        planned = plan.make("sequences", {}, profile)
        assert tuple(step.source.step for step in planned.steps) == STEPS


@pytest.mark.slow
def test_a_notebook_leaves_an_answer_and_files_that_remember(tmp_path, monkeypatch):
    monkeypatch.setenv("TEGASHIKI_RUNS", str(tmp_path))
    words = [w for name, value in TINY.items() for w in ("-p", f"{name}={value}")]
    assert cli.main(["run", "notebooks/sequences/2026-11-20_07_electricity.ipynb", *words]) == 0
    (run,) = reader.runs(tmp_path)
    assert (run.folder / "pictures" / "answer.svg").stat().st_size > 10_000
    for column in ("quarter_ahead", "day_ahead"):
        assert {"as now", "as a day ago", "LSTM"} <= run.results[column].keys()
    assert run.results["difference"] < 1e-3
    assert set(Lite(run.artifact("lstm.tflite")).zeros()) == {"state_0", "state_1"}


def test_every_notebook_has_a_run_on_real_data_with_its_answer(checkout):
    runs = [run for run in reader.runs(checkout / "runs")
            if run.series == "sequences" and run.status == "ok"]
    for step in STEPS:
        found = [run.folder for run in runs
                 if run.step == step and run.record["profile"] == "full"]
        assert found, f"no finished run of {step} in full"
        for folder in found:
            assert (folder / "pictures" / "answer.svg").is_file()
            assert any(entry["path"].endswith(".tflite") for entry in
                       json.loads((folder / "manifest.json").read_text())["files"])
