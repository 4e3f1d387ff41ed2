"""Reading with a limit and writing all or nothing: the two ways in which ink touches the disk.

    data = read_limited("formula.inkml", "formula.inkml")
    write_atomically(Path("copy.inkml"), data)
"""

import os
import stat
import tempfile
from pathlib import Path

from tegashiki.errors import TegashikiError

MAX_BYTES = 8 * 2**20     # of one expression; the largest of CROHME has 61 kB


def read_limited(source: str | os.PathLike | bytes, name: str, limit: int = MAX_BYTES) -> bytes:
    """The bytes of a file (or the bytes themselves); raises TegashikiError beyond `limit` bytes."""
    try:
        if isinstance(source, bytes):
            data = source
        else:
            with open(source, "rb") as file:
                # never more than the limit, whatever the file claims to be; a buffer of the limit's
                # size for each small file would double the time of reading it
                status = os.fstat(file.fileno())
                plain = stat.S_ISREG(status.st_mode)
                data = file.read(1 + (min(status.st_size, limit) if plain else limit))
    except OSError as error:
        raise TegashikiError(f"{name}: cannot be read: {error.strerror or error}; "
                             "check the path") from None
    if len(data) > limit:
        raise TegashikiError(f"{name}: larger than {limit / 2**20:g} MiB, no ink of one "
                             "expression; split it")
    if not data.strip():
        raise TegashikiError(f"{name}: is empty; get the file again")
    return data


def write_atomically(path: Path, data: bytes) -> None:
    """Write beside the target and move it there, so that no reader ever sees half a file."""
    temporary = None
    try:
        descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
        os.chmod(temporary, 0o644)               # mkstemp makes it private
        os.replace(temporary, path)
    except OSError as error:
        if temporary is not None:
            Path(temporary).unlink(missing_ok=True)
        raise TegashikiError(f"{path}: cannot be written: {error.strerror or error}; "
                             "make room or choose another folder") from None
