"""Bundles: what goes in comes out, and nothing else passes for a bundle."""

import json
import os

import numpy as np
import pytest

from tegashiki.data import bundle
from tegashiki.data.example import Example
from tegashiki.errors import TegashikiError
from tegashiki.ink.format import Ink
from tegashiki.tex.tokens import Vocabulary


def example(name="a", writer="ann", strokes=3, tokens=("x", "^", "{", "2", "}")):
    rng = np.random.default_rng(len(name))
    ink = Ink(
        strokes=tuple(rng.normal(size=(1 + i, 2)).astype(np.float32) for i in range(strokes)),
        id=name,
        writer=writer,
    )
    alignment = np.array([(0, 3, -1)[i % 3] for i in range(strokes)], np.int16)
    return Example(ink, tokens, alignment)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "some.npz"


def test_round_trip(path):
    examples = [example("a"), example("été\n2", "", 1, ("x",) * 4), example("ccc", "bob", 7)]
    sha = bundle.write(path, examples, {"source": "tests", "n": 3})
    read = bundle.read(path)
    assert len(read) == 3 and read.sha256 == sha and read.manifest == {"source": "tests", "n": 3}
    assert read.ids == ("a", "été 2", "ccc") and read.writers == ("ann", "", "bob")
    for before, after in zip(examples, read, strict=True):
        assert after.tokens == before.tokens
        np.testing.assert_array_equal(after.alignment, before.alignment)
        assert len(after.ink.strokes) == len(before.ink.strokes)
        for a, b in zip(before.ink.strokes, after.ink.strokes, strict=True):
            np.testing.assert_array_equal(a, b)
            assert b.dtype == np.float32
    assert read[-1].ink.id == "ccc"
    with pytest.raises(IndexError):
        read[3]


def test_the_ids_are_those_of_the_vocabulary(path):
    bundle.write(path, [example()], {})
    read = bundle.read(path)
    assert read.vocabulary == Vocabulary.load().tokens
    assert read.tokens.tolist() == Vocabulary.load().encode(example().tokens)


def test_an_empty_set_is_a_set(path):
    bundle.write(path, [], {})
    assert len(bundle.read(path)) == 0 and list(bundle.read(path)) == []


def test_same_content_same_file(tmp_path):
    examples = [example("a"), example("b")]
    one = bundle.write(tmp_path / "1.npz", examples, {"x": 1})
    two = bundle.write(tmp_path / "2.npz", examples, {"x": 1})
    assert one == two
    assert (tmp_path / "1.npz").read_bytes() == (tmp_path / "2.npz").read_bytes()
    assert bundle.write(tmp_path / "3.npz", examples[::-1], {"x": 1}) != one
    assert bundle.write(tmp_path / "4.npz", examples, {"x": 2}) != one


def test_an_unknown_token_is_named_and_nothing_is_written(path):
    bundle.write(path, [example()], {})
    before = path.read_bytes()
    with pytest.raises(TegashikiError, match="Q"):
        bundle.write(path, [example(tokens=("x", "Q", "{", "2", "}"))], {})
    assert path.read_bytes() == before and os.listdir(path.parent) == [path.name]


def test_a_folder_that_is_not_there(tmp_path):
    with pytest.raises(TegashikiError, match="writing"):
        bundle.write(tmp_path / "no" / "some.npz", [example()], {})


def rewrite(path, **changes):
    """The file again with some arrays replaced, and the sha256 made to fit."""
    with np.load(path) as file:
        arrays = {name: file[name] for name in file}
    arrays.update(changes)
    head = json.loads(arrays["manifest"].tobytes())
    head.pop("sha256")
    if all(a.dtype != object for a in arrays.values()):
        head["sha256"] = bundle._digest(arrays, head)
    arrays["manifest"] = np.frombuffer(json.dumps(head).encode(), np.uint8)
    np.savez(path, **arrays)


@pytest.mark.parametrize(
    "changes, message",
    [
        ({"points": np.zeros((5, 3), np.float32)}, "pairs"),
        ({"points": np.zeros((6, 2), np.float64)}, "points: wrong type"),
        ({"points": np.full((6, 2), np.nan, np.float32)}, "finite"),
        ({"stroke_ends": np.array([1, 1, 6])}, "stroke_ends: not increasing"),
        ({"stroke_ends": np.array([1, 3, 5])}, "do not end at 6"),
        ({"expression_ends": np.array([2])}, "expression_ends"),
        ({"token_ends": np.array([2, 5])}, "token_ends"),
        ({"alignment": np.array([0, 3], np.int16)}, "alignment"),
        ({"alignment": np.array([0, 3, 5], np.int16)}, "alignment: points past"),
        ({"alignment": np.array([0, 3, -2], np.int16)}, "alignment: points past"),
        ({"tokens": np.array([1, 2, 3, 4, 999], np.int16)}, "tokens: id out of range"),
        ({"ids": np.frombuffer(b"a\nb\n", np.uint8)}, "ids"),
        ({"points": np.array([[{}, {}]] * 6)}, "not a bundle"),
    ],
)
def test_arrays_that_do_not_fit_are_refused(path, changes, message):
    bundle.write(path, [example()], {})
    rewrite(path, **changes)
    with pytest.raises(TegashikiError, match=message) as caught:
        bundle.read(path)
    assert str(path) in str(caught.value) and "\n" not in str(caught.value)


def test_damage_is_noticed(path):
    bundle.write(path, [example()], {})
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    with pytest.raises(TegashikiError):
        bundle.read(path)


@pytest.mark.parametrize("content", [b"", b"PK\x05\x06" + b"\0" * 18, b"\x80\x04N.", b"{}"])
def test_what_is_no_bundle_is_refused(path, content):
    path.write_bytes(content)
    with pytest.raises(TegashikiError, match="not a bundle"):
        bundle.read(path)
    with pytest.raises(TegashikiError, match="no such bundle"):
        bundle.read(path.with_name("missing.npz"))


def test_a_zip_of_a_later_version_is_refused(path):
    bundle.write(path, [example()], {})
    content = path.read_bytes().replace(b"PK\x01\x02\x14\x03\x14", b"PK\x01\x02\x14\x03\x80")
    path.write_bytes(content.replace(b"PK\x01\x02-\x03-", b"PK\x01\x02-\x03\x80"))
    with pytest.raises(TegashikiError, match="zip file version"):
        bundle.read(path)


def test_another_version_is_refused(path, monkeypatch):
    monkeypatch.setattr(bundle, "VERSION", 2)
    bundle.write(path, [example()], {})
    monkeypatch.undo()
    with pytest.raises(TegashikiError, match="version 2"):
        bundle.read(path)
