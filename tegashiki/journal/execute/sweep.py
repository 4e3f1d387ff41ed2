"""Many runs of one notebook at once, on Dask: a cluster inside this process, or one that is there.

    with cluster(scheduler=None, workers=2) as client:       # of tegashiki.parallel.cluster
        for done in sweep(client, "train.ipynb", strategy.Grid(points), "quick"):
            print(done.given, done.run, done.status)

Every point is a run of its own, archived by the process that runs it: what has finished stays,
whatever happens to a worker. A point whose worker dies is tried once more; then it is given up.
Workers need this checkout, its environment and the archive at the same paths (a shared file
system).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tegashiki.errors import TegashikiError
from tegashiki.journal.execute import point
from tegashiki.journal.execute.strategy import Strategy

LOST = "worker lost"


@dataclass(frozen=True)
class Done:
    """What became of one point."""

    given: dict[str, str]
    run: str | None                   # None where no run could begin, or its worker was lost
    status: str                       # of the run, or `worker lost`, or `not run`
    reason: str | None = None
    step: str | None = None
    series: str | None = None
    results: dict[str, Any] = field(default_factory=dict)


def sweep(client: Any, notebook: str, strategy: Strategy, profile: str,
          timeout: float | None = None) -> Iterator[Done]:
    """Run what the strategy asks for and yield each point as it is done.

    `timeout`: seconds for one run. When the caller stops iterating (Ctrl-C, an error), runs that
    have not begun never do; those in progress on a cluster of our own are told to stop and archived
    as interrupted, on another cluster they finish.
    """
    from distributed import as_completed

    asked: dict[str, tuple[Any, dict[str, str]]] = {}

    def submit(trial: Any, given: dict[str, str]) -> Any:
        future = client.submit(point.start, notebook, given, profile, timeout, pure=False)
        asked[future.key] = trial, given
        return future

    waiting = as_completed([submit(trial, given) for trial, given in strategy.first()])
    try:
        for future in waiting:
            trial, given = asked.pop(future.key)
            done = _done(future, given)
            future.release()     # or Dask would run it again if the worker that ran it dies
            for further, next_given in strategy.after(trial, done.results, done.status):
                waiting.add(submit(further, next_given))
            yield done
    finally:
        client.cancel(list(waiting.futures))


def _done(future: Any, given: dict[str, str]) -> Done:
    from distributed.scheduler import KilledWorker

    try:
        return Done(given, **future.result())
    except KilledWorker:
        reason = "two workers died while they ran it (out of memory?)"
        return Done(given, None, LOST, reason)
    except TegashikiError as error:
        return Done(given, None, "not run", str(error))
