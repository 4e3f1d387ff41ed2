"""Where the code of a run comes from, in real little git repositories."""

import json
import subprocess

import pytest

from tegashiki.errors import TegashikiError
from tegashiki.journal.session import provenance
from tests.journal.notebooks import BEGIN, FINISH, PARAMETERS, only, tegashiki, write

pytestmark = pytest.mark.process


@pytest.fixture
def repository(tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    (home / "code.py").write_text("A = 1\n")
    (home / ".gitignore").write_text("ignored\n")
    git(home, "init", "-q")
    git(home, "add", "-A")
    git(home, "commit", "-qm", "first")
    return home


def git(home, *words):
    name = ["-c", "user.name=t", "-c", "user.email=t@example.org"]
    done = subprocess.run(
        ["git", "-C", str(home), *name, *words], check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


def test_clean(repository):
    state, patch = provenance.code(repository)
    assert state["commit"] == git(repository, "rev-parse", "HEAD")
    assert state["dirty"] is False and patch == b"" and state["patch"] is None


def test_patch_brings_the_working_tree_back(repository, tmp_path):
    (repository / "code.py").write_text("A = 2\n")
    (repository / "new file.py").write_text("B = 1\n")
    (repository / "picture.png").write_bytes(bytes(range(256)))
    (repository / "ignored").write_text("no")
    (repository / "runs").mkdir()
    (repository / "runs" / "big").write_text("no code")
    (repository / "huge.bin").write_bytes(b"x" * (provenance.UNTRACKED_LIMIT + 1))
    state, patch = provenance.code(repository, skip=repository / "runs")
    assert state["dirty"] is True and state["left_out"] == ["huge.bin"]
    git(tmp_path, "clone", "-q", str(repository), "copy")
    (tmp_path / "patch").write_bytes(patch)
    git(tmp_path / "copy", "apply", str(tmp_path / "patch"))
    assert (tmp_path / "copy" / "code.py").read_text() == "A = 2\n"
    assert (tmp_path / "copy" / "new file.py").read_text() == "B = 1\n"
    assert (tmp_path / "copy" / "picture.png").read_bytes() == bytes(range(256))
    assert not (tmp_path / "copy" / "runs").exists()


def test_secret_in_the_patch(repository):
    (repository / "code.py").write_text("A = 'ghp_" + "a1" * 18 + "'\n")
    with pytest.raises(TegashikiError, match=r"code\.py: holds what looks like a GitHub token"):
        provenance.code(repository)


def test_huge_patch(repository):
    (repository / "code.py").write_text("A = 1\n" * 1_200_000)
    with pytest.raises(TegashikiError, match="too much to archive"):
        provenance.code(repository)


def test_outside_of_a_checkout_the_package_knows_its_commit(tmp_path, checkout, monkeypatch):
    state, patch = provenance.code(None)
    assert patch == b"" and state == provenance.code(tmp_path)[0]
    if (checkout / ".git").exists():
        assert state["commit"] == git(checkout, "rev-parse", "HEAD")
    # As pip leaves it behind when it installs from git.
    told = json.dumps({"url": "x", "vcs_info": {"vcs": "git", "commit_id": "a" * 40}})
    installed = tmp_path / "tegashiki-1.0.dist-info"
    installed.mkdir()
    (installed / "METADATA").write_text("Metadata-Version: 2.1\nName: tegashiki\nVersion: 1.0\n")
    (installed / "direct_url.json").write_text(told)
    monkeypatch.syspath_prepend(tmp_path)
    assert provenance.code(None)[0]["commit"] == "a" * 40
    assert provenance.code(None)[0]["dirty"] is False


def test_run_in_a_repository(repository):
    (repository / "requirements.lock").write_text("numpy==2\n")
    path = write(repository / "notebooks" / "tiny", "step", [PARAMETERS, BEGIN, FINISH])
    git(repository, "add", "-A")
    git(repository, "commit", "-qm", "second")
    (repository / "code.py").write_text("A = 3\n")
    done = tegashiki("run", path, runs=repository / "runs")
    assert done.returncode == 0, done.stderr
    run = only(repository / "runs")
    assert run.record["code"]["commit"] == git(repository, "rev-parse", "HEAD")
    assert "+A = 3" in (run.folder / "patch.diff").read_text()
    assert run.record["notebook"]["path"] == "notebooks/tiny/step.ipynb"
    lock = run.record["environment"]["lock"]
    assert lock["file"] == "requirements.lock" and len(lock["sha256"]) == 64
    # Nothing in the folder says where on this machine it was made.
    texts = [p.read_text() for p in run.folder.iterdir() if p.is_file()]
    assert not any(str(repository) in text for text in texts)
    state = git(repository, "status", "--porcelain", "--", "runs")
    git(repository, "add", "runs")
    assert state and "status.json" in git(repository, "diff", "--cached", "--name-only")
