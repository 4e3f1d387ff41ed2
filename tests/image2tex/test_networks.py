"""The picture networks: a step says what teacher forcing says, and one batch is learned."""

import numpy as np
import pytest

from tegashiki.image2tex.networks import STRIDE, PictureFeatures
from tests.helpers import assert_close

STROKES = [np.float32([[0, 0], [0, 3]]), np.float32([[2, 1.5], [6, 1.5]])]


def test_a_formula_fits_whatever_its_shape():
    for scale in ((1, 1), (40, 1), (1, 40)):
        strokes = [stroke * np.float32(scale) for stroke in STROKES]
        needed = PictureFeatures.measure(strokes)
        found = PictureFeatures.featurize(strokes, 256)
        assert found["picture"].shape == (96, 256, 1) and set(np.unique(found["picture"])) <= {0, 1}
        used = int(np.flatnonzero(found["picture"].any(axis=(0, 2))).max())
        assert used < found["valid"].sum() * STRIDE <= max(needed, 256) + STRIDE


@pytest.mark.training
@pytest.mark.parametrize("choice", [{}, {"encoder": "cached", "channels": 7, "coverage": False},
                                    {"begin": "zero", "context": "pool", "positions": False}],
                         ids=["dense", "cached", "other choices"])
def test_a_step_says_what_teacher_forcing_says(choice):
    import keras
    from keras import ops

    from tegashiki.image2tex.networks import Config, Network

    keras.utils.set_random_seed(1)
    network = Network(Config(growth=4, depth=1, units=16, embedding=8, **choice), 11)
    one = PictureFeatures.featurize(STROKES, 128)
    inputs = {name: np.stack([value, value[::-1].copy()]) for name, value in one.items()}
    if choice.get("encoder"):
        inputs["cells"] = np.random.default_rng(0).random((2, 6, 8, 7), np.float32)
    tokens = np.int32([[1, 4, 5, 2], [1, 9, 3, 7]])
    whole = network(inputs | {"tokens": tokens})
    assert whole["tokens"].shape == (2, 4, 11)
    assert_close(ops.sum(whole["attention"], -1), np.ones((2, 4)))
    memory = network.encode(inputs)
    state = network.start(memory, rows=2)
    for place in range(tokens.shape[1]):
        logits, state = network.step(memory, state, tokens[:, place])
        assert_close(logits, whole["tokens"][:, place], "model")


@pytest.mark.slow
@pytest.mark.training
def test_one_learner_trains_in_several_shapes():
    """Keras alone makes one function for all of them, in which the length is not known."""
    import keras

    from tegashiki.image2tex.learner import Learner
    from tegashiki.image2tex.networks import Config, Network
    from tegashiki.train import TrainConfig

    keras.utils.set_random_seed(1)
    network = Network(Config(growth=2, depth=1, units=8, embedding=4), 11)
    learner = Learner(network, TrainConfig(learning_rate=0.01), jit=False)
    losses = []
    for columns, length in ((32, 2), (48, 1)):
        rng = np.random.default_rng(columns)
        inputs = {"picture": rng.random((2, 96, columns, 1), np.float32),
                  "valid": np.ones((2, columns // STRIDE), np.float32),
                  "tokens": rng.integers(1, 9, (2, length)).astype(np.int32)}
        targets = {"tokens": inputs["tokens"], "weights": np.ones((2, length), np.float32)}
        learner.begin_figures()
        learner.test_on_batch(inputs, targets)
        before = learner.figures()["token_loss"]
        for _ in range(5):
            learner.train_on_batch(inputs, targets)
        learner.begin_figures()
        learner.test_on_batch(inputs, targets)
        losses.append((before, learner.figures()["token_loss"]))
    assert all(after < before for before, after in losses)
