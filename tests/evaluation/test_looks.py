"""Every look at the test is counted, whoever looked."""

import pytest

from tegashiki.evaluation.looks import looks_at_test


@pytest.mark.parametrize(("step", "results", "looks"), [
    ("export", {"exact": 0.4}, 1),                       # of before `part` was recorded
    ("release", {"exact": 0.4, "part": "test"}, 1),
    ("release", {"exact": 0.4, "part": "validation"}, 0),
    ("release", {}, 0),                                  # scored nothing
    ("seeds", {"seeds": 3, "n": {"validation": 8, "test": 9}}, 3),
    ("seeds", {"seeds": 3, "n": {"validation": 8}}, 0),
    ("stability", {"steady": 0.9}, 1),
    ("cleaning", {"same": 0.9}, 1),
    ("evaluate", {"of_test2014": 986}, 1),
    ("evaluate", {"of_test2014": 0}, 0),
    ("strokes", {"val_exact": 0.7}, 0),
    ("language_model", {"before": 0.7}, 0)])
def test_looks_of_a_run_on_real_ink(step, results, looks):
    assert looks_at_test(step, results, real=True) == looks


@pytest.mark.parametrize("step", ["export", "release", "seeds", "stability", "cleaning"])
def test_made_ink_is_no_secret(step):
    results = {"exact": 0.4, "seeds": 2, "n": {"test": 4}}
    assert looks_at_test(step, results, real=False) == 0
