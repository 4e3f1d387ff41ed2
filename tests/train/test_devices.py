"""One training on one device, on two, on another backend: the same losses; and no retracing."""

import functools
import importlib.util
import json
import subprocess
import sys

import keras
import numpy as np
import pytest

from tegashiki.errors import TegashikiError
from tegashiki.tex.tokenizer import PlainTokenizer
from tegashiki.train import TrainConfig, batches, devices, loop
from tegashiki.train.learner import Learner
from tests.helpers import assert_close
from tests.journal.notebooks import CHECKOUT
from tests.toys import bag, formulas, tiny

pytestmark = pytest.mark.training

TOKENIZER = PlainTokenizer()
without_jax = pytest.mark.skipif(importlib.util.find_spec("jax") is None,
                                 reason="jax is not installed (the extra accelerator)")
BACKENDS = ["tensorflow", pytest.param("jax", marks=without_jax)]


@functools.cache
def trained(backend, count, target=""):
    done = subprocess.run([sys.executable, "-m", "tests.train.on_devices", backend, str(count),
                           str(target)], cwd=CHECKOUT, capture_output=True, text=True, timeout=250,
                          check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout.splitlines()[-1])


def assert_same(one, other):
    for row, again in zip(one["losses"], other["losses"], strict=True):
        assert_close(list(row.values()), list(again.values()))
    assert_close(one["logits"], other["logits"], "model")
    assert one["losses"][-1]["token_loss"] < one["losses"][0]["token_loss"] - 0.1


@pytest.mark.slow
@pytest.mark.timeout(550)
@pytest.mark.process
@pytest.mark.parametrize("backend", BACKENDS)
def test_two_devices_train_as_one(backend):
    one, two = trained(backend, 1), trained(backend, 2)
    assert (one["record"]["devices"], two["record"]["devices"]) == (1, 2)
    assert two["record"]["device_kind"] == "CPU" and two["record"]["precision"] == "float32"
    assert f"{backend} on 2 CPU, which share each batch" in two["said"]
    assert_same(one, two)


@pytest.mark.slow
@pytest.mark.timeout(550)
@pytest.mark.process
@without_jax
def test_jax_trains_as_tensorflow_and_its_weights_cross_over(tmp_path):
    theirs, ours = trained("jax", 1, tmp_path / "weights.npz"), trained("tensorflow", 1)
    assert_same(ours, theirs)
    network = tiny("stroke_transformer", len(TOKENIZER))
    batch = next(batches.epoch(formulas(5), network, TOKENIZER, 6))
    network(batch[0])
    loop.load_weights(tmp_path / "weights.npz", network)
    assert_close(np.asarray(network(batch[0])["tokens"])[:, :3, :4], theirs["logits"], "model")


class Counted(Learner):
    """Counts how often a step is traced: compiled steps do not run this Python again."""

    traced = 0

    def compute_loss(self, *args, **kwargs):
        self.traced += 1
        return super().compute_loss(*args, **kwargs)


def test_nothing_is_traced_again_after_the_first_epoch(tmp_path, capsys):
    network = bag()(len(TOKENIZER), 8)
    learner = Counted(network, TrainConfig(epochs=3, batch_size=4, warmup=1), jit=False)
    counts = []

    def source(epoch):
        return batches.epoch(formulas(), network, TOKENIZER, 4, np.random.default_rng(epoch))

    def validate():
        figures = loop.evaluate(learner, batches.epoch(formulas(8), network, TOKENIZER, 4))
        counts.append(learner.traced)
        return figures

    loop.fit(learner, source, validate, tmp_path, 5, monitor="val_loss")
    buckets = len({batch[0]["tokens"].shape for batch in source(0)})
    assert counts[0] <= 4 * buckets          # training and validation, twice where Keras looks
    assert counts == counts[:1] * 3
    assert "tensorflow on 1 CPU; layers compute in float32" in capsys.readouterr().out


def test_bfloat16_computes_in_it_and_keeps_float32_weights():
    try:
        chosen = devices.choose("bfloat16", at_most=1)
        keras.utils.set_random_seed(1)
        network = tiny("stroke_transformer", len(TOKENIZER))
        learner = Learner(network, TrainConfig(learning_rate=1e-2), jit=chosen.jit)
        learner.run_eagerly = True
        batch = next(batches.epoch(formulas(6), network, TOKENIZER, 6))
        loop.build(learner, batch)
        losses = []
        for _ in range(3):
            learner.begin_figures()
            learner.train_on_batch(*batch)
            losses.append(learner.figures()["token_loss"])
        assert keras.backend.standardize_dtype(network(batch[0])["tokens"].dtype) == "bfloat16"
    finally:
        keras.mixed_precision.set_global_policy("float32")
    assert {v.dtype for v in network.trainable_variables} == {"float32"}
    assert chosen.record["precision"] == "bfloat16"
    assert np.isfinite(losses).all() and losses[-1] < losses[0] - 0.1


def test_on_processors_the_choice_is_float32_and_is_told():
    chosen = devices.choose(at_most=1)
    assert keras.mixed_precision.global_policy().name == "float32"
    assert chosen.said == "tensorflow on 1 CPU; layers compute in float32, weights are float32"
    assert devices.in_use() == chosen
    with pytest.raises(TegashikiError, match="float8"):
        devices.choose("float8")
