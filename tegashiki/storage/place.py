"""A folder or a bucket to write files to by name, whole or not at all.

    place = Place("s3://bucket/prefix")              # or a folder, gs://..., memory://...
    place.write("manifest.json", content); place.read("manifest.json")

Addresses and credentials are those of fsspec: from its configuration and the environment.
"""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterator
from pathlib import Path

from tegashiki.errors import TegashikiError
from tegashiki.storage import files

_SECRET = re.compile(r"(?<=//)[^/@]*@")      # user:password@ in an address


class Place:
    """Files under one address. Raises TegashikiError for all that goes wrong there."""

    def __init__(self, address: str | os.PathLike) -> None:
        self.address = os.fspath(address)
        self.name = told(self.address)
        self._folder = None if "://" in self.address else Path(self.address)
        if self._folder is None:
            try:
                from fsspec.core import url_to_fs
            except ImportError:
                raise TegashikiError(f'{self.name}: fsspec is missing; pip install '
                                     '"tegashiki[store]"') from None
            with self._explained():
                # Caching what a bucket lists would hide what other workers write there.
                self._system, self._root = url_to_fs(self.address, use_listings_cache=False)

    def write(self, name: str, content: bytes) -> None:
        """Put it there; it appears under its name only when it is whole."""
        with self._explained():
            if self._folder is None:                 # an object store shows what is complete
                self._system.pipe_file(f"{self._root}/{name}", content)
            else:
                path = self._folder / name
                path.parent.mkdir(parents=True, exist_ok=True)
                files.write_bytes(path, content)

    def read(self, name: str) -> bytes | None:
        """What is there, or None."""
        with self._explained():
            try:
                if self._folder is None:
                    return self._system.cat_file(f"{self._root}/{name}")
                return (self._folder / name).read_bytes()
            except FileNotFoundError:
                return None

    def _explained(self) -> contextlib.AbstractContextManager[None]:
        return explained(self.name, "; check the address and that it may be written")


def told(address: str) -> str:
    """An address as it may be told: without its user and password.

    >>> told("s3://key:word@host/bucket")
    's3://host/bucket'
    """
    return _SECRET.sub("", address)


@contextlib.contextmanager
def explained(name: str, advice: str = "") -> Iterator[None]:
    """What a driver of fsspec raises, as a TegashikiError of one line that begins with `name`.

    A file that is not there stays FileNotFoundError, for whoever asked to answer it.
    """
    try:
        yield
    except (TegashikiError, FileNotFoundError):
        raise
    except Exception as error:       # every driver has errors of its own
        first = told(str(error).splitlines()[0] if str(error) else "")
        raise TegashikiError(f"{name}: {type(error).__name__}: {first}{advice}") from None
