"""What an archive from a stranger may do: nothing but give files, of a bounded size, with a name.

    problem = zip_entry(entry, limit=8 * 2**20)      # "is a link", or None
    with gzip.open(path) as plain: tarfile.open(fileobj=Limited(path, plain), mode="r|")

Shared by whoever opens a zip or a tar: the readers of public sets (archives.py) and those of
bundles (journal/transfer). Sizes in a zip are claims, so whoever reads counts what really comes.
"""

from __future__ import annotations

import lzma
import stat
import zipfile
import zlib
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from tegashiki.errors import TegashikiError

MAX_RATIO = 200                # ink in xz shrinks to 1/10, a bomb to 1/1000 and less
MAX_OTHER = 256 * 2**20        # a file that is not asked for, which is read over
SLACK = 2**20                  # small archives may shrink more

# What zipfile raises for a member that is damaged, encrypted, or packed in a way it does not know.
DAMAGED = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, NotImplementedError,
           RuntimeError, ValueError, OSError)  # fmt: skip


def leads_out(name: str) -> bool:
    """Whether a name would leave the folder that it is unpacked into.

    >>> leads_out("set/a.inkml"), leads_out("../a"), leads_out("/etc/passwd"), leads_out("C:\\\\a")
    (False, True, True, True)
    """
    name = name.replace("\\", "/")
    parts = PurePosixPath(name).parts
    drive = bool(parts) and ":" in parts[0]
    return name.startswith("/") or ".." in parts or drive or "\0" in name


def zip_entry(entry: zipfile.ZipInfo, limit: int, ratio: float | None = None) -> str | None:
    """What is wrong with a member of a zip by what it says of itself, or None.

    `limit` is in bytes, unpacked; `ratio` is how many bytes one packed byte may become.
    """
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind == stat.S_IFLNK:
        return "is a link"
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        return "is no plain file"
    if entry.flag_bits & 1:
        return "is encrypted"
    if entry.file_size > limit:
        return f"is larger than {limit / 2**20:g} MiB"
    if ratio is not None and entry.file_size > ratio * max(entry.compress_size, 1000):
        return f"unpacks to {entry.file_size:,} bytes from {entry.compress_size:,}: a bomb"
    return None


def zip_total(path: Path, entries: list[zipfile.ZipInfo]) -> None:
    """Raise TegashikiError if all members together would grow beyond any set of ink."""
    if sum(entry.file_size for entry in entries) > allowance(path):
        raise bomb(path)


def allowance(path: Path) -> int:
    """How many bytes the archive at `path` may unpack to."""
    return MAX_RATIO * path.stat().st_size + SLACK


class Limited:
    """A stream that counts what is read from it: in all, and since the last file began."""

    def __init__(self, path: Path, file: BinaryIO) -> None:
        self._path, self._file = path, file
        self._left = allowance(path)
        self._part = MAX_OTHER

    def begin(self, size: int) -> None:
        """A file of this size comes next; headers and padding count against it too."""
        if size > min(MAX_OTHER, self._left):
            raise bomb(self._path)
        self._part = size + MAX_OTHER

    def read(self, size: int) -> bytes:
        """As a file does; raises TegashikiError for more than is allowed."""
        data = self._file.read(size)
        self._left -= len(data)
        self._part -= len(data)
        if self._left < 0 or self._part < 0:
            raise bomb(self._path)
        return data


def bomb(path: Path) -> TegashikiError:
    """The error for an archive that unpacks to too much."""
    return TegashikiError(f"{path}: would grow to more than {MAX_RATIO} times its size or holds a "
                          f"file above {MAX_OTHER // 2**20} MiB; do not use it, get the set from "
                          "its official place")
