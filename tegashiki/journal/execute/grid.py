"""The points of a sweep: every combination of the values that parameters are given.

    points({"lr": "1e-3,3e-4", "seed": "0..2"})      # six dicts: {"lr": "1e-3", "seed": "0"}, ...

Values are text, as on the command line; the notebook's own parameters decide their types.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping

from tegashiki.errors import TegashikiError

LARGEST = 10_000                      # points; a larger grid is a typing mistake
_RANGE = re.compile(r"(-?\d+)\.\.(-?\d+)")


def values(text: str, name: str = "value") -> list[str]:
    """The values that `v1,v2` or `first..last` (whole numbers, both ends included) stands for.

    >>> values("1e-3,3e-4"), values("0..3"), values("adam")
    (['1e-3', '3e-4'], ['0', '1', '2', '3'], ['adam'])

    Raises TegashikiError for an empty value, one that is there twice, or a range that runs back.
    """
    found: list[str] = []
    for part in text.split(","):
        if whole := _RANGE.fullmatch(part.strip()):
            first, last = int(whole[1]), int(whole[2])
            if not 0 <= last - first < LARGEST:
                raise TegashikiError(f"{name}={part}: expected first..last with at most {LARGEST} "
                                     "numbers, the smaller one first")
            found += map(str, range(first, last + 1))
        else:
            found.append(part.strip())
    if "" in found or len(set(found)) < len(found):
        raise TegashikiError(f"{name}={text}: a value is empty or there twice; separate different "
                             "values by single commas")
    return found


def points(axes: Mapping[str, str]) -> list[dict[str, str]]:
    """Every combination, the last parameter running fastest.

    Raises TegashikiError as `values` does, and for more than LARGEST points.
    """
    columns = {name: values(text, name) for name, text in axes.items()}
    size = 1
    for column in columns.values():
        size *= len(column)
    if size > LARGEST:
        raise TegashikiError(f"sweep: {size} points; the limit is {LARGEST}, give fewer values or "
                             "--strategy random --runs N")
    return [dict(zip(columns, row, strict=True)) for row in itertools.product(*columns.values())]
