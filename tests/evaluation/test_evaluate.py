"""Scoring a recogniser: the figures by hand, labelled folders, and the two doors of a user."""

import json
import os
import shutil
import subprocess
import sys

import numpy as np
import pytest

from tegashiki.cli import main
from tegashiki.data.labelled import read_labelled
from tegashiki.errors import TegashikiError
from tegashiki.evaluation.evaluate import Report, mistakes, reliability, temperature
from tegashiki.ink.format import Ink
from tegashiki.ink.inkjson import write_json
from tegashiki.ink.inkml import write_inkml
from tegashiki.tex.tokenizer import by_name
from tegashiki.tflite import export
from tests.toys import formulas, tiny

pytestmark = pytest.mark.training

X, Y, Z = ("x",), ("y",), ("z",)
REPORT = Report(
    references=[X, Y, ("x", "+", "1"), ("x", "^", "2")],
    answers=[[X, Y], [Z, Y], [], [("x", "^", "{", "2", "}")]],
    claims=[[0.9], [0.4], [], [0.7]],
    milliseconds=[1.0, 2.0, 3.0, 10.0],
)


def test_figures_by_hand():
    figures = REPORT.as_dict()
    assert figures["n"] == 4
    assert figures["exact"] == 2 / 4           # x, and x ^ 2 in another spelling
    assert figures["raw_exact"] == 1 / 4
    assert figures["top5"] == 3 / 4            # y is the second candidate
    assert figures["within1"] == 3 / 4         # z for y is one error, nothing for x + 1 three
    assert figures["ms_median"] == 2.5


def test_table_by_length_counts_each_once():
    rows = REPORT.by_length()
    assert [row["tokens"] for row in rows] == ["1-6"]
    assert rows[0]["n"] == 4
    assert "exact  50.0%" in REPORT.table()


def test_reliability_groups_by_what_is_claimed():
    bars = reliability(REPORT, groups=2)
    assert bars["n"] == [2, 2]
    assert bars["right"] == [0.0, 1.0]         # claimed 0 and 0.4: wrong; 0.7 and 0.9: right
    np.testing.assert_allclose(bars["claimed"], [0.2, 0.8])


def test_mistakes_are_those_that_read_otherwise():
    examples = formulas(4)
    answers = [[e.tokens] for e in examples[:3]] + [[Z]]
    report = Report([e.tokens for e in examples], answers, [[1.0]] * 4, [1.0] * 4)
    assert [(e.ink.id, answer) for e, answer in mistakes(report, examples)] == [
        (examples[3].ink.id, Z)]


# -- labelled folders ------------------------------------------------------------------------


def ink(name, truth=""):
    return Ink(strokes=(np.float32([[0, 0], [3, 4]]), np.float32([[3, 0], [0, 4]])), id=name,
               truth=truth)


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "inks"
    place.mkdir()
    write_inkml(ink("one", "$x$"), place / "a.inkml")
    write_inkml(ink("two", "$y^2$"), place / "b.inkml")
    (place / "broken.inkml").write_text("<ink><trace>1 2, 3 nan</trace></ink>")
    return place


def test_truth_is_cleaned_and_bad_files_are_listed(folder):
    examples, skipped = read_labelled(folder)
    assert [e.tokens for e in examples] == [("x",), ("y", "^", "{", "2", "}")]
    assert [one.file for one in skipped] == ["broken.inkml"]


def test_labels_go_by_the_name_of_the_file(folder, tmp_path):
    labels = tmp_path / "labels.tsv"
    labels.write_text("a\tz + 1\nb\tw\nc\tx\n")
    examples, _ = read_labelled(folder, labels)
    assert [e.tokens for e in examples] == [("z", "+", "1"), ("w",)]
    labels.write_text("b\tw\n")
    examples, skipped = read_labelled(folder, labels)
    assert len(examples) == 1
    assert "no label" in next(one.reason for one in skipped if one.file == "a.inkml")


