"""journal.begin: joins the launcher's run, and refuses what it did not record."""

import pytest

from tegashiki import journal
from tegashiki.errors import TegashikiError
from tegashiki.journal.format import folder, paths


@pytest.fixture(autouse=True)
def runs(tmp_path, monkeypatch):
    monkeypatch.setenv(paths.RUNS, str(tmp_path / "runs"))
    monkeypatch.delenv(paths.JOIN, raising=False)
    monkeypatch.chdir(tmp_path)  # no checkout
    return tmp_path / "runs"


def join(runs, monkeypatch, **parameters):
    """A folder as the launcher makes it, for `begin` to join."""
    record = folder.record("tiny", "step", "tegashiki", parameters)
    record |= {"device": {}, "profile": "quick"}
    path, _ = folder.create(runs, record, "launcher", None, b"")
    monkeypatch.setenv(paths.JOIN, str(path))
    return path


@pytest.mark.parametrize(
    ("arguments", "values", "words"),
    [
        (("tiny", "step"), {"seed": 1}, "size is a parameter and has no value"),
        (("tiny", "step"), {"seed": 1, "size": [3], "x": 1}, "not in the parameters cell: x"),
        (("tiny", "step"), {"seed": 2, "size": [3]}, "seed is 2, but the launcher recorded 1"),
        (("tiny", "step"), {"seed": True, "size": [3]}, "seed is True"),
        (("tiny", "train"), {"seed": 1, "size": [3]}, "the launcher runs tiny step"),
    ],
)
def test_begin_refuses_what_the_launcher_did_not_record(
    runs, monkeypatch, arguments, values, words
):
    join(runs, monkeypatch, seed=1, size=[3])
    with pytest.raises(TegashikiError, match=words):
        journal.begin(*arguments, **values)


def test_begin_joins_once(runs, monkeypatch):
    path = join(runs, monkeypatch, size=[3])
    assert journal.begin("tiny", "step", size=(3,)).folder == path
    with pytest.raises(TegashikiError, match="begun already"):
        journal.begin("tiny", "step", size=[3])
