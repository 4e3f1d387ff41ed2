"""Whether a run was good, decided from what it left."""

import json

import pytest

from tegashiki.journal.format import layout, outcome

pytestmark = pytest.mark.process
ERROR = {"output_type": "error", "ename": "ValueError", "evalue": "no\nmore", "traceback": []}


@pytest.mark.parametrize(
    ("change", "exit_code", "reason"),
    [
        ({}, 0, None),
        ({}, 1, "ended with 1"),
        ({}, -9, "ended with -9"),
        ({"execution_count": None}, 0, "code cell 2 of 2 never ran"),  # as `skip-execution` does
        ({"outputs": [ERROR]}, 0, "code cell 2: ValueError: no"),  # as `raises-exception` allows
        ({"source": [" \n"], "execution_count": None}, 0, None),  # an empty cell never runs
        ({"cell_type": "markdown"}, 0, None),
    ],
)
def test_verdict_table(tmp_path, change, exit_code, reason):
    cell = {"cell_type": "code", "source": "1", "execution_count": 1, "outputs": [],
            "metadata": {}}  # fmt: skip
    content = {"nbformat": 4, "metadata": {}, "cells": [cell, cell | change]}
    (tmp_path / layout.NOTEBOOK).write_text(json.dumps(content))
    (tmp_path / layout.RUN).write_text('{"began": true, "finished": true}')
    status, why = outcome.judge(tmp_path, exit_code)
    assert (status == "ok") == (reason is None) and (reason or "") in (why or "")
    (tmp_path / layout.NOTEBOOK).write_text(json.dumps(content)[:-20])
    assert outcome.judge(tmp_path, 0)[0] == "failed"
