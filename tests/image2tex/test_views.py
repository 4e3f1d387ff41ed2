"""A picture in several views: each is traced, and their answers are averaged."""

import numpy as np
import pytest

from tegashiki.decoding.candidates import Candidate
from tegashiki.errors import TegashikiError
from tegashiki.image2tex.drawing import draw
from tegashiki.image2tex.recognizer import PictureRecognizer
from tegashiki.image2tex.recovery import recover
from tegashiki.image2tex.views import VIEWS, matrices, seen, together, traced_ink
from tests.helpers import assert_close
from tests.toy_recognizer import FOLDER, examples


@pytest.fixture(scope="module")
def picture():
    return draw(examples(1, seed=5)[0].ink.strokes)


def test_the_first_view_is_the_picture_itself(picture):
    ink = traced_ink(picture)
    assert len(ink.others) == len(VIEWS) - 1
    for found, expected in zip(ink.strokes, recover(picture).strokes, strict=True):
        assert_close(found, expected)
    assert not traced_ink(picture, views=1).others


def test_a_view_keeps_all_ink_and_turns_it(picture):
    ink = (picture < 128).sum()
    for matrix in matrices():
        moved = seen(picture, matrix)
        assert 0.9 < (moved < 128).sum() / ink < 1.1
        assert moved[[0, -1]].min() > 200 and moved[:, [0, -1]].min() > 200
    assert_close(np.linalg.det(np.stack(matrices())), np.ones(len(VIEWS)))     # sizes stay


def test_what_most_views_say_is_first():
    def says(*pairs):
        return [Candidate((name,), -1.0, share, strokes=((0,),)) for name, share in pairs]

    found = together([says(("a", 0.6), ("b", 0.4)), says(("b", 0.9), ("c", 0.1))], k=2)
    assert [one.tex for one in found] == ["b", "a"]
    assert_close([one.probability for one in found], [0.65, 0.3])
    assert found[0].strokes == ((0,),)                # known to the first view
    assert together([says(), says(("c", 1.0))], k=1)[0].strokes == ()


def test_one_view_answers_as_the_stroke_recogniser_does(picture):
    one = PictureRecognizer(PictureRecognizer.load(FOLDER).strokes, views=1)
    plain = one.strokes.candidates(recover(picture), 3)
    assert [c.tex for c in one.candidates(picture, 3)] == [c.tex for c in plain]
    five = PictureRecognizer.load(FOLDER).candidates(picture, 3)
    assert 1 <= len(five) <= 3 and sum(c.probability for c in five) <= 1 + 1e-6
    with pytest.raises(TegashikiError, match="no ink"):
        one.candidates(np.full((40, 40), 255, np.uint8))


def test_the_released_files_read_formulas_drawn_in_printed_letters():
    """Of twelve, ten are among five as they are now: a wrong or broken file reads none."""
    released, written = PictureRecognizer.load(), examples(12, seed=5)
    found = [[one.tokens for one in released.candidates(draw(e.ink.strokes), 5)] for e in written]
    assert sum(e.tokens in five for e, five in zip(written, found, strict=True)) >= 8
