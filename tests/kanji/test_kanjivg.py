"""KanjiVG's drawings: paths become points, broken files say what is wrong."""

import numpy as np
import pytest

from tegashiki.errors import TegashikiError
from tegashiki.kanji import kanjivg
from tests.helpers import assert_close

SVG = """<svg xmlns="http://www.w3.org/2000/svg" xmlns:kvg="http://kanjivg.tagaini.net">
<g id="kvg:StrokePaths_04e00"><g kvg:element="一"><path id="s1" d="{}"/></g></g></svg>"""


def test_lines_and_curves_are_followed():
    assert kanjivg.flatten("M1,2L3 4").tolist() == [[1, 2], [3, 4]]
    assert kanjivg.flatten("M 1 2 l 1,1 -1.5-.5").tolist() == [[1, 2], [2, 3], [0.5, 2.5]]
    assert kanjivg.flatten("M1,1h2V5").tolist() == [[1, 1], [3, 1], [3, 5]]


def test_a_bezier_is_the_one_of_the_formula():
    points = kanjivg.flatten("M0,0C0,10 10,10 10,0")
    t = np.linspace(0, 1, kanjivg.STEPS + 1)[:, None]
    corners = np.array([[0, 0], [0, 10], [10, 10], [10, 0]])
    expected = (
        (1 - t) ** 3 * corners[0]
        + 3 * (1 - t) ** 2 * t * corners[1]
        + 3 * (1 - t) * t**2 * corners[2]
        + t**3 * corners[3]
    )
    assert_close(points, expected)


def test_a_smooth_curve_mirrors_the_last_control_point():
    smooth = kanjivg.flatten("M0,0C0,10 10,10 10,0S20,-10 20,0")
    written = kanjivg.flatten("M0,0C0,10 10,10 10,0C10,-10 20,-10 20,0")
    assert_close(smooth, written)
    assert_close(
        kanjivg.flatten("M5,5c1,0 2,1 2,2s1,2 2,2"), kanjivg.flatten("M5,5c1,0 2,1 2,2c0,1 1,2 2,2")
    )


@pytest.mark.parametrize("path", ["", "M1,1", "L1,1", "M1,1A1,1,0,0,0,2,2", "M1,1L2", "M0C1"])
def test_what_is_no_path_is_refused(path):
    with pytest.raises(TegashikiError, match="path 1"):
        kanjivg.parse(SVG.format(path).encode(), "x.svg")


def test_a_drawing_without_strokes_and_a_bomb_are_refused():
    with pytest.raises(TegashikiError, match="no stroke"):
        kanjivg.parse(b"<svg/>", "x.svg")
    bomb = b'<!DOCTYPE x [<!ENTITY a "b">]><svg>&a;</svg>'
    with pytest.raises(TegashikiError, match=r"x\.svg"):
        kanjivg.parse(bomb, "x.svg")


def test_a_folder_gives_the_usual_form_of_each(tmp_path):
    (tmp_path / "04e00.svg").write_text(SVG.format("M1,2L3,4"), encoding="utf-8")
    (tmp_path / "04e00-Kaisho.svg").write_text(SVG.format("M9,9L3,4"), encoding="utf-8")
    found = kanjivg.read(tmp_path)
    assert list(found) == ["一"]
    assert found["一"].strokes[0].tolist() == [[1, 2], [3, 4]]
    with pytest.raises(TegashikiError, match="no KanjiVG drawing"):
        kanjivg.read(tmp_path, wanted="二")
