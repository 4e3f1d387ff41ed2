"""What the project says of itself, against its archive: every number names its run and agrees.

    for problem in claims.check(Path("README.md"), runs): print(problem)

A claim is a percentage or a number with decimals in running text or a table; code, links and
versions are none. It must stand in a paragraph or table that names a run (`run 3f9a1c2b`), or
follow one in the same section, and equal one of the run's results to the digits that are shown. A
file that is byte for byte an artifact of a run that it names is that run's own word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tegashiki.errors import TegashikiError
from tegashiki.journal.archive.reader import ArchivedRun
from tegashiki.journal.format import layout, manifest, metrics
from tegashiki.storage import files

_RUN = re.compile(r"\bruns?\b", re.I)
_MORE = re.compile(r"\b[0-9a-f]{8}\b")
_NUMBER = re.compile(
    r"(?<![\w.\-/])(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
    r"(?P<percent>\s?%)?(?![\w]|\.\d|-\d)"
)
_NO_CLAIM = re.compile(r"(?:Python|version|License|Licence|CC BY[\w-]*|Debian|≥|>=|v)\s*$", re.I)
_FENCE = re.compile(r"^(```|~~~).*?^\1", re.M | re.S)
_HIDDEN = re.compile(r"`[^`\n]*`|\]\([^)\s]*\)|https?://\S+|<!--.*?-->", re.S)


def check(path: Path, runs: Mapping[str, ArchivedRun]) -> list[str]:
    """What is wrong in the Markdown file at `path`, a line each. `runs`: the archive, by id."""
    text = path.read_text(encoding="utf-8")
    named = [id for id in _MORE.findall(text) if id in runs]
    if any(_is_artifact(path, runs[id]) for id in dict.fromkeys(named)):
        return []
    found = []
    for line, number, percent, ids in _claims(text):
        if not ids:
            found.append(f"line {line}: {number}{percent} names no run")
        elif lost := [id for id in ids if id not in runs]:
            found.append(f"line {line}: run {lost[0]} is not in the archive")
        elif not any(agrees(number, bool(percent), runs[id]) for id in ids):
            said = " or ".join(ids)
            found.append(f"line {line}: {number}{percent} is no number of run {said}")
    return list(dict.fromkeys(found))


def agrees(number: str, percent: bool, run: ArchivedRun) -> bool:
    """Whether one of the run's numbers is this one, at the digits that are shown."""
    shown = float(number.replace(",", ""))
    digits = len(number.partition(".")[2])
    for value in _numbers(run):
        for scaled in (value * 100,) if percent else (value, value / 1e6, value / 1000):
            if round(scaled, digits) == shown or f"{scaled:.{digits}f}" == f"{shown:.{digits}f}":
                return True
    return False


def _claims(text: str) -> Iterator[tuple[int, str, str, list[str]]]:
    """Each claim with its line and the runs that stand for it."""
    # Blanked, not cut out, so that lines keep their numbers; run ids in code marks are kept.
    blank = _FENCE.sub(lambda m: re.sub(r"[^\n]", " ", m[0]), text)
    blank = re.sub(r"^(?: {4}|\t).*$", "", blank, flags=re.M)
    section: list[str] = []
    line = 1
    for block in re.split(r"(\n[ \t]*\n)", blank):
        if block.lstrip().startswith("#"):
            section = []
        ids = _ids(block)
        section = ids or section
        plain = _HIDDEN.sub(lambda m: re.sub(r"[^\n]", " ", m[0]), block)
        for offset, content in enumerate(plain.split("\n")):
            here = _MORE.findall(block.split("\n")[offset])
            own = [id for id in here if id in ids] or ids or section
            for match in _NUMBER.finditer(content):
                is_claim = match["percent"] or "." in match["number"]
                if is_claim and not _NO_CLAIM.search(content[: match.start()]):
                    yield line + offset, match["number"], match["percent"] or "", own
        line += block.count("\n")


def _ids(text: str) -> list[str]:
    """The runs that a text names; after the word once, ids alone are enough."""
    return list(dict.fromkeys(_MORE.findall(text))) if _RUN.search(text) else []


def _numbers(run: ArchivedRun) -> Iterator[float]:
    yield from _flat(run.results)
    yield from _flat(run.parameters)
    path = run.folder / layout.METRICS
    for row in metrics.read(path) if path.is_file() else []:
        yield from _flat(row)


def _flat(value: Any) -> Iterator[float]:
    if isinstance(value, dict):
        for item in value.values():
            yield from _flat(item)
    elif isinstance(value, list):
        for item in value:
            yield from _flat(item)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield float(value)


def _is_artifact(path: Path, run: ArchivedRun) -> bool:
    try:
        return files.sha256(path) in {entry["sha256"] for entry in manifest.read(run.folder)}
    except TegashikiError:
        return False


def documents(home: Path) -> list[Path]:
    """The files of a checkout that make claims: README.md, each series' own, the models' cards."""
    pages = sorted((home / "notebooks").glob("*/README.md"))
    cards = sorted((home / "models").rglob("*.md"))
    return [path for path in (home / "README.md", *pages, *cards) if path.is_file()]
