"""TFRecord shards: equal after reading, by our reader and by TensorFlow's own."""

import contextlib
import gzip

import numpy as np
import pytest

from tegashiki.data import tfrecord
from tegashiki.data.example import Example
from tegashiki.errors import TegashikiError
from tegashiki.ink.format import Ink
from tegashiki.tex.tokens import wide
from tests.toys import formulas


def odd():
    """Names beyond ASCII, an unknown alignment, points that are not round numbers."""
    strokes = (np.float32([[0.1, -1e-30], [3e9, 7]]), np.float32([[1 / 3, 2]]))
    return Example(Ink(strokes, id="手/1", writer="ü"), ("x", r"\mathbb{R}"), np.int16([-1, 0]))


def same(one, other):
    return (one.tokens == other.tokens and one.ink.id == other.ink.id
            and one.ink.writer == other.ink.writer
            and np.array_equal(one.alignment, other.alignment)
            and all(a.dtype == b.dtype and np.array_equal(a, b) for a, b in
                    zip(one.ink.strokes, other.ink.strokes, strict=True)))


def test_what_is_packed_comes_back_and_equal_examples_give_equal_bytes():
    examples = [*formulas(20), odd()]
    content = tfrecord.pack(examples, wide())
    again = list(tfrecord.unpack(content, wide()))
    assert all(same(a, b) for a, b in zip(examples, again, strict=True))
    assert tfrecord.pack(again, wide()) == content
    assert list(tfrecord.unpack(tfrecord.pack([], wide()), wide())) == []


@pytest.mark.parametrize("hurt", [
    lambda content: content[:-20], lambda content: b"no gzip",
    lambda content: gzip.compress(gzip.decompress(content)[:-3]),
    lambda content: gzip.compress(b"\x05" + gzip.decompress(content)[1:]),
    lambda content: gzip.compress(gzip.decompress(content).replace(b"tokens", b"spoken"))])
def test_a_damaged_shard_is_said(hurt):
    content = tfrecord.pack(formulas(3), wide())
    with pytest.raises(TegashikiError, match="a shard: no shard of ours"):
        list(tfrecord.unpack(hurt(content), wide(), "a shard"))


def test_any_byte_changed_is_said_or_read():
    """Found by fuzzing: what zlib raises, and numbers of more than 64 bits."""
    content = tfrecord.pack(formulas(1), wide())
    plain = gzip.decompress(content)
    changed = [content[:at] + bytes([content[at] ^ 0xff]) + content[at + 1:]
               for at in range(10, len(content))]
    changed += [gzip.compress(plain[:at] + b"\xff" * 12 + plain[at + 12:])
                for at in range(12, len(plain) - 12)]
    for one in changed:
        with contextlib.suppress(TegashikiError):
            list(tfrecord.unpack(one, wide(), "a shard"))


@pytest.mark.training
def test_tensorflow_reads_them(tmp_path):
    tf = pytest.importorskip("tensorflow")
    examples = [*formulas(4), odd()]
    path = tmp_path / "one.tfrecord.gz"
    path.write_bytes(tfrecord.pack(examples, wide()))
    lists = tf.io.RaggedFeature
    wanted = {"points": lists(tf.float32), "stroke_ends": lists(tf.int64),
              "alignment": lists(tf.int64), "tokens": lists(tf.int64),
              "id": tf.io.FixedLenFeature((), tf.string)}
    records = list(tf.data.TFRecordDataset(str(path), "GZIP"))       # checks both CRCs
    assert len(records) == len(examples)
    for record, example in zip(records, examples, strict=True):
        found = tf.io.parse_single_example(record, wanted)
        assert np.array_equal(found["points"].numpy().reshape(-1, 2),
                              np.concatenate(example.ink.strokes))
        assert found["tokens"].numpy().tolist() == wide().encode(example.tokens)
        assert found["alignment"].numpy().tolist() == example.alignment.tolist()
        assert found["stroke_ends"].numpy()[-1] == sum(map(len, example.ink.strokes))
        assert found["id"].numpy().decode() == example.ink.id
