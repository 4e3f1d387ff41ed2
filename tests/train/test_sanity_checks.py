"""The gate lets a sound network pass and names every planted fault, and only that one."""

import functools
import re

import numpy as np
import pytest
from keras import ops

from tegashiki.errors import TegashikiError
from tegashiki.tex.tokenizer import PlainTokenizer
from tegashiki.train import TrainConfig, batches, known_faults, loop, sanity_checks
from tegashiki.train.learner import Learner
from tests.toys import bag, example, formulas, small, tiny

pytestmark = pytest.mark.training

TOKENIZER = PlainTokenizer()
quick = functools.partial(Learner, jit=False)   # planted faults do not depend on the compiler


def eager(kind=Learner):
    """Makes learners that trace nothing: the few steps of a check cost less than a compilation."""
    def make(network, config):
        learner = kind(network, config, jit=False)
        learner.run_eagerly = True
        return learner
    return make


def trial_of(network, make=quick, **settings):
    settings = {"learning_rate": 1e-2, **settings}
    return sanity_checks.CheckedNetwork(network, formulas(), TOKENIZER, **settings, make=make)


def plain_network(kind=None, **changes):
    return (kind or bag())(len(TOKENIZER), **{"width": 48, "dropout": 0.0, **changes})


def diagnosed(network, kind=Learner, trained=False):
    """Names of the faults found in an untrained learner: no compilation, no training."""
    learner = kind(network, TrainConfig(weight_decay=0.0), jit=False)
    batch = next(batches.epoch(formulas(6), network, TOKENIZER, 8))
    loop.build(learner, batch)
    return [fault.name for fault in known_faults.diagnose(learner, batch, trained)]


# -- sound ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def sound():
    """A sound network on trial, and what the gate reported of it."""
    network = plain_network()
    trial, heard = trial_of(network), []
    return trial, sanity_checks.gate(trial, heard.append), heard


def test_gate_passes_a_sound_network(sound):
    _, results, heard = sound
    assert [check.name for check in results] == [
        "no known fault before training", "same loss without learning", "overfits 1",
        "overfits 14", "uses the ink", "no known fault after training"]
    assert all(check.passed for check in results) and heard == results
    fourteen = results[3]
    assert fourteen.figures["exact"] == 14 and fourteen.figures["steps"] == len(fourteen.curve)
    assert results[4].figures["nats_a_formula"] > np.log(2)


def test_gate_stops_at_what_fails_and_says_so(sound, monkeypatch):
    trial, _, _ = sound
    monkeypatch.setattr(trial, "steps", 2)
    with pytest.raises(TegashikiError, match="gate: overfits 1: 0 of 1 exact after 2 steps"):
        sanity_checks.gate(trial)


def test_untrained_network_does_not_use_the_ink_yet(sound):
    trial, _, _ = sound
    trial.restart()
    check = sanity_checks.uses_the_ink(trial)
    assert not check.passed and "hardly reads the ink" in check.sentence


def test_restart_begins_the_same_training_again(sound):
    trial, _, _ = sound
    curves = []
    for _ in range(2):
        trial.restart()
        curves.append([trial.train(trial.batch)[0] for _ in range(3)])
    assert curves[0] == curves[1]


# -- planted in the network -------------------------------------------------------------------


class Probabilities(bag()):
    def decode(self, memory, tokens, training=False):
        return {"tokens": ops.softmax(super().decode(memory, tokens, training)["tokens"])}


class Dividing(bag()):
    def encode(self, inputs, training=False):
        least = ops.min(inputs["points"][:, :, 0], axis=1, keepdims=True)   # 0 where it is padded
        return {"seen": super().encode(inputs, training)["seen"] / least}


class Clairvoyant(bag()):
    def decode(self, memory, tokens, training=False):
        return super().decode(memory, ops.roll(tokens, -1, axis=1), training)


class Forgetful(bag()):
    def step(self, memory, state, tokens):
        logits, _ = super().step(memory, state, tokens)
        return logits, state


class Blind(bag()):
    def encode(self, inputs, training=False):
        return {name: 0.0 * value + 1.0 for name, value in super().encode(inputs, training).items()}


@pytest.mark.parametrize(("kind", "name"), [
    (Dividing, known_faults.NO_NUMBERS), (Probabilities, known_faults.DOUBLE_SOFTMAX),
    (Clairvoyant, known_faults.LOOKS_AHEAD), (Forgetful, known_faults.STEP_DIFFERS),
    (Blind, known_faults.IGNORES_INK)])
def test_fault_in_the_network_is_named(kind, name):
    assert diagnosed(plain_network(kind)) == [name]


# -- planted in the loss ----------------------------------------------------------------------


class SoftmaxTwice(Learner):
    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        y_pred = {**y_pred, "tokens": ops.softmax(y_pred["tokens"])}
        return super().compute_loss(x, y, y_pred, sample_weight, training)


