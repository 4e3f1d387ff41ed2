"""What the code of a package is, in one hash: it changes when any of its files does.

    journal.fingerprint("tegashiki", rooms=["ink", "tex", "train"])
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path

from tegashiki.errors import TegashikiError
from tegashiki.storage import files


def fingerprint(package: str, rooms: Iterable[str] | None = None) -> str:
    """The sha256 of the files of `package`, or of some of its modules and sub-packages.

    Names and contents count, data files as well as code; compiled files and times do not. Raises
    TegashikiError for a package or a room that does not exist.
    """
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise TegashikiError(f"fingerprint: no package {package!r} can be imported")
    home = Path(next(iter(spec.submodule_search_locations)))
    found: list[Path] = []
    for room in sorted(set(rooms)) if rooms is not None else [""]:
        if (home / room).is_dir():
            found += (home / room).rglob("*")
        elif (home / f"{room}.py").is_file():
            found.append(home / f"{room}.py")
        else:
            raise TegashikiError(f"fingerprint: {package} has no room {room!r}")
    digest = hashlib.sha256()
    for path in sorted(set(found)):
        if path.is_file() and path.suffix != ".pyc":
            name = path.relative_to(home).as_posix()
            digest.update(f"{name}\0{files.sha256(path)}\n".encode())
    return digest.hexdigest()
