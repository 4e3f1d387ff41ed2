"""The network that sees the picture: asked through its file, it has a say in the order."""

import json
import shutil

import numpy as np
import pytest

from tegashiki.errors import TegashikiError
from tegashiki.image2tex import second_reader
from tegashiki.image2tex.drawing import draw
from tegashiki.image2tex.features import PictureFeatures
from tegashiki.image2tex.recognizer import PictureRecognizer
from tegashiki.image2tex.second_reader import SecondReader
from tegashiki.ink.format import Ink
from tegashiki.ink.prepare import prepare
from tegashiki.tex.tokenizer import by_name
from tests.helpers import assert_close
from tests.toy_recognizer import FOLDER, examples

TOLD = {"file": "picture.tflite", "run": "0", "spelling": "packed-wide", "alphabet": "crohme",
        "columns": 128, "rows": 5, "epsilon": 0.01, "views": 2, "weight": 0.5, "usual": -0.25}
INK = Ink((np.float32([[0, 0], [0, 3]]), np.float32([[2, 1.5], [6, 1.5]])))
FORMULAS = [("1", "-"), ("x", "^", "{", "2", "}"), ("x",), ("-",), ("y", "=", "1"), ("1",)]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The toy's folder with a small network of pictures beside it, and that network in Keras."""
    import keras

    from tegashiki.image2tex.networks import Config, Network
    from tegashiki.tflite.export import export

    folder = tmp_path_factory.mktemp("second") / "model"
    shutil.copytree(FOLDER, folder)
    keras.utils.set_random_seed(1)
    network = Network(Config(growth=2, depth=1, units=8, embedding=4), len(by_name("packed-wide")))
    probe = {name: value[None] for name, value in
             PictureFeatures.featurize(INK.strokes, 128).items()}
    probe["tokens"] = np.zeros((1, 48), np.int32)
    network(probe)
    exported, = export(network, folder / "export", probe, size=128, width=5, kinds=("float32",))
    exported.path.replace(folder / "picture.tflite")
    second_reader.describe(folder, **TOLD)
    return folder, network


@pytest.mark.training
def test_its_file_says_what_the_network_says(made):
    folder, network = made
    tokenizer = by_name("packed-wide")
    ids = [tokenizer.encode(formula)[0] for formula in FORMULAS]
    rows = np.zeros((len(ids), 9), np.int32)
    for row, spelled in zip(rows, ids, strict=True):
        row[: len(spelled) + 1] = [1, *spelled]
    drawn = PictureFeatures.featurize(prepare(INK, 0.01).strokes, 128)
    logits = np.array(network({name: np.stack([value] * len(ids)) for name, value in drawn.items()}
                              | {"tokens": rows})["tokens"])
    log_p = logits - np.logaddexp.reduce(logits, axis=-1, keepdims=True)
    expected = [sum(log_p[row, place, token] for place, token in enumerate([*spelled, 2]))
                for row, spelled in enumerate(ids)]
    second = SecondReader.read(folder)
    assert_close(second.log_p([INK], FORMULAS), expected, "model")
    assert_close(second.worth([INK], FORMULAS), 0.5 * np.array(expected), "model")
    wider = Ink((*INK.strokes, np.float32([[9, 0], [9, 3]])))
    both = [second.log_p([ink], FORMULAS) for ink in (INK, wider)]
    assert_close(second.log_p([INK, wider, INK], FORMULAS), np.logaddexp(*both) - np.log(2))


@pytest.mark.training
def test_of_tokens_that_it_never_saw_it_says_what_is_usual(made):
    second = SecondReader.read(made[0])
    found = second.log_p([INK], [(r"\mathbb{R}", "x"), ("x",)])
    assert found[0] == -0.5 and found[1] != -0.25
    assert second.log_p([INK], [(r"\mathbb{R}",)]).tolist() == [-0.25]


@pytest.mark.training
def test_it_changes_the_order_of_candidates_and_loses_none(made, tmp_path):
    picture = draw(examples(1, seed=5)[0].ink.strokes)
    folder = shutil.copytree(made[0], tmp_path / "model")
    plain, both = PictureRecognizer.load(FOLDER), PictureRecognizer.load(folder)
    ink = plain.ink(picture)
    alone = {one.tokens: one for one in plain.candidates(ink, 100)}
    weighed = both.candidates(ink, 100)
    assert 1 < len(weighed) <= 20 and {one.tokens for one in weighed} <= set(alone)
    inks = (ink, *ink.others)
    formulas = [one.tokens for one in weighed]
    scores = both.second.worth(inks, formulas) + [alone[one].score for one in formulas]
    assert (np.diff(scores) <= 0).all()
    assert [one.strokes for one in weighed] == [alone[one.tokens].strokes for one in weighed]
    one_view = PictureRecognizer(both.strokes, views=1, second=both.second)
    assert len(one_view.candidates(picture, 3)) == 3


@pytest.mark.parametrize("change, reason", [
    ({"VERSION": 2}, "not of VERSION 1"), ({"file": "other.tflite"}, "other.tflite"),
    ({"spelling": "runes"}, "runes"), ({"alphabet": "elvish"}, "elvish"),
    ({"weight": None}, "damaged"), ({"columns": "wide"}, "damaged")],
    ids=["version", "file", "spelling", "alphabet", "weight", "columns"])
def test_a_damaged_description_is_named(tmp_path, change, reason):
    shutil.copy(FOLDER / "model.int8.tflite", tmp_path / "picture.tflite")
    path = second_reader.describe(tmp_path, **TOLD)
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    with pytest.raises(TegashikiError, match=reason):
        SecondReader.read(tmp_path)


def test_without_one_strokes_are_read_alone():
    assert SecondReader.read(FOLDER) is None and PictureRecognizer.load(FOLDER).second is None
