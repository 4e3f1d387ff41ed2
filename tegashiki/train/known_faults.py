"""Faults that train for weeks without an error message, recognised by what they do, and named.

    for fault in diagnose(learner, batch):
        print(fault.name, fault.sentence)
    assert not diagnose(learner, batch)

Each detector asks one question that a sound network answers exactly, so that no threshold has to
be tuned: probabilities sum to one, padding does not move the loss, the future does not change the
past. They run without compiling anything; a batch of a dozen short expressions takes seconds.
"""

from dataclasses import dataclass

import keras
import numpy as np
from keras import ops

from tegashiki.tex.tokens import END
from tegashiki.train.batches import Batch
from tegashiki.train.learner import Learner

Arrays = dict[str, np.ndarray]

SURE = 30.0      # a logit that makes every other token impossible in float32
SAME = 1e-5      # relative; float32 sums in another order differ by 1e-7 to 1e-6
STEPS = 6        # tokens over which `step` is compared with `decode`

NO_NUMBERS = "answers are no numbers"
DOUBLE_SOFTMAX = "double softmax"
NEVER_ZERO = "loss never reaches zero"
COUNTS_PADDING = "loss counts padding"
LOOKS_AHEAD = "decoder looks ahead"
STEP_DIFFERS = "step differs from decode"
ONLY_END = "only the end token"
IGNORES_INK = "ignores the ink"


@dataclass(frozen=True)
class Fault:
    """One recognised mistake."""

    name: str        # one of the names above
    sentence: str    # what was seen and where to look, for a person


def diagnose(learner: Learner, batch: Batch, trained: bool = True) -> list[Fault]:
    """The faults of a built learner, seen on one batch of expressions with different labels.

    At most one, the first in the order of the names above: later detectors rely on what earlier
    ones found sound. `trained=False` leaves out what a network may do before it has learned
    anything. The figures of the learner begin anew, its weights stay.
    """
    inputs, targets = batch
    outputs = {name: np.array(value) for name, value in learner(inputs).items()}
    if not np.isfinite(outputs["tokens"]).all():
        return [Fault(NO_NUMBERS, "some scores are infinite or no number. Look for a logarithm of "
                      "0, a division by 0, a mask that leaves nothing, or too high a rate")]
    try:
        faults = (_softmax_twice(learner, targets, outputs)
                  or _counts_padding(learner, targets, outputs))
    finally:
        learner.begin_figures()
    logits = outputs["tokens"]                                          # (b, t, v)
    faults = faults or _looks_ahead(learner, inputs, logits)
    faults = faults or _step_differs(learner.network, inputs, logits)
    faults = faults or (_only_end(logits, targets) if trained else [])
    return faults or _ignores_ink(learner, inputs, logits)


def exchanged(inputs: Arrays) -> Arrays:
    """The same formulas with the ink of the row before: no row keeps its own."""
    return {name: value if name == "tokens" else np.roll(value, 1, axis=0)
            for name, value in inputs.items()}


def _softmax_twice(learner: Learner, targets: Arrays, outputs: Arrays) -> list[Fault]:
    """Probabilities where raw scores belong, in the network or in the loss.

    softmax(softmax(x)) cannot be sure: with p = 1 on the right token its log is
    1 - log(e + v - 1), and the loss never falls below log(v - 1 + e) - 1.
    """
    logits = outputs["tokens"]
    size = logits.shape[-1]
    floor = float(np.log(size - 1 + np.e) - 1)
    if logits.min() >= 0 and np.abs(logits.sum(-1) - 1).max() < 1e-3:
        return [Fault(DOUBLE_SOFTMAX, "what the network gives is not negative and sums to 1: "
                      "probabilities, and the loss takes their softmax again; it cannot fall below "
                      f"{floor:.2f}. Return raw scores")]
    right = SURE * np.eye(size, dtype=np.float32)[targets["tokens"]]
    loss = _loss(learner, targets, {**outputs, "tokens": right}, training=False)
    if abs(loss - floor) < 0.01 * floor:
        return [Fault(DOUBLE_SOFTMAX, f"the loss of a perfect answer is {loss:.3f}, as when the "
                      "softmax is taken twice: in the network or before the loss, and in the loss. "
                      "Take it once")]
    if not loss < 1e-3:
        return [Fault(NEVER_ZERO, f"the loss of a perfect answer is {loss:.3f}, not 0. "
                      "Look at the shift between what the decoder reads and what it shall write")]
    return []


