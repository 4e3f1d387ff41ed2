"""Every number in README.md and in the model cards names its run, and agrees with the archive."""

import shutil

import pytest

from tegashiki.cli import main
from tegashiki.journal.archive import check, claims, index, reader
from tegashiki.journal.format import layout, manifest
from tegashiki.storage import files
from tests.journal.notebooks import archived


def test_what_this_project_says_of_itself(checkout):
    runs = {run.id: run for run in reader.runs(checkout / "runs")}
    wrong = {
        path.relative_to(checkout).as_posix(): found
        for path in claims.documents(checkout) if (found := claims.check(path, runs))
    }  # fmt: skip
    assert wrong == {}


def test_the_committed_archive_is_sound(checkout):
    if reader.runs(checkout / "runs"):
        assert [str(problem) for problem in check.whole(checkout / "runs")] == []


@pytest.fixture
def run(tmp_path):
    run = archived(tmp_path / "runs", "tiny", "train", {"rate": 0.003})
    results = {"exact": 0.45678, "loss": 1.2345, "n": 8835, "by": [{"top5": 0.6}]}
    files.write_json(run.folder / layout.RESULTS, results)
    (run.folder / "artifacts").mkdir(exist_ok=True)
    (run.folder / "artifacts" / "card.md").write_text(f"run {run.id} has 99.9 %")
    state = files.read_json(run.folder / layout.STATUS)
    sealed = {"manifest_sha256": manifest.write(run.folder)}
    files.write_json(run.folder / layout.STATUS, state | sealed)
    return reader.ArchivedRun(run.folder)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("It reads 45.7 % (run ID).", None),
        ("It reads 45.7% (run `ID`), 46 % of 8,835.", None),
        ("Run ID.\n\nLoss 1.23, among five 60.0 %.\n", None),
        ("| run | exact |\n|---|---|\n| ID | 45.7 % |", None),
        ("It reads 45.8 % (run ID).", "45.8 % is no number of run ID"),
        ("It reads 45.7 %.", "names no run"),
        ("Run ID.\n\n## Next\n\nIt reads 45.7 %.", "names no run"),
        ("It reads 45.7 % (run 00000000).", "not in the archive"),
        ("Python 3.11, License 2.0, `x = 0.5`, [a](b/1.5), in 2026-11-20.", None),
        ("```\n0.5 %\n```\n\n    0.5 %\n", None),
        ("About 500 MB on 2 cores.", None),
    ],
)
def test_claims(run, tmp_path, text, problem):
    path = tmp_path / "README.md"
    path.write_text(text.replace("ID", run.id))
    found = claims.check(path, {run.id: run})
    if problem is None:
        assert found == []
    else:
        assert len(found) == 1 and problem.replace("ID", run.id) in found[0]


def test_a_card_that_is_an_artifact_of_its_run(run, tmp_path):
    path = tmp_path / "card.md"
    shutil.copy(run.artifact("card.md"), path)
    assert claims.check(path, {run.id: run}) == []
    path.write_text(path.read_text() + " ")
    assert len(claims.check(path, {run.id: run})) == 1


def test_check_says_it(run, tmp_path, monkeypatch, capsys):
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "README.md").write_text("It reads 99.9 %.")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TEGASHIKI_RUNS")
    index.rebuild(tmp_path / "runs")
    assert main(["check"]) == 1
    assert "README.md: claim: line 1: 99.9 % names no run" in capsys.readouterr().out
