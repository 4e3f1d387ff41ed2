"""What a recogniser answered, and the figures that follow from it.

    report.as_dict()["exact"], report.as_dict()["raw_exact"], report.as_dict()["top5"]
    print(report.table())

Exact match stands in two forms side by side: canonical, as published work compares formulas, and
raw, token by token as they are written.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from tegashiki.tex.mathwriting_form import mathwriting_form
from tegashiki.tex.scores import Figures, Score, among

K = 5                                              # candidates that a person is shown
LENGTHS = ((1, 6), (7, 12), (13, 20), (21, 35), (36, 10_000))   # tokens, for the table by length


@dataclass(frozen=True)
class Report:
    """Answers for each expression and what follows from them."""

    references: list[tuple[str, ...]]
    answers: list[list[tuple[str, ...]]]   # up to K candidates each, best first
    claims: list[list[float]]              # the probability that each of them claims
    milliseconds: list[float]              # each, on one thread, ink in memory; NaN: not asked
    ids: list[str] = field(default_factory=list)              # of the expressions
    scores: list[list[float]] = field(default_factory=list)   # log probability of each candidate

    @property
    def best(self) -> list[tuple[str, ...]]:
        """The first candidate of each, () where there is none."""
        return [found[0] if found else () for found in self.answers]

    def as_dict(self) -> dict[str, float]:
        """n, exact, within1, within2, token_error_rate, top5, raw figures and times."""
        times = [t for t in self.milliseconds if t == t] or [0.0]
        return Score.of(self.references, self.best).as_dict() | {
            "top5": among(self.references, self.answers, K),
            "ms_median": float(np.median(times)),
            "ms_p95": float(np.percentile(times, 95)),
        }

    def in_mathwriting(self) -> dict[str, float]:
        """Exact match, right one among K and CER in the tokens of MathWriting's labels."""
        figures = Figures.in_mathwriting(self.references, self.best)
        return {"mathwriting_exact": figures.exact, "mathwriting_cer": figures.token_error_rate,
                "mathwriting_top5": among(self.references, self.answers, K, mathwriting_form)}

    def by_length(self) -> list[dict[str, float]]:
        """A row for each range of LENGTHS that occurs: tokens of the reference, n and figures."""
        rows = []
        for low, high in LENGTHS:
            chosen = [i for i, r in enumerate(self.references) if low <= len(r) <= high]
            if chosen:
                references = [self.references[i] for i in chosen]
                answers = [self.answers[i] for i in chosen]
                score = Score.of(references, [found[0] if found else () for found in answers])
                rows.append({"tokens": f"{low}-{high}" if high < 10_000 else f"{low}+",
                             "n": len(chosen), "top5": among(references, answers, K),
                             "exact": score.canonical.exact, "raw_exact": score.raw.exact})
        return rows

    def table(self) -> str:
        """The figures as text."""
        figures = self.as_dict()
        lines = [f"{figures['n']} expressions: exact {figures['exact']:.1%} "
                 f"(raw {figures['raw_exact']:.1%}), "
                 f"within 1 {figures['within1']:.1%}, within 2 {figures['within2']:.1%}, "
                 f"among {K} {figures['top5']:.1%}, token error rate "
                 f"{figures['token_error_rate']:.1%}; "
                 f"{figures['ms_median']:.1f} ms median, {figures['ms_p95']:.1f} ms p95"]
        lines += [f"  {row['tokens']:>6} tokens: n {row['n']:4}, exact {row['exact']:6.1%} "
                  f"(raw {row['raw_exact']:6.1%}), among {K} {row['top5']:6.1%}"
                  for row in self.by_length()]
        return "\n".join(lines)

    def with_unanswered(self, unanswered: Iterable[tuple[str, Sequence[str]]]) -> "Report":
        """The same and expressions (id, reference) that nobody could be asked about: wrong."""
        added = list(unanswered)
        nothing: list[list] = [[] for _ in added]
        return replace(
            self,
            ids=[*self.ids, *(name for name, _ in added)],
            references=[*self.references, *(tuple(tokens) for _, tokens in added)],
            answers=[*self.answers, *nothing], claims=[*self.claims, *nothing],
            scores=[*self.scores, *nothing],
            milliseconds=[*self.milliseconds, *(float("nan") for _ in added)])
