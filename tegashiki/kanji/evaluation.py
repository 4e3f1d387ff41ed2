"""How good a character recogniser is on a set: the best answer, among ten, look-alikes folded.

figures = evaluate("etl8b")                   # the released recogniser that knows its characters
figures["accuracy"], figures["top10"], figures["ms_median"]
"""

import os
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from tegashiki.errors import TegashikiError
from tegashiki.kanji.characters import canonical, group
from tegashiki.kanji.datasets import Sample, samples
from tegashiki.kanji.normal_form import of_picture
from tegashiki.kanji.recognizer import RELEASED, KanjiRecognizer

HIRAGANA = RELEASED / "hiragana"
NOWHERE = 1_000_000      # the place of a character that the model lacks


def score_kanji(
    data: str, labels: str | None = None, model: str | None = None
) -> tuple[dict[str, Any], str]:
    """What `tegashiki evaluate kanji` reports: the figures, and the same as text."""
    if labels is not None:
        raise TegashikiError("evaluate kanji: takes no --labels; the set names its characters")
    figures = evaluate(data, model)
    lines = [
        f"{figures['n']} pictures of {figures['classes']} characters, read by "
        f"{figures['model']}: {figures['accuracy']:.2%} right, {figures['top10']:.2%} among "
        f"ten, {figures['accuracy_folded']:.2%} with look-alikes folded; "
        f"{figures['ms_median']:.2f} ms each"
    ]
    lines += [
        f"  {truth} read as {answer}: {times}" for truth, answer, times in figures["confusions"]
    ]
    if figures["unknown"]:
        lines.append(f"  not known to the model, counted as wrong: {figures['unknown']}")
    return figures, "\n".join(lines)


def evaluate(
    source: str | os.PathLike,
    model: str | Path | None = None,
    chosen: Sequence[Sample] | None = None,
    progress: Callable[[int, int, str], None] | None = None,
) -> dict[str, Any]:
    """Score a recogniser on every picture of a set, from the picture as it is to the answer.

    `chosen`: only these samples of it.

    Without `model`: the released one for 46 hiragana if the set holds nothing else, else the one
    for all. Small kana count as large ones, which they are by shape. Returns n, classes, accuracy,
    top10, accuracy_folded (look-alikes count as one), ms_median (normal form and network), unknown
    (characters that the model lacks), confusions [[truth, answer, times]], model.
    """
    taken = list(samples(source) if chosen is None else chosen)
    if not taken:
        raise TegashikiError(
            f"{source}: holds no picture; give PNG files in one folder a character"
        )
    truth = [canonical(sample.character) for sample in taken]
    folder = Path(model) if model else released_for(truth)
    recognizer = KanjiRecognizer.load(folder)
    index = {c: i for i, c in enumerate(recognizer.characters)}
    answers, places, times = [], [], []
    for number, (sample, character) in enumerate(zip(taken, truth, strict=True), start=1):
        began = time.perf_counter()
        try:
            log_p = recognizer.log_probabilities(of_picture(sample.picture))
        except TegashikiError as error:
            raise TegashikiError(f"{sample.place}: {error}") from None
        times.append(1000 * (time.perf_counter() - began))
        answers.append(recognizer.characters[int(log_p.argmax())])
        known = index.get(character)
        places.append(NOWHERE if known is None else int((log_p > log_p[known]).sum()))
        if progress is not None and number % 500 == 0:
            progress(number, len(taken), "pictures")
    wrong = Counter((t, a) for t, a in zip(truth, answers, strict=True) if t != a)
    return {
        "n": len(taken),
        "classes": len(set(truth)),
        "accuracy": float(np.mean([p == 0 for p in places])),
        "top10": float(np.mean([p < 10 for p in places])),
        "accuracy_folded": float(
            np.mean([group(t) == group(a) for t, a in zip(truth, answers, strict=True)])
        ),
        "ms_median": float(np.median(times)),
        "unknown": "".join(sorted(set(truth) - set(index))),
        "confusions": [[t, a, n] for (t, a), n in wrong.most_common(20)],
        "model": _name(folder),
    }


def released_for(characters: Sequence[str]) -> Path:
    """The folder of the released recogniser that suits a set: hiragana alone, or everything."""
    if (HIRAGANA / "model.json").is_file():
        if set(characters) <= set(KanjiRecognizer.load(HIRAGANA).characters):
            return HIRAGANA
    return RELEASED


def _name(folder: Path) -> str:
    """How a report names a model: as a path within the project where it is one."""
    root = RELEASED.parents[1]
    folder = folder.resolve()
    return folder.relative_to(root).as_posix() if folder.is_relative_to(root) else str(folder)
