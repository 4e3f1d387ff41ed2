"""Normal form: where, how large and how dark the character was makes no difference."""

import json
import shutil
import subprocess
from pathlib import Path

import cv2
import numpy as np
import pytest

from tegashiki.errors import TegashikiError
from tegashiki.kanji.normal_form import BOX, SIZE, of_ink, of_picture
from tests.helpers import assert_close

WEB = Path(__file__).resolve().parents[2] / "tegashiki" / "kanji" / "web"
CROSS = [np.float32([[0, 5], [10, 5]]), np.float32([[5, 0], [5, 10]])]


@pytest.fixture
def scan():
    """A cross of two bars, dark on light, off the middle."""
    picture = np.full((100, 140), 250, np.uint8)
    cv2.line(picture, (30, 40), (90, 40), 20, 5)
    cv2.line(picture, (60, 20), (60, 80), 20, 5)
    return picture


def bounds(form):
    rows, columns = np.flatnonzero((form > 0.5).any(1)), np.flatnonzero((form > 0.5).any(0))
    return rows[0], rows[-1], columns[0], columns[-1]


def test_the_longer_side_fills_the_box(scan):
    form = of_picture(scan)
    assert form.shape == (SIZE, SIZE) and form.dtype == np.float32
    assert (form.min(), form.max()) == (0, 1)
    top, bottom, left, right = bounds(form)
    assert max(bottom - top, right - left) + 1 == pytest.approx(BOX, abs=1)
    assert abs((top + bottom) - (SIZE - 1)) <= 1 and abs((left + right) - (SIZE - 1)) <= 1


def test_place_colour_and_darkness_make_no_difference(scan):
    form = of_picture(scan)
    assert_close(of_picture(255 - scan), form)  # light on dark
    assert_close(of_picture(np.pad(scan, 37, constant_values=250)), form)  # elsewhere
    assert_close(of_picture(np.stack([scan] * 3, axis=-1)), form)  # in colour
    faint = (250 - (250.0 - scan) / 4).astype(np.uint8)  # a pencil
    assert np.abs(of_picture(faint) - form).max() < 0.05


def test_what_is_transparent_is_paper(scan):
    ink = np.zeros((*scan.shape, 4), np.uint8)
    ink[..., 3] = 250 - scan
    assert np.abs(of_picture(ink) - of_picture(scan)).max() < 0.02


def test_size_changes_little(scan):
    twice = cv2.resize(scan, None, fx=2, fy=2, interpolation=cv2.INTER_LINEAR)
    assert np.abs(of_picture(twice) - of_picture(scan)).mean() < 0.02


def test_a_picture_without_ink_is_said():
    with pytest.raises(TegashikiError, match="holds no ink"):
        of_picture(np.full((20, 20), 200, np.uint8))
    with pytest.raises(TegashikiError, match="shape"):
        of_picture(np.zeros((3, 3, 3, 3), np.uint8))


def test_ink_and_its_picture_come_to_the_same():
    form = of_ink(CROSS)
    large = np.zeros((480, 480), np.uint8)
    for stroke in CROSS:
        (x0, y0), (x1, y1) = np.round(stroke * 41.4 + 33).astype(int)
        cv2.line(large, (x0, y0), (x1, y1), 255, 26)
    assert np.abs(of_picture(large) - form).mean() < 0.02


def test_ink_is_drawn_by_distance():
    form = of_ink([np.float32([[0, 0], [10, 0]])])  # one flat stroke, 2.6 pixels wide
    column = form[:, SIZE // 2]
    # the line lies between two rows of pixels: their centres are half a pixel away
    assert_close(column[22:26], [min(1, 1.8 - d) for d in (1.5, 0.5, 0.5, 1.5)])
    assert column[:22].sum() == column[26:].sum() == 0


def test_a_dot_is_a_dot_and_nothing_is_refused():
    dot = of_ink([np.float32([[3, 3]])])
    assert dot.sum() == pytest.approx(np.pi * 1.3**2, rel=0.2)
    with pytest.raises(TegashikiError, match="no stroke"):
        of_ink([])


def cases():
    rng = np.random.default_rng(5)
    yield [stroke.tolist() for stroke in CROSS]
    yield [[[7, 7]]]
    yield [[[1, 1], [1, 1]], [[2, 9]]]
    for _ in range(12):
        yield [
            np.round(np.cumsum(rng.normal(0, 9, (rng.integers(1, 30), 2)), axis=0), 2).tolist()
            for _ in range(rng.integers(1, 12))
        ]


@pytest.mark.skipif(shutil.which("node") is None, reason="NO NODE: the page's side cannot be asked")
def test_the_page_draws_the_same_picture():
    """The same strokes through both: Python's normal form and the page's."""
    inks = list(cases())
    program = (
        f'import {{ ofInk }} from "{(WEB / "normal.js").as_uri()}";\n'
        "let text = ''; for await (const part of process.stdin) text += part;\n"
        "console.log(JSON.stringify(JSON.parse(text).map((ink) => [...ofInk(ink)])));"
    )
    done = subprocess.run(
        ["node", "--no-warnings", "--input-type=module", "-e", program],
        input=json.dumps(inks),
        capture_output=True,
        text=True,
        check=True,
    )
    for ink, given in zip(inks, json.loads(done.stdout), strict=True):
        expected = of_ink([np.array(stroke, np.float64) for stroke in ink])
        assert_close(np.array(given).reshape(SIZE, SIZE), expected)
