"""Why a run has no verdict yet: what stands in the way of doing it again, or how long it takes.

    known = untried.history(checkout)        # the commits of this repository
    untried.why(run, known)                  # ("not tried", "it took 40 min")
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from tegashiki.journal.archive.reader import ArchivedRun
from tegashiki.journal.format import layout
from tegashiki.journal.report import formatting
from tegashiki.journal.report.verification.verdict import CANNOT
from tegashiki.journal.session import git

NOT_TRIED = "not tried"


def history(checkout: Path | None) -> frozenset[str]:
    """The commits that a clone of what is checked out brings along; none without git."""
    listed = git.ask(checkout, "rev-list", "HEAD") if checkout else None
    return frozenset((listed or b"").decode().split())


def lost(runs: Iterable[ArchivedRun], checkout: Path | None) -> dict[str, list[str]]:
    """{commit: ids of runs} that a clone would lack: branches that were rebased after the run.

    Nothing is said where git is not there or where the history is shallow.
    """
    known = history(checkout)
    shallow = git.ask(checkout, "rev-parse", "--is-shallow-repository") if checkout else None
    found: dict[str, list[str]] = {}
    if not known or shallow is None or shallow.strip() != b"false":
        return found
    for run in runs:
        commit = (run.record["code"] or {}).get("commit")
        if run.status == layout.OK and commit and commit not in known:
            found.setdefault(commit, []).append(run.id)
    return found


def why(run: ArchivedRun, known: frozenset[str]) -> tuple[str, str]:
    """The word and the reason for a run that `verification.read` has nothing about.

    With no `known` commits nothing is said of the code.
    """
    if run.status != layout.OK:
        return CANNOT, f"the run is {run.status!r}; only what was ok can be done again"
    record = run.record
    commit = (record["code"] or {}).get("commit")
    if record["notebook"] is None or not commit:
        return CANNOT, "its notebook or its commit is not known"
    if known and commit not in known:
        return CANNOT, f"commit {commit[:12]} is not in this repository: it was rebased away"
    if accelerators := (record["device"] or {}).get("accelerators"):
        return NOT_TRIED, f"it ran on {', '.join(accelerators)}"
    return NOT_TRIED, f"it took {formatting.duration(run.outcome.get('seconds'))}"
