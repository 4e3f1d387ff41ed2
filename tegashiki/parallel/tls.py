"""TLS connections of one thread, kept from breaking each other.

OpenSSL keeps the errors of all connections of a thread in one list. With OpenSSL 3.4 or later
(Debian 13 has 3.5) Python leaves an error there when a connection breaks, and then takes it for an
error of the next one that is read: one worker that goes away costs a scheduler every other
connection (https://github.com/python/cpython/issues/148594). Until Python clears that list itself,
the sockets here do. Scheduler and workers get them by `--preload tegashiki.parallel.tls`.
"""

from __future__ import annotations

import contextlib
import ssl
from collections.abc import Iterator
from typing import Any

_CONTEXT = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def mend_sockets() -> None:
    """From now on the TLS sockets of this process forget the errors of a connection that broke."""
    ssl.SSLContext.sslsocket_class = _ForgetfulSocket


def dask_setup(_server: object) -> None:
    """What Dask calls in a scheduler, nanny or worker that preloads this module."""
    mend_sockets()


class _ForgetfulSocket(ssl.SSLSocket):
    def read(self, *arguments: Any, **named: Any) -> Any:
        with _forgetting():
            return super().read(*arguments, **named)

    def send(self, *arguments: Any, **named: Any) -> int:
        with _forgetting():
            return super().send(*arguments, **named)


@contextlib.contextmanager
def _forgetting() -> Iterator[None]:
    try:
        yield
    except ConnectionError:
        # Python has no call for it; one with ciphers that do not exist fails and clears the list.
        with contextlib.suppress(ssl.SSLError):
            _CONTEXT.set_ciphers("none")
        raise
