"""From a named set to the three parts of a training."""

import numpy as np
import pytest

from tegashiki.errors import TegashikiError
from tegashiki.ink.format import Ink
from tegashiki.ink.inkml import write_inkml
from tegashiki.synthesis import collection


def tokens_of(part):
    return {example.tokens for example in part.examples}


def test_made_ink_is_the_same_for_the_same_seed():
    one, two, other = (collection.collect("synthetic-school", count=30, seed=seed)
                       for seed in (1, 1, 2))
    for name in ("train", "validation", "test"):
        assert tokens_of(one[name]) == tokens_of(two[name])
    first, again = one["train"].examples[0].ink, two["train"].examples[0].ink
    assert all(np.array_equal(a, b) for a, b in zip(first.strokes, again.strokes, strict=True))
    assert tokens_of(one["train"]) != tokens_of(other["train"])


def test_no_formula_is_on_both_sides():
    parts = collection.collect("synthetic-school", count=200, seed=0, held_out=0.3)
    assert parts["validation"].examples
    assert not tokens_of(parts["train"]) & tokens_of(parts["validation"])


def test_an_unknown_set_is_named():
    with pytest.raises(TegashikiError, match=r"'chrome' is no set; give .*crohme"):
        collection.collect("chrome")


@pytest.fixture
def package(tmp_path):
    """A tiny CROHME: an ink of test2012 stands in train too, one of test2011 in test2014."""
    rng = np.random.default_rng(0)
    shapes = [rng.random((6, 2)).astype(np.float32) * 40 for _ in range(6)]
    layout = {"train": [0, 1], "test2011": [2, 5], "test2012": [1, 3], "test2013": [4],
              "train2012_extra": [], "test2014": [5]}
    for part, members in layout.items():
        folder = tmp_path / "crohme" / part
        folder.mkdir(parents=True)
        for number in members:
            ink = Ink(strokes=(shapes[number],), id=f"{part}-{number}", truth=f"${number}$",
                      writer=f"w{number}")
            write_inkml(ink, folder / f"{part}{number}.inkml")
        if not members:     # a part without any file is an error of its own
            write_inkml(Ink(strokes=(rng.random((4, 2)).astype(np.float32),), id=f"{part}-x",
                            truth="$9$"), folder / "x.inkml")
    return tmp_path / "crohme"


def test_an_ink_that_came_before_is_left_out(package):
    parts = collection.collect("crohme-all", path=str(package), held_out=0.0)
    assert sorted(e.tokens[0] for e in parts["train"].examples) == ["0", "1", "2", "3", "4", "9"]
    left_out = [one.file for one in parts["train"].skipped]
    assert sorted(left_out) == ["test20115", "test20121"]   # known from the test, from train
    assert [e.tokens for e in parts["test"].examples] == [("5",)]


def test_plain_crohme_trains_on_train_alone(package):
    parts = collection.collect("crohme", path=str(package), held_out=0.0)
    assert sorted(e.tokens[0] for e in parts["train"].examples) == ["0", "1"]


def test_sources_are_mixed_so_that_the_first_examples_are_a_fair_sample(package):
    ids = [e.ink.id for e in collection.collect("crohme-all", path=str(package),
                                             held_out=0.0)["train"].examples]
    again = [e.ink.id for e in collection.collect("crohme-all", path=str(package),
                                               held_out=0.0)["train"].examples]
    assert ids == again
    in_order_of_reading = ["train0", "train1", "test20112", "test20123", "test20134", "x"]
    assert sorted(ids) == sorted(in_order_of_reading) and ids != in_order_of_reading


def test_test_part_is_scored_on_the_published_labels(package, monkeypatch):
    """Figures that are compared with published ones need their labels, not what we make of ours."""
    labels = package / "labels"
    labels.mkdir()
    (labels / "test_caption_2014.txt").write_text("test20145\tx ^ 2\nother\ty\n")
    monkeypatch.setenv("TEGASHIKI_DATA", str(package.parent))
    parts = collection.collect("crohme", path=str(package), held_out=0.0)
    (example,) = parts["test"].examples
    assert example.tokens == ("x", "^", "2")                 # raw, as it is published
    assert example.alignment.tolist() == [-1]                # it belonged to the file's own label
    assert {e.tokens for e in parts["train"].examples} == {("0",), ("1",)}    # our own labels


def test_split_by_both_shares_neither_writer_nor_formula(package):
    parts = collection.collect("crohme-all", path=str(package), held_out=0.5, split="both")
    train, asked = parts["train"].examples, parts["validation"].examples
    assert train and asked
    assert not {e.ink.writer for e in train} & {e.ink.writer for e in asked}
    assert not tokens_of(parts["train"]) & tokens_of(parts["validation"])


def test_an_unknown_split_is_named(package):
    with pytest.raises(TegashikiError, match=r"split: 'writer' is unknown; give formula or both"):
        collection.collect("crohme", path=str(package), split="writer")
