"""From a picture back to strokes: what crosses, closes, touches and comes first."""

import numpy as np
import pytest

from tegashiki.data.example import Example
from tegashiki.errors import TegashikiError
from tegashiki.image2tex.agreement import agreement
from tegashiki.image2tex.dataset import PenConfig, through_picture
from tegashiki.image2tex.drawing import PictureConfig, draw
from tegashiki.image2tex.photograph import photograph
from tegashiki.image2tex.recovery import recover
from tegashiki.ink.format import Ink


def line(*points):
    return np.float32(points)


ROUND = np.linspace(0, 2 * np.pi, 40)
CIRCLE = np.float32(np.stack([5 + 5 * np.sin(ROUND), 5 - 5 * np.cos(ROUND)], axis=1))
PLUS = [line((0, 5), (10, 5)), line((5, 0), (5, 10))]
TIMES = [line((0, 0), (10, 10)), line((12, 0), (1, 10))]
ARCH = line((0, 0), (0, 10), (0, 4), (3, 0.5), (6, 0), (9, 2), (9, 10))     # n: down, back, over
TEE = [line((0, 0), (10, 0)), line((5, 0), (5, 10))]
FRACTION = [line((4, 0), (4, 8)), line((0, 12), (9, 12)), line((4, 16), (4, 24))]
BESIDE = [*FRACTION, *(s + np.float32([14, 6]) for s in PLUS)]
LETTER_I = [line((0, 5), (0, 14)), line((0, 0))]


@pytest.mark.parametrize("strokes", [PLUS, TIMES, [CIRCLE], TEE, FRACTION, LETTER_I, [ARCH],
                                     BESIDE],
                         ids=["+", "x", "o", "T", "fraction", "i", "n", "sum"])
@pytest.mark.parametrize("config", [PictureConfig(), PictureConfig(height=30, pen=1.6),
                                    PictureConfig(height=90, pen=8),
                                    PictureConfig(ink=255, paper=0)],
                         ids=["usual", "small", "thick", "light on dark"])
def test_strokes_are_found_again(strokes, config):
    found = agreement([Example(Ink(tuple(strokes)), ("x",), np.zeros(len(strokes), np.int16))],
                      config)
    assert found["recovered"] == len(strokes) and found["whole"] == 1.0
    assert found["order"] in (0.0, 1.0) and found["order"] == (len(strokes) > 1)


def test_a_traced_stroke_knows_its_token():
    ink = Ink(tuple(BESIDE), id="a")
    example = Example(ink, (r"\frac", "{", "1", "}", "{", "2", "}", "+"), np.int16([2, 0, 5, 7, 7]))
    found = through_picture(example)
    assert found.alignment.tolist() == [2, 0, 5, 7, 7]
    assert max(float(stroke.max()) for stroke in found.ink.strokes) < 10      # in normal form


def test_a_stroke_traced_in_a_photograph_knows_its_token():
    example = Example(Ink(tuple(BESIDE), id="a"),
                      (r"\frac", "{", "1", "}", "{", "2", "}", "+"), np.int16([2, 0, 5, 7, 7]))
    pen = PictureConfig(height=60, pen=4)
    found = [through_picture(example, pen, np.random.default_rng(seed)) for seed in range(6)]
    told = [one.alignment.tolist() for one in found]
    assert told.count([2, 0, 5, 7, 7]) >= 5
    assert len({one.ink.strokes[0].tobytes() for one in found}) == 6, "each is taken anew"


def test_pens_vary_and_stay_within_their_bounds():
    rng, pens = np.random.default_rng(0), PenConfig()
    drawn = [pens.draw(rng) for _ in range(50)]
    assert all(pens.height[0] <= one.height <= pens.height[1] for one in drawn)
    assert len({one.pen for one in drawn}) == 50


def test_one_size_rule():
    short, long = (draw([line((0, 0), (0, 10)), line((0, 5), (wide, 5))]) for wide in (10, 200))
    assert abs(short.shape[0] - long.shape[0]) <= 1 and long.shape[1] > 10 * short.shape[1]


def test_a_photograph_shows_what_the_clean_picture_shows():
    picture = draw(BESIDE, PictureConfig(height=60, pen=4))
    counts = [len(recover(photograph(picture, np.random.default_rng(seed))).strokes)
              for seed in range(6)]
    assert len(recover(picture).strokes) == 5 and counts.count(5) >= 5


@pytest.mark.parametrize("picture", [np.full((50, 80), 255, np.uint8), np.zeros((9, 9), np.uint8),
                                     np.full((50, 80), 200, np.uint8) + np.eye(50, 80, dtype="u1")])
def test_an_empty_page_is_told(picture):
    with pytest.raises(TegashikiError, match="no ink on it"):
        recover(picture)


def test_a_large_sheet_in_bad_light_with_little_ink():
    """Where the light falls off more than ink covers, its middle grey says nothing of the ink."""
    picture = np.pad(draw(PLUS, PictureConfig(height=60, pen=4)), 150, constant_values=255)
    light = np.linspace(0.65, 0.95, picture.shape[1])
    sheet = np.rint(light * picture).astype(np.uint8)
    for photo in (sheet, 255 - sheet):
        assert len(recover(photo).strokes) == 2
