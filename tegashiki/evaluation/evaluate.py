"""How good a recogniser is, end to end: from ink to candidates, scored as published work is.

    report = evaluate(Recognizer.load("models/ink2tex"), examples)
    report.as_dict()["exact"], report.as_dict()["top5"]
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tegashiki.data.example import Example
from tegashiki.decoding.recognizer import Recognizer, ShapeBucket
from tegashiki.decoding.released import model_folder
from tegashiki.decoding.runtimes import KerasRuntime
from tegashiki.tex import alphabets, scores
from tegashiki.tex.scores import Score, among
from tegashiki.tex.tokenizer import PlainTokenizer

K = 5                                              # candidates that a person is shown
LENGTHS = ((1, 6), (7, 12), (13, 20), (21, 35), (36, 10_000))   # tokens, for the table by length


@dataclass(frozen=True)
class Report:
    """Answers for each expression and what follows from them."""

    references: list[tuple[str, ...]]
    answers: list[list[tuple[str, ...]]]   # up to K candidates each, best first
    claims: list[list[float]]              # the probability that each of them claims
    milliseconds: list[float]              # each, on one thread, ink in memory

    @property
    def best(self) -> list[tuple[str, ...]]:
        """The first candidate of each, () where there is none."""
        return [found[0] if found else () for found in self.answers]

    def as_dict(self) -> dict[str, float]:
        """n, exact, within1, within2, token_error_rate, top5, raw figures and times."""
        return Score.of(self.references, self.best).as_dict() | {
            "top5": among(self.references, self.answers, K),
            "ms_median": float(np.median(self.milliseconds)),
            "ms_p95": float(np.percentile(self.milliseconds, 95)),
        }

    def by_length(self) -> list[dict[str, float]]:
        """A row for each range of LENGTHS that occurs: tokens of the reference, n, exact, top5."""
        rows = []
        for low, high in LENGTHS:
            chosen = [i for i, r in enumerate(self.references) if low <= len(r) <= high]
            if chosen:
                references = [self.references[i] for i in chosen]
                answers = [self.answers[i] for i in chosen]
                rows.append({"tokens": f"{low}-{high}" if high < 10_000 else f"{low}+",
                             "n": len(chosen), "top5": among(references, answers, K),
                             "exact": among(references, answers, 1)})
        return rows

    def table(self) -> str:
        """The figures as text."""
        figures = self.as_dict()
        lines = [f"{figures['n']} expressions: exact {figures['exact']:.1%}, "
                 f"within 1 {figures['within1']:.1%}, within 2 {figures['within2']:.1%}, "
                 f"among {K} {figures['top5']:.1%}, token error rate "
                 f"{figures['token_error_rate']:.1%}; raw exact {figures['raw_exact']:.1%}; "
                 f"{figures['ms_median']:.1f} ms median, {figures['ms_p95']:.1f} ms p95"]
        lines += [f"  {row['tokens']:>6} tokens: n {row['n']:4}, exact {row['exact']:6.1%}, "
                  f"among {K} {row['top5']:6.1%}" for row in self.by_length()]
        return "\n".join(lines)


def evaluate(recognizer: Recognizer, examples: Sequence[Example],
             progress: Callable[[float, float, str], None] | None = None) -> Report:
    """Ask for candidates for every example; the time includes everything after reading the file."""
    answers, claims, milliseconds = [], [], []
    for index, example in enumerate(examples):
        began = time.perf_counter()
        found = recognizer.candidates(example.ink, K)
        milliseconds.append(1000 * (time.perf_counter() - began))
        answers.append([candidate.tokens for candidate in found])
        claims.append([candidate.probability for candidate in found])
        if progress is not None:
            progress(index + 1, len(examples), "expressions recognised")
    references = [example.tokens for example in examples]
    return Report(references, answers, claims, milliseconds)


def reliability(report: Report, groups: int = 10) -> dict[str, list[float]]:
    """The best candidates in `groups` of about one size, by the probability that they claim.

    {"claimed": mean of each group, "right": share of it that is exact, "n": its size}: equal where
    probabilities can be believed (Guo et al. 2017).
    """
    right = _right(report)
    claimed = np.array([claims[0] if claims else 0.0 for claims in report.claims])
    parts = [part for part in np.array_split(np.argsort(claimed), groups) if len(part)]
    return {"claimed": [float(claimed[part].mean()) for part in parts],
            "right": [float(right[part].mean()) for part in parts],
            "n": [len(part) for part in parts]}


def temperature(report: Report) -> float:
    """The temperature at which the best candidates' claims are likeliest (Guo et al. 2017).

    Of candidates asked for at temperature 1; searched from 0.5 to 4 in steps of a twentieth.
    """
    right = _right(report)
    claims = np.zeros((len(right), max(len(one) for one in report.claims)))
    for row, one in zip(claims, report.claims, strict=True):
        row[: len(one)] = one

    def surprise(at: float) -> float:
        softened = claims ** (1 / at)
        claimed = softened[:, 0] / np.maximum(softened.sum(1), 1e-12)
        return -float(np.log(np.clip(np.where(right, claimed, 1 - claimed), 1e-6, 1)).mean())

    return float(min(np.arange(0.5, 4.01, 0.05).round(2), key=surprise))


def _right(report: Report) -> np.ndarray:
    """Whether the best candidate of each is exact: bool (expressions,)."""
    return np.array([scores.spelling(a) == scores.spelling(b)
                     for a, b in zip(report.references, report.best, strict=True)])


def score_ink(data: str, labels: str | None, model: str | None, alphabet: str = alphabets.ALL,
              ) -> tuple[dict, str]:
    """`tegashiki evaluate ink2tex`: figures and a table for all InkML under `data`.

    `labels`: lines `id TAB tokens` to score on; else each file's own truth, cleaned. `alphabet`:
    what may be written, see `tegashiki.tex.alphabets`. Raises TegashikiError if nothing under
    `data` has a label.
    """
    from tegashiki.data.labelled import read_labelled

    folder = model_folder(model)
    recognizer = Recognizer.load(folder).within(alphabets.read(alphabet))
    examples, skipped = read_labelled(data, labels)
    report = evaluate(recognizer, examples)
    size = recognizer.runtime.path.stat().st_size / 1e6
    lines = [report.table(), f"  model {size:.2f} MB; {len(skipped)} files left out"]
    lines += [f"  left out: {one.file}: {one.reason}" for one in skipped[:20]]
    return report.as_dict() | {"model_mb": size, "skipped": len(skipped)}, "\n".join(lines)


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
