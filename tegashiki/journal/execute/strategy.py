"""Which points of a grid a sweep runs, and which runs are worth a larger budget.

    Grid(points)                                     # all of them
    Sampled(points, runs=20, seed=0)                 # some of them
    Halving(points, ("epochs", (2, 6, 18)), "val_loss")    # all briefly, the best of them longer

Sampling and halving are Optuna's (Akiba et al. 2019): asked and told from outside, it needs no
server, and its asynchronous successive halving (Li et al. 2020) waits for no rung to be complete,
which suits workers of different speed. Dask-ML's Hyperband would do the same for models that train
inside Dask; here every point is a notebook's run.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from tegashiki.errors import TegashikiError

Given = dict[str, str]
Asked = tuple[Any, Given]             # a mark of the strategy's own, and what to run


class Strategy(Protocol):
    """What a sweep asks."""

    total: int                        # how many runs there will be at most, for the progress bar

    def first(self) -> Iterable[Asked]:
        """What to run to begin with."""

    def after(self, mark: Any, results: Mapping[str, Any], status: str) -> Iterable[Asked]:
        """What to run because this one is done."""


class Grid:
    """Every point once."""

    def __init__(self, points: list[Given]) -> None:
        self.points, self.total = points, len(points)

    def first(self) -> Iterable[Asked]:
        """See Strategy."""
        return [(None, given) for given in self.points]

    def after(self, mark: Any, results: Mapping[str, Any], status: str) -> Iterable[Asked]:
        """See Strategy."""
        return ()


class Sampled(Grid):
    """`runs` of the points, drawn without replacement by Optuna's grid sampler."""

    def __init__(self, points: list[Given], runs: int, seed: int) -> None:
        study = _study(points, seed)
        chosen = [points[_index(study.ask(), points)] for _ in range(min(runs, len(points)))]
        super().__init__(chosen)


class Halving:
    """Asynchronous successive halving: the best third of each rung is run with the next budget."""

    def __init__(self, points: list[Given], budget: tuple[str, tuple[int, ...]], metric: str,
                 maximize: bool = False, seed: int = 0) -> None:
        """`budget`: the parameter and its values, rising, e.g. ("epochs", (2, 6, 18)).

        Raises TegashikiError if the values do not rise or the grid sets the parameter itself.
        """
        self.points, (self.name, self.rungs), self.metric = points, budget, metric
        if list(self.rungs) != sorted(set(self.rungs)) or len(self.rungs) < 2:
            raise TegashikiError(f"--budget {self.name}: expected at least two rising values")
        if any(self.name in given for given in points):
            raise TegashikiError(f"--budget {self.name}: -p sets it too; leave it to the budget")
        self.total = len(points) * len(self.rungs)
        self.study = _study(points, seed, maximize, len(self.rungs))

    def first(self) -> Iterable[Asked]:
        """See Strategy."""
        trials = [self.study.ask() for _ in self.points]
        return [self._asked(trial, 0) for trial in trials]

    def after(self, mark: Any, results: Mapping[str, Any], status: str) -> Iterable[Asked]:
        """See Strategy. Raises TegashikiError if an `ok` run has no such result."""
        trial, rung = mark
        if status != "ok":
            return ()
        value = results.get(self.metric)
        if not isinstance(value, int | float) or isinstance(value, bool):
            raise TegashikiError(f"--metric {self.metric}: no number of that name in the results; "
                                 f"there are {', '.join(results) or 'none'}")
        trial.report(float(value), step=rung + 1)
        if rung + 1 == len(self.rungs) or trial.should_prune():
            return ()
        return [self._asked(trial, rung + 1)]

    def _asked(self, trial: Any, rung: int) -> Asked:
        given = self.points[_index(trial, self.points)] | {self.name: str(self.rungs[rung])}
        return (trial, rung), given


def _study(points: list[Given], seed: int, maximize: bool = False, rungs: int = 1) -> Any:
    try:
        import optuna
    except ImportError:
        raise TegashikiError("sweep: Optuna is missing; install it with "
                             'pip install "tegashiki[sweep]"') from None
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    sampler = optuna.samplers.GridSampler({"point": list(range(len(points)))}, seed=seed)
    pruner = optuna.pruners.SuccessiveHalvingPruner(min_resource=1, reduction_factor=3)
    return optuna.create_study(sampler=sampler, pruner=pruner if rungs > 1 else None,
                               direction="maximize" if maximize else "minimize")


def _index(trial: Any, points: list[Given]) -> int:
    return trial.suggest_int("point", 0, len(points) - 1)
