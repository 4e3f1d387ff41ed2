"""Splits: decided by the name alone, as large as asked for, and without a leak."""

import pytest

from tegashiki.data import splits
from tegashiki.errors import TegashikiError
from tegashiki.ink.format import Ink

KEYS = [f"key {i}" for i in range(4000)]


def test_the_split_is_the_same_everywhere():
    # Exact values: another machine, order or year must not move an example to another part.
    assert splits.position("a") == pytest.approx(0.008459656010795014, abs=1e-12)
    assert splits.assign(["a", "b", "c", "d", "e", "f"], {"train": 0.5, "valid": 0.5}) == [
        "train", "train", "train", "valid", "train", "valid"
    ]
    assert splits.assign(KEYS[::-1], {"a": 0.3, "b": 0.7}) == splits.assign(
        KEYS, {"a": 0.3, "b": 0.7})[::-1]


def test_parts_are_as_large_as_asked_for():
    parts = splits.assign(KEYS, {"train": 0.8, "valid": 0.15, "test": 0.05})
    assert abs(parts.count("train") - 3200) < 100
    assert abs(parts.count("valid") - 600) < 80
    assert abs(parts.count("test") - 200) < 50


def test_a_salt_makes_another_split():
    half = {"a": 0.5, "b": 0.5}
    same = sum(x == y for x, y in zip(
        splits.assign(KEYS, half), splits.assign(KEYS, half, salt="1"), strict=True))
    assert 1800 < same < 2200


def test_a_growing_part_keeps_what_it_had():
    small = splits.assign(KEYS, {"train": 0.5, "rest": 0.5})
    large = splits.assign(KEYS, {"train": 0.7, "rest": 0.3})
    assert all(b == "train" for a, b in zip(small, large, strict=True) if a == "train")


@pytest.mark.parametrize("fractions", [{}, {"a": 0.5}, {"a": 1.5, "b": -0.5}, {"a": 0.6, "b": 0.6}])
def test_fractions_must_be_shares_of_a_whole(fractions):
    with pytest.raises(TegashikiError, match=r"whole; give numbers .* that add up to 1$"):
        splits.assign(["x"], fractions)


def test_an_empty_part_gets_nothing():
    assert set(splits.assign(KEYS, {"train": 1.0, "valid": 0.0})) == {"train"}


def test_split_by_both_shares_neither_writer_nor_formula():
    writers = [f"w{i % 97}" for i in range(4000)]
    formulas = [f"f{i % 97 // 10}-{i % 389}" for i in range(4000)]
    parts = splits.by_writer_and_formula(writers, formulas, 0.2)
    train = [i for i, part in enumerate(parts) if part == "train"]
    valid = [i for i, part in enumerate(parts) if part == "validation"]
    assert len(train) > 2000 and len(valid) > 50
    assert not {writers[i] for i in train} & {writers[i] for i in valid}
    assert not {formulas[i] for i in train} & {formulas[i] for i in valid}
    known = {formulas[i] for i in train}
    assert all(formulas[i] in known for i, part in enumerate(parts) if part == "known")


@pytest.mark.parametrize(("writer", "name", "key"), [
    ("w7", "2009210-947-12", "w7"), ("Unknown", "2009210-947-12", "2009210-947"),
    ("", "2009210-947-12", "2009210-947"), ("", "alone", "alone"), ("unknown", "a-1", "unknown")])
def test_writer_is_known_by_name_or_by_recording_session(writer, name, key):
    assert splits.writer_key(Ink((), id=name, writer=writer)) == key


def test_split_by_both_wants_a_formula_for_each_writer():
    with pytest.raises(ValueError, match="argument 2 is longer"):
        splits.by_writer_and_formula(["ann", "bob"], ["x"], 0.5)
