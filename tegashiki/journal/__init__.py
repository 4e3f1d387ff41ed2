"""What a run is: parameters, execution, honest status, archive. Knows nothing of ink or TeX.

    from tegashiki import journal
    run = journal.begin("ink2tex", "train")       # takes the values of the parameters cell
    run.metrics(epoch=1, loss=2.31); run.result(exact=0.38); run.finish()

A run is one execution of one notebook; its folder is plain files (format/layout.py, and
runs/README.md for every field). The process that starts papermill owns the truth about it
(execute/supervise.py); where nobody started it, the kernel vouches (session/unmanaged.py).

Seven rooms, each of which knows those above it:

    format      the folder on disk: layout, paths, schemas of its JSON and migrations, run.json,
                status, manifest, metrics, log, notebook file, rights; when an outcome is `ok`
    notebook    the source before it runs: parameters cell, #@param forms, badges; and what may be
                kept of it: secrets (also those of the environment), limits of outputs, last sweep
    archive     runs as they lie: reader, index, select, check, values, claims bound to them,
                signatures, licences, up to date, resume
    session     what a kernel sees: begin, declared parameters, run, gates, fingerprint, modules
                that ran, earlier steps, environment, git, provenance
    execute     who runs a notebook and stays with it: series, plan, launch, supervise, process,
                worker, kernel, signals, progress, schedule
    transfer    carried elsewhere and taken in: bundle, sources, file scan, ingest
    report      what is told of runs: differences and their causes, curves, verification, site

Two files stand between rooms: `archive.resume` makes a plan (execute) and is used by execute, and
`session.run` hands its bundle over (transfer) where nobody launched it. No files go in circles.
"""

from tegashiki.journal.session.begin import begin
from tegashiki.journal.session.fingerprint import fingerprint
from tegashiki.journal.session.gates import GateError

__all__ = ["GateError", "begin", "fingerprint"]
