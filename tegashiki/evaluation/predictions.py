"""What a recogniser answered to every expression, as a file: later questions need no new run.

    predictions.write(run.artifact("predictions.tsv.xz", keep=True), report)
    report = predictions.read("predictions.tsv.xz")        # by length, by token, what you like

A compressed table with a head, a line for each expression: id, the tokens of the reference, time in
milliseconds (empty where nothing could be read), then up to five times the tokens of a candidate
and its log probability, best first. There is no ink in it.
"""

import lzma
from pathlib import Path

import numpy as np

from tegashiki.errors import TegashikiError
from tegashiki.evaluation.report import K, Report
from tegashiki.storage import files
from tegashiki.storage.archives import open_text

HEAD = ("id", "reference", "ms",
        *(name for place in range(1, K + 1) for name in (f"candidate{place}", f"score{place}")))


def write(path: Path, report: Report) -> None:
    """Write all answers of a report that `evaluate` made. The same report gives the same bytes."""
    rows = ["\t".join(HEAD)]
    for name, reference, ms, answers, found in zip(
            report.ids, report.references, report.milliseconds, report.answers, report.scores,
            strict=True):
        cells = [name.replace("\t", " "), " ".join(reference), f"{ms:.2f}" if ms == ms else ""]
        for tokens, score in zip(answers, found, strict=True):
            cells += [" ".join(tokens), f"{score:.5f}"]
        rows.append("\t".join(cells))
    files.write_bytes(Path(path), lzma.compress("".join(f"{row}\n" for row in rows).encode()))


def read(path: str | Path) -> Report:
    """The report that was written; claims are the shares of the candidates' probabilities.

    Raises TegashikiError that names the line of what is no prediction.
    """
    report = Report([], [], [], [])
    lines = open_text(path)
    if tuple(next(lines, "").split("\t")) != HEAD:
        raise TegashikiError(f"{path}: line 1: not the head of a table of predictions; "
                             "give a predictions.tsv.xz that a run archived")
    for number, line in enumerate(lines, start=2):
        name, *cells = line.split("\t")
        pairs = cells[2:]
        try:
            reference, ms = cells[0], float(cells[1] or "nan")
            scores = [float(score) for score in pairs[1::2]]
        except (IndexError, ValueError):
            raise TegashikiError(f"{path}: line {number}: not id, reference, time and candidates "
                                 "with scores; get the file again") from None
        if len(pairs) != 2 * len(scores) or len(scores) > K:
            raise TegashikiError(f"{path}: line {number}: candidates and scores do not pair up; "
                                 "get the file again")
        report.ids.append(name)
        report.references.append(tuple(reference.split()))
        report.milliseconds.append(ms)
        report.answers.append([tuple(tokens.split()) for tokens in pairs[::2]])
        report.scores.append(scores)
        share = np.exp(scores - np.logaddexp.reduce(scores)).tolist() if scores else []
        report.claims.append(share)
    return report
