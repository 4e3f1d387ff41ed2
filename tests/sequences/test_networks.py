"""Small recurrent networks, and the files made of them."""

import keras
import numpy as np
import pytest

from tegashiki.errors import TegashikiError
from tegashiki.sequences import recurrent
from tegashiki.sequences.recurrent import Config
from tegashiki.tflite import convert
from tests.helpers import assert_close

pytestmark = pytest.mark.training

CHUNKS = np.random.default_rng(0).normal(size=(3, 2, 4, 1)).astype(np.float32)


def zeros(step):
    return {t.name: np.zeros(t.shape, np.float32) for t in step.input.values()}


def test_unknown_settings_are_refused():
    with pytest.raises(TypeError, match="sells"):
        Config(sells="gru")
    with pytest.raises(KeyError, match="gru2"):
        recurrent.build(Config("gru2"), 4)


@pytest.mark.parametrize("cell", ["lstm", "gru"])
def test_a_stateful_network_and_its_file_remember_the_same(cell, tmp_path):
    model = recurrent.build(Config(cell, 5, every_step=True, stateful=True), 4, 2)
    step = recurrent.stepper(model, 4, 2)
    small = convert.write(step, tmp_path / "carried.tflite", zeros(step))
    lite = convert.Lite(small.path)
    assert small.difference < 1e-5 and [p.name for p in tmp_path.iterdir()] == ["carried.tflite"]
    assert not any(name.startswith("Flex") for name in lite.operations())
    expected = np.stack([np.array(model(chunk)) for chunk in CHUNKS])
    assert_close(convert.carry(lite, CHUNKS), expected, "model")
    forgetful = np.stack([lite(x=chunk, **lite.zeros())["y"] for chunk in CHUNKS])
    assert not np.allclose(forgetful[1:], expected[1:], atol=1e-3)


def test_several_columns_in_both_directions_hide_padding(tmp_path):
    config = Config(units=3, vocabularies=(9, 5), embeddings=(4, 2), outputs=2, every_step=True,
                    bidirectional=True)
    model = recurrent.build(config, 6)
    ids = np.random.default_rng(1).integers(1, 5, (1, 6, 2)).astype(np.int32)
    ids[:, 4:, 0] = 0
    other = ids.copy()
    other[:, 4:, 1] = 1
    assert_close(model(ids)[:, :4], model(other)[:, :4], "float32")
    assert convert.write(model, tmp_path / "tagger.tflite", {"x": ids}).difference < 1e-5


@pytest.mark.parametrize("compress", [True, False])
def test_only_through_one_vector_does_a_word_change_the_tags_before_it(compress):
    config = Config("gru", 6, vocabularies=(9,), embeddings=(4,), outputs=3)
    model = recurrent.repeater(config, 5, compress)
    ids = np.array([[3, 4, 5, 6, 7]], np.int32)
    other = np.array([[3, 4, 5, 6, 2]], np.int32)
    before, after = (np.array(model(x))[:, :-1] for x in (ids, other))
    assert before.shape == (1, 4, 3)
    assert np.allclose(before, after, atol=1e-6) is not compress


def test_a_file_that_is_no_copy_is_not_left_behind(tmp_path):
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
    with pytest.raises(TegashikiError, match="differ from Keras"):
        convert.write(model, tmp_path / "x.tflite", {"x": np.full((1, 3), np.nan, np.float32)})
    assert not list(tmp_path.iterdir())
    (tmp_path / "x.tflite").write_bytes(b"no model")
    with pytest.raises(TegashikiError, match="export it again"):
        convert.Lite(tmp_path / "x.tflite")


def test_reach_sees_what_the_answer_depends_on():
    model = recurrent.build(Config("simple", 4, gain=0.5), 12)
    norms = recurrent.reach(model, CHUNKS.reshape(2, 12, 1))
    assert len(norms) == 12 and norms[-1] > 20 * norms[0] > 0


def test_starting_again_leaves_nothing_of_the_training_before():
    config, x = Config("simple", 3), np.ones((2, 4, 1), np.float32)
    fresh, model = recurrent.build(config, 4), recurrent.build(config, 4)
    model.compile(keras.optimizers.Adam(0.1), "mse", jit_compile=False)
    results = []
    for _ in range(2):
        recurrent.start_again(model, fresh, learning_rate=0.05)
        rows = []
        report = recurrent.Report(lambda rows=rows, **row: rows.append(row))
        model.fit(x, np.ones((2, 1)), epochs=2, verbose=0, callbacks=[report])
        results.append(rows)
    assert results[0] == results[1] and [row["epoch"] for row in results[0]] == [1, 2]
    assert_close(float(model.optimizer.learning_rate), 0.05)
