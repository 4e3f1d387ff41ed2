"""A picture shows every stroke, the right way up, and takes any title."""

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
import pytest

from tegashiki.ink import Ink, draw


@pytest.fixture
def ax():
    figure, axes = plt.subplots()
    yield axes
    plt.close(figure)


def test_strokes_numbers_and_direction(ax):
    ink = Ink(strokes=(np.float32([[0, 0], [1, 1]]), np.float32([[2, 2]])), truth=r"$\frac{1")
    assert draw(ink, ax) is ax
    assert [text.get_text() for text in ax.texts] == ["0", "1"]
    assert ax.yaxis_inverted(), "y grows downwards"
    assert ax.get_title() == r"$\frac{1"
    ax.figure.canvas.draw()              # broken TeX in the title is not parsed
    draw(ink, ax, title="again")
    assert ax.yaxis_inverted() and ax.get_title() == "again"


def test_a_list_of_strokes_and_many_of_them(ax):
    draw([np.float32([[i, 0], [i, 1]]) for i in range(60)], ax)
    assert len(ax.lines) == 60 and not ax.texts and ax.get_title() == ""
