"""Our JSON of ink: a round trip, and one line for each thing that can be wrong with it."""

import json

import numpy as np
import pytest

from tegashiki.errors import TegashikiError
from tegashiki.ink import format as limits
from tegashiki.ink import read_ink
from tegashiki.ink.format import Ink, Symbol
from tegashiki.ink.inkjson import read_json, write_json

INK = Ink(
    strokes=(np.float32([[0.1, 1 / 3], [2e8, -5]]), np.float32([[1, 2]])),
    times=(np.float32([0, 0.1]), np.float32([0.7])),
    truth=r"\alpha", id="a b", writer="J\u00f6rg", symbols=(Symbol(r"\alpha", (1, 0)),),
)


def test_round_trip(tmp_path):
    path = tmp_path / "ink.json"
    write_json(INK, path)
    read = read_ink(path)
    for before, after in zip(INK.strokes + INK.times, read.strokes + read.times, strict=True):
        np.testing.assert_array_equal(before, after)
        assert after.dtype == np.float32
    assert (read.truth, read.id, read.writer, read.symbols) == (
        INK.truth, INK.id, INK.writer, INK.symbols)
    assert [file.name for file in tmp_path.iterdir()] == ["ink.json"]


def test_time_is_kept_only_if_every_point_has_it():
    ink = read_json(b'{"version": 1, "strokes": [[[0, 0, 1.5], [1, 1, 2]], [[0, 0]]]}')
    assert ink.times is None and ink.id == "ink"


@pytest.mark.parametrize(("record", "words"), [
    ("", "empty"),
    ("{", "not JSON"),
    ("[" * 100_000, "not JSON"),
    ("[]", "version 1"),
    ({"version": 2, "strokes": [[[0, 0]]]}, "version 1"),
    ({"strokes": [[[0, 0]]]}, "version 1"),
    ({"version": 1}, "strokes: none"),
    ({"version": 1, "strokes": []}, "strokes: none"),
    ({"version": 1, "strokes": {"0": [0, 0]}}, "strokes: none"),
    ({"version": 1, "strokes": [[[0, 0]], []]}, "stroke 1: has no points"),
    ({"version": 1, "strokes": [[[0, 0], [1]]]}, "stroke 0: point 1"),
    ({"version": 1, "strokes": [[[0, 0], [1, 2, 3, 4]]]}, "stroke 0: point 1"),
    ({"version": 1, "strokes": [[[0, 0], [1, "2"]]]}, "stroke 0: point 1"),
    ({"version": 1, "strokes": [[[0, True]]]}, "stroke 0: point 0"),
    ('{"version": 1, "strokes": [[[0, NaN]]]}', "stroke 0: point 0"),
    ('{"version": 1, "strokes": [[[0, Infinity]]]}', "stroke 0: point 0"),
    ('{"version": 1, "strokes": [[[0, 1e400]]]}', "stroke 0: point 0"),
    ('{"version": 1, "strokes": [[[0, ' + "9" * 5000 + "]]]}", "not JSON"),
    ('{"version": 1, "strokes": [[[0, ' + "9" * 500 + "]]]}", "stroke 0: point 0"),
    ({"version": 1, "strokes": [[[0, 0]]] * (limits.MAX_STROKES + 1)}, "more than 2000"),
    ({"version": 1, "strokes": [[[0, 0]] * (limits.MAX_POINTS + 1)]}, "more than 200000"),
    ({"version": 1, "strokes": [[[0, 0]]], "truht": "x"}, "unknown field 'truht'"),
    ({"version": 1, "strokes": [[[0, 0]]], "truth": 5}, "truth: is no text"),
    ({"version": 1, "strokes": [[[0, 0]]], "symbols": [{"label": "x", "strokes": [1]}]},
     "symbol 0"),
    ({"version": 1, "strokes": [[[0, 0]]], "symbols": 5}, "symbol 0"),
])
def test_refused(record, words):
    text = record if isinstance(record, str) else json.dumps(record)
    with pytest.raises(TegashikiError) as error:
        read_json(text.encode(), name="bad.json")
    message = str(error.value)
    assert words in message and message.startswith("bad.json: ") and "\n" not in message
    assert len(message) < 250 and ";" in message
