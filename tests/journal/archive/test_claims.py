"""Every number in README.md and in the model cards names its run, and agrees with the archive."""

import dataclasses
import shutil
import subprocess

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
    root = checkout / "runs"
    found = [str(problem) for problem in check.whole(root)] if reader.runs(root) else []
    assert [problem for problem in found if not problem.startswith("runs: size")] == []


def test_the_committed_archive_keeps_its_budget(checkout):
    """Runs that a person made here, as by `make journal`, are not counted."""
    root = checkout / "runs"
    listed = subprocess.run(["git", "-C", root, "ls-files", "--", f"*/{layout.STATUS}"],
                            capture_output=True, text=True, check=False).stdout.split()
    if not listed:
        pytest.skip("NO GIT: what is committed cannot be told")
    committed = [run for run in reader.runs(root)
                 if f"{run.series}/{run.folder.name}/{layout.STATUS}" in listed]
    assert check.on_disk(root, committed) <= layout.ARCHIVE_LIMIT


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
        ("On line 2, in notebook 12, level 1.", None),
        ("It reads 8,835 of them (run ID).", None),
        ("It reads 93 of 8,835 (run ID).", "93 is no number of run ID"),
        ("It takes 500 MB.", "500 names no run"),
        ("By 31 people (run ID).", "31 is no number of run ID"),
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
    path.write_text(path.read_text().replace("99.9", "99.8"))
    assert "is no longer what run" in claims.check(path, {run.id: run})[0]


def test_check_says_it(run, tmp_path, monkeypatch, capsys):
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "README.md").write_text("It reads 99.9 %.")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TEGASHIKI_RUNS")
    index.rebuild(tmp_path / "runs")
    assert main(["check"]) == 1
    assert "README.md: claim: line 1: 99.9 % names no run" in capsys.readouterr().out


BOUND = """# A page

It reads 45.7 %<!-- ID:exact --> of 8,835<!-- ID:n --> (run ID), at a rate of 0.003<!--
ID:parameters.rate -->, 5<!-- name --> candidates; 0.9<!-- ID:n/1e4 --> ten thousand.

| run | exact | top 5<!-- name --> |
|---|---|---|
| ID | **45.68 %**<!-- ID:exact --> | 60 %<!-- ID:by.0.top5 --> |

In 2014, by notebook 3 and on line 7, nothing is claimed here.

Of 8,835<!-- ID:n --> expressions it reads 46 %<!-- ID:exact -->.
"""


def test_every_changed_digit_of_a_bound_page_is_found(run, tmp_path):
    path, runs = tmp_path / "README.md", {run.id: run}
    text = BOUND.replace("ID", run.id)
    path.write_text(text)
    assert claims.check(path, runs) == []
    changed = 0
    for claim in claims._claims(text):
        if claim.said == "name":
            continue
        for at in range(claim.start, claim.end):
            if text[at].isdigit():
                for digit in "0123456789".replace(text[at], ""):
                    path.write_text(text[:at] + digit + text[at + 1 :])
                    assert claims.check(path, runs), (claim, digit)
                    changed += 1
        wrong = text[: claim.start] + "9" + text[claim.end :]
        assert claims.written(wrong.replace("9 %", "9.0 %"), runs) != wrong  # rendered, not typed
    assert changed > 100
    assert claims.written(text.replace("45.7 %", "99.9 %").replace("8,835", "1,000"), runs) == text


@pytest.mark.parametrize(
    ("before", "after", "problem"),
    [
        ("8,835<!-- ID:n -->", "8,835", "8,835 has no mark"),
        ("notebook 3 and", "3 notebooks and", "3 has no mark"),
        ("on line 7,", "in 7 ms,", "7 has no mark"),
        ("on line 7,", "93 of 132,", "93 has no mark"),
        ("45.7 %<!-- ID:exact -->", "45.7 %<!-- 00000000:exact -->", "which is not in the archive"),
        ("ID:exact -->", "ID:exakt -->", "'exakt', which run ID does not have"),
        ("ID:exact -->", "exact -->", "expected <!-- run:key -->"),
    ],
)
def test_marks_that_bind_nothing(run, tmp_path, before, after, problem):
    path = tmp_path / "README.md"
    path.write_text(BOUND.replace(before, after, 1).replace("ID", run.id))
    assert any(problem.replace("ID", run.id) in line for line in claims.check(path, {run.id: run}))


def test_marks_are_suggested(run, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("TEGASHIKI_RUNS", str(run.folder.parents[1]))
    page = tmp_path / "page.md"
    page.write_text(f"Run {run.id} reads 45.7 %, loss 1.23, and 77.7 %.\n")
    assert main(["check", "--mark", str(page)]) == 1
    assert "77.7 %: no key fits" in capsys.readouterr().out
    assert f"45.7 %<!-- {run.id}:exact -->, loss 1.23<!-- {run.id}:loss -->," in page.read_text()


def test_every_changed_digit_of_this_projects_pages_is_found(checkout, tmp_path):
    """Of README.md, of the series' pages and of the cards: each digit of each number, made another.

    A page that binds its numbers is asked number by number, as `check` does; a card is a whole.
    """
    runs = {run.id: run for run in reader.runs(checkout / "runs")}
    known, changed = {}, 0
    for path in claims.documents(checkout):
        text = path.read_text(encoding="utf-8")
        for claim in claims._claims(text):
            if claim.said == "name":
                continue
            for at in range(len(claim.number)):
                if not claim.number[at].isdigit():
                    continue
                other = str((int(claim.number[at]) + 1) % 10)
                wrong = claim.number[:at] + other + claim.number[at + 1 :]
                changed += 1
                if claims.bound(text):
                    claim_now = dataclasses.replace(claim, number=wrong)
                    assert claims.rendered(claim_now, runs, known) == claim.number, (path, claim)
                else:
                    card = tmp_path / path.name
                    card.write_text(text[: claim.start] + wrong + text[claim.end :])
                    assert claims.check(card, runs), (path, claim)
    assert changed > 800
