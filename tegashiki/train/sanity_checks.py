"""The gate: what a network must show on a handful of expressions before it may train for hours.

    network = build("baseline", {"dropout": 0.0}, len(tokenizer))
    checked = CheckedNetwork(network, examples, tokenizer)
    for check in gate(checked):
        print(check.name, check.figures, check.sentence)

`gate` raises TegashikiError with the name of what failed. It holds one network, one learner
and one shape of batch, so that XLA compiles each function once; every check starts from the same
first weights, except `uses_the_ink`, which looks at what `overfits` has just trained.
"""

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import keras
import numpy as np

from tegashiki.data.example import Example
from tegashiki.decoding.greedy import greedy
from tegashiki.decoding.runtimes import KerasRuntime
from tegashiki.errors import TegashikiError
from tegashiki.tex.tokenizer import PlainTokenizer
from tegashiki.tex.tokens import END
from tegashiki.train import batches, checkpoint, loop
from tegashiki.train.config import TrainConfig
from tegashiki.train.known_faults import Fault, diagnose, exchanged
from tegashiki.train.learner import Learner

SIX_DIGITS = 1e-6   # relative; sums of float32 in another order differ by 1 to 4e-7
COUNT = 14    # expressions of the diary's second overfit: more than one batch of luck, still quick


@dataclass(frozen=True)
class Check:
    """What one check found."""

    name: str
    passed: bool
    figures: dict[str, float]     # for results and metrics
    sentence: str                 # for people: what was seen, and the likely cause if it failed
    curve: tuple[float, ...] = field(default=(), repr=False)   # loss of each step, if it trained


class CheckedNetwork:
    """A network to check: its learner, `COUNT` short expressions in one batch, the first weights.

    The network must be without dropout, or training and validation cannot agree. Raises
    TegashikiError when the examples are too few, or too long, for one bucket.
    """

    def __init__(self, network: keras.Model, examples: Sequence[Example],
                 tokenizer: PlainTokenizer, learning_rate: float = 3e-3, steps: int = 600,
                 make: Callable[..., Learner] = Learner) -> None:
        self.network, self.tokenizer, self.steps = network, tokenizer, steps
        self.examples = choose(examples, network, tokenizer, COUNT)
        self.learner = make(network, TrainConfig(
            batch_size=COUNT, learning_rate=learning_rate, weight_decay=0.0))
        self.batch = self.batch_of(self.examples)
        loop.build(self.learner, self.batch)
        self.runtime = KerasRuntime(network)
        self._first = checkpoint.values(self._variables())

    def batch_of(self, examples: Sequence[Example]) -> batches.Batch:
        """One batch of `COUNT` rows, the missing ones of weight 0: always the same shape."""
        return next(batches.epoch(examples, self.network, self.tokenizer, COUNT))

    def restart(self, learning_rate: float | None = None) -> None:
        """The first weights again, and an optimiser that has seen nothing."""
        for variable, value in zip(self._variables(), self._first, strict=True):
            variable.assign(value)
        if learning_rate is not None:
            self.learner.optimizer.learning_rate = learning_rate

    def train(self, batch: batches.Batch) -> tuple[float, float]:
        """One step: (loss, token accuracy) before it."""
        return self._figures(self.learner.train_on_batch, batch)

    def validate(self, batch: batches.Batch) -> tuple[float, float]:
        """(loss, token accuracy) as a validation sees them."""
        return self._figures(self.learner.test_on_batch, batch)

    def exact(self, batch: batches.Batch) -> int:
        """Rows that greedy decoding writes as their label says; rows of weight 0 do not count."""
        inputs, targets = batch
        length = targets["tokens"].shape[1]
        answers = greedy(self.runtime, inputs, length)
        labels = [row[(weights > 0) & (row != END)] for row, weights in
                  zip(targets["tokens"], targets["weights"], strict=True)]
        counts = targets["weights"].any(axis=1)
        return sum(bool(count) and answer.ids == tuple(label)
                   for count, answer, label in zip(counts, answers, labels, strict=True))

    def diagnose(self, trained: bool = True) -> list[Fault]:
        """The faults that can be named, on its batch."""
        return diagnose(self.learner, self.batch, trained)

    def _figures(self, run: Callable, batch: batches.Batch) -> tuple[float, float]:
        self.learner.begin_figures()
        run(*batch)
        figures = self.learner.figures()
        return figures["token_loss"], figures["token_accuracy"]

    def _variables(self) -> list:
        return [*self.learner.variables, *self.learner.optimizer.variables]


def choose(examples: Sequence[Example], features: type | keras.Model, tokenizer: PlainTokenizer,
           count: int) -> list[Example]:
    """The first `count` examples with different formulas that fit the smallest bucket they can.

    Different formulas, so that exchanged inks belong to other labels; one bucket, so that one shape
    serves all.
    """
    chosen: list[dict[tuple, Example]] = [{} for _ in features.SIZES]
    for index in range(len(examples)):
        example = examples[index]
        ids, _ = batches.spell(example, tokenizer)
        size = features.measure(example.ink.strokes)
        bucket = batches.bucket_of(size, len(ids) + 1, features)
        chosen[bucket].setdefault(tuple(ids), example)
        if len(chosen[0]) == count:
            break
    for found in chosen:
        if len(found) >= count:
            return list(found.values())[:count]
    raise TegashikiError(f"overfit: {len(examples)} examples: fewer than {count} different short "
                         f"formulas; give a set with at least {count}")


