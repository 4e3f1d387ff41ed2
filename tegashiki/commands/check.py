"""tegashiki check [RUN]: manifests, sizes, secrets, lineage and the index of the archive.

Without RUN also the numbers in README.md and the model cards: each must name a run and agree.

    tegashiki check
    tegashiki check 3f9a1c2b
    tegashiki check --index          # write index.csv anew from the folders, then check
    tegashiki check --claims         # write the bound numbers of README.md and its like anew
    tegashiki check --mark PAGE      # bind the numbers of a page to the runs that it names
    tegashiki check --store s3://bucket/prefix   # what is not here must be there; --read: intact
    tegashiki check --signed         # every run must be signed by somebody who is allowed to

Exit code 1 if anything is not as it should be.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path

from tegashiki.journal.archive import check, claims, index, reader, signature
from tegashiki.journal.format import layout, paths
from tegashiki.storage import files


def arguments(parser: argparse.ArgumentParser) -> None:
    """What `tegashiki check` takes."""
    parser.add_argument("which", metavar="RUN", nargs="?", help="one run only (default: all)")
    parser.add_argument("--index", action="store_true", help="rebuild index.csv first")
    parser.add_argument("--claims", action="store_true", help="write bound numbers anew first")
    parser.add_argument("--mark", type=Path, metavar="PAGE", help="bind the numbers of this page")
    parser.add_argument("--signed", action="store_true", help="demand a valid signature of each")
    parser.add_argument("--signers", type=Path, metavar="FILE",
                        help="who may sign (default: allowed_signers in the archive)")  # fmt: skip
    parser.add_argument("--store", nargs="?", const="", metavar="ADDRESS",
                        help="also: what is not here must be there (default: $TEGASHIKI_STORE)")
    parser.add_argument("--read", action="store_true", help="with --store: read it, every byte")
    parser.add_argument("--json", action="store_true", help="as JSON")


def run(args: argparse.Namespace) -> int:
    """Say what is wrong, or that nothing is."""
    root = paths.runs_root()
    if args.index:
        index.rebuild(root)
    runs = reader.runs(root)
    if args.mark:
        return _mark(args.mark, runs)
    if args.claims:
        _render(runs)
    if args.which:
        known = {run.id: run for run in runs}
        runs = [reader.find(root, args.which)]
        problems = check.one(runs[0], known)
    else:
        problems = check.whole(root) + _claims(root, runs)
    if args.signed:
        problems += signature.problems(root, runs, args.signers)
    if args.store is not None:
        from tegashiki.journal.transfer import store, store_check

        problems += store_check.problems(runs, store.Store(store.address(args.store)), args.read)
    size = check.on_disk(root, runs)
    if args.json:
        facts = {"runs": len(runs), "bytes": size, "problems": [asdict(p) for p in problems]}
        print(json.dumps(facts, indent=1, ensure_ascii=False))
        return int(bool(problems))
    for problem in problems:
        print(problem)
    _say_lost(runs)
    budget = f"{size / layout.MEGABYTE:.1f} of {layout.ARCHIVE_LIMIT / layout.MEGABYTE:.0f} MB"
    print(f"{len(runs)} runs, {budget} on disk, {len(problems) or 'no'} problems")
    return int(bool(problems))


def _claims(root: Path, runs: list[reader.ArchivedRun]) -> list[check.Problem]:
    """What the checkout says of itself, if this is its archive."""
    home = paths.checkout()
    if home is None or root != home / "runs":
        return []
    known = {run.id: run for run in runs}
    return [
        check.Problem(paths.shown(path), "claim", what)
        for path in claims.documents(home) for what in claims.check(path, known)
    ]  # fmt: skip


def _say_lost(runs: list[reader.ArchivedRun]) -> None:
    """Name the commits of runs that a clone would lack, and how to keep them while they are here.

    It is no problem of the archive: a run of somebody else's fork comes without its commit.
    """
    from tegashiki.journal.report.verification import untried

    home = paths.checkout()
    if home is None or paths.runs_root() != home / "runs":
        return
    for commit, ids in untried.lost((run for run in runs if run.fault is None), home).items():
        print(f"note: commit {commit[:12]} of {', '.join(ids)} is not in this history, so a clone "
              f"cannot do that again; keep it with: git merge -s ours {commit[:12]}")


def _render(runs: list[reader.ArchivedRun]) -> None:
    """Write every bound number of this checkout's pages as its run has it."""
    known = {run.id: run for run in runs}
    for path in claims.documents(paths.checkout() or Path.cwd()):
        before = path.read_text(encoding="utf-8")
        after = claims.written(before, known)
        if after != before:
            files.write_text(path, after)
            print(f"{paths.shown(path)}: numbers written anew")


def _mark(path: Path, runs: list[reader.ArchivedRun]) -> int:
    """Bind what can be bound without doubt, and say what is left to a person."""
    known = {run.id: run for run in runs if run.fault is None}
    text, left = claims.suggestions(path.read_text(encoding="utf-8"), known)
    files.write_text(path, text)
    for line in left:
        print(f"{paths.shown(path)}: {line}")
    return int(bool(left))
