"""A wide model is judged on wide labels, and as MathWriting counts."""

import numpy as np
import pytest

from tegashiki.data.labelled import read_labelled
from tegashiki.decoding.recognizer import Recognizer, ShapeBucket
from tegashiki.evaluation.evaluate import evaluate_labelled, vocabulary_of_labels
from tegashiki.evaluation.report import Report
from tegashiki.ink.format import Ink
from tegashiki.ink.inkml import write_inkml
from tegashiki.networks.features import StrokeFeatures
from tegashiki.tex.tokenizer import by_name
from tegashiki.tex.tokens import published, wide
from tests.decoding.table import Table

STROKES = (np.float32([[0, 0], [3, 4]]), np.float32([[3, 0], [0, 4]]))


@pytest.fixture
def folder(tmp_path):
    for name, truth in (("one", r"\bar{x} \in \mathbb R"), ("two", "nlogn")):
        write_inkml(Ink(STROKES, id=name, truth=truth), tmp_path / f"{name}.inkml")
    return tmp_path


class Guess(Table):
    """Reads the same out of any ink."""

    def encode(self, inputs):
        return {"which": np.zeros(1, int)}


def recognizer(name):
    tokenizer = by_name(name)
    return Recognizer(Guess(len(tokenizer), 3), StrokeFeatures, tokenizer, [ShapeBucket(8, 5)])


def test_labels_are_told_in_the_tokens_of_the_model_or_of_the_captions():
    assert vocabulary_of_labels(recognizer("packed-wide"), "all") == wide()
    assert vocabulary_of_labels(recognizer("packed-wide"), "school") == wide()
    assert vocabulary_of_labels(recognizer("packed-wide"), "crohme") == published()
    assert vocabulary_of_labels(recognizer("packed"), "all") == published()


def test_all_that_has_a_wide_label_counts(folder):
    found = read_labelled(folder, vocabulary=wide())
    assert {e.ink.id: " ".join(e.tokens) for e in found.examples} == {
        "one": r"\overline { x } \in \mathbb{R}", "two": r"n \log n"}
    report = evaluate_labelled(recognizer("packed-wide"), found)
    assert report.as_dict()["n"] == 2
    # in published tokens the first has no label that could be compared: it counts as wrong
    few = read_labelled(folder, vocabulary=published())
    assert [one.id for one in few.unreadable] == ["one"] and len(few.examples) == 1


def test_figures_in_the_tokens_of_mathwriting_s_labels():
    references = [(r"\log", "n"), ("x", r"\leq", "y")]
    answers = [[tuple("log"), tuple("logn")], [("x", r"\leq", "z")]]
    found = Report(references, answers, [[1.0], [1.0]], [1.0, 1.0]).in_mathwriting()
    assert found == {"mathwriting_exact": 0.0, "mathwriting_cer": 2 / 7, "mathwriting_top5": 0.5}
