"""The loss: by hand, against plain numpy, and some real steps of each network."""

import re

import keras
import numpy as np
import pytest

from tegashiki.tex.tokenizer import PlainTokenizer
from tegashiki.train import TrainConfig, batches, loop
from tegashiki.train.codistillation import Codistiller, replayed
from tegashiki.train.distillation import Distiller, ensemble, soft_loss
from tegashiki.train.learner import Learner, token_loss
from tests.helpers import assert_close
from tests.toys import TINY, formulas, tiny

pytestmark = pytest.mark.training


def plain_loss(logits, tokens, weights, smoothing):
    """As a textbook writes it, one place after the other."""
    total, count = 0.0, 0.0
    for scores, token, weight in zip(logits.reshape(-1, logits.shape[-1]).astype(np.float64),
                                     tokens.ravel(), weights.ravel(), strict=True):
        p = np.exp(scores - scores.max())
        p /= p.sum()
        q = np.full(len(p), smoothing / len(p))
        q[token] += 1 - smoothing
        total += weight * -(q * np.log(p)).sum()
        count += weight
    return total / count


# p of the right token -> loss: -log p. Two tokens, logits (0, log(p / (1 - p))).
@pytest.mark.parametrize(("right", "loss"), [
    ([0.5], 0.693147), ([0.25], 1.386294), ([0.5, 0.25], 1.039721), ([1 - 1e-7, 0.5], 0.346574)])
def test_loss_by_hand(right, loss):
    logits = np.float32([[[0, np.log(p / (1 - p))] for p in right]])
    tokens, weights = np.ones((1, len(right)), np.int32), np.ones((1, len(right)), np.float32)
    assert_close(float(token_loss(logits, tokens, weights)), loss)


@pytest.mark.parametrize("smoothing", [0.0, 0.1])
def test_loss_against_plain_numpy(smoothing):
    rng = np.random.default_rng(3)
    logits = rng.normal(0, 5, (4, 7, 11)).astype(np.float32)
    tokens = rng.integers(0, 11, (4, 7)).astype(np.int32)
    weights = (rng.random((4, 7)) < 0.6).astype(np.float32)
    assert_close(float(token_loss(logits, tokens, weights, smoothing)),
                 plain_loss(logits, tokens, weights, smoothing))


def test_large_scores_overflow_nothing():
    logits = np.float32([[[1e4, -1e4, 0]]])
    one = np.ones((1, 1), np.float32)
    assert float(token_loss(logits, np.int32([[0]]), one)) == 0.0
    assert float(token_loss(logits, np.int32([[1]]), one)) == 2e4


def test_batch_of_padding_alone_is_zero_and_no_number_is_lost():
    loss = token_loss(np.ones((2, 3, 4), np.float32), np.zeros((2, 3), np.int32),
                      np.zeros((2, 3), np.float32))
    assert float(loss) == 0.0


@pytest.mark.parametrize("name", sorted(TINY))
def test_real_steps_change_every_weight_and_lower_the_loss(name):
    tokenizer = PlainTokenizer()
    keras.utils.set_random_seed(1)
    learner = Learner(tiny(name, len(tokenizer)), TrainConfig(learning_rate=1e-2), jit=False)
    learner.run_eagerly = True      # three steps take less than tracing them
    batch = next(batches.epoch(formulas(6), learner.network, tokenizer, 6))
    loop.build(learner, batch)
    before = [np.array(np.asarray(v)) for v in learner.network.trainable_variables]
    losses = []
    for _ in range(3):
        learner.begin_figures()
        learner.train_on_batch(*batch)
        losses.append(learner.figures()["token_loss"])
    assert abs(losses[0] - np.log(len(tokenizer))) < 1.0        # it begins by knowing nothing
    assert losses[-1] < losses[0] - 0.1
    still = [v.path for v, old in zip(learner.network.trainable_variables, before, strict=True)
             if np.array_equal(np.asarray(v), old)]
    assert still == []


