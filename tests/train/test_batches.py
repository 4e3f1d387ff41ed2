"""Batches: exact small tables, no row counted twice, the same again from the same seed."""

import numpy as np
import pytest

from tegashiki.errors import TegashikiError
from tegashiki.networks.features import FEATURES, PointFeatures, StrokeFeatures
from tegashiki.tex.tokenizer import PackedTokenizer, PlainTokenizer
from tegashiki.train import batches
from tests.helpers import assert_close
from tests.toys import example, formulas

TOKENIZER = PlainTokenizer()
PAD, START, END = 0, 1, 2


class Points(PointFeatures):
    SIZES, LENGTHS = (12, 24, 40), (4, 6, 10)


class Strokes(StrokeFeatures):
    SIZES, LENGTHS = (2, 4, 8), (4, 6, 10)


def ids(tex):
    return TOKENIZER.encode(tex.split())[0]


def rows_of(found):
    """(label ids, ...) of all rows that count."""
    return [tuple(row[weights > 0]) for _, targets in found
            for row, weights in zip(targets["tokens"], targets["weights"], strict=True)
            if weights.any()]


# -- one row ----------------------------------------------------------------------------------


def test_row_is_shifted_by_one_and_ends():
    a, b = ids("a b")
    inputs, targets = batches.row(*spelled("a b"), Points, 12, 5)
    assert inputs["tokens"].tolist() == [START, a, b, PAD, PAD]
    assert targets["tokens"].tolist() == [a, b, END, PAD, PAD]
    assert targets["weights"].tolist() == [1, 1, 1, 0, 0]
    assert {v.dtype.name for v in (inputs["tokens"], targets["tokens"])} == {"int32"}


@pytest.mark.parametrize(("length", "written"), [(4, "x + y </s>"), (3, "x + y"), (2, "x +")])
def test_formula_that_is_cut_does_not_end(length, written):
    _, targets = batches.row(*spelled("x + y"), Points, 12, length)
    assert [TOKENIZER.vocabulary.tokens[i] for i in targets["tokens"]] == written.split()
    assert targets["weights"].all()


def test_strokes_learn_their_symbols():
    x, _, _, two, _ = ids("x ^ { 2 }")
    _, targets = batches.row(*spelled("x ^ { 2 }"), Strokes, 4, 8)
    assert targets["stroke_position"].tolist() == [0, 3, -1, -1]
    assert targets["stroke_label"].tolist() == [x, two, 0, 0]
    assert targets["stroke_weights"].tolist() == [1, 1, 0, 0]


def test_alignment_follows_the_spelling():
    packed = PackedTokenizer()
    found, places = batches.spell(example("x ^ { 2 }"), packed)
    assert packed.vocabulary.decode(found) == ["x", "^{", "2", "}"]
    assert places.tolist() == [0, 2]


def test_unknown_alignment_stays_unknown():
    toy = example("a b")
    object.__setattr__(toy, "alignment", np.int16([-1, 1]))
    assert batches.spell(toy, TOKENIZER)[1].tolist() == [-1, 1]


def test_unknown_token_is_named():
    with pytest.raises(TegashikiError, match=r"token 1: '\\\\nosuch' is not in the vocabulary"):
        batches.spell(example(r"x \nosuch"), TOKENIZER)


def spelled(tex):
    toy = example(tex)
    return toy.ink.strokes, *batches.spell(toy, TOKENIZER)


# -- buckets ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("size", "length", "bucket"), [
    (1, 1, 0), (12, 4, 0), (13, 4, 1), (12, 5, 1), (24, 6, 1), (25, 6, 2), (24, 7, 2),
    (40, 10, 2), (41, 10, 2), (9_999, 99, 2)])
def test_first_bucket_that_holds_both(size, length, bucket):
    assert batches.bucket_of(size, length, Points) == bucket


