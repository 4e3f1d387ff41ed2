"""Runs beside each other: ls, curves, diff; every kind of cause is planted and is named."""

import json
import subprocess
from xml.etree import ElementTree

import pytest

from tegashiki import journal
from tegashiki.cli import main
from tegashiki.errors import TegashikiError
from tegashiki.journal.archive import reader, select
from tegashiki.journal.format import layout
from tegashiki.journal.report import causes, code_changes, curves, divergence, svg
from tegashiki.storage import files
from tests.journal.notebooks import archived


@pytest.fixture
def runs(tmp_path, monkeypatch):
    monkeypatch.setenv("TEGASHIKI_RUNS", str(tmp_path / "runs"))
    monkeypatch.chdir(tmp_path)
    return tmp_path / "runs"


def trained(losses, seed=1, step="train", **results):
    run = journal.begin("tiny", step, seed=seed, rate=0.5)
    for epoch, loss in enumerate(losses, 1):
        run.metrics(epoch=epoch, loss=loss, seconds=epoch * 1.1 + seed)
    run.result(loss=losses[-1], **results)
    run.finish()
    return reader.ArchivedRun(run.folder)


def listed(capsys, *words):
    capsys.readouterr()
    assert main(["ls", "--json", *words]) == 0
    return [run["id"] for run in json.loads(capsys.readouterr().out)]


def test_ls_filters_and_sorts(runs, capsys):
    a = trained([3.0, 2.0], seed=1, exact=0.2)
    b = trained([3.0, 1.0], seed=2, exact=0.5)
    c = trained([3.0, 1.5], seed=3)
    assert listed(capsys, "--where", "exact>=0.2", "--where", "loss<1.5") == [b.id]
    assert listed(capsys, "--where", "seed!=2") == [a.id, c.id]
    assert listed(capsys, "--sort", "loss") == [b.id, c.id, a.id]
    assert listed(capsys, "--sort", "exact", "--reverse") == [b.id, a.id, c.id]
    assert listed(capsys, "--sort", "loss", "--reverse", "--limit", "1") == [a.id]
    assert listed(capsys, "--limit", "1") == [c.id]
    today = a.outcome["started"][:10]
    assert len(listed(capsys, "--since", today, "--until", today)) == 3
    assert listed(capsys, "--until", "2020") == [] == listed(capsys, "--since", "2999-01")
    for wrong in (["--where", "loss"], ["--since", "yesterday"], ["--sort", "nothing"]):
        assert main(["ls", *wrong]) == 1
    assert capsys.readouterr().err.count("error: --") == 3
    assert select.value(a, "profile") is None and select.value(b, "step") == "train"


def test_ls_refuses_a_name_that_no_run_has_and_shows_reasons(runs, capsys):
    trained([2.0, 1.0])
    failed = journal.begin("tiny", "train", seed=9)
    failed.result(loss=0.5)
    failed.abandon()
    assert main(["ls", "--where", "nosuch>3"]) == 1
    assert "none of these runs has 'nosuch'" in capsys.readouterr().err
    assert main(["ls"]) == 0
    assert "begin() was called again before finish(); loss 0.5" in capsys.readouterr().out


def test_ls_shows_the_heartbeat_of_what_goes_on(runs, capsys):
    run = journal.begin("tiny", "step")
    status = files.read_json(run.folder / layout.STATUS) | {"cells": {"done": 2, "total": 9}}
    files.write_json(run.folder / layout.STATUS, status)
    main(["ls", "--status", "running"])
    assert "cell 3/9, heartbeat" in capsys.readouterr().out


