"""What a run's own notebook says of it: title, question, what came out, the picture to show.

    said = digest.of(run)
    said.title, said.question, said.outcome, said.picture

All of it is read from the notebook as it ran; nothing is typed a second time. Where the kernel
vouched, the notebook has no outputs, and `outcome` is the key numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tegashiki.errors import TegashikiError
from tegashiki.journal.archive.reader import ArchivedRun
from tegashiki.journal.format import layout, notebook
from tegashiki.journal.report import formatting

_TITLE = re.compile(r"^#\s+(.+)$", re.MULTILINE)
_QUESTION = re.compile(r"\*\*Question:\*\*\s*(.+?)(?:\n\s*\n|\n\||\Z)", re.DOTALL)
_FIGURE = re.compile(r"run\.figure\(\s*[^,]+,\s*f?[\"']([\w{}.-]+)[\"']")
_LONGEST = 420  # characters of a sentence that says what came out
_PICTURES = {".svg", ".png"}


@dataclass(frozen=True)
class Digest:
    """What there is; empty where the notebook does not say it."""

    title: str
    question: str
    outcome: str
    picture: Path | None  # among the run's pictures


@cache
def of(run: ArchivedRun) -> Digest:
    """The digest of one run; it never raises. build() forgets them at its start."""
    try:
        cells = notebook.read(run.folder / layout.NOTEBOOK).cells
        prose = [_source(c) for c in cells if c.get("cell_type") == "markdown"]
        code = [c for c in cells if c.get("cell_type") == "code"]
        outcome = _outcome(code)
        drawn = [name for cell in code for name in _FIGURE.findall(_source(cell))]
    except (TegashikiError, TypeError, AttributeError, KeyError):
        prose, outcome, drawn = [], "", []
    title = next((m[1] for text in prose if (m := _TITLE.search(text))), run.step)
    question = next((m[1] for text in prose if (m := _QUESTION.search(text))), "")
    return Digest(
        _plain(title), _plain(question), outcome or _numbers(run), _telling(run, drawn)
    )


def pictures(run: ArchivedRun) -> list[Path]:
    """The run's figures, by name."""
    folder = run.folder / layout.PICTURES
    return sorted(p for p in folder.glob("*") if p.suffix in _PICTURES and p.is_file())


def _source(cell: dict[str, Any]) -> str:
    return _joined(cell.get("source", ""))


def _joined(text: Any) -> str:
    return "".join(text) if isinstance(text, list) else str(text)


def _plain(text: str) -> str:
    """A line of Markdown as words: no links, no marks."""
    text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", text)
    return " ".join(re.sub(r"[*`]+|(?<!\w)_|_(?!\w)", "", text).split())


def _outcome(cells: list[dict[str, Any]]) -> str:
    """The last sentence that was printed, which a notebook ends with; "" if it is no sentence."""
    for cell in reversed(cells):
        lines = list(_printed(cell))
        if lines:
            said = next((line for line in reversed(lines) if _sentence(line)), "")
            return _plain(said)[:_LONGEST]
    return ""


def _sentence(line: str) -> bool:
    """Whether a person wrote it: no heading, list, table, object or what finish() says of code.

    >>> [_sentence(line) for line in (
    ...     "it reads 73.6% exactly", "| exact | 73.6% |", "- long formulas are weak", "F(x=G(1))")]
    [True, False, False, False]
    """
    odd = line.startswith(("#", "|", "<", "[", "- ", "* ", "code was edited while"))
    odd = odd or re.search(r"=\w+\(", line) is not None
    return len(line) > 20 and " " in line and not odd


def _printed(cell: dict[str, Any]) -> Iterator[str]:
    for output in cell.get("outputs", []):
        if output.get("output_type") == "stream" and output.get("name", "stdout") == "stdout":
            lines = _joined(output.get("text", "")).splitlines()
            yield from (line.strip() for line in lines if line.strip())


def _numbers(run: ArchivedRun) -> str:
    try:
        return formatting.numbers(run.results, 4)
    except TegashikiError:
        return ""


def _telling(run: ArchivedRun, drawn: list[str]) -> Path | None:
    """The picture to show: the last that the notebook drew, rather than its learning curve."""
    known = {path.stem: path for path in pictures(run)}
    order = [name for name in reversed(drawn) if name in known]
    order += [name for name in known if name not in order]
    order.sort(key=lambda name: name.startswith(("curve", "loss")))  # stable: these come last
    return known[order[0]] if order else None
