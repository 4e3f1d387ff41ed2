"""tegashiki cron: a crontab line and a systemd timer that run a series of this checkout nightly.

    tegashiki cron
    tegashiki cron ink2tex --profile full --at 02:30

Prints them; installs nothing.
"""

from __future__ import annotations

import argparse

from tegashiki.errors import TegashikiError
from tegashiki.journal.execute import schedule, series
from tegashiki.journal.format import paths


def arguments(parser: argparse.ArgumentParser) -> None:
    """What `tegashiki cron` takes."""
    parser.add_argument("series", nargs="?", default="ink2tex", help="default: ink2tex")
    parser.add_argument("--profile", default="quick", help="a profile of series.toml")
    parser.add_argument("--at", default="03:17", metavar="HH:MM", help="local time")


def run(args: argparse.Namespace) -> int:
    """Print them."""
    home = paths.checkout()
    if home is None:
        raise TegashikiError("cron: not in a checkout; go to the folder with pyproject.toml")
    found, _ = series.locate(args.series)
    found.profile(args.profile)
    text = schedule.recipe(home, found.name, args.profile, args.at, bool(found.keep))
    print(text, end="")
    return 0