def test_curves(runs, capsys, tmp_path):
    a, b = trained([3.0, 2.0, 1.0]), trained([3.0, 2.5, 2.0], seed=2)
    capsys.readouterr()
    assert main(["curves", a.id, b.id]) == 0
    drawn = capsys.readouterr().out
    assert drawn.startswith("loss") and "A" in drawn and "B" in drawn and "last 2" in drawn
    assert main(["curves", a.id, b.id, "--svg", str(tmp_path / "both.svg")]) == 0
    tree = ElementTree.fromstring((tmp_path / "both.svg").read_text())
    lines = [e for e in tree.iter() if e.tag.endswith("polyline")]
    assert [line.get("data-label") for line in lines] == [f"{a.id} train", f"{b.id} train"]
    assert "http" not in (tmp_path / "both.svg").read_text().replace("http://www.w3.org/", "")
    capsys.readouterr()
    main(["curves", a.id, "--json"])
    assert json.loads(capsys.readouterr().out)["runs"][f"{a.id} train"][0] == [1.0, 3.0]
    assert main(["curves", a.id, "--column", "exact"]) == 1
    assert "no curve 'exact'; the runs have: loss" in capsys.readouterr().err


def test_curves_of_odd_numbers(runs):
    run = trained([float("nan"), 2.0, float("inf")])
    assert curves.of(run)["loss"] == [(2.0, 2.0)]
    one = {"flat": [(1.0, 5.0)]}
    assert "A" in curves.terminal(one) and "<circle" in svg.chart(one, "loss")
    assert svg.chart({"none": []}, "loss") == "" == svg.sparkline([])


def test_where_curves_part(runs):
    a, b = trained([3.0, 2.0, 1.0]), trained([3.0, 2.0, 1.0], seed=2)
    assert divergence.first(a, b) is None  # the clock does not count
    c = trained([3.0, 2.0 + 1e-16 * 4, 1.0])
    found = divergence.first(a, c)
    assert (found.over, found.at, found.column) == ("epoch", 2.0, "loss")
    assert divergence.first(a, trained([3.0, 2.0])).at == 3.0  # stopped early
    assert divergence.first(a, trained([3.0, float("nan"), 1.0])).at == 2.0


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


def test_every_cause(runs, capsys):
    earlier = [archived(runs, "tiny", "first", {"n": n}) for n in (1, 2)]
    a, b = (archived(runs, "tiny", "train", {"rate": r, "seed": s}, upstream=[up])
            for r, s, up in zip((0.5, 0.1), (1, 2), earlier, strict=True))  # fmt: skip
    for run, n in ((a, 1), (b, 2)):
        environment = {"python": f"3.11.{n}", "platform": "Linux", "packages": {"keras": str(n)}}
        device = {"processor": "x", "memory_gb": 1, "accelerators": [], "cores": n}
        change(run, environment=environment | {"settings": {}}, device=device,
               data=[{"name": "set", "place": "set", "bytes": 1, "sha256": str(n) * 64}])
        cells = [{"cell_type": "code", "source": s, "metadata": {}} for s in ("1", f"x = {n}")]
        content = {"nbformat": 4, "metadata": {}, "cells": cells}
        (run.folder / layout.NOTEBOOK).write_text(json.dumps(content))
    a, b = (reader.ArchivedRun(run.folder) for run in (a, b))
    found = causes.between(a, b, None)
    assert {cause.kind for cause in found} == {*causes.KINDS} - {"code"}
    assert main(["diff", a.id, b.id]) == 0
    said = capsys.readouterr().out
    for word in ("parameter rate: 0.5 and 0.1", "seed root: 1 and 2", "notebook cell 2",
                 "data set: 11111111", "environment keras: 1 and 2", "device cores: 1 and 2",
                 f"upstream first: {earlier[0].id} and {earlier[1].id}",
                 "curves are equal in every digit"):  # fmt: skip
        assert word in said, word
    assert main(["diff", a.id, a.id, "--json"]) == 0
    same = json.loads(capsys.readouterr().out)
    assert same["causes"] == [] and same["parted"] is None


def test_diff_says_where_curves_part(runs, capsys):
    a, b = trained([3.0, 2.0, 1.0]), trained([3.0, 2.0, 0.5], seed=2)
    main(["diff", a.id, b.id])
    said = capsys.readouterr().out
    assert "curves part at epoch 3: loss 1.0 and 0.5" in said and "loss: 1 and 0.5" in said
