"""What a run is: parameters, execution, honest status, archive. Knows nothing of ink or TeX.

    from tegashiki import journal
    run = journal.begin("ink2tex", "train", epochs=epochs, seed=seed)
    run.metrics(epoch=1, loss=2.31); run.result(exact=0.38); run.finish()

A run is one execution of one notebook; its folder is plain files (layout.py, runs/README.md). The
process that starts papermill owns the truth about it: execute.py, verdict.py, status.py.

The files, in the order in which a run meets them:

    begin, run, log, metrics, gates, machine, origin     what a notebook says of itself
    notebook, parameters, forms, secret, series, plan    what `tegashiki run` checks beforehand
    launch, execute, process, worker, kernel, alone      who executes it, and stays with it
    status, verdict, seal, files, folder, layout         what is written down, and how
    archive, index, select, check, claims                the archive: found, listed, proven
    compare/, site/, verify/                             compared, shown, done again
    travel/                                              carried elsewhere and taken in
    fresh, resume, schedule                              repeated, gone on with, every night
"""

from tegashiki.journal.session.begin import begin
from tegashiki.journal.session.fingerprint import fingerprint
from tegashiki.journal.session.gates import GateError

__all__ = ["GateError", "begin", "fingerprint"]
