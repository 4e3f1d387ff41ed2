"""Sign networks and the recogniser, by what they promise."""

import keras
import numpy as np
import pytest

from tegashiki.errors import TegashikiError
from tegashiki.signs import landmarks, normal_form, ridge, synthetic
from tegashiki.signs import recognizer as shipped
from tegashiki.signs.classifier import PooledSigns, SignClassifier, SignConfig
from tegashiki.signs.cross_validation import leave_one_signer_out, signer_folds
from tegashiki.signs.evaluation import evaluate_signs, score_signs
from tegashiki.signs.normal_form import packed_evenly
from tegashiki.signs.trainer import SignTrainer, SignTraining, cross_validate
from tests.signs.made_up import WORDS

pytestmark = pytest.mark.training

SMALL = SignConfig(frames=16, width=16, heads=2, dropout=0.1)


@pytest.fixture(scope="module")
def trainer():
    return SignTrainer(SMALL, len(WORDS), SignTraining(epochs=10, batch_size=12, copies=2))


@pytest.fixture(scope="module")
def trained(trainer, stack, signs):
    """A network that knows everybody, its losses, and the copies that it was trained on."""
    made = trainer.copies(stack, np.random.default_rng(0))
    losses = []
    network = trainer.fit(made, signs.labels(), seed=1, report=lambda **row: losses.append(row))
    copy = trainer.new()
    copy.set_weights(network.get_weights())
    return copy, losses, made


@pytest.fixture(scope="module")
def exported(trained, stack, signs, tmp_path_factory):
    """The folder of a file with two members, and how it compares with Keras."""
    folder = tmp_path_factory.mktemp("exported")
    members = [trained[0], ridge.fit(stack, signs.labels(), len(WORDS))]
    return folder, shipped.export(members, WORDS, folder, packed_evenly(stack, 16))


def test_filling_changes_nothing_with_the_mask_and_something_without():
    rng = np.random.default_rng(0)
    feature = rng.random((2, 5, 30), np.float32)
    filled = np.concatenate([feature, np.zeros((2, 4, 30), np.float32)], axis=1)
    present = np.float32([[1] * 5 + [0] * 4] * 2)
    for masked in (True, False):
        keras.utils.set_random_seed(0)
        model = PooledSigns(4, 8, masked=masked)
        short = model({"feature": feature, "present": present[:, :5]})
        long = model({"feature": filled, "present": present})
        assert np.allclose(short, long, atol=1e-6) == masked


def test_a_hand_s_shape_does_not_depend_on_where_it_is():
    """The first features of a hand: moving the hand leaves them, moving a finger does not."""
    describe = SignClassifier(SMALL, 3).describe
    packed = np.concatenate([np.random.default_rng(0).normal(size=(1, 16, 67, 3)),
                             np.ones((1, 16, 67, 1))], axis=-1).astype(np.float32)
    moved, bent = packed.copy(), packed.copy()
    moved[:, :, normal_form.RIGHT, :2] += 0.3
    bent[:, :, 54, :2] += 0.3
    features, after, other = (np.asarray(describe.with_presence(p)[0]) for p in
                              (packed, moved, bent))
    half = (features.shape[-1] - 14) // 2
    shape = slice(14 + half, 14 + half + 42 + 10 + 5)
    np.testing.assert_allclose(after[..., shape], features[..., shape], atol=1e-4)
    assert np.abs(other[..., shape] - features[..., shape]).max() > 0.1


def test_what_is_not_seen_gives_no_nan():
    network = SignClassifier(SMALL, 3)
    assert np.isfinite(np.asarray(network(np.zeros((2, 16, 67, 4), np.float32)))).all()


def test_weights_of_moments_sum_to_one():
    network = SignClassifier(SMALL, 3)
    _, weight = network.judge(np.random.default_rng(0).random((2, 16, 67, 4), np.float32))
    assert np.asarray(weight).shape == (2, 16)
    np.testing.assert_allclose(np.asarray(weight).sum(axis=1), 1, atol=1e-5)


@pytest.mark.parametrize("change", [{"heads": 0}, {"recurrent": True}, {"depth": True},
                                    {"velocity": False}])
def test_every_variant_answers(change):
    sizes = SignConfig(**{**vars(SMALL), **change})
    assert SignClassifier(sizes, 3)(np.ones((2, 16, 67, 4), np.float32)).shape == (2, 3)


