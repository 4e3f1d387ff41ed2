"""Doing a run again from its own record, and one verdict about what came out.

    from tegashiki.journal.report import verification
    verdict = verification.verify(run, checkout, today=False, band=None)
    verdict.word            # identical, within band, begins identical, drifted, cannot

scratch.py puts the run's own tree and the archive of then together, surroundings.py its machine;
rerun.py runs it; kept.py has what doing so made; contents.py compares; band.py measures how far
other seeds lie apart.
"""

from tegashiki.journal.report.verification.rerun import took_longer, verify
from tegashiki.journal.report.verification.verdict import (
    BEGINS,
    CANNOT,
    DRIFTED,
    IDENTICAL,
    WITHIN,
    Verdict,
    read,
)

__all__ = ["BEGINS", "CANNOT", "DRIFTED", "IDENTICAL", "WITHIN", "Verdict", "read", "took_longer",
           "verify"]
