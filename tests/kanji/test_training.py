"""Networks, the loop and the exported file, on a few made characters."""

import json

import keras
import numpy as np
import pytest

from tegashiki.errors import TegashikiError
from tegashiki.kanji import evaluation, training
from tegashiki.kanji.datasets import Pictures, Sample
from tegashiki.kanji.networks import (
    SmallConfig,
    TransferConfig,
    augmentation,
    average,
    edges,
    small,
    transfer,
)
from tegashiki.kanji.normal_form import of_picture
from tegashiki.kanji.recognizer import KanjiRecognizer, export
from tegashiki.kanji.synthetic import Maker
from tegashiki.kanji.training import TrainConfig, Trainer, endless
from tests.helpers import assert_close
from tests.kanji.test_synthetic import GLYPHS, STROKES

pytestmark = pytest.mark.training
TINY = SmallConfig(widths=(8, 8), neck=8)


@pytest.fixture(scope="module")
def pictures():
    drawn, labels = Maker("一十", STROKES, GLYPHS).batch(64, np.random.default_rng(0))
    return Pictures(drawn, labels.astype(np.int32), np.full(64, ""), ("一", "十"))


@pytest.fixture(scope="module")
def trained(pictures):
    keras.utils.set_random_seed(1)
    model = small(2, TINY)
    trainer = Trainer(model, TrainConfig(steps=60, batch_size=32, learning_rate=0.01, warmup=5))
    rows = list(trainer.fit(endless(pictures, 32, np.random.default_rng(0)), every=20))
    return model, rows


@pytest.fixture(scope="module")
def exported(trained, pictures, tmp_path_factory):
    folder = tmp_path_factory.mktemp("exported")
    return folder, export(trained[0], "一十", folder, pictures.pictures[:20])


def test_it_learns(trained):
    _, rows = trained
    assert [row["step"] for row in rows] == [20, 40, 60]
    assert rows[-1]["loss"] < 0.3 < rows[0]["loss"]


def test_the_file_answers_as_keras(exported, trained, pictures):
    folder, figures = exported
    assert figures["agreement"] == 1 and figures["megabytes"] < 0.1
    recognizer = KanjiRecognizer.load(folder)
    assert not [name for name in recognizer.operations() if name.startswith("Flex")]
    log_p = recognizer.log_probabilities(pictures.pictures[0] / 255)
    assert_close(np.exp(log_p).sum(), 1.0)
    best = recognizer.candidates(pictures.pictures[0] / 255, 5)
    assert [c.character for c in best] == ["一十"[i] for i in np.argsort(-log_p)]
    assert json.loads((folder / "model.json").read_text(encoding="utf-8"))["characters"] == "一十"


def test_several_networks_answer_with_the_mean(pictures, tmp_path):
    members = []
    for seed in (4, 5):
        keras.utils.set_random_seed(seed)
        members.append(small(2, TINY))
    both = average(members)
    export(both, "一十", tmp_path, pictures.pictures[:4])
    given = KanjiRecognizer.load(tmp_path).log_probabilities(pictures.pictures[0] / 255)
    each = [training.log_probabilities(one, pictures.pictures[:1])[0] for one in members]
    mean = np.exp(np.mean(each, axis=0))
    assert_close(np.exp(given), mean / mean.sum(), "int8")


def test_another_network_is_no_copy(pictures, tmp_path):
    with pytest.raises(TegashikiError, match="no exported character recogniser"):
        KanjiRecognizer.load(tmp_path)


def test_a_set_is_scored(exported, pictures):
    folder, _ = exported
    samples = [
        Sample("一十"[label], "", picture, "")
        for picture, label in zip(pictures.pictures, pictures.labels, strict=True)
    ]
    samples += [Sample("字", "", pictures.pictures[0], "")] * 6
    figures = evaluation.evaluate("made", folder, chosen=samples)
    assert figures["n"] == 70 and figures["classes"] == 3 and figures["unknown"] == "字"
    hits = [KanjiRecognizer.load(folder).candidates(of_picture(s.picture), 1)[0].character
            == s.character for s in samples]  # fmt: skip
    assert_close(figures["accuracy"], np.mean(hits))
    assert figures["top10"] == pytest.approx(64 / 70)
    assert sum(times for _, _, times in figures["confusions"]) == 70 - sum(hits)


def test_n_steps_and_n_more_are_2n_steps(pictures, tmp_path):
    """Interrupted and gone on with, the weights are those of a training without a pause."""
    config = TrainConfig(steps=8, batch_size=16, warmup=2)
    order = [next(endless(pictures, 16, np.random.default_rng(i))) for i in range(8)]
    results = []
    for pause in (False, True):
        keras.utils.set_random_seed(2)
        trainer = Trainer(small(2, TINY), config)
        if pause:
            rows = list(trainer.fit(iter(order), tmp_path / "last.npz", every=1, seconds=0))
            assert rows[-1]["step"] == 1  # stopped by the clock
            keras.utils.set_random_seed(3)  # other weights, which are replaced
            trainer = Trainer(small(2, TINY), config)
            list(trainer.fit(iter(order[1:]), tmp_path / "last.npz", every=8))
        else:
            list(trainer.fit(iter(order), every=8))
        results.append([np.asarray(v) for v in trainer.network.variables])
    for first, second in zip(*results, strict=True):
        assert_close(first, second)


def test_smoothing_of_nothing_is_cross_entropy():
    logits = np.random.default_rng(0).normal(size=(5, 7)).astype(np.float32)
    truth = np.arange(5)
    plain = training._loss(0.0)(truth, logits)
    assert_close(np.mean(training._loss(1e-9)(truth, logits)), plain)


def test_the_edges_are_eight_directions():
    filters = edges((5, 5, 1, 8))
    assert filters.shape == (5, 5, 1, 8)
    assert_close(filters.sum(axis=(0, 1, 2)), np.zeros(8))  # blind to flat grey
    assert_close(filters[..., 0], -filters[..., 4])
    assert_close(filters[:, :, 0, 2], filters[:, :, 0, 0].T)


def test_augmentation_is_for_training_alone():
    layer = augmentation(1.0, seed=1)
    picture = np.zeros((1, 48, 48, 1), np.float32)
    picture[:, 10:38, 20:28] = 1
    assert_close(np.asarray(layer(picture, training=False)), picture, "exact")
    assert np.abs(np.asarray(layer(picture, training=True)) - picture).max() > 0.1


def test_transfer_refuses_weights_that_are_not_there():
    with pytest.raises(TegashikiError, match="no weights here"):
        transfer(3, TransferConfig(weights="/nowhere.h5"))


def test_scores_are_counted():
    log_p = np.log(np.array([[0.7, 0.2, 0.1], [0.1, 0.2, 0.7], [0.3, 0.3001, 0.3999]]))
    assert training.scores(log_p, np.array([0, 0, 1]), top=2) == {
        "n": 3, "accuracy": pytest.approx(1 / 3), "top2": pytest.approx(2 / 3)}  # fmt: skip


def test_what_is_written_more_is_drawn_more():
    assert_close(training.by_use("字あア一"), np.array([1, 5, 2, 4]) / 12)
