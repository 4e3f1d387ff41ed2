"""Notebooks that can be run, and those that cannot."""

import json

import pytest

from tegashiki.errors import TegashikiError
from tegashiki.journal.format import notebook
from tegashiki.journal.notebook import source


def cells(*tags, **changed):
    made = [{"cell_type": "code", "source": "n = 1", "metadata": {"tags": list(t)}, **changed}
            for t in tags or ["parameters"]]  # fmt: skip
    return json.dumps({"nbformat": 4, "metadata": {}, "cells": made})


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{", "not a readable notebook"),
        ("[]", "not a readable notebook"),
        (json.dumps({"nbformat": 3, "worksheets": []}), "nbformat 4"),
        (json.dumps({"nbformat": 4, "metadata": {}, "cells": 3}), "not a readable notebook"),
        (json.dumps({"nbformat": 4, "metadata": {}, "cells": []}), "no cell tagged"),
        (cells(outputs=[{"name": "stdout"}]), "cell 1 has no type, source or outputs"),
        (cells(outputs=[{"output_type": "stream", "name": "stdout"}]), "cell 1 has no type"),
        (cells(outputs=[{"output_type": "display_data", "data": 3}]), "notebook"),
        (cells(outputs={}), "cell 1 has no type, source or outputs"),
        (cells(cell_type=3), "cell 1 has no type, source or outputs"),
    ],
)
def test_broken_notebooks(tmp_path, content, words):
    path = tmp_path / "a.ipynb"
    path.write_text(content)
    with pytest.raises(TegashikiError, match=words):
        source.read(path)


def test_exactly_one_tagged_cell(tmp_path):
    path = tmp_path / "2026-01-01_01_my_step.ipynb"
    path.write_text(cells(["parameters"], []))
    found = source.read(path)
    assert (found.step, found.series, [*found.parameters]) == (
        "my_step",
        tmp_path.name,
        ["n"],
    )
    path.write_text(cells(["parameters"], ["parameters"]))
    with pytest.raises(TegashikiError, match="2 cells tagged"):
        source.read(path)


def test_a_code_cell_without_outputs_can_be_written_again(tmp_path):
    path = tmp_path / "a.ipynb"
    path.write_text(cells(["parameters"]))
    assert json.loads(notebook.text(notebook.read(path)))["cells"][0]["outputs"] == []


def test_secret_in_the_notebook(tmp_path):
    path = tmp_path / "a.ipynb"
    path.write_text(cells(["parameters"]).replace("n = 1", "n = 1 # ghp_" + "a" * 36))
    with pytest.raises(TegashikiError, match="cell 1: holds what looks like a GitHub token"):
        source.read(path)
