"""tegashiki verify RUN: do a run again from its own record, and say whether the same came out.

    tegashiki verify 3f9a1c2b
    tegashiki verify 3f9a1c2b --today          # with today's packages, naming what differs
    tegashiki verify --all --longest 120       # every run without a verdict, the shortest first
    tegashiki verify 3f9a1c2b --first 600      # if it took longer, only so many seconds of it
    tegashiki verify 3f9a1c2b --band           # the band of its other seeds in the archive
    tegashiki verify 3f9a1c2b --longest 600    # not if it, or what it read from, took longer
    tegashiki verify 3f9a1c2b --band 77aa01bc --band 0badcafe --band 12345678

One verdict: identical, within band, begins identical (up to which row of its curve), drifted (first
at which epoch), cannot (what is missing). It is written beside the run as verify.json. Exit code 0
for the first three, else 1.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict

from tegashiki.commands.run import seconds
from tegashiki.errors import TegashikiError
from tegashiki.journal.archive import reader
from tegashiki.journal.archive.reader import ArchivedRun
from tegashiki.journal.format import layout, paths


def arguments(parser: argparse.ArgumentParser) -> None:
    """What `tegashiki verify` takes."""
    add = parser.add_argument
    add("which", metavar="RUN", nargs="?", help="its id or the start of it, or `latest`")
    add("--all", action="store_true", help="every run that has no verdict yet, the shortest first")
    add("--today", action="store_true", help="use today's environment, whatever differs")
    add("--band", action="append", nargs="?", const="", metavar="RUN",
        help="allow what other seeds differ by: of these runs, or of all here")  # fmt: skip
    add("--longest", type=float, metavar="S", help="do nothing again that took longer then")
    add("--first", type=seconds, metavar="S",
        help="what took longer then, stop after S seconds; compare its curve so far")  # fmt: skip
    add("--dry", action="store_true", help="do not write verify.json")
    add("--json", action="store_true", help="as JSON")


def run(args: argparse.Namespace) -> int:
    """Verify it."""
    if args.all == (args.which is not None):
        raise TegashikiError("verify: name a run, or say --all")
    if args.first is not None and args.band is not None:
        raise TegashikiError("verify: --first and --band do not go together; a part of a curve "
                             "is held against its own run alone")  # fmt: skip
    if args.all:
        left = _without_verdict(args.longest, args.first)
        return max((_one(found, args) for found in left), default=0)
    return _one(reader.find(paths.runs_root(), args.which), args)


def _without_verdict(longest: float | None, first: float | None) -> list[ArchivedRun]:
    """The runs that can be tried and were not, by the seconds that they took.

    Of those that took more than `first` seconds, the ones that left a curve.
    """
    from tegashiki.journal.report import verification
    from tegashiki.journal.report.verification import contents, untried

    known = untried.history(paths.checkout())
    left = [run for run in reader.sound(paths.runs_root()) if verification.read(run) is None
            and untried.why(run, known)[0] == untried.NOT_TRIED
            and not (longest and verification.took_longer(run, longest))
            and not (first and verification.took_longer(run, first) and not contents.rows(run))
            ]  # fmt: skip
    return sorted(left, key=lambda run: run.outcome["seconds"] or 0)


def _one(found: ArchivedRun, args: argparse.Namespace) -> int:
    from tegashiki.journal.report import verification
    from tegashiki.journal.report.verification import band

    root = paths.runs_root()
    measured = None
    if args.band is not None:
        named = [reader.find(root, which) for which in args.band if which]
        measured = band.measure(named or band.seeds_of(found, root))
    say = _say if not args.json else lambda text: None
    verdict = verification.verify(
        found, paths.checkout(), args.today, measured, args.longest, say, args.first
    )
    if not args.dry:
        try:
            verdict.write(found)
        except OSError as error:
            print(f"{layout.VERIFY} cannot be written: {error.strerror}", file=sys.stderr)
    if args.json:
        print(json.dumps(asdict(verdict), indent=1, ensure_ascii=False))
    else:
        print(f"{found.id}  {verdict.word}  {verdict.why}")
        for line in verdict.causes:
            print(f"  {line}")
    good = (verification.IDENTICAL, verification.WITHIN, verification.BEGINS)
    return int(verdict.word not in good)


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
