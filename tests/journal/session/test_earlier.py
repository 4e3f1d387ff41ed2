"""A notebook opened alone offers to run the step that it needs."""

import builtins

import pytest

from tegashiki import journal
from tegashiki.errors import TegashikiError
from tegashiki.journal.archive import reader
from tests.journal.notebooks import CHECKOUT, FINISH, PARAMETERS, begin, write

pytestmark = pytest.mark.process


@pytest.fixture
def alone(tmp_path, monkeypatch):
    home = tmp_path / "home"
    write(home / "notebooks" / "tiny", "2026-01-01_01_first", [PARAMETERS, begin("first"), FINISH])
    (home / "pyproject.toml").touch()
    monkeypatch.chdir(home)
    monkeypatch.setenv("TEGASHIKI_RUNS", str(home / "runs"))
    monkeypatch.setenv("PYTHONPATH", str(CHECKOUT))
    return home


def test_the_step_is_made_when_a_person_wants_it(alone, monkeypatch):
    monkeypatch.setenv("JPY_SESSION_NAME", "x.ipynb")
    asked = []
    monkeypatch.setattr(builtins, "input", lambda text: asked.append(text) or "y")
    run = journal.begin("tiny", "second", seed=1)
    first = run.upstream("first")
    assert first.status == "ok" and first.record["launched"] == "tegashiki"
    assert "Run 2026-01-01_01_first.ipynb now?" in asked[0] and len(asked) == 1


@pytest.mark.parametrize("answer", ["n", None])
def test_else_the_error_says_how(alone, monkeypatch, answer):
    if answer:
        monkeypatch.setenv("JPY_SESSION_NAME", "x.ipynb")
        monkeypatch.setattr(builtins, "input", lambda text: answer)
    run = journal.begin("tiny", "second", seed=1)
    with pytest.raises(TegashikiError, match="tegashiki run notebooks/tiny/2026-01-01_01_first"):
        run.upstream("first")
    assert [found.step for found in reader.runs(alone / "runs")] == ["second"]