def _counts_padding(learner: Learner, targets: Arrays, outputs: Arrays) -> list[Fault]:
    """What stands where the weight is 0, and how much of it there is, must not move the loss."""
    padding = targets["weights"] == 0                                   # (b, t)
    size = outputs["tokens"].shape[-1]
    other = np.where(padding, (targets["tokens"] + 1) % size, targets["tokens"])
    noise = np.cos(np.arange(size, dtype=np.float32)) * 9 * padding[:, :, None]
    # Rows that fill a batch up are copies of its first one with weights of 0: see `batches`.
    filled = {name: np.concatenate([value, _first(value) * (not name.endswith("weights"))])
              for name, value in targets.items()}
    longer = {name: np.concatenate([value, _first(value)]) for name, value in outputs.items()}
    tries = {
        "other tokens on the padding": ({**targets, "tokens": other}, outputs),
        "other scores on the padding": (targets, {**outputs, "tokens": outputs["tokens"] + noise}),
        "as many rows of padding again": (filled, longer),
    }
    plain = _loss(learner, targets, outputs)
    for what, (changed, answers) in tries.items():
        loss = _loss(learner, changed, answers)
        if not abs(loss - plain) <= SAME * abs(plain):
            return [Fault(COUNTS_PADDING, f"{what} move the loss from {plain:.4f} to {loss:.4f}. "
                          "Multiply by the weights and divide by their sum")]
    return []


def _looks_ahead(learner: Learner, inputs: Arrays, logits: np.ndarray) -> list[Fault]:
    """Position t may see tokens[:, :t + 1]: other tokens behind it must not change it."""
    tokens = inputs["tokens"]
    half = tokens.shape[1] // 4 + 1       # early, where short formulas are not over
    changed = tokens.copy()
    changed[:, half:] = (changed[:, half:] + 1) % logits.shape[-1]
    moved = _moved(learner({**inputs, "tokens": changed})["tokens"][:, :half], logits[:, :half])
    if moved <= SAME:
        return []
    return [Fault(LOOKS_AHEAD, f"the tokens from position {half} on change what the decoder says "
                  "before them: it reads the answer. Look at the causal mask")]


def _step_differs(network: keras.Model, inputs: Arrays, logits: np.ndarray) -> list[Fault]:
    """Token by token and all at once must be the same function, or what is trained is not used."""
    memory = network.encode({name: v for name, v in inputs.items() if name != "tokens"})
    state = network.start(memory, rows=len(logits))
    for place in range(min(STEPS, logits.shape[1])):
        scores, state = network.step(memory, state, inputs["tokens"][:, place])
        moved = _moved(scores, logits[:, place])
        if not moved <= 1e-3:             # two ways to add up the same float32 sums
            return [Fault(STEP_DIFFERS, f"at position {place} `step` and `decode` differ by "
                          f"{moved:.2g} of their range: one is trained, the other is asked")]
    return []


def _only_end(logits: np.ndarray, targets: Arrays) -> list[Fault]:
    """One token whatever is asked; or the end at once, so that every formula comes out empty."""
    counted = targets["weights"] > 0
    said, right = logits.argmax(-1)[counted], targets["tokens"][counted]
    whole = counted.any(axis=1)           # rows that are not padding
    first, label = logits[whole, 0].argmax(-1), targets["tokens"][whole, 0]
    empty = (first == END).all() and (label != END).all()
    if not empty and (len(set(said)) > 1 or len(set(right)) == 1):
        return []
    what = "the end token" if empty or said[0] == END else f"token {said[0]}"
    return [Fault(ONLY_END, f"the decoder answers {what} whatever it is asked. Look at the "
                  "targets, their weights, and whether the padding is filled with the end token")]


def _ignores_ink(learner: Learner, inputs: Arrays, logits: np.ndarray) -> list[Fault]:
    """With the inks exchanged the answers must change."""
    other = exchanged(inputs)
    if all(np.array_equal(other[name], inputs[name]) for name in inputs):
        return []                         # one expression: nothing to exchange
    if _moved(learner(other)["tokens"], logits) > SAME:
        return []
    return [Fault(IGNORES_INK, "exchanging the inks among the formulas changes no answer: the "
                  "decoder knows the formulas and never reads the ink. Look at the attention and "
                  "at the valid mask")]


def _first(value: np.ndarray) -> np.ndarray:
    """The first row, as often as there are rows."""
    return np.repeat(value[:1], len(value), axis=0)


def _moved(actual: np.ndarray, expected: np.ndarray) -> float:
    """Largest difference, as a share of the range of what is expected. Tensors are welcome."""
    actual, expected = np.array(actual), np.array(expected)
    return float(np.abs(actual - expected).max() / max(np.ptp(expected), 1e-9))


def _loss(learner: Learner, targets: Arrays, outputs: Arrays, training: bool = True) -> float:
    y, y_pred = ({name: ops.convert_to_tensor(value) for name, value in side.items()}
                 for side in (targets, outputs))
    return float(learner.compute_loss(None, y, y_pred, training=training))