def test_training_learns_and_is_repeatable(trainer, trained, stack, signs):
    network, losses, made = trained
    assert losses[-1]["loss"] < 0.7 * losses[0]["loss"]
    again = trainer.fit(made, signs.labels(), seed=1)
    for a, b in zip(network.get_weights(), again.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


def test_a_loss_that_is_no_number_stops(trainer, stack, signs):
    broken = np.full((1, len(stack), 16, 304), np.nan, np.float16)
    with pytest.raises(TegashikiError, match="loss is nan"):
        trainer.fit(broken, signs.labels(), seed=0)


def test_folds_leave_out_whole_signers_once():
    signers = np.array(list("aaabbcddddde"))
    for folds in (0, 2, 3):
        masks = signer_folds(signers, folds)
        assert np.sum(masks, axis=0).tolist() == [1] * len(signers)
        assert all(len({m for m, s in zip(mask, signers, strict=True) if s == name}) == 1
                   for mask in masks for name in "abcde")
    with pytest.raises(TegashikiError, match="one signer"):
        signer_folds(np.array(["a", "a"]))


def test_a_reader_never_sees_the_signers_that_it_reads():
    signers = np.array(list("aabbbcc"))
    seeds_given = []

    def fit_and_read(out, seed):
        assert len(set(signers[out]) & set(signers[~out])) == 0
        seeds_given.append(seed)
        return np.full((out.sum(), 2), np.log([0.2, 0.8]))

    outcome = leave_one_signer_out(fit_and_read, np.ones(7, int), signers, 2, seeds=(3, 5))
    assert outcome.accuracies(np.ones(7, int)) == [1, 1]
    assert outcome.ensemble().shape == (7, 2) and len(set(seeds_given)) == 6


def test_strangers_are_recognised(trainer, trained, stack, signs):
    labels, signers = signs.labels(), signs.signers()
    outcome = cross_validate(trainer, trained[2], labels, signers, folds=2, seeds=(0,))
    assert outcome.accuracies(labels)[0] > 0.6
    assert ridge.cross_validate(stack, labels, signers, 3, 2).accuracies(labels)[0] > 0.6


def test_ridge_is_the_solution_of_its_equation(stack, signs):
    network = ridge.fit(stack, signs.labels(), 3)
    log_p = np.asarray(network(packed_evenly(stack, ridge.FRAMES)))
    assert np.mean(log_p.argmax(-1) == signs.labels()) == 1


def test_the_file_answers_as_keras_and_is_small(tmp_path, exported, signs):
    folder, figures = exported
    assert figures["agreement"] == 1 and figures["megabytes"] < 1
    recognizer = shipped.SignRecognizer.load(folder)
    first = signs.sequences[0]
    found = recognizer.candidates(first.points)
    assert len(found) == 3 and found[0].probability >= found[1].probability
    assert sum(c.probability for c in found) == pytest.approx(1)
    synthetic.write(signs, tmp_path / "set")
    report = evaluate_signs(tmp_path / "set", folder)
    assert report["n"] == len(signs.sequences) and report["accuracy"] > 0.8
    assert np.sum(report["confusion"]) == report["n"]
    assert set(report["signers"]) == set(signs.signers())
    figures, text = score_signs(str(tmp_path / "set"), model=str(folder))
    assert figures["accuracy"] == report["accuracy"] and "36 sequences" in text


def test_bad_landmarks_are_refused_by_name(tmp_path, exported):
    recognizer = shipped.SignRecognizer.load(exported[0])
    for points, why in ((np.zeros((5, 542, 3), np.float32), "542"),
                        (np.zeros((0, 543, 3), np.float32), "0 frames"),
                        (np.full((5, 543, 3), np.nan, np.float32), "nothing")):
        with pytest.raises(landmarks.BadSequenceError, match=why):
            recognizer.candidates(points)
    (tmp_path / "model.json").write_text("{}")
    with pytest.raises(TegashikiError, match="no exported sign recogniser"):
        shipped.SignRecognizer.load(tmp_path)
    (tmp_path / "model.json").write_text('{"VERSION": 1, "words": ["a"], "frames": 16}')
    (tmp_path / "model.tflite").write_bytes(b"no model")
    with pytest.raises(TegashikiError, match="no exported sign recogniser"):
        shipped.SignRecognizer.load(tmp_path)
