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


def fraction(factors: Mapping[str, tuple]) -> list[dict]:
    """128 settings of factors with two or four levels: a 2^(11-4) fraction of resolution V.

    A factor of four levels takes two of the eleven columns. No effect of a column and no pair of
    columns is the shadow of another (generators ABCG, BCDE, ACDF, ABCDEFG; Box, Hunter & Hunter
    2005, table 6.22). Raises ValueError if the factors need more columns.

    >>> len(fraction({"size": (32, 48, 56, 64), "head": (0, 128)}))
    128
    """
    own = np.array(list(np.ndindex(*[2] * 7)))  # columns A to G, (128, 7)
    more = [own[:, list(word)].sum(1) % 2 for word in
            ((0, 1, 2, 6), (1, 2, 3, 4), (0, 2, 3, 5), range(7))]  # fmt: skip
    columns = iter(np.column_stack([own, *more]).T)
    rows: list[dict] = [{} for _ in own]
    for name, levels in factors.items():
        try:
            place = next(columns)
            if len(levels) == 4:
                place = 2 * place + next(columns)
        except StopIteration:
            raise ValueError(f"the factors up to {name} need more than 11 columns") from None
        for row, at in zip(rows, place, strict=True):
            row[name] = levels[int(at)]
    return rows


def levels_of(settings: Sequence[Mapping], results: Sequence[float], name: str) -> dict:
    """{level: mean of the results at that level} of one factor; of a balanced plan."""
    values = np.asarray(results, float)
    return {level: float(values[[one[name] == level for one in settings]].mean())
            for level in dict.fromkeys(one[name] for one in settings)}  # fmt: skip


def adjusted(settings: Sequence[Mapping], results: Sequence[float], factors: Mapping[str, tuple]
             ) -> dict[str, dict]:  # fmt: skip
    """{factor: {level: mean}} as if the other factors were balanced: by least squares.

    For a part of a plan, in any order. A level that never occurred is left out.

    >>> rows = [{"a": 0, "b": 0}, {"a": 1, "b": 0}, {"a": 1, "b": 1}]
    >>> found = adjusted(rows, [0, 1, 3], {"a": (0, 1), "b": (0, 1)})
    >>> {level: round(mean, 2) for level, mean in found["a"].items()}
    {0: 1.0, 1: 2.0}
    """
    columns, owner = [np.ones(len(settings))], [("", None)]
    for name, levels in factors.items():
        met = [level for level in levels if any(one[name] == level for one in settings)]
        for level in met[1:]:
            columns.append(np.array([one[name] == level for one in settings], float))
            owner.append((name, level))
    solved = np.linalg.lstsq(np.stack(columns, 1), np.asarray(results, float), rcond=None)[0]
    worth = dict(zip(owner, solved, strict=True))
    found = {}
    for name, levels in factors.items():
        met = [level for level in levels if any(one[name] == level for one in settings)]
        found[name] = {level: float(worth.get((name, level), 0.0)) for level in met}
    # every other factor at the mean of its levels
    middle = worth["", None] + sum(np.mean(list(each.values())) for each in found.values())
    return {name: {level: float(middle + value - np.mean(list(each.values())))
                   for level, value in each.items()} for name, each in found.items()}  # fmt: skip


def interaction(settings: Sequence[Mapping], results: Sequence[float], a: str, b: str) -> dict:
    """{(level of a, level of b): what the cell has beyond both factors' own effects}.

    >>> rows = [{"a": i, "b": j} for i in (0, 1) for j in (0, 1)]
    >>> interaction(rows, [0.0, 1.0, 1.0, 2.0], "a", "b")[1, 1]
    0.0
    """
    values = np.asarray(results, float)
    own = {name: levels_of(settings, results, name) for name in (a, b)}
    cells = dict.fromkeys((one[a], one[b]) for one in settings)
    found = {}
    for cell in cells:
        here = values[[(one[a], one[b]) == cell for one in settings]].mean()
        found[cell] = float(here - own[a][cell[0]] - own[b][cell[1]] + values.mean())
    return found


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