def test_every_example_once_in_a_bucket_that_holds_it():
    found = list(batches.epoch(formulas(), Points, TOKENIZER, 3))
    assert sorted(rows_of(found)) == sorted((*ids(" ".join(e.tokens)), END) for e in formulas())
    shapes = {(i["points"].shape[1], i["tokens"].shape[1]) for i, _ in found}
    assert shapes <= set(zip(Points.SIZES, Points.LENGTHS, strict=True)) and len(shapes) > 1
    assert {len(i["tokens"]) for i, _ in found} == {3}


def test_rows_that_fill_up_weigh_nothing():
    [(inputs, targets)] = batches.epoch(formulas(2), Strokes, TOKENIZER, 5)
    for name in ("weights", "stroke_weights"):
        assert targets[name][:2].any(axis=1).all() and not targets[name][2:].any()
    assert all(len(v) == 5 and np.isfinite(v).all() for v in (*inputs.values(), *targets.values()))


# -- order ------------------------------------------------------------------------------------


def test_same_seed_same_batches_other_seed_other_order():
    def order(seed):
        return rows_of(batches.epoch(formulas(), Points, TOKENIZER, 3, np.random.default_rng(seed)))
    assert order([1, 2]) == order([1, 2])
    assert order([1, 2]) != order([1, 3])
    assert sorted(order([1, 2])) == sorted(order([1, 3]))


def test_without_a_generator_nothing_is_shuffled():
    toys = [e for e in formulas() if len(e.tokens) == 3]
    assert rows_of(batches.epoch(toys, Points, TOKENIZER, 4)) == [
        (*ids(" ".join(e.tokens)), END) for e in toys]


def test_augmented_ink_is_used_and_comes_from_the_generator():
    def augment(strokes, rng):
        return [stroke + np.float32(rng.normal()) for stroke in strokes]

    def ink(seed, augment):
        rng = np.random.default_rng(seed)
        return np.concatenate([i["points"].ravel() for i, _ in batches.epoch(
            formulas(4), Strokes, TOKENIZER, 4, rng, augment)])
    once, plain = ink(5, augment), ink(5, None)
    assert_close(ink(5, augment), once, "exact")
    assert once.shape == plain.shape and np.abs(once - plain).max() > 0


# -- features ---------------------------------------------------------------------------------


def test_point_features_by_hand():
    strokes = [np.float32([[0, 0], [1, 2]]), np.float32([[9, 1]])]
    points = Points.featurize(strokes, 4)["points"]
    assert points.tolist() == [
        # valid, dx, dy, y - mean, first, last
        [1, 0, 0, -1, 1, 0], [1, 1, 2, 1, 0, 1], [1, 4, -1, 0, 1, 1], [0] * 6]   # dx 8 is cut to 4


def test_long_ink_is_thinned_and_keeps_its_ends():
    stroke = np.float32([[x, x % 3] for x in range(100)])
    points = Points.featurize([stroke], 12)["points"]
    assert points[:, 0].all() and points[0, 4] == 1 and points[-1, 5] == 1


def test_stroke_features_by_hand():
    strokes = [np.float32([[0, 0], [3, 4]]), np.float32([[5, 2]])]
    found = StrokeFeatures.featurize(strokes, 3)
    # valid, x, y - mean y, width, height, path, chord, number
    assert_close(found["boxes"], [[1, 1.5, 0, 3, 4, 5, 5, 0], [1, 5, 0, 0, 0, 0, 0, 1], [0] * 8])
    assert_close(found["points"][0, [0, -1]], [[-1.5, -2], [1.5, 2]])
    assert not found["points"][1:].any()


@pytest.mark.parametrize("name", sorted(FEATURES))
def test_features_are_finite_for_any_ink(name):
    features = FEATURES[name]
    for strokes in ([np.float32([[0, 0]])], [np.float32([[3, 3]] * 5)] * 2,
                    [np.float32([[0, 0], [1e4, -1e4]])],
                    [np.float32([[i, 0]]) for i in range(900)]):
        found = features.featurize(strokes, features.SIZES[-1])
        assert all(np.isfinite(value).all() for value in found.values())
        assert all(len(value) == features.SIZES[-1] for value in found.values())
