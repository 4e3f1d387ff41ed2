"""What the project says of itself, against its archive: every number is bound to its run.

    73.6 %<!-- 9c60acc2:exact --> of 986<!-- 9c60acc2:n --> expressions

The mark behind a number names the run and the key of its value (values.py): the number is rendered
from there, `tegashiki check --claims` writes it anew, and any other digit is an error. A factor may
follow the key (`bytes/1e6`); `<!-- name -->` says that a number is none that was measured.

    for problem in claims.check(Path("README.md"), runs): print(problem)

A number to be marked is a percentage, one with decimals, one with a unit or a count (93 of 132,
4 MB, 250 tokens) in running text or a table, and every number in a paragraph or table that has a
mark; code, links, versions, years and run ids are none. A page without any mark is held to looser
rules (unbound.py). A file that is byte for byte an artifact of a run that it names is that run's
own word; one that was an artifact and was changed must bind its numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tegashiki.errors import TegashikiError
from tegashiki.journal.archive import unbound, values
from tegashiki.journal.archive.reader import ArchivedRun
from tegashiki.journal.format import manifest
from tegashiki.storage import files

_NUMBER = re.compile(
    r"(?<![\w.\-/#])(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
    r"(?P<percent>\s?%)?(?P<mark>\**\s?<!--\s*(?P<said>[^>]*?)\s*-->)?(?![\w]|\.\d|-\d)"
)
_BOUND = re.compile(r"(?P<id>[0-9a-f]{8}):(?P<key>.+?)(?P<factor>[*/][\d.e+-]+)?")
_NO_CLAIM = re.compile(r"(?:Python|version|License|Licence|CC BY[\w-]*|Debian|≥|>=|v)\s*$", re.I)
_PLAIN = re.compile(r"(?:19|20)\d\d|\d{8}")  # years and run ids
_NAME = "name"
_FENCE = re.compile(r"^(```|~~~).*?^\1", re.M | re.S)
_CODE = re.compile(r"`[^`\n]*`|\]\([^)\s]*\)|https?://\S+")
_COMMENT = re.compile(r"<!--.*?-->", re.S)
_ID = re.compile(r"\b[0-9a-f]{8}\b")


@dataclass(frozen=True)
class Claim:
    """One number in a text."""

    line: int
    start: int  # offsets in the text
    end: int
    number: str  # as it stands there
    percent: bool
    said: str | None  # what its mark says; None: it has none

    def __str__(self) -> str:
        return f"line {self.line}: {self.number}{' %' if self.percent else ''}"


def check(path: Path, runs: Mapping[str, ArchivedRun]) -> list[str]:
    """What is wrong in the Markdown file at `path`, a line each. `runs`: the archive, by id."""
    text = path.read_text(encoding="utf-8")
    named = [id for id in dict.fromkeys(_ID.findall(text)) if id in runs]
    if any(_is_artifact(path, runs[id]) for id in named):
        return []
    if not bound(text):
        changed = [f"is no longer what run {id} wrote; restore it, or bind its numbers (tegashiki "
                   "check --mark)" for id in named if _left(path.name, runs[id])]  # fmt: skip
        return changed[:1] or unbound.check(text, runs)
    known: dict[str, dict[str, float]] = {}
    found = []
    for claim in _claims(text):
        try:
            told = rendered(claim, runs, known)
        except TegashikiError as error:
            found.append(f"{claim} {error}")
            continue
        if told not in (None, claim.number):
            found.append(f"{claim} is {told}{' %' if claim.percent else ''} by {claim.said}")
    return list(dict.fromkeys(found))


def bound(text: str) -> bool:
    """Whether a page binds a number, and with it every other one."""
    return any(_BOUND.fullmatch(mark[4:-3].strip()) for mark in _COMMENT.findall(text))


def written(text: str, runs: Mapping[str, ArchivedRun]) -> str:
    """The text with every marked number as its run has it.

    Raises TegashikiError for a mark whose run or key does not exist.
    """
    known: dict[str, dict[str, float]] = {}
    for claim in reversed(list(_claims(text))):
        if claim.said is not None and (told := rendered(claim, runs, known)) is not None:
            text = text[: claim.start] + told + text[claim.end :]
    return text


def rendered(
    claim: Claim, runs: Mapping[str, ArchivedRun], known: dict[str, dict[str, float]]
) -> str | None:
    """The number as its run has it, at the digits that are shown; None where nothing is claimed.

    `known` keeps the values of runs that were read. Raises TegashikiError for a claim without a
    mark, and for a mark that names nothing.
    """
    if claim.said is None:
        raise TegashikiError("has no mark; write <!-- run:key --> behind it, or <!-- name -->")
    if claim.said == _NAME:
        return None
    mark = _BOUND.fullmatch(claim.said)
    if mark is None:
        raise TegashikiError(f"has the mark {claim.said!r}; expected <!-- run:key -->")
    id, key = mark["id"], mark["key"]
    if id not in runs:
        raise TegashikiError(f"is bound to run {id}, which is not in the archive")
    if id not in known:
        known[id] = values.of(runs[id])
    if key not in known[id]:
        raise TegashikiError(f"is bound to {key!r}, which run {id} does not have")
    value = known[id][key]
    if factor := mark["factor"]:
        value = value * float(factor[1:]) if factor[0] == "*" else value / float(factor[1:])
    return show(value, claim.number, claim.percent)


def show(value: float, like: str, percent: bool) -> str:
    """A value with as many digits as another number, without its sign.

    >>> show(0.7361, "70.0", True), show(8835, "1,000", False)
    ('73.6', '8,835')
    """
    digits = len(like.partition(".")[2])
    comma = "," if "," in like or (not digits and abs(value) >= 10_000) else ""
    return f"{abs(value) * (100 if percent else 1):{comma}.{digits}f}"


def _claims(text: str) -> Iterator[Claim]:
    """Each number of a text that must be bound to a run."""
    # Blanked, not cut out, so that everything keeps its place.
    blank = _FENCE.sub(_blanked, text)
    blank = re.sub(r"^(?: {4}|\t).*$", _blanked, blank, flags=re.M)
    blank = _CODE.sub(_blanked, blank)
    begin = 0
    for block in re.split(r"(\n[ \t]*\n)", blank):
        strict = bound(block)
        for match in _NUMBER.finditer(block):
            before = block[: match.start()]
            if before.rfind("<!--") > before.rfind("-->"):
                continue  # within a mark itself
            number, said = match["number"], match["said"]
            if said is None and (_NO_CLAIM.search(before[-20:]) or _PLAIN.fullmatch(number)):
                continue
            measured = match["percent"] or "." in number or unbound.counts(block, match)
            if measured or strict or said is not None:
                at = begin + match.start("number")
                line = text.count("\n", 0, at) + 1
                yield Claim(line, at, begin + match.end("number"), number,
                            bool(match["percent"]), said)  # fmt: skip
        begin += len(block)


def _blanked(match: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", match[0])


def _left(name: str, run: ArchivedRun) -> bool:
    """Whether the run left an artifact of this name."""
    try:
        return any(entry["path"].endswith(f"/{name}") for entry in manifest.read(run.folder))
    except TegashikiError:
        return False


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


def suggestions(text: str, runs: Mapping[str, ArchivedRun]) -> tuple[str, list[str]]:
    """The text with a mark behind each number that only one key fits, and what is left to say.

    Looked through are the runs that the paragraph names, else the section; a result goes before a
    parameter, and a parameter before a curve.
    """
    left, known = [], {}
    for claim in reversed(list(_claims(text))):
        if claim.said is not None:
            continue
        block = text[text.rfind("\n\n", 0, claim.start) + 1 : text.find("\n\n", claim.end)]
        section = text[text.rfind("\n#", 0, claim.start) + 1 : claim.start]
        line = text[text.rfind("\n", 0, claim.start) + 1 : text.find("\n", claim.end)]
        fits: list[str] = []
        for place in (line, block, section):
            ids = [id for id in dict.fromkeys(_ID.findall(place)) if id in runs]
            for id in ids:
                known.setdefault(id, values.of(runs[id]))
                fits += [f"{id}:{key}" for key, value in known[id].items()
                         if show(value, claim.number, claim.percent) == claim.number]  # fmt: skip
            if fits:
                break
        results = [fit for fit in fits if ":metrics." not in fit and ":parameters." not in fit]
        chosen = results if len(results) == 1 else fits
        if len(set(chosen)) == 1:
            end = claim.end + len(re.match(r"(?:\s?%)?", text[claim.end :])[0])
            text = f"{text[:end]}<!-- {chosen[0]} -->{text[end:]}"
        else:
            left.append(f"{claim}: {', '.join(fits[:6]) or 'no key fits'}")
    return text, left[::-1]
