"""How good a recogniser is, end to end: from ink to candidates, scored as published work is.

    report = evaluate(Recognizer.load("models/ink2tex"), examples)
    report.as_dict()["exact"], report.as_dict()["top5"]
"""

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from tegashiki.data.example import Example
from tegashiki.data.labelled import Labelled, named, read_labelled
from tegashiki.decoding.recognizer import Recognizer, ShapeBucket
from tegashiki.decoding.released import model_folder
from tegashiki.decoding.runtimes import KerasRuntime
from tegashiki.evaluation.report import K, Report
from tegashiki.tex import alphabets, scores
from tegashiki.tex.tokenizer import PlainTokenizer
from tegashiki.tex.tokens import Vocabulary, published, wide

SHOWN = 20      # files of each kind that the text names; all of them stand in the figures


def evaluate(recognizer: Recognizer, examples: Sequence[Example],
             progress: Callable[[float, float, str], None] | None = None) -> Report:
    """Ask for candidates for every example; the time includes everything after reading the file."""
    answers, milliseconds = [], []
    for index, example in enumerate(examples):
        began = time.perf_counter()
        answers.append(recognizer.candidates(example.ink, K))
        milliseconds.append(1000 * (time.perf_counter() - began))
        if progress is not None:
            progress(index + 1, len(examples), "expressions recognised")
    return Report(
        references=[example.tokens for example in examples],
        answers=[[candidate.tokens for candidate in found] for found in answers],
        claims=[[candidate.probability for candidate in found] for found in answers],
        milliseconds=milliseconds,
        ids=[example.ink.id for example in examples],
        scores=[[candidate.score for candidate in found] for found in answers])


def evaluate_labelled(recognizer: Recognizer, found: Labelled,
                      progress: Callable[[float, float, str], None] | None = None) -> Report:
    """As `evaluate`, on all that has a label: what cannot be read counts as read wrongly."""
    report = evaluate(recognizer, found.examples, progress)
    return report.with_unanswered((one.id, one.tokens) for one in found.unreadable)


def score_ink(data: str, labels: str | None, model: str | None, alphabet: str = alphabets.ALL,
              ) -> tuple[dict, str]:
    """`tegashiki evaluate ink2tex`: figures and a table for all ink under `data`.

    `data`: a path, or a part of a known set such as `crohme/test2014`. `labels`: lines
    `id TAB tokens` to score on; else the published ones of the set, or each file's own truth,
    cleaned as the model writes. `alphabet`: what may be written, see `tegashiki.tex.alphabets`. A
    wide model's figures stand there in the tokens of MathWriting's labels too. Raises
    TegashikiError if nothing under `data` has a label.
    """
    recognizer = Recognizer.load(model_folder(model)).within(alphabets.read(alphabet))
    vocabulary = vocabulary_of_labels(recognizer, alphabet)
    found = (read_labelled(data, labels, vocabulary=vocabulary) if labels or Path(data).exists()
             else named(data))
    report = evaluate_labelled(recognizer, found)
    theirs = report.in_mathwriting() if vocabulary == wide() else {}
    size = recognizer.runtime.path.stat().st_size / 1e6
    lines = [report.table(), f"  model {size:.2f} MB"]
    lines += ["  in the tokens of MathWriting's labels: " + ", ".join(
        f"{name.partition('_')[2]} {value:.1%}" for name, value in theirs.items())] * bool(theirs)
    text = "\n".join([*lines, left_out(found)])
    return report.as_dict() | theirs | {
        "model_mb": size,
        "unreadable": [{"file": one.file, "reason": one.reason} for one in found.unreadable],
        "unlabelled": [{"file": one.file, "reason": one.reason} for one in found.unlabelled],
    }, text.rstrip()


def vocabulary_of_labels(recognizer: Recognizer, alphabet: str) -> Vocabulary:
    """In which tokens labels are told: the model's, or those of the captions that it is held to."""
    return published() if alphabet == "crohme" else recognizer.tokenizer.plain


def left_out(found: Labelled) -> str:
    """What was counted as wrong unread, and what could not be counted, as lines of text."""
    lines = []
    for files, what in ((found.unreadable, "with a label counted as wrong, because they could "
                         "not be read or their label has no normal form"),
                        (found.unlabelled, "without a label, not counted")):
        if files:
            lines.append(f"  {len(files)} files {what}:")
            lines += [f"    {one.file}: {one.reason}" for one in files[:SHOWN]]
            lines += [f"    and {len(files) - SHOWN} more"] * (len(files) > SHOWN)
    return "\n".join(lines)


def in_keras(network: Any, tokenizer: PlainTokenizer, width: int = K) -> Recognizer:
    """A recogniser that runs the network as it is being trained, before any export."""
    buckets = [ShapeBucket(size, network.LENGTHS[-1]) for size in network.SIZES]
    return Recognizer(KerasRuntime(network), network, tokenizer, buckets, width)


def mistakes(report: Report, examples: Sequence[Example],
             ) -> Iterator[tuple[Example, tuple[str, ...]]]:
    """The examples whose best candidate is wrong, with it."""
    for example, answer in zip(examples, report.best, strict=True):
        if scores.spelling(example.tokens) != scores.spelling(answer):
            yield example, answer
