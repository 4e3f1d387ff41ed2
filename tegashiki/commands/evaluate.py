"""tegashiki evaluate SERIES --data PATH: score a released or exported model on a labelled set.

tegashiki evaluate ink2tex --data folder_of_inkml --json
tegashiki evaluate ink2tex --data tegashiki-corrections.zip     # as the pad exports them
tegashiki evaluate ink2tex --data folder_of_inkml --labels captions.tsv --model DIR
tegashiki evaluate ink2tex --data folder_of_inkml --alphabet crohme     # as published work counts
"""

from __future__ import annotations

import argparse
import importlib
import json

from tegashiki.errors import TegashikiError

# series: the function that scores it, (data, labels, model, progress) -> (report dict, text)
SERIES = {
    "ink2tex": "tegashiki.evaluation.evaluate:score_ink",
    "kanji": "tegashiki.kanji.evaluation:score_kanji",
    "signs": "tegashiki.signs.evaluation:score_signs",
}


def arguments(parser: argparse.ArgumentParser) -> None:
    """What `tegashiki evaluate` takes."""
    parser.add_argument("series", metavar="SERIES", help=f"one of {', '.join(SERIES)}")
    parser.add_argument("--data", required=True, metavar="PATH", help="folder, zip or tar")
    parser.add_argument("--labels", metavar="TSV", help="id TAB tokens, to score on instead of "
                        "the truth that the files give")  # fmt: skip
    parser.add_argument("--model", metavar="DIR", help="default: the released one")
    parser.add_argument("--alphabet", metavar="NAME|FILE", help="ink2tex: what may be written: all "
                        "(default), crohme, school, or a file of tokens")
    parser.add_argument("--json", action="store_true", help="the figures as JSON")


def run(args: argparse.Namespace) -> int:
    """0 when it was scored."""
    if args.series not in SERIES:
        raise TegashikiError(f"{args.series}: no series that can be scored; give one of "
                             f"{', '.join(SERIES)}")
    if args.alphabet and args.series != "ink2tex":
        raise TegashikiError(f"--alphabet: {args.series} has none; leave it out")
    more = {"alphabet": args.alphabet} if args.alphabet else {}
    module, function = SERIES[args.series].split(":")
    figures, text = getattr(importlib.import_module(module), function)(
        args.data, args.labels, args.model, **more)
    print(json.dumps(figures) if args.json else text)
    return 0
