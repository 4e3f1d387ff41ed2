"""tegashiki recognize FILE...: ink or a picture in, candidates out.

tegashiki recognize formula.inkml
tegashiki recognize photo.jpg scan.png                   # one formula each
tegashiki recognize *.json --top 1 --json
tegashiki recognize formula.inkml --alphabet school      # or crohme, or a file of tokens
tegashiki recognize --series kanji character.png character.inkml
tegashiki recognize FOLDER|ARCHIVE --out answers.tsv     # many formulas: a row each as it comes
tegashiki recognize ARCHIVE --out answers.tsv --scheduler tcp://host:8786       # on a Dask cluster

With --out the same command goes on where it was stopped, whatever stopped it. Every file has one
row; what could not be read has the reason in the column `problem`.
"""

from __future__ import annotations

import argparse
import functools
import json
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from tegashiki.errors import TegashikiError

if TYPE_CHECKING:
    from tegashiki.decoding.candidates import Candidate
    from tegashiki.decoding.many import Row
    from tegashiki.decoding.recognizer import Recognizer
    from tegashiki.image2tex.recognizer import PictureRecognizer


def arguments(parser: argparse.ArgumentParser) -> None:
    """What `tegashiki recognize` takes."""
    parser.add_argument("files", metavar="FILE", nargs="+",
                        help="InkML, our JSON ink, or a picture")
    parser.add_argument("--series", choices=("ink2tex", "kanji"), default="ink2tex",
                        help="what is written: a formula (default), or one character")
    parser.add_argument("--top", type=int, default=5, metavar="K", help="candidates (default: 5)")
    parser.add_argument("--model", metavar="DIR", help="default: the released recogniser")
    parser.add_argument("--alphabet", metavar="NAME|FILE", default="all", help="what may be "
                        "written in a formula: all (default), crohme, school, or a file of tokens")
    parser.add_argument("--json", action="store_true", help="one JSON object a file and line; with "
                        "--out one that sums up")
    parser.add_argument("--out", metavar="TSV", help="read a FOLDER or ARCHIVE into this file")
    parser.add_argument("--workers", type=int, metavar="N",
                        help="processes for --out (default: one for each core)")
    parser.add_argument("--scheduler", metavar="ADDRESS", help="a Dask scheduler for --out")


def run(args: argparse.Namespace) -> int:
    """0 if every file was read; 1 if one was not, after all the others."""
    if args.top < 1:
        raise TegashikiError(f"--top {args.top}: give at least 1")
    if args.out:
        return _many(args)
    if args.series == "kanji":
        return _characters(args)
    candidates = _reader(args.model, args.alphabet, args.top)
    failed = 0
    for file in args.files:
        try:
            found = candidates(file)
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


def _reader(model: str | None, alphabet: str, top: int) -> Callable[[str], list[Candidate]]:
    """What reads a file: the recogniser of ink or of pictures, each loaded when first asked."""
    from tegashiki.tex import alphabets

    allowed = alphabets.read(alphabet)

    @functools.cache
    def of_ink() -> Recognizer:
        from tegashiki.decoding.recognizer import Recognizer
        from tegashiki.decoding.released import model_folder

        return Recognizer.load(model_folder(model)).within(allowed)

    @functools.cache
    def of_pictures() -> PictureRecognizer:
        from tegashiki.image2tex.recognizer import PictureRecognizer

        return PictureRecognizer.load(model, allowed)

    def candidates(file: str) -> list[Candidate]:
        from tegashiki.image2tex.reading import is_picture
        from tegashiki.ink import read_ink

        if is_picture(file):
            return of_pictures().candidates(file, top)
        return of_ink().candidates(read_ink(file), top)

    return candidates


def _many(args: argparse.Namespace) -> int:
    """Every file of a folder or an archive; 130 after Ctrl-C, and the same command goes on."""
    from tegashiki.decoding.answer_file import AnswerFile
    from tegashiki.decoding.many import Asked, answers
    from tegashiki.decoding.released import model_folder
    from tegashiki.parallel.ordered import usable_cores
    from tegashiki.tex import alphabets

    if args.series != "ink2tex" or len(args.files) != 1:
        raise TegashikiError("--out: give one folder or archive of formulas")
    workers = usable_cores() if args.workers is None else args.workers
    if workers < 1:
        raise TegashikiError(f"--workers {workers}: give at least 1")
    asked = Asked.of(model_folder(args.model), alphabets.read(args.alphabet), args.top)
    began = time.monotonic()
    with AnswerFile(args.out, asked) as out:
        before = out.rows
        try:
            for rows in _shown(answers(asked, args.files[0], out.lacks, workers, args.scheduler),
                               before):
                out.write(rows)
        except KeyboardInterrupt:
            print(f"interrupted; {out.rows} rows are in {args.out}, the same command goes on",
                  file=sys.stderr)
            return 130
    seconds, new = time.monotonic() - began, out.rows - before
    if args.json:
        print(json.dumps({"rows": out.rows, "new": new, "bad": out.bad, "seconds": seconds}))
    else:
        print(f"{args.out}: {out.rows} rows, {new} of them new ({new / seconds:.0f} a second)"
              + (f"; {out.bad} files could not be read, see the column problem" if out.bad else ""))
    return int(out.bad > 0)


def _shown(chunks: Iterable[list[Row]], before: int) -> Iterator[list[Row]]:
    """The chunks as they come: a bar on a terminal, a line a minute elsewhere; bad files named."""
    from tqdm import tqdm

    total, told = before, time.monotonic()
    terminal = sys.stderr.isatty()
    with tqdm(initial=before, unit=" files", disable=not terminal) as bar:
        for rows in chunks:
            for row in rows:
                if row.problem:
                    bar.write(f"error: {row.file}: {row.problem}", file=sys.stderr)
            yield rows
            bar.update(len(rows))
            total += len(rows)
            if not terminal and time.monotonic() - told > 60:
                told = time.monotonic()
                print(f"{total} rows", file=sys.stderr, flush=True)


def _characters(args: argparse.Namespace) -> int:
    """The same for pictures or ink of one character each."""
    from tegashiki.kanji.reading import read_form
    from tegashiki.kanji.recognizer import RELEASED, KanjiRecognizer

    recognizer = KanjiRecognizer.load(args.model or RELEASED)
    failed = 0
    for file in args.files:
        try:
            form = read_form(file)
        except TegashikiError as error:
            print(f"error: {error}", file=sys.stderr)
            failed += 1
            continue
        found, refused = recognizer.candidates(form, args.top), recognizer.refuses(form)
        if args.json:
            rows = [{"character": c.character, "probability": c.probability} for c in found]
            line = {"file": file, "candidates": rows, "refused": refused}
            print(json.dumps(line, ensure_ascii=False))
            continue
        if len(args.files) > 1:
            print(file)
        if refused:
            print("perhaps no character; the likeliest would be")
        for candidate in found:
            print(f"{candidate.probability:6.1%}  {candidate.character}")
    return int(failed > 0)
