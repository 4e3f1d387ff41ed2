"""Recognising many: a folder or an archive of ink, a row for each file, by many workers.

    asked = Asked.of("models/ink2tex", alphabets.read("all"), top=5)
    for rows in answers(asked, "inks.tar.xz", wanted=lambda name: True, workers=4):
        rows[0].file, rows[0].candidates[0].tex

Rows come in the order of the files and are the same whatever the number of workers. A file that
cannot be read has a row too, which says why.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tegashiki.decoding.candidates import Candidate
from tegashiki.decoding.recognizer import Recognizer
from tegashiki.errors import TegashikiError
from tegashiki.ink import ENDINGS, parse_ink
from tegashiki.parallel.ordered import ordered
from tegashiki.storage import files
from tegashiki.storage.archives import iterate

CHUNK_FILES = 32          # of a task: a fifth of a second's work, far more than handing it over
CHUNK_BYTES = 2**20       # or as many, whichever comes first

File = tuple[str, bytes | str]       # name, and what is in it or why it cannot be had


@dataclass(frozen=True)
class Asked:
    """All that an answer depends on but for the ink."""

    model: str                          # the exported folder, absolute
    sha256: str                         # of what is in it
    alphabet: tuple[str, ...] | None    # tokens that may be written, sorted; None for all
    top: int                            # candidates a file

    @classmethod
    def of(cls, model: str | os.PathLike, alphabet: frozenset[str] | None, top: int) -> Asked:
        """Raises TegashikiError for a folder without a model."""
        Recognizer.load(model)          # what is wrong with it is said here, not by every worker
        return cls(str(Path(model).resolve()), files.sha256(Path(model)),
                   None if alphabet is None else tuple(sorted(alphabet)), top)


@dataclass(frozen=True)
class Row:
    """The answer for one file."""

    file: str
    candidates: tuple[Candidate, ...] = ()
    problem: str = ""                   # why there are none


def answers(asked: Asked, path: str | os.PathLike, wanted: Callable[[str], bool],
            workers: int = 1, scheduler: str | None = None) -> Iterator[list[Row]]:
    """Rows of the files at `path` that are wanted by their names, some at a time, in their order.

    Raises TegashikiError where `path` is neither folder nor archive, and as `ordered` does.
    """
    return ordered(partial(_answer, asked), _chunks(path, wanted), workers, scheduler)


def _chunks(path: str | os.PathLike, wanted: Callable[[str], bool]) -> Iterator[list[File]]:
    chunk: list[File] = []
    size = 0
    for name, content in _files(path):
        if not wanted(name):
            continue
        chunk.append((name, content))
        size += len(content)
        if len(chunk) == CHUNK_FILES or size >= CHUNK_BYTES:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def _files(path: str | os.PathLike) -> Iterator[File]:
    """All files with ink in their order; those that cannot be had with the reason."""
    bad: list[File] = []
    for name, content in iterate(path, ENDINGS, lambda name, reason: bad.append((name, reason))):
        yield from bad
        bad.clear()
        yield name, content
    yield from bad


_loaded = threading.local()      # LiteRT's interpreter answers one thread at a time


def _answer(asked: Asked, chunk: list[File]) -> list[Row]:
    """In a worker: the rows of one chunk."""
    if getattr(_loaded, "asked", None) != asked:
        if files.sha256(Path(asked.model)) != asked.sha256:
            raise TegashikiError(f"{asked.model}: is another model here than where the command "
                                 "was given; bring both to the same")
        _loaded.recognizer = Recognizer.load(asked.model).within(asked.alphabet)
        _loaded.asked = asked
    return [_row(_loaded.recognizer, name, content, asked.top) for name, content in chunk]


def _row(recognizer: Recognizer, name: str, content: bytes | str, top: int) -> Row:
    if isinstance(content, str):
        return Row(name, problem=content)
    try:
        return Row(name, tuple(recognizer.candidates(parse_ink(content, name), top)))
    except TegashikiError as error:
        return Row(name, problem=str(error).removeprefix(f"{name}: "))
    except Exception as error:       # a fault of ours at one file must not stop 100,000 others
        return Row(name, problem=f"cannot be recognised: {type(error).__name__}: {error}; "
                                 "please report it with the file")
