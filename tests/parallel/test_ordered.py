"""Many calls at once: in order, few tasks in memory, nobody left behind."""

import math
import operator

import pytest

from tegashiki.errors import TegashikiError
from tegashiki.parallel.ordered import AHEAD, ordered


@pytest.mark.process
def test_results_come_in_order_and_few_tasks_are_taken_ahead():
    taken = []
    tasks = (taken.append(number) or number for number in range(60))
    for done, result in enumerate(ordered(math.factorial, tasks, workers=2)):
        assert result == math.factorial(done)
        assert len(taken) - done <= AHEAD * 2
        if done == 20:
            break


@pytest.mark.process
def test_on_dask_as_in_one_process():
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(n_workers=1, threads_per_worker=2, processes=False,
                                  dashboard_address="127.0.0.1:0") as cluster:
        found = list(ordered(operator.neg, range(50), scheduler=cluster.scheduler_address))
    assert found == list(ordered(operator.neg, range(50)))


@pytest.mark.process
def test_what_a_worker_raises_is_raised_here():
    with pytest.raises(ValueError, match="math domain"):
        list(ordered(math.sqrt, [4, -1, 9], workers=2))


def test_a_scheduler_that_is_not_there():
    pytest.importorskip("distributed")
    with pytest.raises(TegashikiError, match="no scheduler answers"):
        list(ordered(operator.neg, [1], scheduler="nonsense://nowhere:1"))