class EveryPlace(Learner):
    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        y = {**y, "weights": ops.ones_like(y["weights"])}
        return super().compute_loss(x, y, y_pred, sample_weight, training)


class DividedByPlaces(Learner):
    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        share = ops.mean(y["weights"])
        return share * super().compute_loss(x, y, y_pred, sample_weight, training)


class Shifted(Learner):
    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        y = {**y, "tokens": ops.roll(y["tokens"], 1, axis=1)}
        return super().compute_loss(x, y, y_pred, sample_weight, training)


class OnlyTheEnd(Learner):
    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        last = ops.cast(ops.equal(y["tokens"], batches.END), "float32")
        return super().compute_loss(x, {**y, "weights": y["weights"] * last}, y_pred,
                                    sample_weight, training)


@pytest.fixture(scope="module")
def shared():
    """A sound network for learners that are not: nothing trains it."""
    return plain_network()


@pytest.mark.parametrize(("kind", "name"), [
    (SoftmaxTwice, known_faults.DOUBLE_SOFTMAX), (EveryPlace, known_faults.COUNTS_PADDING),
    (DividedByPlaces, known_faults.COUNTS_PADDING), (Shifted, known_faults.NEVER_ZERO)])
def test_fault_in_the_loss_is_named(kind, name, shared):
    assert diagnosed(shared, kind) == [name]


def test_auxiliary_loss_that_counts_filled_rows_is_named():
    class Counts(small("stroke_transformer")):
        def auxiliary_loss(self, targets, outputs):
            return ops.mean(ops.square(outputs["strokes"]))

    found = diagnosed(tiny("stroke_transformer", len(TOKENIZER), Counts))
    assert found == [known_faults.COUNTS_PADDING]


def test_gate_names_the_planted_fault_before_it_trains(shared):
    with pytest.raises(TegashikiError, match=r"^gate: no known fault .*: double softmax: "):
        sanity_checks.gate(trial_of(shared, make=functools.partial(SoftmaxTwice, jit=False)))


# -- what shows only in training --------------------------------------------------------------


def test_decoder_that_learns_only_the_end_token_is_named():
    trial = trial_of(plain_network(), make=functools.partial(OnlyTheEnd, jit=False), steps=40)
    with pytest.raises(TegashikiError) as found:
        sanity_checks.gate(trial)
    assert re.match("gate: overfits 1: 0 of 1 exact after 40 steps.* Likely cause: only the end "
                    "token: the decoder answers the end token", str(found.value))
    assert "\n" not in str(found.value)
    assert [fault.name for fault in trial.diagnose()] == [known_faults.ONLY_END]


def test_decoder_that_never_reads_the_ink_is_named():
    """It learns the formulas as far as that goes, and another's ink costs it nothing."""
    trial = trial_of(plain_network(Blind), steps=120)
    fourteen = sanity_checks.overfits(trial, 14)
    assert not fourteen.passed and fourteen.curve[-1] < fourteen.curve[0] / 2
    ink = sanity_checks.uses_the_ink(trial)
    assert not ink.passed and ink.figures["own"] == ink.figures["other"]
    assert [fault.name for fault in trial.diagnose()] == [known_faults.IGNORES_INK]


def test_dropout_makes_training_and_validation_differ():
    trial = trial_of(plain_network(dropout=0.5), make=eager())
    check = sanity_checks.same_loss_without_learning(trial)
    assert not check.passed and "dropout" in check.sentence


class MeanOfMeans(Learner):
    """The figures as Keras would keep them: each batch counts the same, whatever is in it."""

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        loss = super().compute_loss(x, y, y_pred, sample_weight, training)
        self.token_loss.total.assign(self.token_loss.total - loss * (ops.sum(y["weights"]) - 1))
        self.token_loss.count.assign(self.token_loss.count - (ops.sum(y["weights"]) - 1))
        return loss


def test_mean_over_batches_instead_of_tokens_makes_them_differ(shared):
    check = sanity_checks.same_loss_without_learning(trial_of(shared, make=eager(MeanOfMeans)))
    assert not check.passed and check.figures["moved"] == 0


# -- which examples ---------------------------------------------------------------------------


def test_trial_takes_different_formulas_of_one_bucket():
    same = [example("x + 1", f"again{i}") for i in range(9)]
    long = example(" + ".join("abcxy" * 6), "long")
    chosen = sanity_checks.choose([long, *same, *formulas()], bag(), TOKENIZER, 14)
    assert len({e.tokens for e in chosen}) == 14 and long not in chosen


def test_too_few_examples_are_refused():
    with pytest.raises(TegashikiError, match="fewer than 14 different short formulas"):
        sanity_checks.choose(formulas(13), bag(), TOKENIZER, 14)


def test_exchanged_gives_every_formula_another_ink():
    inputs = {"tokens": np.arange(3)[:, None], "points": np.arange(3)[:, None]}
    other = known_faults.exchanged(inputs)
    assert (other["tokens"] == inputs["tokens"]).all()
    assert (other["points"] != inputs["points"]).all()
