"""How often the test part was looked at: a test that is looked at often is a validation set.

    sum(looks_at_test(run.step, run.results, real=True) for run in runs)

Counted is every archived run in which a person could read how well something does on test2014,
whichever notebook it was: also of stability and of cleaning, and `tegashiki evaluate --archive`.
"""

from collections.abc import Mapping
from typing import Any


def looks_at_test(step: str, results: Mapping[str, Any], real: bool) -> int:
    """Looks at test2014 in one run that ended well; a run that compares seeds looks once with each.

    `real`: whether it read real ink, directly or through its preprocess run; the tests of made ink
    may be looked at as often as one likes.

    >>> looks_at_test("seeds", {"seeds": 3, "n": {"validation": 832, "test": 986}}, real=True)
    3
    """
    match step:
        case "evaluate":          # of any ink: it says itself how much of test2014 was in it
            return int(results.get("of_test2014", 0) > 0)
        case "export" | "release" | "wide_release" | "longer_release":
            return int(real and results.get("part", "test") == "test" and "exact" in results)
        case "seeds":
            return results["seeds"] if real and "test" in results.get("n", ()) else 0
        case "stability" | "cleaning":
            return int(real)
    return 0