def test_biases_and_norms_do_not_decay():
    learner = Learner(tiny("stroke_transformer", 20), TrainConfig(weight_decay=0.1), jit=False)
    spelling_free = {"points": np.zeros((1, 6, 20, 2), np.float32),
                     "boxes": np.ones((1, 6, 8), np.float32), "tokens": np.ones((1, 10), np.int32)}
    loop.build(learner, (spelling_free, {}))
    for variable in learner.network.trainable_variables:
        free = re.search("bias$|beta$|gamma$", variable.path) is not None
        assert learner.optimizer._use_weight_decay(variable) != free, variable.path


def test_soft_loss_of_certain_teachers_is_that_of_labels():
    rng = np.random.default_rng(4)
    logits = rng.normal(0, 3, (2, 5, 7)).astype(np.float32)
    tokens = rng.integers(0, 7, (2, 5)).astype(np.int32)
    weights = (rng.random((2, 5)) < 0.7).astype(np.float32)
    certain = np.eye(7, dtype=np.float32)[tokens]
    assert_close(float(soft_loss(logits, certain, weights)),
                 float(token_loss(logits, tokens, weights)))
    # Smoothing is a teacher too: it thinks everything a little possible.
    smooth = 0.9 * certain + 0.1 / 7
    assert_close(float(soft_loss(logits, smooth, weights)),
                 float(token_loss(logits, tokens, weights, 0.1)))


def test_pupil_learns_what_its_teachers_say_against_the_labels():
    tokenizer = PlainTokenizer()
    keras.utils.set_random_seed(2)
    teachers = [tiny("stroke_transformer", len(tokenizer)) for _ in range(2)]
    batch = next(batches.epoch(formulas(6), teachers[0], tokenizer, 6))
    for teacher in teachers:
        teacher(batch[0])
    teach = ensemble(teachers)
    said = np.asarray(teach(batch[0]))
    one, other = (np.asarray(keras.ops.softmax(t(batch[0])["tokens"])) for t in teachers)
    assert_close(said, (one + other) / 2)
    kept = [np.array(np.asarray(w)) for t in teachers for w in t.weights]
    pupil = Distiller(tiny("stroke_transformer", len(tokenizer)),
                      TrainConfig(learning_rate=3e-3), teach, share=1.0, jit=False)
    pupil.run_eagerly = True
    loop.build(pupil, batch)
    assert len(pupil.trainable_variables) == len(pupil.network.trainable_variables)

    def apart():
        return float(soft_loss(pupil.network(batch[0])["tokens"], said, batch[1]["weights"]))

    before = apart()
    for _ in range(8):
        pupil.train_on_batch(*batch)
    assert apart() < before - 0.05
    assert all(np.array_equal(a, np.asarray(b)) for a, b in
               zip(kept, (w for t in teachers for w in t.weights), strict=True))


def test_a_student_and_its_teacher_learn_together():
    tokenizer = PlainTokenizer()
    keras.utils.set_random_seed(2)
    teacher, student = (tiny("stroke_transformer", len(tokenizer)) for _ in range(2))
    batch = next(batches.epoch(formulas(6), student, tokenizer, 6))
    learner = Codistiller(student, teacher, TrainConfig(learning_rate=3e-3), jit=False)
    learner.run_eagerly = True
    loop.build(learner, batch)
    before = loop.evaluate(learner, [batch]) | {"teacher": learner.figures()["teacher_loss"]}

    def train(share):
        learner.share.assign(share)
        for _ in range(6):
            learner.train_on_batch(*batch)

    train(0.0)
    after = loop.evaluate(learner, [batch]) | {"teacher": learner.figures()["teacher_loss"]}
    assert after["val_loss"] < before["val_loss"] - 0.05
    assert after["teacher"] < before["teacher"] - 0.05

    def apart():
        taught = keras.ops.softmax(teacher(batch[0])["tokens"])
        return float(soft_loss(student(batch[0])["tokens"], taught, batch[1]["weights"])
                     - soft_loss(teacher(batch[0])["tokens"], taught, batch[1]["weights"]))

    # With all of the share the labels have no say left over the student's tokens.
    former = apart()
    train(1.0)
    assert apart() < former


def test_replayed_gives_every_batch_and_some_again():
    rng = np.random.default_rng(0)
    seen = list(replayed(range(6), times=3, kept=2, rng=rng))
    assert seen[::3] == list(range(6)) and len(seen) == 18
    assert all(seen[i] - seen[i + k] in (0, 1) for i in range(0, 18, 3) for k in (1, 2))
