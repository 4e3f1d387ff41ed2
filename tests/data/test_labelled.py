"""Labelled folders: all that has a label is scored, also what cannot be read."""

import shutil

import numpy as np
import pytest

from tegashiki.data.labelled import read_labelled
from tegashiki.errors import TegashikiError
from tegashiki.ink.format import Ink
from tegashiki.ink.inkjson import write_json
from tegashiki.ink.inkml import write_inkml


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


def files(listed):
    return [one.file for one in listed]


def test_truth_is_cleaned_and_what_has_none_is_listed(folder):
    found = read_labelled(folder)
    assert [e.tokens for e in found.examples] == [("x",), ("y", "^", "{", "2", "}")]
    assert files(found.unlabelled) == ["broken.inkml"] and found.unreadable == []


def test_unreadable_ink_with_a_label_is_kept_with_its_label(folder, tmp_path):
    labels = tmp_path / "labels.tsv"
    labels.write_text("a\tx\nbroken\tz + 1\nabsent\tq\n")
    found = read_labelled(folder, labels)
    assert [(u.id, u.tokens, u.file) for u in found.unreadable] == [
        ("broken", ("z", "+", "1"), "broken.inkml")]
    assert "point" in found.unreadable[0].reason
    assert files(found.unlabelled) == ["b.inkml"] and len(found.examples) == 1


def test_truth_of_unreadable_ink_is_its_label(folder):
    (folder / "broken.inkml").write_text(
        '<ink><annotation type="truth">$x_1$</annotation><trace>1 2, 3 nan</trace></ink>')
    (folder / "torn.inkml").write_text(
        '<ink><annotation type="truth">$y$</annotation><trace>1 2</tra')
    found = read_labelled(folder)
    assert [u.tokens for u in found.unreadable] == [("x", "_", "{", "1", "}"), ("y",)]
    assert found.unlabelled == []


def test_label_without_normal_form_counts_too(folder):
    write_inkml(ink("three", r"\begin{tikzpicture}"), folder / "c.inkml")
    found = read_labelled(folder)
    assert [(u.id, u.tokens) for u in found.unreadable] == [("c", (r"\begin{tikzpicture}",))]


def test_traceview_that_points_nowhere_is_no_reason_to_refuse_ink(folder, tmp_path):
    (folder / "pointer.inkml").write_text(
        '<ink><annotation type="truth">$x$</annotation><trace id="0">1 2, 3 4</trace>'
        '<traceGroup><traceGroup><annotation type="truth">x</annotation>'
        '<traceView traceDataRef="7"/></traceGroup></traceGroup></ink>')
    labels = tmp_path / "labels.tsv"
    labels.write_text("pointer\tx\n")
    for given in (None, labels):
        found = read_labelled(folder, given)
        assert "pointer" in [e.ink.id for e in found.examples] and found.unreadable == []


def test_labels_go_by_the_name_of_the_file(folder, tmp_path):
    labels = tmp_path / "labels.tsv"
    labels.write_text("a\tz + 1\nb\tw\nc\tx\n")
    found = read_labelled(folder, labels)
    assert [(e.ink.id, e.tokens) for e in found.examples] == [("a", ("z", "+", "1")), ("b", ("w",))]
    labels.write_text("b\tw\n")
    found = read_labelled(folder, labels)
    assert len(found.examples) == 1
    assert "no label" in next(u.reason for u in found.unlabelled if u.file == "a.inkml")


def test_ink_json_is_read_beside_inkml_from_a_zip(folder, tmp_path):
    write_json(ink("kept", "\\frac{1}{x}"), folder / "c.json")
    (folder / "d.json").write_text("{}")
    packed = shutil.make_archive(str(tmp_path / "kept"), "zip", folder)
    found = read_labelled(packed)
    assert [len(e.tokens) for e in found.examples] == [1, 5, 7]
    assert files(found.unlabelled) == ["broken.inkml", "d.json"]


def test_labels_that_are_none_name_the_line(folder, tmp_path):
    labels = tmp_path / "labels.tsv"
    labels.write_text("one\tx\ntwo x\n")
    with pytest.raises(TegashikiError, match=r"labels\.tsv: line 2: .*tab"):
        read_labelled(folder, labels)


def test_a_folder_without_any_label_says_so(tmp_path):
    with pytest.raises(TegashikiError, match="no ink with a label"):
        read_labelled(tmp_path)
