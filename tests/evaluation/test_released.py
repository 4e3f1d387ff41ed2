"""The released model's claim recomputed, on a hundred expressions of test2014 where the set is."""

import json

import pytest

from tegashiki.data.labelled import named
from tegashiki.decoding.recognizer import Recognizer
from tegashiki.decoding.released import RELEASED
from tegashiki.evaluation.evaluate import evaluate

COUNT = 100
# Of every ninth expression of test2014, in the order of ids: how many the released file, by the
# run that wrote it, reads exactly (canonical, raw) and has among five. A new release adds a line.
RIGHT = {"9c60acc2": (75, 75, 88), "dcfaa8ab": (76, 76, 86), "a7b7a3d0": (73, 73, 87),
         "a6697ccf": (74, 74, 91), "013dcc0c": (75, 75, 91), "b7358941": (75, 75, 91)}


@pytest.mark.slow
@pytest.mark.usefixtures("crohme_root")
def test_released_model_reads_as_much_as_it_did():
    examples = sorted(named("crohme/test2014").examples, key=lambda e: e.ink.id)[::9][:COUNT]
    figures = evaluate(Recognizer.load(RELEASED), examples).as_dict()
    found = [round(COUNT * figures[name]) for name in ("exact", "raw_exact", "top5")]
    run = json.loads((RELEASED / "model.json").read_text(encoding="utf-8"))["run"]
    assert figures["n"] == COUNT and run in RIGHT, f"{found}: note the figures of release {run}"
    # Another processor adds up floats in another order: one expression more or less is no change.
    assert all(abs(a - b) <= 1 for a, b in zip(found, RIGHT[run], strict=True)), found
