"""Which setting matters, when settings interact: a small factorial instead of one change at a time.

    for run in design(FACTORS): print(run)          # 12 settings of 9 factors, each at two levels
    effects(settings, accuracies)                   # {"augment": (0.031, 0.008), ...}

The plan is Plackett and Burman's of twelve runs (Biometrika 33, 1946): any two factors meet at all
four combinations three times, so that the effect of one is not the shadow of another. Interactions
of two are spread thinly over all others: twelve runs do not tell them apart. Seeds give the error.
"""

from collections.abc import Mapping, Sequence

import numpy as np

# factor: (low, high); what the source left open, at the two levels that it spoke of
FACTORS = {
    "frozen": (False, True),
    "pooling": ("average", "flatten"),
    "optimizer": ("adam", "adamax"),
    "size": (48, 64),
    "regular": ("dropout", "normalisation"),
    "augment": (0.0, 1.0),
    "weights": ("none", "imagenet"),
    "sources": ("kanjivg", "fonts"),
    "head": (0, 128),
}
_FIRST = "+-+++---+-+"[::-1]  # one row of the plan, turned round to give the others
_SHIFTS = 11


def design(factors: Mapping[str, tuple]) -> list[dict]:
    """Twelve settings of at most eleven factors.

    >>> plan = design({"a": (0, 1), "b": (0, 1)})
    >>> len(plan), sorted({(row["a"], row["b"]) for row in plan})
    (12, [(0, 0), (0, 1), (1, 0), (1, 1)])
    """
    if len(factors) > _SHIFTS:
        raise ValueError(f"{len(factors)} factors; this plan takes {_SHIFTS}")
    high = np.array([c == "+" for c in _FIRST])
    rows = [np.roll(high, shift) for shift in range(_SHIFTS)] + [np.zeros(_SHIFTS, bool)]
    return [{name: levels[int(row[k])] for k, (name, levels) in enumerate(factors.items())}
            for row in rows]  # fmt: skip


def effects(settings: Sequence[Mapping], results: Sequence[float], factors: Mapping[str, tuple]
            ) -> dict[str, tuple[float, float]]:  # fmt: skip
    """{factor: (mean of high minus mean of low, its standard error)}.

    The error is of repetitions of one setting with other seeds; NaN where nothing was repeated.
    """
    settings, values = list(settings), np.asarray(results, float)
    keys = [tuple(sorted((k, str(v)) for k, v in one.items())) for one in settings]
    groups = [values[[i for i, other in enumerate(keys) if other == key]] for key in set(keys)]
    freedom = sum(len(group) - 1 for group in groups)
    squares = sum(float(((group - group.mean()) ** 2).sum()) for group in groups)
    spread = np.sqrt(squares / freedom) if freedom else float("nan")
    found = {}
    for name, (low, high) in factors.items():
        is_high = np.array([one[name] == high for one in settings])
        is_low = np.array([one[name] == low for one in settings])
        if is_high.any() and is_low.any():
            difference = values[is_high].mean() - values[is_low].mean()
            error = spread * np.sqrt(1 / is_high.sum() + 1 / is_low.sum())
            found[name] = (float(difference), float(error))
    return found
