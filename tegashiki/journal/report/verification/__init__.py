"""Doing a run again from its own record, and one verdict about what came out.

    from tegashiki.journal.report import verification
    verdict = verification.verify(run, checkout, today=False, band=None)
    verdict.word            # identical, within band, drifted, cannot

scratch.py puts the run's own tree and the archive of then together, surroundings.py its machine;
rerun.py runs it; contents.py compares what came out; band.py measures how far other seeds lie
apart.
"""

from tegashiki.journal.report.verification.rerun import verify
from tegashiki.journal.report.verification.verdict import (
    CANNOT,
    DRIFTED,
    IDENTICAL,
    WITHIN,
    Verdict,
    read,
)

__all__ = ["CANNOT", "DRIFTED", "IDENTICAL", "WITHIN", "Verdict", "read", "verify"]
