"""ExpressMatch: equal symbols of a matrix are told apart by where they stand."""

from dataclasses import replace

import numpy as np
import pytest

from tegashiki.data import expressmatch, sets
from tegashiki.data.rough_layout import positions
from tegashiki.errors import TegashikiError
from tegashiki.ink.format import Ink, Symbol
from tegashiki.ink.inkml import write_inkml
from tegashiki.tex.tree import parse

MATRIX = r"[ \begin{matrix} 0 & 0 \\ 0 & 1 \end{matrix} ]"


def written(places, labels, name):
    """Ink of one small stroke for each place, with the labels that the file states."""
    shape = np.float32([[0, 0], [0.3, 0.5], [0, 0.6]])
    return Ink(strokes=tuple(shape + np.float32(place) for place in places), id=name, writer="w",
               symbols=tuple(Symbol(label, (i,), f"g{i}") for i, label in enumerate(labels)))


def folder(tmp_path, ink, tokens=MATRIX):
    write_inkml(ink, tmp_path / f"{ink.id}.inkml")
    rows = "id\twriter\tformula\ttokens", f"{ink.id}\tw\t97\t{tokens}"
    (tmp_path / "labels.tsv").write_text("\n".join(rows))
    return tmp_path


def test_a_matrix_written_column_by_column(tmp_path):
    # the bracket, the first column downwards, the second one, the other bracket
    ink = written([(0, 0), (1, -1), (1, 1), (2, -1), (2, 1), (3, 0)],
                  ["[", "0", "0", "0", "1", "]"], "97_w")
    (example,), skipped = expressmatch.read(folder(tmp_path, ink))
    assert example.tokens == tuple(MATRIX.split()) and not skipped
    assert example.alignment.tolist() == [0, 2, 6, 4, 8, 10]     # the lower left 0 is the third
    assert expressmatch.in_place(example) and expressmatch.formula_of(example) == "97"


def test_ink_out_of_place_keeps_no_alignment(tmp_path):
    # the 1 stands over the zero that it should stand under
    ink = written([(0, 0), (1, -1), (1, 1), (2, 1), (2, -1), (3, 0)],
                  ["[", "0", "0", "0", "1", "]"], "97_w")
    (example,), _ = expressmatch.read(folder(tmp_path, ink))
    assert set(example.alignment.tolist()) == {-1}


def test_letters_of_a_word_are_one_symbol(tmp_path):
    ink = written([(x, 0) for x in range(5)], ["x", "m", "o", "d", "n"], "125_w")
    (example,), _ = expressmatch.read(folder(tmp_path, ink, r"x \mod n"))
    assert example.alignment.tolist() == [0, 1, 1, 1, 2]


def test_an_ink_without_label_is_listed(tmp_path):
    ink = written([(0, 0)], ["x"], "68_a")
    folder(tmp_path, ink, "x")
    write_inkml(replace(ink, id="68_b"), tmp_path / "68_b.inkml")
    examples, skipped = expressmatch.read(tmp_path)
    assert [e.ink.id for e in examples] == ["68_a"]
    assert [(one.file, one.reason) for one in skipped] == [
        ("68_b.inkml", "has no label; add its id to labels.tsv")]


def test_a_broken_list_of_labels_is_named(tmp_path):
    folder(tmp_path, written([(0, 0)], ["x"], "68_a"))
    (tmp_path / "labels.tsv").write_text("68_a only two\n")
    with pytest.raises(TegashikiError, match=r"labels.tsv: line 1: is not 'id, writer"):
        expressmatch.read(tmp_path)


def test_rough_places():
    places = positions(parse(MATRIX.split()))
    assert places[2][0] == places[6][0] < places[4][0]             # columns
    assert places[2][1] == places[4][1] < places[6][1]             # rows
    root = positions(parse(r"\sqrt { \frac { a } { b } } ^ { c }".split()))
    assert root[4][1] < root[2][1] < root[7][1] and root[12][1] < root[0][1]


def test_all_of_the_real_set():
    if sets.here("expressmatch-new") is None:
        pytest.skip("no ExpressMatch: see `tegashiki data list`")
    examples, skipped = expressmatch.read(sets.find("expressmatch-new"))
    assert len(examples) == 202 and not skipped
    assert {expressmatch.formula_of(e) for e in examples} == set(expressmatch.FORMULAS)
    assert set(expressmatch.HELD_OUT) < set(expressmatch.FORMULAS)
    aligned = np.mean([(e.alignment >= 0).mean() for e in examples])
    assert aligned > 0.97
