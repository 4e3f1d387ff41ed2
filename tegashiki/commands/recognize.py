"""tegashiki recognize FILE...: ink in, candidates out.

tegashiki recognize formula.inkml
tegashiki recognize *.json --top 1 --json
tegashiki recognize formula.inkml --alphabet school      # or crohme, or a file of tokens
tegashiki recognize --series kanji character.png character.inkml
"""

from __future__ import annotations

import argparse
import json
import sys

from tegashiki.errors import TegashikiError


def arguments(parser: argparse.ArgumentParser) -> None:
    """What `tegashiki recognize` takes."""
    parser.add_argument("files", metavar="FILE", nargs="+",
                        help="InkML, our JSON ink, or (kanji) a picture")
    parser.add_argument("--series", choices=("ink2tex", "kanji"), default="ink2tex",
                        help="what is written: a formula (default), or one character")
    parser.add_argument("--top", type=int, default=5, metavar="K", help="candidates (default: 5)")
    parser.add_argument("--model", metavar="DIR", help="default: the released recogniser")
    parser.add_argument("--alphabet", metavar="NAME|FILE", default="all", help="what may be "
                        "written in a formula: all (default), crohme, school, or a file of tokens")
    parser.add_argument("--json", action="store_true", help="one JSON object a file and line")


def run(args: argparse.Namespace) -> int:
    """0 if every file was read; 1 if one was not, after all the others."""
    from tegashiki.decoding.recognizer import Recognizer
    from tegashiki.decoding.released import model_folder
    from tegashiki.ink import read_ink
    from tegashiki.tex import alphabets

    if args.top < 1:
        raise TegashikiError(f"--top {args.top}: give at least 1")
    if args.series == "kanji":
        return _characters(args)
    alphabet = alphabets.read(args.alphabet)
    recognizer = Recognizer.load(model_folder(args.model)).within(alphabet)
    failed = 0
    for file in args.files:
        try:
            found = recognizer.candidates(read_ink(file), args.top)
        except TegashikiError as error:
            print(f"error: {error}", file=sys.stderr)
            failed += 1
            continue
        if args.json:
            rows = [{"tex": c.tex, "score": c.score, "probability": c.probability,
                     "strokes": [list(s) for s in c.strokes]} for c in found]
            print(json.dumps({"file": file, "candidates": rows}))
        else:
            if len(args.files) > 1:
                print(file)
            for candidate in found:
                print(f"{candidate.probability:6.1%}  {candidate.tex}")
    return int(failed > 0)


def _characters(args: argparse.Namespace) -> int:
    """The same for pictures or ink of one character each."""
    from tegashiki.kanji.reading import read_form
    from tegashiki.kanji.recognizer import RELEASED, KanjiRecognizer

    recognizer = KanjiRecognizer.load(args.model or RELEASED)
    failed = 0
    for file in args.files:
        try:
            found = recognizer.candidates(read_form(file), args.top)
        except TegashikiError as error:
            print(f"error: {error}", file=sys.stderr)
            failed += 1
            continue
        if args.json:
            rows = [{"character": c.character, "probability": c.probability} for c in found]
            print(json.dumps({"file": file, "candidates": rows}, ensure_ascii=False))
            continue
        if len(args.files) > 1:
            print(file)
        for candidate in found:
            print(f"{candidate.probability:6.1%}  {candidate.character}")
    return int(failed > 0)
