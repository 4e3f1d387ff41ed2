"""What a person sees while notebooks run: a bar on a real terminal, plain lines elsewhere."""

import io
import os
import pty
import time
from pathlib import Path

import pytest

from tegashiki.journal.execute import progress as module
from tegashiki.journal.execute.supervise import Outcome


def watch(stream):
    shown = module.Progress(stream)
    shown.start(2, 4, "train")
    shown.show({"cells": None, "progress": None})
    shown.show({"cells": {"done": 5, "total": 10}, "progress": None})
    progress = {"done": 3, "total": 12, "text": "epoch, loss 0.5"}
    shown.show({"cells": {"done": 5, "total": 10}, "progress": progress})
    outcome = Outcome(
        Path("runs/x"), "3f9a1c2b", "train", "failed", "no line", 1.25, True, signal=None
    )
    shown.retry(outcome, 2.0)
    shown.end(outcome)


def test_terminal():
    leader, follower = pty.openpty()
    with os.fdopen(follower, "w") as stream:
        watch(stream)
        time.sleep(0.1)
        text = os.read(leader, 100_000).decode()
    os.close(leader)
    assert "[2/4] train  50%|" in text and "cell 6/10" in text
    assert "25%|" in text and "3/12 epoch, loss 0.5" in text
    assert "again in 2 s" in text and "read runs/x" in text


def test_plain_lines(monkeypatch):
    monkeypatch.setattr(module, "_LINE_SECONDS", -1)
    stream = io.StringIO()
    watch(stream)
    assert stream.getvalue().splitlines() == [
        "[2/4] train ...",
        "[2/4] train starting",
        "[2/4] train cell 6/10",
        "[2/4] train cell 6/10, 3/12 epoch, loss 0.5",
        "[2/4] train failed: no line; again in 2 s",
        "[2/4] train failed, 1.2 s: no line; read runs/x",
    ]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_reader_that_went_away():
    read, write = os.pipe()
    os.close(read)
    stream = os.fdopen(write, "w")
    watch(stream)
    with pytest.raises(BrokenPipeError):
        stream.close()
