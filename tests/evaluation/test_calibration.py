"""What probabilities claim, and how to take back what is claimed too boldly."""

import numpy as np
import pytest

from tegashiki.evaluation.calibration import reliability, temperature
from tegashiki.evaluation.report import Report
from tests.evaluation.test_report import REPORT


def test_reliability_groups_by_what_is_claimed():
    bars = reliability(REPORT, groups=2)
    assert bars["n"] == [2, 2]
    assert bars["right"] == [0.0, 1.0]         # claimed 0 and 0.4: wrong; 0.7 and 0.9: right
    np.testing.assert_allclose(bars["claimed"], [0.2, 0.8])


def test_temperature_takes_back_what_is_claimed_too_boldly():
    rng = np.random.default_rng(4)
    bold = 2.0                                # claims are sharpened by this
    references, answers, claims = [], [], []
    for _ in range(4000):
        honest = rng.dirichlet([1.0, 1.0, 1.0])
        honest = np.sort(honest)[::-1]
        truth = rng.choice(3, p=honest)
        sharp = honest**bold / np.sum(honest**bold)
        references.append(("abc"[truth],))
        answers.append([("a",), ("b",), ("c",)])
        claims.append(sharp.tolist())
    report = Report(references, answers, claims, [1.0] * len(references))
    assert temperature(report) == pytest.approx(bold, abs=0.25)
