"""What a run's folder holds: the one place where the format is stated (VERSION 2).

    from tegashiki.journal.format import layout
    (folder / layout.STATUS).read_text()

A run is one execution of one notebook with one set of parameters. Its folder is

    runs/<series>/<YYYYmmddTHHMMSSZ>-<step>-<id>/     id: 8 hexadecimal digits, unique
      run.json         what was asked and with what: parameters, code, environment, device, seeds,
                       data and earlier runs that were read, gates
      status.json      what became of it; the last file to be written, vouches for manifest.json
      manifest.json    path, bytes, sha256 and in_git of every other file
      results.json     key numbers, flat
      metrics.csv      one row an epoch, full resolution
      log.txt          what the cells printed, as it happened
      notebook.ipynb   the executed notebook, outputs limited in size
      patch.diff       uncommitted changes of the code, if there were any
      pictures/        figures, SVG or PNG
      artifacts/       files for later steps or for people
      rights.json      of which sets its pictures are drawn, and what was taken out again
      pruned.json      what was let go to save room, and where it is now
      notes.json       why it was made, and tags; may be changed at any time
      system.csv       what the machine did meanwhile: processor, memory, GPU
      .gitignore       which of them are too big for git

Every field is documented in runs/README.md. Readers refuse a VERSION they do not know.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

VERSION = 2

RUN = "run.json"
STATUS = "status.json"
MANIFEST = "manifest.json"
RESULTS = "results.json"
METRICS = "metrics.csv"
LOG = "log.txt"
NOTEBOOK = "notebook.ipynb"
PATCH = "patch.diff"
PICTURES = "pictures"
ARTIFACTS = "artifacts"
IGNORE = ".gitignore"
SIGNATURE = "status.json.sig"  # who vouches for the run; added later, so no manifest lists it
VERIFY = "verify.json"  # added later by a verification, so no manifest lists it
NOTES = "notes.json"  # why it was made, and tags; changed at any time, so no manifest lists it
SYSTEM = "system.csv"  # what the machine did while the run went on, in the manifest
PRUNED = "pruned.json"  # what was let go later, and where it is; listed by none
RIGHTS = "rights.json"  # whom its pictures show; what was withdrawn later, so none lists it either

# Only while a run goes on; never part of an archived run.
PROGRESS = ".progress.json"  # from the kernel to the process that started it
RESERVE = ".reserve"  # disk space kept for the last words of a run on a full disk
STDERR = ".stderr.txt"  # what the executing process said outside the notebook

# In status.json. A reader shows `running` as DIED once the heartbeat has stopped.
RUNNING, OK, FAILED = "running", "ok", "failed"
TIMED_OUT, INTERRUPTED, DIED = "timed out", "interrupted", "died"
STATUSES = (RUNNING, OK, FAILED, TIMED_OUT, INTERRUPTED, DIED)

HEARTBEAT_SECONDS = 2.0
STALE_SECONDS = 60.0  # a heartbeat older than this belongs to a dead run

MEGABYTE = 1_000_000
LOG_LIMIT = 2 * MEGABYTE  # beyond it, log.txt keeps its beginning and its end
STREAM_LIMIT = 20_000  # characters that one cell may print into the archived notebook
OUTPUT_LIMIT = 2 * MEGABYTE  # one picture or table in the archived notebook
NOTEBOOK_LIMIT = 8 * MEGABYTE  # all outputs of the archived notebook
GIT_LIMIT = 1 * MEGABYTE  # an artifact up to this size goes into git unasked
KEEP_LIMIT = 6 * MEGABYTE  # an artifact that asks to be kept goes into git up to this size
RUN_LIMIT = 12 * MEGABYTE  # all files of one run in git; the biggest artifacts go first
ARCHIVE_LIMIT = 25 * MEGABYTE  # all runs together, on disk; `tegashiki check` says how much it is

CLOCKS_APART = timedelta(days=7)  # by which the clock of another machine may be ahead of ours

FOLDER = re.compile(r"(?P<time>\d{8}T\d{6}Z)-(?P<step>.+)-(?P<id>[0-9a-f]{8})")


def dated(name: str) -> str | None:
    """What is wrong with the time in a folder's name, or None: such a run would always be `latest`.

    >>> dated("99990101T000000Z-train-3f9a1c2b")
    '99990101T000000Z lies in the future'
    """
    told = name.partition("-")[0]
    try:
        time = datetime.strptime(told, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        return f"{told} is no time"
    return f"{told} lies in the future" if time > datetime.now(UTC) + CLOCKS_APART else None
