"""The archive checks itself: each damage is found, and is called what it is."""

import json
import shutil

import pytest

from tegashiki import journal
from tegashiki.cli import main
from tegashiki.errors import TegashikiError
from tegashiki.journal.archive import check, index, reader
from tegashiki.journal.format import layout
from tegashiki.storage import files
from tests.journal.notebooks import archived


@pytest.fixture
def chain(runs):
    first = archived(runs, "tiny", "first", {"seed": 1})
    second = archived(runs, "tiny", "second", {"first": "latest"}, upstream=[first])
    index.rebuild(runs)
    return first, second


def kinds(runs):
    return sorted({problem.kind for problem in check.whole(runs)})


def reseal(run):
    from tegashiki.journal.format import manifest

    digest = manifest.write(run.folder)
    path = run.folder / layout.STATUS
    files.write_json(path, files.read_json(path) | {"manifest_sha256": digest})


def test_sound(chain, runs, capsys):
    assert check.whole(runs) == []
    assert main(["check"]) == 0
    assert "2 runs, 0.1 of 25 MB on disk, no problems" in capsys.readouterr().out
    assert main(["check", chain[0].id, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["problems"] == []


@pytest.mark.parametrize(
    ("damage", "kind"),
    [
        (lambda first, second: (first.folder / "log.txt").write_text("else"), "manifest"),
        (lambda first, second: (second.folder / "more.bin").touch(), "manifest"),
        (lambda first, second: shutil.rmtree(first.folder), "lineage"),
        (lambda first, second: (first.folder.parents[1] / "index.csv").unlink(), "index"),
        (lambda first, second: (first.folder / "run.json").write_text("{"), "record"),
        (lambda first, second: second.folder.rename(second.folder.with_name(
            second.name.replace("second", "third"))), "record"),
    ],
)  # fmt: skip
def test_damage(chain, runs, capsys, damage, kind):
    damage(*chain)
    assert kind in kinds(runs)
    assert main(["check"]) == 1
    assert kind in capsys.readouterr().out


def test_changed_upstream(chain, runs):
    first, _ = chain
    (first.folder / "results.json").write_text('{"loss": 0.1}')
    reseal(first)
    index.rebuild(runs)
    assert ["lineage"] == kinds(runs)  # the run itself is whole, but not the one that was read


def test_secret_and_metrics(chain, runs):
    _, second = chain
    (second.folder / "log.txt").write_text("using ghp_" + "x1Y2" * 9)
    (second.folder / "metrics.csv").write_text("epoch,loss\n1\n")
    reseal(second)
    found = [problem for problem in check.whole(runs) if problem.where == second.id]
    assert {problem.kind for problem in found} == {"secret", "record"}
    assert any("GitHub token" in problem.what for problem in found)
    assert any("line 2" in problem.what for problem in found)


def test_budget(chain, runs, monkeypatch):
    monkeypatch.setattr(layout, "RUN_LIMIT", 10)
    monkeypatch.setattr(layout, "ARCHIVE_LIMIT", 10)
    sizes = [problem for problem in check.whole(runs) if problem.kind == "size"]
    assert len(sizes) == 3 and sizes[-1].where == "runs"


def test_the_budget_counts_whole_blocks_and_what_came_later(chain, runs):
    first, _ = chain
    before = check.on_disk(runs, reader.runs(runs))
    assert before % 4096 == 0 and before >= 4096 * len(list(first.folder.rglob("*")))
    (first.folder / "rights.json").write_text("{}")
    assert check.on_disk(runs, reader.runs(runs)) == before + 4096


def test_kept_artifacts_have_a_limit(runs, monkeypatch):
    monkeypatch.setattr(layout, "KEEP_LIMIT", 1000)
    run = journal.begin("tiny", "step")
    run.artifact("model", keep=True).write_bytes(b"x" * 1001)
    run.finish()
    left = (run.folder / ".gitignore").read_text()
    assert "/artifacts/model" in left and check.whole(runs) == []


def test_index_is_mended_and_died_runs_are_told(chain, runs, capsys):
    first, _ = chain
    (first.folder / layout.MANIFEST).unlink()
    status = files.read_json(first.folder / layout.STATUS) | {"status": "running", "owner": {}}
    files.write_json(first.folder / layout.STATUS, status | {"heartbeat": None})
    assert reader.ArchivedRun(first.folder).status == "died"
    assert "index" in kinds(runs)
    main(["check", "--index"])
    assert "index" not in kinds(runs)


def test_no_archive(tmp_path):
    with pytest.raises(TegashikiError, match="no archive"):
        check.whole(tmp_path / "none")
