"""tegashiki evaluate SERIES --data PATH: score a released or exported model on a labelled set.

tegashiki evaluate ink2tex --data folder_of_inkml --json
tegashiki evaluate ink2tex --data tegashiki-corrections.zip     # as the pad exports them
tegashiki evaluate ink2tex --data folder_of_inkml --labels captions.tsv --model DIR
tegashiki evaluate ink2tex --data folder_of_inkml --alphabet crohme     # as published work counts
tegashiki evaluate image2tex --data folder_of_pictures --labels captions.tsv
tegashiki evaluate ink2tex --data crohme/test2014 --archive     # as a run, with every answer

All that has a label is scored: ink that cannot be read counts as wrong, and is listed. Whoever
looks at a test set should say so: with --archive the run is kept and the leaderboard counts it.
"""

from __future__ import annotations

import argparse
import importlib
import json
from pathlib import Path

import tegashiki
from tegashiki.errors import TegashikiError
from tegashiki.journal.format import paths

# series: the function that scores it, (data, labels, model, progress) -> (report dict, text)
SERIES = {
    "ink2tex": "tegashiki.evaluation.evaluate:score_ink",
    "image2tex": "tegashiki.image2tex.evaluation:score_pictures",
    "kanji": "tegashiki.kanji.evaluation:score_kanji",
    "signs": "tegashiki.signs.evaluation:score_signs",
}


def arguments(parser: argparse.ArgumentParser) -> None:
    """What `tegashiki evaluate` takes."""
    parser.add_argument("series", metavar="SERIES", help=f"one of {', '.join(SERIES)}")
    parser.add_argument("--data", required=True, metavar="PATH",
                        help="folder, zip or tar; or a part of a known set: crohme/test2014")
    parser.add_argument("--labels", metavar="TSV", help="id TAB tokens, to score on instead of "
                        "the truth that the files give")  # fmt: skip
    parser.add_argument("--model", metavar="DIR", help="default: the released one")
    parser.add_argument("--alphabet", metavar="NAME|FILE", help="of formulas: what may be written: "
                        "all (default), crohme, school, or a file of tokens")
    parser.add_argument("--archive", action="store_true", help="keep it as a run, with the "
                        "candidates for every expression (ink2tex, image2tex)")  # fmt: skip
    parser.add_argument("--json", action="store_true", help="the figures as JSON")


def run(args: argparse.Namespace) -> int:
    """0 when it was scored."""
    if args.series not in SERIES:
        raise TegashikiError(f"{args.series}: no series that can be scored; give one of "
                             f"{', '.join(SERIES)}")
    if args.alphabet and args.series not in ("ink2tex", "image2tex"):
        raise TegashikiError(f"--alphabet: {args.series} has none; leave it out")
    if args.archive:
        return _archive(args)
    more = {"alphabet": args.alphabet} if args.alphabet else {}
    module, function = SERIES[args.series].split(":")
    figures, text = getattr(importlib.import_module(module), function)(
        args.data, args.labels, args.model, **more)
    print(json.dumps(figures) if args.json else text)
    return 0


def _archive(args: argparse.Namespace) -> int:
    """Run the series' newest notebook that evaluates, with these values."""
    from tegashiki.commands.run import execute
    from tegashiki.journal.execute import plan

    shelf = (paths.checkout() or Path(tegashiki.__file__).parents[1]) / "notebooks" / args.series
    notebooks = sorted(shelf.glob("*_evaluate.ipynb"))
    if not notebooks:
        raise TegashikiError(f"evaluate {args.series} --archive: {shelf} has no notebook "
                             "*_evaluate.ipynb that would be run; leave out --archive")
    given = {name: _portable(value) for name in ("data", "labels", "model", "alphabet")
             if (value := getattr(args, name))}
    todo = plan.make(str(notebooks[-1]), given, "quick")
    limits = argparse.Namespace(retries=0, timeout=None, summary=False, json=args.json)
    return execute(todo, limits)


def _portable(given: str) -> str:
    """A path as a run may record it, found again from the checkout; other names as they are."""
    if not Path(given).exists():
        return given
    place = paths.portable(Path(given))
    found = paths.located(place, paths.checkout())
    if found is None or not found.exists():
        raise TegashikiError(f"{given}: a run names what it reads by a place that others can find; "
                             f"put it under ${paths.DATA} or beside the checkout")
    return place
