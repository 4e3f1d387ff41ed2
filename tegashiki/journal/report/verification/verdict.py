"""The verdict of a verification, and how it is decided from what was found.

    verdict.decide(differences, band)           # Verdict("identical", ...)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from tegashiki.journal.archive.reader import ArchivedRun
from tegashiki.journal.format import layout
from tegashiki.journal.report.verification.band import Band
from tegashiki.journal.report.verification.contents import Difference
from tegashiki.storage import files

VERSION = 1
IDENTICAL, WITHIN, DRIFTED, CANNOT = "identical", "within band", "drifted", "cannot"


@dataclass(frozen=True)
class Verdict:
    """One word and the reason; what it rests on."""

    word: str
    why: str
    differences: tuple[Difference, ...] = ()
    environment: tuple[str, ...] = ()  # how the surroundings differed from the run's own
    band: tuple[str, ...] = ()  # the runs that it was measured from
    rerun: str | None = None  # the id of the run that was made

    def write(self, run: ArchivedRun) -> None:
        """Put it beside the run as verify.json, which no manifest lists."""
        found = asdict(self)
        record: dict[str, Any] = {"version": VERSION, "verdict": found.pop("word")}
        files.write_json(run.folder / layout.VERIFY, record | {"when": files.now()} | found)


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
    return DRIFTED, f"first at {first}"
