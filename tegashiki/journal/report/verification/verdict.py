"""The verdict of a verification, and how it is decided from what was found.

    verdict.decide(differences, band)           # ("identical", "curves, results ...")
    verdict.read(run)                           # what verify.json says, if it is about this run

verify.json carries the sha256 of the manifest that it verified: beside a run that was changed, or
copied to another one, it says nothing any more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from tegashiki.errors import TegashikiError
from tegashiki.journal.archive.reader import ArchivedRun
from tegashiki.journal.format import layout, schemas
from tegashiki.journal.report.verification import contents
from tegashiki.journal.report.verification.band import Band
from tegashiki.journal.report.verification.contents import Difference
from tegashiki.storage import files

VERSION = 3  # 2: bound to a manifest; 3: a run may be done again in part (begins identical)
IDENTICAL, WITHIN, DRIFTED, CANNOT = "identical", "within band", "drifted", "cannot"
BEGINS = "begins identical"  # the first rows of its curve; then it was stopped


@dataclass(frozen=True)
class Verdict:
    """One word and the reason; what it rests on."""

    word: str
    why: str
    differences: tuple[Difference, ...] = ()
    causes: tuple[str, ...] = ()  # how the surroundings differed from the run's own
    band: tuple[str, ...] = ()  # the runs that it was measured from
    rerun: str | None = None  # the id of the run that was made

    def write(self, run: ArchivedRun) -> None:
        """Put it beside the run as verify.json, which no manifest lists."""
        found = asdict(self)
        record: dict[str, Any] = {"version": VERSION, "verdict": found.pop("word")}
        bound = {"run": run.id, "manifest_sha256": run.outcome.get("manifest_sha256")}
        files.write_json(run.folder / layout.VERIFY, record | bound | {"when": files.now()} | found)


def read(run: ArchivedRun) -> dict[str, Any] | None:
    """verify.json of the run, if there is one and it verified what lies here; else None."""
    path = run.folder / layout.VERIFY
    if not path.is_file():
        return None
    try:
        told = schemas.read(path, schemas.VERIFY)
    except TegashikiError:
        return None
    return told if told["manifest_sha256"] == run.outcome.get("manifest_sha256") else None


def decide(differences: Sequence[Difference], band: Band | None) -> tuple[str, str]:
    """The word and the reason, for a run that could be done again."""
    if not differences:
        return IDENTICAL, "curves, results and contents are equal in every digit"
    first = differences[0]
    if band is not None:
        outside = [d for d in differences if d.kind != "artifact" and not band.holds(d)]
        if not outside:
            return WITHIN, f"{first}; as near as runs of {len(band.runs)} seeds are to each other"
        first = outside[0]
        return DRIFTED, f"first at {first}, outside of the band {band.around(first)}"
    if contents.undecided(list(differences)):
        return CANNOT, (f"curves and results are equal in every digit; of {len(differences)} files "
                        f"only the hash is known, and it is another: {first}")  # fmt: skip
    size = contents.largest(list(differences))
    return DRIFTED, f"first at {first}" + (f"; at most {size:.1g} of a number" if size else "")
