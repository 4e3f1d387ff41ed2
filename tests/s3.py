"""A real S3 server on this machine, for tests that write to a bucket.

    with s3.bucket() as address: ...          # "s3://artifacts/7f3a91c2", empty
"""

import contextlib
import secrets

import pytest


@contextlib.contextmanager
def bucket():
    """The address of a bucket of moto's server, with fsspec configured for it."""
    moto = pytest.importorskip("moto.server")
    fsspec = pytest.importorskip("fsspec")
    pytest.importorskip("s3fs")
    server = moto.ThreadedMotoServer(port=0)
    server.start()
    host, port = server.get_host_and_port()
    options = {"key": "test", "secret": "test", "client_kwargs": {"region_name": "eu-west-1"},
               "endpoint_url": f"http://{host}:{port}"}
    fsspec.config.conf["s3"] = options
    fsspec.filesystem("s3", **options).makedirs("artifacts", exist_ok=True)
    try:
        yield f"s3://artifacts/{secrets.token_hex(4)}"
    finally:
        fsspec.config.conf.pop("s3")
        server.stop()
