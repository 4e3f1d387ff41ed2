"""Artifacts by what is in them: a folder, a bucket or a web address where the big ones live.

    store = Store("s3://bucket/prefix")                # or a folder, gs://..., https://... to read
    store.put(path, sha256); store.get(sha256, size, target); store.has(sha256, size)

A file lies under sha256/<first two digits>/<the others>, so the same content is kept once, two
machines can push at once, and whoever pulls can prove what came. Addresses and credentials are
those of fsspec (Dask's and pandas' too): from its configuration and the environment, never from
here, and never in a message.
"""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path

from tegashiki.errors import TegashikiError
from tegashiki.storage import files
from tegashiki.storage.place import explained, told

STORE = "TEGASHIKI_STORE"     # environment: the address, where none is given


def address(given: str | None) -> str:
    """The address of the store. Raises TegashikiError if none is given and none is set."""
    chosen = given or os.environ.get(STORE, "")
    if not chosen:
        raise TegashikiError(f"no store: give --store ADDRESS or set {STORE} (a folder, s3://..., "
                             "gs://..., https://...)")
    return chosen


class Store:
    """A place for files by their sha256. Raises TegashikiError for all that goes wrong there."""

    def __init__(self, where: str) -> None:
        """Raises TegashikiError for an address that fsspec has no driver for."""
        self.name = told(where)
        try:
            from fsspec.core import url_to_fs
        except ImportError:
            raise TegashikiError('store: fsspec is missing; pip install "tegashiki[store]"'
                                 ) from None
        with explained(self.name):
            self.system, self.root = url_to_fs(where)
        protocols = self.system.protocol
        known = {protocols} if isinstance(protocols, str) else set(protocols)
        self.local, self.writable = bool(known & {"file", "local"}), not known & {"http", "https"}

    def has(self, sha256: str, size: int) -> bool:
        """Whether a file of this content and size is there; its bytes are not read again."""
        with explained(self.name):
            try:
                found = self.system.info(self._path(sha256))["size"]
            except FileNotFoundError:
                return False
        return found in (size, None)     # a web server may not say how big a file is

    def put(self, path: Path, sha256: str) -> bool:
        """Copy a file there unless it is there; whether it had to be copied.

        It appears under its name only when it is whole. Refuses a file of another hash.
        """
        if not self.writable:
            raise TegashikiError(f"{self.name}: can only be read; push to a folder or a bucket")
        if files.sha256(path) != sha256:
            raise TegashikiError(f"{path}: is not what its manifest says; nothing was pushed")
        if self.has(sha256, path.stat().st_size):
            return False
        target = self._path(sha256)
        with explained(self.name):
            if not self.local:           # an object store shows an object when it is complete
                self.system.put_file(str(path), target)
                return True
            part = f"{target}.{secrets.token_hex(4)}.part"
            self.system.makedirs(os.path.dirname(target), exist_ok=True)
            try:
                self.system.put_file(str(path), part)
                os.replace(part, target)
            finally:
                with contextlib.suppress(OSError):
                    os.unlink(part)
        return True

    def get(self, sha256: str, target: Path) -> None:
        """Fetch a file; `target` is there whole and right, or not at all."""
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
        try:
            with explained(self.name):
                try:
                    self.system.get_file(self._path(sha256), str(part))
                except FileNotFoundError:
                    raise TegashikiError(f"{self.name}: has no {sha256[:12]} ({target.name}); push "
                                         "it from where it is") from None
            if files.sha256(part) != sha256:
                raise TegashikiError(f"{self.name}: {sha256[:12]} ({target.name}) has another "
                                     "content there; it was not kept, tell who runs the store")
            os.replace(part, target)
        finally:
            part.unlink(missing_ok=True)

    def _path(self, sha256: str) -> str:
        return f"{self.root.rstrip('/')}/sha256/{sha256[:2]}/{sha256[2:]}"
