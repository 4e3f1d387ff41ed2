"""A notebook opened alone offers to run the step that it needs."""

import builtins
import json
import subprocess

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


def test_notebooks_that_pip_did_not_bring_are_fetched(alone, tmp_path, monkeypatch):
    """As in Colab: the package comes from git at a commit, the notebook that is open is alone."""
    far = tmp_path / "far"
    (alone / "notebooks").rename(tmp_path / "notebooks")
    far.mkdir()
    (tmp_path / "notebooks").rename(far / "notebooks")
    (far / "pyproject.toml").touch()

    def git(*words):
        name = ["-c", "user.name=t", "-c", "user.email=t@example.org"]
        done = subprocess.run(["git", "-C", far, *name, *words], check=True, capture_output=True)
        return done.stdout.decode().strip()

    for words in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "one"]):
        git(*words)
    installed = tmp_path / "site" / "tegashiki-1.0.dist-info"
    installed.mkdir(parents=True)
    (installed / "METADATA").write_text("Metadata-Version: 2.1\nName: tegashiki\nVersion: 1.0\n")
    told = {"url": far.as_uri(), "vcs_info": {"vcs": "git", "commit_id": git("rev-parse", "HEAD")}}
    (installed / "direct_url.json").write_text(json.dumps(told))
    monkeypatch.syspath_prepend(installed.parent)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("JPY_SESSION_NAME", "x.ipynb")
    asked = []
    monkeypatch.setattr(builtins, "input", lambda text: asked.append(text) or "y")
    first = journal.begin("tiny", "second", seed=1).upstream("first")
    assert f"Fetch its notebook from {far.as_uri()}" in asked[0] and first.status == "ok"
    assert first.folder.is_relative_to(alone / "runs")
    assert first.record["code"]["commit"] == told["vcs_info"]["commit_id"]


@pytest.mark.parametrize("answer", ["n", None])
def test_else_the_error_says_how(alone, monkeypatch, answer):
    if answer:
        monkeypatch.setenv("JPY_SESSION_NAME", "x.ipynb")
        monkeypatch.setattr(builtins, "input", lambda text: answer)
    run = journal.begin("tiny", "second", seed=1)
    with pytest.raises(TegashikiError, match="tegashiki run notebooks/tiny/2026-01-01_01_first"):
        run.upstream("first")
    assert [found.step for found in reader.runs(alone / "runs")] == ["second"]
