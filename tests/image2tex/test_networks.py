"""The picture networks: a step says what teacher forcing says, and one batch is learned."""

import numpy as np
import pytest

from tegashiki.image2tex.features import STRIDE, PictureFeatures
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


def test_each_token_is_told_which_cells_its_ink_lies_in():
    ids = np.int32([7, 3, 9])                    # the second token has no ink
    told = PictureFeatures.supervise(STROKES, np.array([0, 2]), ids, 256, 4)
    assert told["guide_weights"].shape == (4, 6 * 16)
    upright, lying = (np.argwhere(told["guide_weights"][t].reshape(6, 16)) for t in (0, 2))
    assert set(upright[:, 1]) == {0} and len(upright) >= 2          # one column of cells
    assert set(lying[:, 1]) == {1, 2} and set(lying[:, 0]) <= {2, 3}      # beside it
    assert not told["guide_weights"][[1, 3]].any()
    label, counted = told["cell_label"], told["cell_weights"] > 0
    assert set(label[counted]) == {7, 9} and not label[~counted].any()


def test_ink_of_no_token_or_of_one_cut_off_tells_nothing():
    told = PictureFeatures.supervise(STROKES, np.array([-1, 2]), np.int32([7, 3, 9]), 256, 3)
    assert not any(value.any() for value in told.values())


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
    wider = PictureFeatures.featurize(STROKES, 256)
    if not choice:      # more paper beside the ink changes nothing where the ink is
        asked = {name: value[None] for name, value in wider.items()}
        more = network(asked | {"tokens": tokens[:1]})
        assert_close(more["tokens"][0], whole["tokens"][0], "model")
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


@pytest.mark.training
def test_told_where_to_look_it_looks_there():
    import keras

    from tegashiki.image2tex.learner import Learner
    from tegashiki.image2tex.networks import Config, Network
    from tegashiki.train import TrainConfig

    keras.utils.set_random_seed(1)
    network = Network(Config(growth=2, depth=1, units=8, embedding=4, guide_loss=1.0,
                             cell_loss=1.0), 11)
    learner = Learner(network, TrainConfig(learning_rate=0.02, warmup=1), jit=False)
    ids = np.int32([7, 9])
    one = PictureFeatures.featurize(STROKES, 128) | {"tokens": np.int32([1, 7, 9])}
    told = PictureFeatures.supervise(STROKES, np.array([0, 1]), ids, 128, 3) | {
        "tokens": np.int32([7, 9, 2]), "weights": np.ones(3, np.float32)}
    inputs, targets = ({name: np.stack([value] * 2) for name, value in side.items()}
                       for side in (one, told))

    def there():
        """Least share of attention, over the two tokens, that lies on the token's ink."""
        attention = np.array(network(inputs)["attention"])[0]
        return (attention * told["guide_weights"]).sum(axis=1)[:2].min()

    before = there()
    for _ in range(60):
        learner.train_on_batch(inputs, targets)
    cells = np.array(network(inputs)["cells"])[0].argmax(axis=-1)
    counted = told["cell_weights"] > 0
    assert before < 0.5 < 0.8 < there()
    assert (cells == told["cell_label"])[counted].all()
