"""Pages that bind no number yet: each must name a run near by, and be one of its numbers.

    for problem in unbound.check(text, runs): print(problem)

This finds most wrong numbers, not all: another number of the same run passes. A page with a single
mark is held to claims.py in whole, and the project's own pages are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from tegashiki.journal.archive import values
from tegashiki.journal.archive.reader import ArchivedRun

_RUN = re.compile(r"\bruns?\b", re.I)
_MORE = re.compile(r"\b[0-9a-f]{8}\b")
_NUMBER = re.compile(
    r"(?<![\w.\-/])(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
    r"(?P<percent>\s?%)?(?![\w]|\.\d|-\d)"
)
# What makes a bare integer a claim: "93 of 132", a unit, or things in the plural.
_COUNTED = re.compile(
    r"[\s-]+(?:of\s+\d|(?:[µmn]?s|[kKMG]?B|bit|minutes?|hours?|px|million|thousand)\b"
    r"|(?:[A-Za-z]+\s)?(?!(?:is|was|has|as|its|this|plus|less|times)\b)(?:[a-z-]{2,}s|people)\b)"
)
_TOTAL = re.compile(r"\d\s+of\s+$")
_NO_CLAIM = re.compile(r"(?:Python|version|License|Licence|CC BY[\w-]*|Debian|≥|>=|v)\s*$", re.I)
_COMMENT = re.compile(r"<!--.*?-->", re.S)
_FENCE = re.compile(r"^(```|~~~).*?^\1", re.M | re.S)
_HIDDEN = re.compile(r"`[^`\n]*`|\]\([^)\s]*\)|https?://\S+|<!--.*?-->", re.S)


def check(text: str, runs: Mapping[str, ArchivedRun]) -> list[str]:
    """What is wrong in a Markdown text, a line each. `runs`: the archive, by id."""
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
    for value in values.every(run):
        for scaled in (value * 100,) if percent else (value, value / 1e6, value / 1000):
            if round(scaled, digits) == shown or f"{scaled:.{digits}f}" == f"{shown:.{digits}f}":
                return True
    return False


def counts(text: str, number: re.Match[str]) -> bool:
    """Whether a number of a text stands with a unit or a count.

    >>> text = "It reads 93 of 132 in 40 ms, as notebook 12, by 5 people."
    >>> [m["number"] for m in _NUMBER.finditer(text) if counts(text, m)]
    ['93', '132', '40', '5']
    """
    before, after = text[: number.start()], _COMMENT.sub("", text[number.end() : number.end() + 80])
    return bool(_COUNTED.match(after) or _TOTAL.search(_COMMENT.sub("", before[-80:])))


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
                is_claim = (match["percent"] or "." in match["number"]
                            or counts(content, match))  # fmt: skip
                if is_claim and not _NO_CLAIM.search(content[: match.start()]):
                    yield line + offset, match["number"], match["percent"] or "", own
        line += block.count("\n")


def _ids(text: str) -> list[str]:
    """The runs that a text names; after the word once, ids alone are enough."""
    return list(dict.fromkeys(_MORE.findall(text))) if _RUN.search(text) else []
