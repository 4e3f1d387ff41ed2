"""The archive of runs: read, select, index, check, claims, up to date, resume."""
