"""The files of a set from a folder, a zip or a tar as it was downloaded, without unpacking it.

    for name, data in iterate("inkml.tar.xz", ".inkml"):
        print(name, len(data))

Nothing is written to disk, so a hostile archive can only waste memory or time, and both are
limited: one file, what lies between two files, and the whole against the archive's own size.
Links, devices and names that lead out of the archive are never followed.
"""

import bz2
import gzip
import itertools
import lzma
import os
import stat
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from tegashiki.errors import TegashikiError
from tegashiki.storage import guard
from tegashiki.storage.files import MAX_BYTES

MAX_FILES = 2_000_000          # MathWriting, the largest set known, has 650,000

Skip = Callable[[str, str], None]
Suffix = str | tuple[str, ...]
_OPENERS = {b"\xfd7zXZ\x00": lzma.open, b"\x1f\x8b": gzip.open, b"BZh": bz2.open}


def iterate(path: str | os.PathLike, suffix: Suffix, skip: Skip | None = None,
            limit: int = MAX_BYTES) -> Iterator[tuple[str, bytes]]:
    """Yield (name, bytes) of every file whose name ends with `suffix`, or with one of them.

    Names are relative with forward slashes; a folder and a zip give them sorted, a tar in its own
    order. A single file that cannot be used (too large, a link, damaged) raises TegashikiError, or
    with `skip` is reported as `skip(name, reason)` and left out. An archive that cannot be trusted
    or read as a whole always raises TegashikiError.
    """
    path = Path(path)
    kind = _kind(path)
    skip = skip or _refuse(path)
    for count, (name, data) in enumerate(kind(path, suffix, skip, limit), start=1):
        if count > MAX_FILES:
            raise TegashikiError(f"{path}: more than {MAX_FILES} files; split it")
        if name.isprintable():
            yield name, data
        else:                                    # it would break the lines of logs and lists
            skip(ascii(name)[:80], "has control characters in its name")


def open_text(path: str | os.PathLike, longest: int = 2**20) -> Iterator[str]:
    """The lines of a text file, plain or compressed by xz, gzip or bzip2, without their ends.

    Raises TegashikiError for a line of more than `longest` bytes, for a file that grows to more
    than guard.MAX_RATIO times its size, and for one that cannot be read.
    """
    path = Path(path)
    try:
        with _plain(path) as file:
            left = guard.allowance(path)
            for number in itertools.count(1):
                line = file.readline(longest + 1)
                left -= len(line)
                if left < 0:
                    raise guard.bomb(path)
                if len(line) > longest:
                    raise TegashikiError(f"{path}: line {number}: longer than {longest} bytes; "
                                         "get the file again")
                if not line:
                    return
                if line.strip():
                    yield line.decode("utf-8").rstrip("\r\n")
    except (OSError, EOFError, lzma.LZMAError, UnicodeDecodeError, ValueError) as error:
        raise TegashikiError(f"{path}: cannot be read: {error}; get the file again") from None


def _plain(path: Path) -> BinaryIO:
    """The file open for reading, decompressed if its first bytes say so."""
    with open(path, "rb") as file:
        start = file.read(8)
    opener = next((opener for mark, opener in _OPENERS.items() if start.startswith(mark)), open)
    return opener(path, "rb")


def _kind(path: Path) -> Callable[..., Iterator[tuple[str, bytes]]]:
    if path.is_dir():
        return _folder
    try:
        with open(path, "rb") as file:
            start = file.read(512)
    except OSError as error:
        raise TegashikiError(f"{path}: cannot be read: {error.strerror}; give a folder, a .zip or "
                             "a .tar(.xz, .gz, .bz2)") from None
    if zipfile.is_zipfile(path):
        return _zip
    if start.startswith(tuple(_OPENERS)) or start[257:262] == b"ustar":
        return _tar
    raise TegashikiError(f"{path}: is neither folder, zip nor tar; give it as it was downloaded")


def _refuse(path: Path) -> Skip:
    def refuse(name: str, reason: str) -> None:
        raise TegashikiError(f"{path}: {name}: {reason}; remove it or get the set again")
    return refuse


def _checked(path: Path, name: str) -> str:
    """The name with forward slashes; raises for one that leads out of the archive."""
    if guard.leads_out(name):
        raise TegashikiError(f"{path}: {name[:80]!r} leads out of the archive; do not use it, get "
                             "the set from its official place")
    return name.replace("\\", "/")


def _folder(path: Path, suffix: Suffix, skip: Skip, limit: int) -> Iterator[tuple[str, bytes]]:
    for root, folders, files in os.walk(path):       # does not follow links to folders
        folders.sort()
        for file in sorted(files):
            if not file.endswith(suffix):
                continue
            full = Path(root, file)
            name = full.relative_to(path).as_posix()
            try:
                status = full.stat()                 # a link to a file is what the user made
                if not stat.S_ISREG(status.st_mode):
                    skip(name, "is no plain file")
                elif status.st_size > limit:
                    skip(name, f"is larger than {limit / 2**20:g} MiB")
                else:
                    yield name, full.read_bytes()
            except OSError as error:
                skip(name, f"cannot be read: {error.strerror}")


def _zip(path: Path, suffix: Suffix, skip: Skip, limit: int) -> Iterator[tuple[str, bytes]]:
    try:
        with zipfile.ZipFile(path) as archive:
            entries = sorted(archive.infolist(), key=lambda entry: entry.filename)
            guard.zip_total(path, entries)
            for entry in entries:
                name = _checked(path, entry.filename)
                if not name or entry.is_dir() or not name.endswith(suffix):
                    continue
                if problem := guard.zip_entry(entry, limit):
                    skip(name, problem)
                    continue
                try:
                    data = archive.read(entry)   # at most file_size bytes, CRC checked
                except guard.DAMAGED as error:
                    skip(name, f"is damaged or encrypted: {error}")
                    continue
                yield name, data
    except (zipfile.BadZipFile, NotImplementedError, OSError) as error:
        raise TegashikiError(f"{path}: is no readable zip: {error}; download it again") from None


def _tar(path: Path, suffix: Suffix, skip: Skip, limit: int) -> Iterator[tuple[str, bytes]]:
    try:
        with _plain(path) as plain:              # read once, forwards
            limited = guard.Limited(path, plain)
            with tarfile.open(fileobj=limited, mode="r|") as archive:
                for entry in archive:
                    limited.begin(entry.size)
                    name = _checked(path, entry.name)
                    if entry.isdir() or not name.endswith(suffix):
                        continue
                    if not entry.isreg():
                        skip(name, "is a link or a device")
                    elif entry.size > limit:
                        skip(name, f"is larger than {limit / 2**20:g} MiB")
                    else:
                        data = archive.extractfile(entry).read()
                        if len(data) != entry.size:
                            raise EOFError("it ends too early")
                        yield name, data
    except (tarfile.TarError, lzma.LZMAError, EOFError, OSError, ValueError) as error:
        raise TegashikiError(f"{path}: is no readable tar: {error}; download it again") from None
