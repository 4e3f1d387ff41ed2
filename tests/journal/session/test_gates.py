"""Which run opens a gate; and a refusal names the nearest miss, so that a person can mend it."""

import pytest

from tegashiki import journal
from tegashiki.journal.archive import reader
from tegashiki.journal.format import paths
from tegashiki.journal.session import gates

WANTED = gates.gate("overfit", "c1", "d1")


@pytest.fixture(autouse=True)
def root(tmp_path, monkeypatch):
    monkeypatch.setenv(paths.RUNS, str(tmp_path / "runs"))
    monkeypatch.delenv(paths.JOIN, raising=False)
    monkeypatch.chdir(tmp_path)  # no checkout
    return tmp_path / "runs"


def passed(*gate, series="tiny", finish=True):
    """A run that passed a gate of these (name, code, data); left open it is `running`."""
    run = journal.begin(series, "overfit")
    run.artifact("seen.txt").write_text("14 of 14")
    run.pass_gate(*gate)
    if finish:
        run.finish()
    return run


def refusal(root):
    with pytest.raises(journal.GateError) as found:
        gates.find(root, "tiny", WANTED)
    return str(found.value)


def test_gate_stands_in_the_record_by_name_code_and_data(root):
    run = passed("overfit", "c1", "d1")
    record = reader.find(root, run.id).record
    assert record["gates"]["passed"] == [{"name": "overfit", "code": "c1", "data": "d1"}]


def test_newest_run_that_passed_opens_it(root):
    passed("overfit", "c1", "d1")
    newest = passed("overfit", "c1", "d1")
    passed("overfit", "c2", "d1")                 # newer, but for other code
    assert gates.find(root, "tiny", WANTED).id == newest.id


def test_a_run_may_pass_several_gates(root):
    run = journal.begin("tiny", "overfit")
    run.pass_gate("other", code="c1", data="d1")
    run.pass_gate("overfit", code="c0", data="d1")
    run.pass_gate("overfit", code="c1", data="d1")
    run.finish()
    assert gates.find(root, "tiny", WANTED).id == run.id


def test_refusal_without_any_run(root):
    passed("other", "c1", "d1")
    passed("overfit", "c1", "d1", series="large")
    assert refusal(root) == ("gate 'overfit' of tiny: no run ever passed it; run its notebook for "
                             "this code and data")


@pytest.mark.parametrize(("code", "data", "what"), [
    ("c2", "d1", "code"), ("c1", "d2", "data"), ("c2", "d2", "code and data")])
def test_refusal_says_what_changed(root, code, data, what):
    run = passed("overfit", code, data)
    assert f"run {run.id} passed it for other {what};" in refusal(root)


def test_refusal_says_of_the_newest_what_changed(root):
    passed("overfit", "c2", "d1")
    newest = passed("overfit", "c1", "d2")
    assert f"run {newest.id} passed it for other data;" in refusal(root)


def test_run_that_was_changed_afterwards_does_not_open_it(root):
    run = passed("overfit", "c1", "d1")
    (run.folder / "artifacts" / "seen.txt").write_text("13 of 14")
    assert f"run {run.id} passed it, but artifacts/seen.txt" in refusal(root)


def test_run_that_did_not_end_well_does_not_open_it(root):
    run = passed("overfit", "c1", "d1", finish=False)
    run.abandon()
    assert f"run {run.id} reached it, but is 'interrupted'" in refusal(root)


def test_nearest_miss_is_told_before_other_code(root):
    stopped = passed("overfit", "c1", "d1", finish=False)
    stopped.abandon()
    passed("overfit", "c2", "d1")
    assert f"run {stopped.id} reached it" in refusal(root)
