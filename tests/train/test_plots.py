"""The pictures that trainings share."""

import matplotlib.pyplot as plt
import numpy as np

from tegashiki.train.plots import confusion, curves


def test_confusion_says_what_was_taken_for_what():
    figure = confusion(np.array([[3, 1], [0, 2]]), ["hello", "thanks"])
    (axis,) = figure.axes
    said = {text.get_position(): text.get_text() for text in axis.texts}
    assert said == {(0, 0): "3", (1, 0): "1", (1, 1): "2"}       # (column, row); no zeros
    assert [label.get_text() for label in axis.get_yticklabels()] == ["hello", "thanks"]
    assert axis.get_xlabel() == "answer" and axis.get_ylabel() == "truth"
    np.testing.assert_allclose(axis.images[0].get_array(), [[0.75, 0.25], [0, 1]])
    plt.close(figure)


def test_confusion_of_a_class_that_never_occurs():
    figure = confusion(np.array([[2, 0], [0, 0]]), ["a", "b"])
    assert np.isfinite(figure.axes[0].images[0].get_array()).all()
    plt.close(figure)


def test_curves_draw_what_is_there():
    history = [{"epoch": 1, "loss": 2.0, "val_exact": 0.1}, {"epoch": 2, "loss": 1.0,
                                                             "val_exact": 0.3}]
    figure = curves(history)
    left, right = figure.axes
    assert [line.get_label() for line in left.lines] == ["loss"]
    assert right.lines[0].get_ydata().tolist() == [0.1, 0.3]
    plt.close(figure)
