"""Files that are either old or new, never half-written; and what is in them.

    files.write_json(folder / "results.json", {"exact": 0.38})
    files.read_json(folder / "results.json")["exact"]
    files.sha256(folder / "notebook.ipynb")
    files.read_limited("formula.inkml", "formula.inkml")       # never more than it should hold
"""

from __future__ import annotations

import hashlib
import json
import math
import os
import stat
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tegashiki.errors import TegashikiError

BLOCK = 1 << 20  # bytes read at once while hashing
JSON_BYTES = 32 * 2**20  # of one JSON file; a run's results with predictions have a few MB
JSON_DEPTH = 100  # levels; a run's results have five
MAX_BYTES = 8 * 2**20  # of one expression's ink; the largest of CROHME has 61 kB


def now() -> str:
    """The time as it stands in every file of a run: UTC, to the millisecond."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def write_bytes(path: Path, content: bytes) -> None:
    """Put `content` at `path` in one step; after a crash the old file is there, or the new one.

    Raises OSError as the system gives it: a full disk is told in the caller's words.
    """
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.chmod(name, 0o644)  # mkstemp makes files that only their owner reads
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def write_or_explain(path: Path, content: bytes) -> None:
    """As `write_bytes`, with a TegashikiError for people in place of the system's error."""
    try:
        write_bytes(path, content)
    except OSError as error:
        raise TegashikiError(f"{path}: cannot be written: {error.strerror or error}; "
                             "make room or choose another folder") from None


def write_text(path: Path, text: str) -> None:
    """Put UTF-8 `text` at `path` in one step."""
    write_bytes(path, text.encode())


def write_json(path: Path, value: Any) -> None:
    """Put `value` at `path` as indented JSON in one step; NaN and infinities become null."""
    text = json.dumps(plain(value), indent=1, ensure_ascii=False, allow_nan=False)
    write_text(path, text + "\n")


def read_limited(source: str | os.PathLike | bytes, name: str, limit: int = MAX_BYTES) -> bytes:
    """The bytes of a file (or the bytes themselves); raises TegashikiError beyond `limit` bytes.

    `name` is what messages call it. What is empty is refused too: it was not written to its end.
    """
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
        raise TegashikiError(f"{name}: larger than {limit / 2**20:g} MiB; is it what you meant?")
    if not data.strip():
        raise TegashikiError(f"{name}: is empty; get the file again")
    return data


def read_json(path: Path, limit: int = JSON_BYTES) -> dict[str, Any]:
    """The JSON object in `path`. Raises TegashikiError if it is missing, broken or too large."""
    try:
        if path.stat().st_size > limit:
            raise TegashikiError(f"{path}: larger than {limit / 2**20:g} MiB; cannot be read")
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise TegashikiError(f"{path}: missing; the run's folder is not complete") from None
    except (OSError, ValueError) as error:
        raise TegashikiError(f"{path}: cannot be read: {error}") from error
    value = parse_json(text, str(path))
    if not isinstance(value, dict):
        raise TegashikiError(f"{path}: expected a JSON object")
    return value


def parse_json(text: str | bytes, where: str) -> Any:
    """What a JSON text holds; `where` is what messages call it.

    Raises TegashikiError for what is no JSON: NaN and infinities, and what is nested so deep that
    it was made to exhaust a reader, are none.
    """
    def none(constant: str) -> None:
        raise ValueError(f"{constant} is no JSON")

    try:
        value = json.loads(text, parse_constant=none)
        _depth([value], JSON_DEPTH)
    except (ValueError, RecursionError) as error:
        said = error if isinstance(error, ValueError) else "nested too deep"
        raise TegashikiError(f"{where}: cannot be read: {said}") from None
    return value


def _depth(value: Any, left: int) -> None:
    if left < 0:
        raise ValueError("nested too deep")
    for item in value.values() if isinstance(value, dict) else value:
        if isinstance(item, dict | list):
            _depth(item, left - 1)


def without_grammars() -> None:
    """Call it before jsonschema is imported for the first time: it spares two seconds.

    jsonschema would build a grammar for international addresses; no schema here has any, and it
    does without where that module is missing.
    """
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]


def plain(value: Any) -> Any:
    """`value` as JSON can hold it: numpy scalars and tuples turned plain, NaN and infinity None.

    >>> plain({"loss": float("nan"), "shape": (2, 3)})
    {'loss': None, 'shape': [2, 3]}
    """
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, float) and not isinstance(value, bool):
        return float(value) if math.isfinite(value) else None
    if value is None or isinstance(value, str | int | bool):
        return value
    if hasattr(value, "tolist"):  # numpy scalars and arrays, and what behaves like them
        return plain(value.tolist())
    if hasattr(value, "__fspath__"):
        return os.fspath(value)
    raise TypeError(f"cannot be written as JSON: {type(value).__name__}")


def sha256(path: Path) -> str:
    """The sha256 of a file's bytes, or of a folder's sorted file names and their hashes."""
    if path.is_dir():
        digest = hashlib.sha256()
        for file in sorted(item for item in path.rglob("*") if item.is_file()):
            name = file.relative_to(path).as_posix()
            digest.update(f"{name}\0{sha256(file)}\n".encode())
        return digest.hexdigest()
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()


def size(path: Path) -> int:
    """Bytes of a file, or of all files in a folder."""
    if path.is_dir():
        return sum(item.stat().st_size for item in path.rglob("*") if item.is_file())
    return path.stat().st_size