def gate(checked: CheckedNetwork, report: Callable[[Check], None] | None = None) -> list[Check]:
    """All checks in the order in which they are cheapest to fail; `report` hears of each.

    Raises TegashikiError with the failed check, what it saw and the faults that explain it.
    """
    steps = (
        lambda: no_known_fault(checked, trained=False),
        lambda: same_loss_without_learning(checked),
        lambda: overfits(checked, 1),
        lambda: overfits(checked, COUNT),
        lambda: uses_the_ink(checked),
        lambda: no_known_fault(checked),
    )
    done = []
    for step in steps:
        check = step()
        done.append(check)
        if report is not None:
            report(check)
        if not check.passed:
            faults = "; ".join(f"{f.name}: {f.sentence}" for f in checked.diagnose())
            cause = f" Likely cause: {faults}" if faults and faults not in check.sentence else ""
            raise TegashikiError(f"gate: {check.name}: {check.sentence}{cause}")
    return done


def overfits(checked: CheckedNetwork, count: int = COUNT) -> Check:
    """From the first weights to exact match on `count` expressions, within its steps.

    A model that cannot learn a handful by heart has a bug, not too little data.
    """
    began = time.monotonic()
    checked.restart()
    batch = checked.batch_of(checked.examples[:count])
    curve, exact, accuracy = [], 0, 0.0
    while len(curve) < checked.steps:
        loss, accuracy = checked.train(batch)
        curve.append(loss)
        if not math.isfinite(loss):
            break
        # Greedy decoding costs more than a step: only where each token is right given the others.
        # 0.1 nats: sure of itself, so that the last step has not undone it and the ink decides.
        if accuracy == 1 and loss < 0.1:
            exact = checked.exact(batch)
            if exact == count:
                break
    exact = exact or checked.exact(batch)
    passed = exact == count
    figures = {"count": count, "exact": exact, "steps": len(curve), "loss": curve[-1],
               "token_accuracy": accuracy, "seconds": time.monotonic() - began}
    sentence = f"{exact} of {count} exact after {len(curve)} steps, loss {curve[-1]:.4f}"
    if not passed and accuracy == 1:
        sentence += (": every token is right when the ones before are given, but not in greedy "
                     "decoding. Compare `step` with `decode`")
    elif not passed:
        sentence += ": it cannot learn them by heart. Look at the loss, the targets, the rate"
    return Check(f"overfits {count}", passed, figures, sentence + ".", tuple(curve))


def same_loss_without_learning(checked: CheckedNetwork) -> Check:
    """With learning rate 0 the loss of training equals that of validation to six digits.

    The batches differ on purpose: one full batch in training, two halves with rows of padding in
    validation. What is averaged wrongly, or behaves otherwise in training, shows here.
    """
    checked.restart(learning_rate=0.0)
    before = checkpoint.values(checked.network.trainable_variables)
    training, _ = checked.train(checked.batch)
    after = checkpoint.values(checked.network.trainable_variables)
    moved = max(float(np.abs(a - b).max()) for a, b in zip(after, before, strict=True))
    half = COUNT // 3                     # unequal parts: a mean of means would differ
    parts = [checked.batch_of(checked.examples[:half]), checked.batch_of(checked.examples[half:])]
    validation = loop.evaluate(checked.learner, parts)["val_loss"]
    passed = moved == 0 and abs(training - validation) <= SIX_DIGITS * abs(validation)
    sentence = f"training {training:.7g}, validation {validation:.7g}"
    if moved:
        sentence += f", and a weight moved by {moved:.2g}. Look at the weight decay"
    elif not passed:
        sentence += ". Look for dropout, noise, or a mean over batches instead of tokens"
    checked.restart(learning_rate=checked.learner.config.learning_rate)
    return Check("same loss without learning", passed,
                 {"training": training, "validation": validation, "moved": moved}, sentence + ".")


def uses_the_ink(checked: CheckedNetwork) -> Check:
    """After `overfits`: the labels must become clearly less probable with another formula's ink.

    The threshold is log 2 nats a formula. Greedy decoding is exact, so with the wrong ink a model
    that reads writes another formula, and where the two part it gives the label's token less than
    one half. One that only knows the formulas loses nothing at all.
    """
    inputs, targets = checked.batch
    formulas = float(targets["weights"].any(axis=1).sum())
    tokens = float(targets["weights"].sum())
    own, _ = checked.validate(checked.batch)
    other, _ = checked.validate((exchanged(inputs), targets))
    lost = (other - own) * tokens / formulas              # nats a formula
    passed = lost > math.log(2) and other > 2 * own
    sentence = (f"loss {own:.4f} with its own ink, {other:.4f} with another's: "
                f"{lost:.2f} nats a formula")
    if not passed:
        sentence += ", less than log 2: it knows the formulas and hardly reads the ink"
    return Check("uses the ink", passed,
                 {"own": own, "other": other, "nats_a_formula": lost}, sentence + ".")


def no_known_fault(checked: CheckedNetwork, trained: bool = True) -> Check:
    """None of the faults that `faults.diagnose` can name."""
    found = checked.diagnose(trained)
    sentence = "; ".join(f"{fault.name}: {fault.sentence}" for fault in found)
    when = "after training" if trained else "before training"
    return Check(f"no known fault {when}", not found, {"faults": len(found)},
                 sentence + "." if found else "none seen.")
