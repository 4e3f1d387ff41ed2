"""Runs that were made elsewhere: carried as one file, and taken in only when whole, safe and true.

    from tegashiki.journal.transfer import bundle, ingest
    run, new = ingest.ingest(bundle.write(run, Path(".")), paths.runs_root())

bundle.py writes the file; sources.py opens what came, checking names and sizes; file_scan.py tells
what could run as code; ingest.py judges the run and puts it into the archive.
"""
