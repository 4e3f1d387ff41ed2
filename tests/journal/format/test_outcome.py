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
        ({}, 1, "the executing process ended with 1"),
        ({}, -9, "the executing process ended with -9"),
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
    assert (status == "ok") == (reason is None) and why == reason
    (tmp_path / layout.NOTEBOOK).write_text(json.dumps(content)[:-20])
    assert outcome.judge(tmp_path, 0)[0] == "failed"


def test_a_run_that_was_begun_must_be_finished(tmp_path):
    (tmp_path / layout.NOTEBOOK).write_text('{"nbformat": 4, "metadata": {}, "cells": []}')
    for began, finished in ((True, False), (False, False), (True, True)):
        record, word = {"began": began, "finished": finished}, "ok"
        if began and not finished:
            word = "failed"
        (tmp_path / layout.RUN).write_text(json.dumps(record))
        assert outcome.judge(tmp_path, 0)[0] == word


@pytest.mark.parametrize(
    ("state", "record", "why"),
    [
        ({}, {}, None),
        ({"status": "failed", "reason": "x", "ended": None}, {}, None),    # nothing to prove
        ({"reason": "x"}, {}, "has a reason against it"),
        ({"ended": None}, {}, "no end after its start"),
        ({"ended": "2026-01-01T00:00:00.000Z"}, {}, "no end after its start"),
        ({"ended": "2026-01-02T00:00:00.000Z"}, {}, None),                 # within a millisecond
        ({"witness": "kernel"}, {}, "the kernel vouches"),
        ({}, {"launched": "jupyter"}, "jupyter executed it and the launcher vouches"),
        ({"witness": "kernel"}, {"launched": "jupyter"}, None),
        ({"witness": "kernel"}, {"launched": "jupyter", "finished": False}, "never finished"),
        ({"witness": "kernel"}, {"launched": "jupyter", "began": False}, "never finished"),
        ({"exit_code": 1}, {}, "says ok, but the executing process ended with 1"),
    ],
)
def test_ok_follows_from_what_is_there(tmp_path, state, record, why):
    (tmp_path / layout.NOTEBOOK).write_text('{"nbformat": 4, "metadata": {}, "cells": []}')
    record = {"began": True, "finished": True, "launched": "tegashiki"} | record
    (tmp_path / layout.RUN).write_text(json.dumps(record))
    state = {"status": "ok", "reason": None, "witness": "launcher", "exit_code": 0,
             "started": "2026-01-02T00:00:00.000Z", "ended": "2026-01-03T00:00:00.000Z"} | state
    found = outcome.unproven(tmp_path, record, state)
    assert (found is None) == (why is None) and (why or "") in (found or "")


def test_what_a_network_does_may_pass_by_itself():
    for kind in (ConnectionError, TimeoutError, MemoryError, BlockingIOError):
        assert {kind.__name__, *(sub.__name__ for sub in kind.__subclasses__()
                                 if sub.__module__ == "builtins")} <= outcome.TRANSIENT
    assert "AssertionError" not in outcome.TRANSIENT
