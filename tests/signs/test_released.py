"""The sign models that come with the project: small, quick, and they know their words."""

import json
import time

import numpy as np
import pytest

from tegashiki.errors import TegashikiError
from tegashiki.signs import datasets, synthetic
from tegashiki.signs.evaluation import RELEASED, evaluate_signs, released_for
from tegashiki.signs.recognizer import SignRecognizer
from tegashiki.signs.synthetic import VOCABULARY, Signer, sign

FOLDERS = sorted(path.parent for path in RELEASED.glob("*/model.json"))


def test_two_are_released():
    assert {"mp543", "ksl13"} <= {folder.name for folder in FOLDERS}


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda f: f.name)
def test_it_is_small_quick_and_has_a_card(folder):
    assert (folder / "model.tflite").stat().st_size <= 1_000_000
    words = json.loads((folder / "model.json").read_text())["words"]
    assert all(word in (folder / "MODEL_CARD.md").read_text() for word in words)
    assert released_for(words[:3]) == folder
    recognizer = SignRecognizer.load(folder)
    rng = np.random.default_rng(0)
    points = sign(VOCABULARY["hello"], Signer.random("x", rng), rng)
    spent = []
    for _ in range(15):
        began = time.thread_time()          # of this thread: neighbours on the machine do not count
        found = recognizer.candidates(points)
        spent.append(1000 * (time.thread_time() - began))
    assert np.median(spent) <= 5
    assert sum(c.probability for c in found) == pytest.approx(1) and len(found) == len(words)


def test_a_set_with_other_words_is_refused(tmp_path):
    made = synthetic.made_up(np.random.default_rng(0), 1, 1, words=("hello",))
    synthetic.write(made, tmp_path)
    with pytest.raises(TegashikiError, match="does not know hello"):
        evaluate_signs(tmp_path, RELEASED / "ksl13")
    assert evaluate_signs(tmp_path)["n"] == 1


@pytest.mark.parametrize("name", ["mp543", "ksl13"])
def test_it_knows_the_signers_that_it_was_trained_on(name, data_root):
    folder = data_root / datasets.FOLDERS[name]
    if not folder.is_dir():
        pytest.skip(f"THE REAL SIGNS ARE NOT TESTED: {name} is not below {data_root}")
    file = sorted(folder.glob("*.hdf5"))[0]
    assert evaluate_signs(file)["accuracy"] > 0.9
