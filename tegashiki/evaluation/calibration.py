"""Whether the probabilities that candidates claim can be believed, and how to make them humbler.

    bars = reliability(report)          # claimed against right, in groups
    temperature(report)                 # what to divide log probabilities by
"""

import numpy as np

from tegashiki.evaluation.report import Report
from tegashiki.tex import scores


def reliability(report: Report, groups: int = 10) -> dict[str, list[float]]:
    """The best candidates in `groups` of about one size, by the probability that they claim.

    {"claimed": mean of each group, "right": share of it that is exact, "n": its size}: equal where
    probabilities can be believed (Guo et al. 2017).
    """
    right = _right(report)
    claimed = np.array([claims[0] if claims else 0.0 for claims in report.claims])
    parts = [part for part in np.array_split(np.argsort(claimed), groups) if len(part)]
    return {"claimed": [float(claimed[part].mean()) for part in parts],
            "right": [float(right[part].mean()) for part in parts],
            "n": [len(part) for part in parts]}


def temperature(report: Report) -> float:
    """The temperature at which the best candidates' claims are likeliest (Guo et al. 2017).

    Of candidates asked for at temperature 1; searched from 0.5 to 4 in steps of a twentieth.
    """
    right = _right(report)
    claims = np.zeros((len(right), max(len(one) for one in report.claims)))
    for row, one in zip(claims, report.claims, strict=True):
        row[: len(one)] = one

    def surprise(at: float) -> float:
        softened = claims ** (1 / at)
        claimed = softened[:, 0] / np.maximum(softened.sum(1), 1e-12)
        return -float(np.log(np.clip(np.where(right, claimed, 1 - claimed), 1e-6, 1)).mean())

    return float(min(np.arange(0.5, 4.01, 0.05).round(2), key=surprise))


def _right(report: Report) -> np.ndarray:
    """Whether the best candidate of each is exact: bool (expressions,)."""
    return np.array([scores.spelling(a) == scores.spelling(b)
                     for a, b in zip(report.references, report.best, strict=True)])
