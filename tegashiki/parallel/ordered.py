"""One function over an endless row of tasks: many at once, results in order, memory bounded.

    for result in ordered(function, tasks, workers=4):                      # processes
        ...
    for result in ordered(function, tasks, scheduler="tcp://host:8786"):    # a Dask cluster
        ...

Results come in the order of the tasks, so what is made of them does not depend on the number of
workers. Tasks are taken from their iterator only as results are fetched: a few for each worker are
in memory, whatever the length of the row. `function` and the tasks are pickled; the function is
one of a module.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import Any, TypeVar

from tegashiki.errors import TegashikiError
from tegashiki.parallel.cluster import cluster

AHEAD = 3        # tasks a worker that are waiting, running or done and not fetched
JOINING = 60     # seconds to wait for the first worker of a cluster

Task = TypeVar("Task")
Result = TypeVar("Result")


def usable_cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def ordered(function: Callable[[Task], Result], tasks: Iterable[Task], workers: int = 1,
            scheduler: str | None = None) -> Iterator[Result]:
    """`function(task)` of each task, in order; see the module.

    One worker without a scheduler is this process. Raises TegashikiError where no scheduler
    answers and where a worker is killed (on a cluster: twice at one task).
    """
    if scheduler:
        yield from _on_dask(function, tasks, scheduler)
    elif workers == 1:
        yield from map(function, tasks)
    else:
        # Started afresh: a fork would copy whatever runs here, TensorFlow for one.
        pool = ProcessPoolExecutor(workers, mp_context=get_context("spawn"),
                                   initializer=_alone, initargs=(os.getpid(),))
        try:
            yield from _window(lambda task: pool.submit(function, task), tasks, workers)
        except BrokenProcessPool:
            raise TegashikiError("a worker was killed (out of memory?); the same command goes on "
                                 "where it stopped, --workers 1 needs the least memory") from None
        finally:
            pool.shutdown(cancel_futures=True)


def _on_dask(function: Callable[[Task], Result], tasks: Iterable[Task], scheduler: str
             ) -> Iterator[Result]:
    from distributed.scheduler import KilledWorker

    with cluster(scheduler, workers=0) as client:
        try:
            client.wait_for_workers(1, timeout=JOINING)
        except TimeoutError:
            raise TegashikiError(f"{scheduler}: has no workers after {JOINING} s; start some"
                                 ) from None
        try:
            yield from _window(lambda task: client.submit(function, task, pure=False), tasks,
                               sum(client.nthreads().values()))
        except KilledWorker:
            raise TegashikiError(f"{scheduler}: two workers died at one task (out of memory?); the "
                                 "same command goes on where it stopped") from None


def _window(submit: Callable[[Task], Any], tasks: Iterable[Task], workers: int) -> Iterator[Any]:
    """Results in order while at most AHEAD tasks a worker are out."""
    out: deque[Any] = deque()
    try:
        for task in tasks:
            out.append(submit(task))
            while out and (len(out) >= AHEAD * workers or out[0].done()):
                yield out.popleft().result()
        while out:
            yield out.popleft().result()
    finally:
        for future in out:
            future.cancel()


def _alone(parent: int) -> None:
    """In a worker: Ctrl-C is the parent's to handle, and a parent that was killed is followed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    def follow() -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        os._exit(1)

    threading.Thread(target=follow, daemon=True).start()