def test_ink_json_is_read_beside_inkml_from_a_zip(folder, tmp_path, model, capsys):
    write_json(ink("kept", "\\frac{1}{x}"), folder / "c.json")
    (folder / "d.json").write_text("{}")
    packed = shutil.make_archive(str(tmp_path / "kept"), "zip", folder)
    examples, skipped = read_labelled(packed)
    assert [len(e.tokens) for e in examples] == [1, 5, 7]
    assert [one.file for one in skipped] == ["broken.inkml", "d.json"]
    assert main(["evaluate", "ink2tex", "--data", packed, "--model", str(model), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["n"] == 3


def test_labels_that_are_none_name_the_line(folder, tmp_path):
    labels = tmp_path / "labels.tsv"
    labels.write_text("one\tx\ntwo x\n")
    with pytest.raises(TegashikiError, match=r"labels\.tsv: line 2: .*tab"):
        read_labelled(folder, labels)


def test_a_folder_without_any_label_says_so(tmp_path):
    with pytest.raises(TegashikiError, match="no ink with a label"):
        read_labelled(tmp_path)


def test_temperature_takes_back_what_is_claimed_too_boldly():
    rng = np.random.default_rng(4)
    bold = 2.0                                # claims are sharpened by this
    references, answers, claims = [], [], []
    for _ in range(4000):
        honest = rng.dirichlet([1.0, 1.0, 1.0])
        honest = np.sort(honest)[::-1]
        truth = rng.choice(3, p=honest)
        sharp = honest**bold / np.sum(honest**bold)
        references.append(("abc"[truth],))
        answers.append([("a",), ("b",), ("c",)])
        claims.append(sharp.tolist())
    report = Report(references, answers, claims, [1.0] * len(references))
    assert temperature(report) == pytest.approx(bold, abs=0.25)


# -- the doors -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    """A tiny recogniser, exported; it has learned nothing, its doors work all the same."""
    place = tmp_path_factory.mktemp("model")
    tokenizer = by_name("packed")
    network = tiny("stroke_transformer", len(tokenizer), max_length=20)
    size = 12
    probe = network.featurize(formulas(1)[0].ink.strokes, size)
    inputs = {name: value[None] for name, value in probe.items()}
    network({**inputs, "tokens": np.ones((1, 4), np.int32)})
    export.export(network, place, {**inputs, "tokens": np.ones((1, 4), np.int32)}, size=size,
                  kinds=("float32",))
    export.write_description(network, place, tokenizer, size=size, width=5, epsilon=0.04,
                             kind="float32")
    return place


def test_recognize_prints_candidates_and_goes_on_after_a_bad_file(folder, model, capsys):
    files = [str(folder / name) for name in ("a.inkml", "broken.inkml", "b.inkml")]
    assert main(["recognize", *files, "--model", str(model), "--json"]) == 1
    out, err = capsys.readouterr()
    rows = [json.loads(line) for line in out.splitlines()]
    assert [os.path.basename(row["file"]) for row in rows] == ["a.inkml", "b.inkml"]
    for row in rows:
        candidates = row["candidates"]
        assert 1 <= len(candidates) <= 5
        assert len({c["tex"] for c in candidates}) == len(candidates)
        assert sum(c["probability"] for c in candidates) <= 1 + 1e-6
        for c in candidates:
            assert len(c["strokes"]) == len(c["tex"].split())
            owned = [stroke for strokes in c["strokes"] for stroke in strokes]
            assert sorted(owned) == [0, 1]      # each stroke belongs to exactly one token
    assert "broken.inkml" in err
    assert err.count("error:") == 1


def test_evaluate_gives_the_figures_that_the_issue_names(folder, model, capsys):
    assert main(["evaluate", "ink2tex", "--data", str(folder), "--model", str(model),
                 "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert {"n", "exact", "within1", "within2", "top5", "token_error_rate", "ms_median", "ms_p95",
            "model_mb"} <= figures.keys()
    assert figures["n"] == 2
    assert figures["skipped"] == 1
    assert figures["model_mb"] == pytest.approx(
        (model / "model.float32.tflite").stat().st_size / 1e6)


@pytest.mark.parametrize("words", [
    ["recognize", "x.inkml", "--model", "nowhere"],
    ["evaluate", "ink2tex", "--data", "nowhere", "--model", "nowhere"],
    ["evaluate", "nothing", "--data", "nowhere"],
])
def test_what_is_missing_is_one_line(words, capsys):
    assert main(words) == 1
    err = capsys.readouterr().err
    assert err.startswith("error: ")
    assert err.count("\n") == 1


def test_recognize_does_not_load_tensorflow(folder, model):
    """A person who recognises a file should not wait for a training framework."""
    code = (f"import sys; from tegashiki.cli import main; main(['recognize', {str(folder)!r} + "
            f"'/a.inkml', '--model', {str(model)!r}]); print('tensorflow' in sys.modules)")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "False"
