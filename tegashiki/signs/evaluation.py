"""How good a sign recogniser is on a set: over sequences, over signers, word against word.

    figures = evaluate_signs("mp543_hdf5")               # with the released model
    figures["accuracy"], figures["signers"]["101"], figures["skipped"]
"""

import json
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from tegashiki.errors import TegashikiError
from tegashiki.signs import landmarks
from tegashiki.signs.recognizer import SignRecognizer

RELEASED = Path(__file__).resolve().parents[2] / "models" / "signs"


def score_signs(data: str, labels: str | None = None, model: str | None = None,
                ) -> tuple[dict[str, Any], str]:
    """What `tegashiki evaluate signs` reports: the figures, and the same as text."""
    if labels is not None:
        raise TegashikiError("evaluate signs: takes no --labels; the set names its words")
    figures = evaluate_signs(data, model)
    lines = [f"{figures['n']} sequences: {figures['accuracy']:.1%} right, mean of signers "
             f"{figures['accuracy_of_signers']:.1%}; {figures['ms_median']:.1f} ms each; "
             f"{len(figures['skipped'])} left out"]
    lines += [f"  {name}: {share:.1%}" for name, share in figures["signers"].items()]
    lines += [f"  left out: {s['place']}: {s['reason']}" for s in figures["skipped"]]
    return figures, "\n".join(lines)


def evaluate_signs(path: str | Path, model: str | Path | None = None,
                   progress: Callable[[int, int, str], None] | None = None) -> dict[str, Any]:
    """Score the released recogniser (or the one in folder `model`) on a set it can read.

    Without `model` the released one that knows the words is taken. Returns n, accuracy (over all
    sequences), signers {name: accuracy}, accuracy_of_signers (their mean), confusion (rows: the
    truth, columns: the answer; word order in `words`), skipped [{place, reason}], ms_median.
    """
    signs = landmarks.read(path, progress)
    recognizer = SignRecognizer.load(model or released_for(signs.words))
    if unknown := set(signs.words) - set(recognizer.words):
        raise TegashikiError(f"{path}: the model does not know {', '.join(sorted(unknown))}; it "
                             f"knows {', '.join(recognizer.words)}")
    given, times = [], []
    for sequence in signs.sequences:
        began = time.perf_counter()
        given.append(recognizer.words[int(recognizer.log_probabilities(sequence.points).argmax())])
        times.append(1000 * (time.perf_counter() - began))
    truth = [signs.words[s.label] for s in signs.sequences]
    right = np.array([a == b for a, b in zip(truth, given, strict=True)])
    names = signs.signers()
    each = {str(name): float(right[names == name].mean()) for name in np.unique(names)}
    order = {word: i for i, word in enumerate(recognizer.words)}
    confusion = np.zeros((len(order), len(order)), int)
    for a, b in zip(truth, given, strict=True):
        confusion[order[a], order[b]] += 1
    return {
        "n": len(truth), "accuracy": float(right.mean()),
        "accuracy_of_signers": float(np.mean(list(each.values()))), "signers": each,
        "words": list(order), "confusion": confusion.tolist(),
        "skipped": [{"place": s.place, "reason": s.reason} for s in signs.skipped],
        "ms_median": float(np.median(times)),
    }


def released_for(words: Sequence[str]) -> Path:
    """The folder under models/signs whose model knows all these words."""
    for file in sorted(RELEASED.glob("*/model.json")):
        if set(words) <= set(json.loads(file.read_text(encoding="utf-8"))["words"]):
            return file.parent
    raise TegashikiError(f"signs: no released model knows all of {', '.join(words)}; give one "
                         "with --model")
