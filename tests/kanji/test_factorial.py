"""The plan is balanced, and an effect that is there is found."""

import itertools
from collections import Counter

import numpy as np
import pytest

from tegashiki.kanji.factorial import FACTORS, design, effects


def test_any_two_factors_meet_at_all_four_combinations():
    plan = design(FACTORS)
    assert len(plan) == 12
    for a, b in itertools.combinations(FACTORS, 2):
        met = Counter((row[a], row[b]) for row in plan)
        assert len(met) == 4 and set(met.values()) == {3}


def test_an_effect_is_found_with_its_error():
    plan = [row for row in design(FACTORS) for _ in range(3)]
    rng = np.random.default_rng(0)
    results = [0.8 + 0.1 * (row["augment"] == 1.0) - 0.05 * row["frozen"] + rng.normal(0, 0.01)
               for row in plan]  # fmt: skip
    found = effects(plan, results, FACTORS)
    assert found["augment"][0] == pytest.approx(0.1, abs=0.01)
    assert found["frozen"][0] == pytest.approx(-0.05, abs=0.01)
    assert all(0.002 < error < 0.006 for _, error in found.values())
    assert abs(found["head"][0]) < 0.012


def test_without_repetition_there_is_no_error():
    plan = design(FACTORS)
    assert np.isnan(effects(plan, range(12), FACTORS)["head"][1])


def test_too_many_factors_are_refused():
    with pytest.raises(ValueError, match="12 factors"):
        design({str(i): (0, 1) for i in range(12)})
