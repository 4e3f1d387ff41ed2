"""What changed in the code, down to the functions."""

import subprocess

import pytest

from tegashiki.errors import TegashikiError
from tegashiki.journal.archive import reader
from tegashiki.journal.format import layout
from tegashiki.journal.report import causes, code_changes
from tegashiki.storage import files
from tests.journal.notebooks import archived


def git(folder, *words):
    setup = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"]
    done = subprocess.run(
        ["git", "-C", folder, *setup, *words], check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


@pytest.fixture
def repository(tmp_path):
    home = tmp_path / "home"
    (home / "lib").mkdir(parents=True)
    git(home, "init", "-q")
    (home / "lib" / "__init__.py").write_text("")
    (home / "lib" / "net.py").write_text("def f():\n    return 1\n\n\ndef g():\n    return 2\n")
    (home / "lib" / "other.py").write_text("x = 1\n")
    git(home, "add", ".")
    git(home, "commit", "-qm", "one")
    return home


def coded(runs, commit, patch=b"", modules=None, **parameters):
    run = archived(runs, "tiny", "train", parameters)
    if patch:
        (run.folder / layout.PATCH).write_bytes(patch)
    state = {"commit": commit, "dirty": bool(patch), "patch": layout.PATCH if patch else None,
             "left_out": []}  # fmt: skip
    change(run, code=state, modules=modules or {})
    return reader.ArchivedRun(run.folder)


def change(run, **fields):
    path = run.folder / layout.RUN
    files.write_json(path, files.read_json(path) | fields)


def test_changed_functions_are_named(repository, runs):
    first = git(repository, "rev-parse", "HEAD")
    text = (repository / "lib" / "net.py").read_text()
    (repository / "lib" / "net.py").write_text(text.replace("return 2", "return 3  # more"))
    (repository / "lib" / "other.py").write_text("x = 2\n")
    patch = subprocess.run(
        ["git", "-C", repository, "diff", "HEAD"], capture_output=True, check=True
    ).stdout
    known = {"lib.net": "0" * 64}
    a = coded(runs, first, modules=known)
    b = coded(runs, first, patch, modules={"lib.net": "1" * 64})
    before = sorted(path.name for path in (repository / ".git" / "objects").rglob("*"))
    assert code_changes.changes(repository, a, b) == ["lib/net.py: g"]  # other.py was not imported
    after = sorted(path.name for path in (repository / ".git" / "objects").rglob("*"))
    assert before == after  # the repository is only read
    found = [str(cause) for cause in causes.between(a, b, repository) if cause.kind == "code"]
    assert found == ["code lib/net.py: g"]
    git(repository, "commit", "-qam", "two")
    c = coded(runs, git(repository, "rev-parse", "HEAD"))
    assert code_changes.changes(repository, a, c) == [
        "lib/net.py: g", "lib/other.py: (module level)"]
    same = coded(runs, "abc1234", modules={"lib.net": "1" * 64})
    assert causes.between(b, same, repository) == []
    lost = coded(runs, "0" * 40, modules={"lib.net": "2" * 64})
    found = [str(cause) for cause in causes.between(a, lost, repository)]
    assert "code module lib.net" in found and "is not in this repository" in found[-1]
    with pytest.raises(TegashikiError, match="does not fit"):
        code_changes.changes(repository, a, coded(runs, first, b"diff --git a/x b/x\nnonsense"))


@pytest.mark.parametrize(
    ("before", "after", "named"),
    [
        ("def f(): return 1", 'def f():\n    "why"\n    return 1  # so', []),
        ("class A:\n    def f(self): return 1", "class A:\n    def f(self): return 2", ["A.f"]),
        ("class A: x = 1", "class A(B): x = 1", ["A"]),
        ("x = 1", "x = 2", ["(module level)"]),
        ("def f(): pass", "", ["f (gone)"]),
        ("def f():", "def f(): pass", ["f (new)", "(not readable as Python) (gone)"]),
    ],
)
def test_functions(before, after, named):
    assert set(named) <= set(code_changes.functions(before, after)) and (
        bool(named) == bool(code_changes.functions(before, after))
    )
