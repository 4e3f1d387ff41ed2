"""One formula as a search finds it: ids, score, and how strongly each id attended to each stroke.

    Hypothesis(ids=(17, 4, 23), score=-0.31)
"""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Hypothesis:
    """One decoded formula."""

    ids: tuple[int, ...]   # without <s> and </s>
    score: float           # sum of log probabilities, </s> included
    attention: tuple[np.ndarray, ...] = ()   # for each id (strokes,), how much of each stroke it is
