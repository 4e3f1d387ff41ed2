"""Rows of answers in a file that is always good for going on, whatever stopped the writer.

    with AnswerFile("answers.tsv", asked) as out:
        for rows in answers(asked, "inks.zip", out.lacks, workers=4):
            out.write(rows)

The file is UTF-8 text, columns separated by tabs: `file`, `problem` (empty if it was read), then
`tex_1`, `probability_1` and so on for each candidate that was asked for, empty where there are
fewer. Beside it `answers.tsv.settings` says what the answers depend on. Rows are only ever added, a
chunk in one write; of a writer that was killed in the middle of one the last line may have no end,
and is taken back when the file is opened again.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import BinaryIO

from tegashiki.decoding.many import Asked, Row
from tegashiki.errors import TegashikiError
from tegashiki.storage import files

_BREAKS = re.compile(r"[\t\r\n]+")       # in a reason: they would end the column or the row


class AnswerFile:
    """The file, and which files of ink have their row in it."""

    def __init__(self, path: str | os.PathLike, asked: Asked) -> None:
        """Raises TegashikiError for a file of other settings, and one that another writes now."""
        self.path = Path(path)
        self.rows = self.bad = 0          # in the file, and of them without an answer
        self._top = asked.top
        self._done: Counter[bytes] = Counter()      # digests: 100,000 names would take 20 MB
        self._file = self._open()
        try:
            self._settle(asked)
            self._read()
        except BaseException:
            self._file.close()
            raise

    def __enter__(self) -> AnswerFile:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def lacks(self, name: str) -> bool:
        """Whether a file has no row yet. Asked once for each: a tar may hold one name twice."""
        key = _digest(name)
        if self._done[key] == 0:
            return True
        self._done[key] -= 1
        return False

    def write(self, rows: Iterable[Row]) -> None:
        """Add rows."""
        lines = []
        for row in rows:
            cells = [row.file, _BREAKS.sub(" ", row.problem)]
            for candidate in row.candidates:
                cells += [candidate.tex, f"{candidate.probability:.6f}"]
            lines.append("\t".join([*cells, *[""] * (2 + 2 * self._top - len(cells))]) + "\n")
            self.rows += 1
            self.bad += bool(row.problem)
        try:
            self._add("".join(lines))
        except OSError as error:
            raise TegashikiError(f"{self.path}: cannot be written: {error.strerror}; make room, "
                                 "then give the same command again") from None

    def _open(self) -> BinaryIO:
        import fcntl

        try:
            file = open(self.path, "a+b")
        except OSError as error:
            raise TegashikiError(f"{self.path}: cannot be written: {error.strerror}; choose "
                                 "another --out") from None
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.close()
            raise TegashikiError(f"{self.path}: is being written by another process; wait for it "
                                 "or choose another --out") from None
        return file

    def _settle(self, asked: Asked) -> None:
        """Begin a new file, or make sure that this one was begun with the same settings."""
        beside = self.path.with_name(f"{self.path.name}.settings")
        settings = {key: value for key, value in asdict(asked).items() if key != "model"}
        settings = {"version": 1, **files.plain(settings)}
        begun = beside.is_file()
        self._file.seek(0)
        head = self._file.readline()
        if not head or (begun and not head.endswith(b"\n")):
            files.write_json(beside, settings)
            self._file.truncate(0)
            names = [f"{kind}_{number}" for number in range(1, self._top + 1)
                     for kind in ("tex", "probability")]
            self._add("\t".join(["file", "problem", *names]) + "\n")
        elif not begun:
            raise TegashikiError(f"{self.path}: was not begun by this command; choose another "
                                 "--out")
        elif files.read_json(beside) != settings:
            raise TegashikiError(f"{self.path}: was begun with another model, alphabet or number "
                                 "of candidates; give the same again, or another --out")

    def _add(self, text: str) -> None:
        """To the end of the file; past Python's buffer, so that nothing waits to be written."""
        left = memoryview(text.encode())
        while left:
            left = left[os.write(self._file.fileno(), left):]

    def _read(self) -> None:
        """Count the rows and take back a last line without an end."""
        self._file.seek(0)
        whole = len(self._file.readline())
        for line in self._file:
            if not line.endswith(b"\n"):
                break
            whole += len(line)
            name, problem = line.split(b"\t", 2)[:2]
            self._done[_digest(name.decode())] += 1
            self.rows += 1
            self.bad += bool(problem)
        self._file.truncate(whole)


def _digest(name: str) -> bytes:
    return hashlib.blake2b(name.encode(), digest_size=16).digest()
