"""A Dask cluster: one that is there, or one of this machine.

    with cluster(scheduler=None, workers=2) as client:
        client.submit(function, argument).result()

`scheduler` takes whatever `distributed.Client` takes, so the same command works on clusters that
dask-jobqueue or dask-kubernetes started. A cluster that speaks TLS (tls://host:8786) is told its
certificates as Dask is: by its configuration files, or DASK_DISTRIBUTED__COMM__TLS__CA_FILE,
..__CLIENT__CERT and ..__CLIENT__KEY in the environment (examples/cluster shows it). Its scheduler
and workers need `--preload tegashiki.parallel.tls` where OpenSSL is 3.4 or later.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from tegashiki.errors import TegashikiError
from tegashiki.parallel.tls import mend_sockets

LOST_WORKERS = 1      # a call may lose its worker once; the second time it is given up


@contextlib.contextmanager
def cluster(scheduler: str | None, workers: int) -> Iterator[Any]:
    """A `distributed.Client` of the cluster at `scheduler`, or of a local one with `workers`.

    Raises TegashikiError if Dask is not installed or nobody answers at the address.
    """
    try:
        import dask
        from distributed import Client, LocalCluster
    except ImportError:
        raise TegashikiError("Dask is missing; install it with "
                             'pip install "tegashiki[sweep]"') from None
    with dask.config.set({"distributed.scheduler.allowed-failures": LOST_WORKERS}):
        if scheduler:
            mend_sockets()
            try:
                client = Client(scheduler, timeout=20)
            except (OSError, TimeoutError, ValueError, TypeError) as error:
                raise TegashikiError(f"{scheduler}: no scheduler answers ({error}); give its "
                                     "address, e.g. tcp://host:8786") from None
            with client:
                yield client
            return
        with LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address="127.0.0.1:0",
                          silence_logs=50) as local, Client(local) as client:
            yield client
