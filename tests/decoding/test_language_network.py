r"""The network of formulas: the same as in Keras, its file, and the order that it sets."""

import json

import numpy as np
import pytest

from tegashiki.decoding.language import NAME, LanguageNetwork, read, write
from tegashiki.decoding.recognizer import Recognizer
from tegashiki.errors import TegashikiError
from tegashiki.tex.tokenizer import by_name
from tegashiki.tex.tokens import END, PAD, START
from tegashiki.train.language import Config, Fit, FormulaLanguage, fit
from tests.toy_recognizer import FOLDER, examples

PACKED = by_name("packed")
TEXT = [PACKED.encode(formula.split())[0] for formula in (
    "x + y", "x + 1", "x ^ { 2 } + y", "y", r"\frac { x } { y }", r"x + y + \sqrt { x }")]


@pytest.fixture(scope="module")
def trained():
    """Of a text in which an x is followed by a plus, most of the time."""
    import keras

    keras.utils.set_random_seed(0)
    model = FormulaLanguage(Config(units=24, width=16, dropout=0.0), len(PACKED))
    told = []
    fit(model, TEXT * 200, TEXT, Fit(epochs=8, batch_size=16, learning_rate=0.01),
        lambda *row: told.append(row))
    return model, told


def language(model, weight=0.5, bonus=1.0):
    return LanguageNetwork(model.arrays(), "packed", weight, bonus, "none")


def test_it_learns_the_text_it_is_given(trained):
    model, told = trained
    assert [epoch for epoch, _, _ in told] == list(range(1, 9))
    assert told[-1][2] < 0.8 < told[0][2]
    tokens = sum(len(formula) + 1 for formula in TEXT)
    held = -language(model).log_p(TEXT).sum() / tokens
    assert told[-1][2] == pytest.approx(held, abs=1e-4)       # nats a token, whatever the batches
    known, turned = language(model).log_p([TEXT[0], TEXT[0][::-1]])
    assert known > turned + 1


def test_it_says_what_keras_says(trained):
    model, _ = trained
    length = max(map(len, TEXT)) + 2
    ids = np.full((len(TEXT), length), PAD, np.int32)
    for row, formula in zip(ids, TEXT, strict=True):
        row[: len(formula) + 2] = [START, *formula, END]
    logits = np.array(model(ids[:, :-1]), np.float64)
    log_p = logits - np.log(np.exp(logits).sum(-1, keepdims=True))
    expected = [sum(log_p[row, place, ids[row, place + 1]] for place in range(len(formula) + 1))
                for row, formula in enumerate(TEXT)]
    one = language(model)
    assert one.log_p(TEXT) == pytest.approx(expected, abs=1e-4)
    assert one.log_p(TEXT[:1]) == pytest.approx(expected[:1], abs=1e-4)   # alone as among others
    assert one.log_p([]).shape == (0,) and np.isfinite(one.log_p([()]))
    lengths = np.array([len(formula) for formula in TEXT])
    assert one.worth(TEXT, PACKED) == pytest.approx(0.5 * (np.array(expected) + lengths), abs=1e-4)


def test_the_file_says_what_was_written(trained, tmp_path):
    one = language(trained[0])
    write(one, tmp_path)
    again = read(tmp_path, PACKED)
    assert (again.spelling, again.weight, again.bonus, again.run) == ("packed", 0.5, 1.0, "none")
    assert again.log_p(TEXT) == pytest.approx(one.log_p(TEXT), abs=0.5)      # 8 bits a weight
    # What was rounded once is not rounded further, but for the last digit of a scale.
    assert LanguageNetwork.of(again.content()).log_p(TEXT) == pytest.approx(again.log_p(TEXT),
                                                                            abs=1e-3)


@pytest.mark.parametrize("change", [
    {"VERSION": 9}, {"VERSION": True}, {"weights": "AAAA"}, {"weights": "%"}, {"units": 25},
    {"units": "many"}, {"vocabulary": -1}, {"weight": None}, {"spelling": "plain"},
    {"spelling": "packed-wide"}])
def test_a_damaged_or_foreign_file_is_named(trained, tmp_path, change):
    path = write(language(trained[0]), tmp_path)
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    with pytest.raises(TegashikiError, match=NAME):
        read(tmp_path, PACKED)


def test_weights_that_are_no_numbers_are_refused(trained, tmp_path):
    model, _ = trained
    arrays = model.arrays() | {"down_bias": np.full(16, np.nan, np.float32)}
    write(LanguageNetwork(arrays, "packed", 0.5, 1.0, "none"), tmp_path)
    with pytest.raises(TegashikiError, match="not finite"):
        read(tmp_path, PACKED)


def test_it_sets_the_order_of_what_the_beam_found(trained):
    recognizer = Recognizer.load(FOLDER)
    example = examples(1, seed=5)[0]
    plain, _ = recognizer.hypotheses(example.ink)
    recognizer.language = language(trained[0], weight=3.0)
    found, _ = recognizer.hypotheses(example.ink)
    assert {one.ids for one in found} == {one.ids for one in plain}
    worth = dict(zip([one.ids for one in plain],
                     recognizer.language.worth([one.ids for one in plain], PACKED), strict=True))
    expected = sorted(plain, key=lambda one: -(one.score + worth[one.ids]))
    assert [one.ids for one in found] == [one.ids for one in expected]
    for one, before in zip(found, expected, strict=True):
        assert one.score == pytest.approx(before.score + worth[one.ids], abs=1e-4)
