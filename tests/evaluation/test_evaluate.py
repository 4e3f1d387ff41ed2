"""Scoring a recogniser: the figures by hand, labelled folders, and the two doors of a user."""

import json
import os
import shutil
import subprocess
import sys

import numpy as np
import pytest

from tegashiki.cli import main
from tegashiki.data.labelled import named, read_labelled
from tegashiki.decoding.recognizer import Recognizer
from tegashiki.errors import TegashikiError
from tegashiki.evaluation import predictions
from tegashiki.evaluation.evaluate import evaluate_labelled, mistakes
from tegashiki.evaluation.report import Report
from tegashiki.ink.format import Ink
from tegashiki.ink.inkjson import write_json
from tegashiki.ink.inkml import write_inkml
from tegashiki.tex.tokenizer import by_name
from tegashiki.tflite import export
from tests.toys import formulas, tiny

pytestmark = pytest.mark.training

Z = ("z",)


def test_mistakes_are_those_that_read_otherwise():
    examples = formulas(4)
    answers = [[e.tokens] for e in examples[:3]] + [[Z]]
    report = Report([e.tokens for e in examples], answers, [[1.0]] * 4, [1.0] * 4)
    assert [(e.ink.id, answer) for e, answer in mistakes(report, examples)] == [
        (examples[3].ink.id, Z)]


# -- the doors -------------------------------------------------------------------------------


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
    assert [one["file"] for one in figures["unlabelled"]] == ["broken.inkml"]
    assert figures["unreadable"] == []
    assert figures["model_mb"] == pytest.approx(
        (model / "model.float32.tflite").stat().st_size / 1e6)


def test_what_cannot_be_read_is_wrong_and_listed(folder, model, tmp_path, capsys):
    labels = tmp_path / "labels.tsv"
    labels.write_text("a\tx\nb\ty\nbroken\tz\n")
    words = ["evaluate", "ink2tex", "--data", str(folder), "--labels", str(labels), "--model",
             str(model)]
    assert main([*words, "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert figures["n"] == 3 and [one["file"] for one in figures["unreadable"]] == ["broken.inkml"]
    assert main(words) == 0
    said = capsys.readouterr().out
    assert "1 files with a label counted as wrong" in said and "broken.inkml: " in said


def test_a_set_in_a_zip_is_scored(folder, tmp_path, model, capsys):
    write_json(ink("kept", "\\frac{1}{x}"), folder / "c.json")
    packed = shutil.make_archive(str(tmp_path / "kept"), "zip", folder)
    assert main(["evaluate", "ink2tex", "--data", packed, "--model", str(model), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["n"] == 3


def test_part_of_a_set_is_scored_on_its_published_labels(folder, model, tmp_path, monkeypatch,
                                                         capsys):
    """`crohme/test2014`: not on what the files themselves say."""
    root = tmp_path / "sets"
    shutil.copytree(folder, root / "crohme" / "test2014")
    shutil.copytree(folder, root / "crohme" / "train")
    (root / "crohme" / "labels").mkdir()
    (root / "crohme" / "labels" / "test_caption_2014.txt").write_text("a\tq\nbroken\tz\n")
    monkeypatch.setenv("TEGASHIKI_DATA", str(root))
    found = named("crohme/test2014")
    assert [(e.ink.id, e.tokens) for e in found.examples] == [("a", ("q",))]
    assert [u.id for u in found.unreadable] == ["broken"]
    assert main(["evaluate", "ink2tex", "--data", "crohme/test2014", "--model", str(model),
                 "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["n"] == 2
    for name in ("crohme/nowhere", "detexify/train"):
        assert main(["evaluate", "ink2tex", "--data", name, "--model", str(model)]) == 1
        assert "part of a known set" in capsys.readouterr().err


def test_predictions_hold_every_answer(folder, model, tmp_path):
    labels = tmp_path / "labels.tsv"
    labels.write_text("a\tx\nb\ty\nbroken\tz\n")
    report = evaluate_labelled(Recognizer.load(model), read_labelled(folder, labels))
    path = tmp_path / "predictions.tsv.xz"
    predictions.write(path, report)
    again = predictions.read(path)
    assert again.ids == report.ids == ["a", "b", "broken"]
    assert again.references == report.references and again.answers == report.answers
    assert len(again.answers[0]) == 5 and again.answers[2] == []
    np.testing.assert_allclose(again.scores[0], report.scores[0], atol=1e-5)
    assert sum(again.claims[0]) == pytest.approx(1) and np.isnan(again.milliseconds[2])
    figures, before = again.as_dict(), report.as_dict()
    assert {n: figures[n] for n in ("n", "exact", "raw_exact", "top5")} == {
        n: before[n] for n in ("n", "exact", "raw_exact", "top5")}
    written = path.read_bytes()
    predictions.write(path, report)
    assert path.read_bytes() == written


@pytest.mark.parametrize(("text", "message"), [
    ("", "line 1: not the head"), ("id\n", "line 1: not the head"),
    ("{head}\na\tx\tsoon\n", "line 2: not id, reference, time"),
    ("{head}\na\n", "line 2: not id"), ("{head}\na\tx\t1.0\ty\n", "line 2: candidates and scores")])
def test_predictions_that_are_none_name_the_line(tmp_path, text, message):
    path = tmp_path / "predictions.tsv"
    path.write_text(text.format(head="\t".join(predictions.HEAD)))
    with pytest.raises(TegashikiError, match=f"predictions.tsv: {message}"):
        predictions.read(path)


@pytest.mark.process
def test_an_evaluation_can_be_archived(model, tmp_path, monkeypatch, capsys):
    """One run with its answers; what it names can be found again by others."""
    monkeypatch.setenv("TEGASHIKI_RUNS", str(tmp_path / "runs"))
    place = tmp_path / "sets"
    shutil.copytree(model, place / "model")
    monkeypatch.setenv("TEGASHIKI_DATA", str(place))
    words = ["evaluate", "ink2tex", "--data", "synthetic-school", "--archive", "--json"]
    assert main([*words, "--model", str(place / "model")]) == 0
    (found,) = json.loads(capsys.readouterr().out)
    run = next((tmp_path / "runs" / "ink2tex").iterdir())
    assert found["step"] == "evaluate" and found["status"] == "ok"
    parameters = json.loads((run / "run.json").read_text())["parameters"]
    assert parameters["model"] == "$TEGASHIKI_DATA/model" and parameters["labels"] == ""
    results = json.loads((run / "results.json").read_text())
    report = predictions.read(run / "artifacts" / "predictions.tsv.xz")
    assert len(report.ids) == results["n"] == 30 and results["of_test2014"] == 0
    # Not a file of the test's own folder, which may lie beside a checkout in /tmp.
    assert main([*words, "--labels", "/etc/hosts"]) == 1
    assert "a place that others can find" in capsys.readouterr().err


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
