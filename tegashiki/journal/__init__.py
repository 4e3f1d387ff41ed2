"""What a run is: parameters, execution, honest status, archive. Knows nothing of ink or TeX.

    from tegashiki import journal
    run = journal.begin("ink2tex", "train", epochs=epochs, seed=seed)
    run.metrics(epoch=1, loss=2.31); run.result(exact=0.38); run.finish()

A run is one execution of one notebook; its folder is plain files (layout.py, runs/README.md). The
process that starts papermill owns the truth about it: execute.py, verdict.py, status.py.
"""

from tegashiki.journal.begin import begin
from tegashiki.journal.fingerprint import fingerprint
from tegashiki.journal.gates import GateError

__all__ = ["GateError", "begin", "fingerprint"]
