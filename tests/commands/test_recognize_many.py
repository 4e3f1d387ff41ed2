"""`tegashiki recognize FOLDER --out`: each file one row, whoever is killed, however many work."""

import json
import os
import signal
import zipfile

import psutil
import pytest

from tegashiki.cli import main
from tegashiki.ink import write_inkml
from tests.journal.notebooks import alive, start, wait_for
from tests.toy_recognizer import FOLDER, examples

pytestmark = pytest.mark.process


@pytest.fixture(scope="module")
def inks(tmp_path_factory):
    """A folder of 12 formulas, 2 files that are none, and 1 that only looks like ink."""
    home = tmp_path_factory.mktemp("inks")
    for number, example in enumerate(examples(12, seed=3)):
        write_inkml(example.ink, home / f"{number:03}.inkml")
    (home / "005b.inkml").write_text("<ink>")
    (home / "010b.json").write_text('{"strokes": "a\\tb"}')
    (home / "notes.txt").write_text("no ink")
    return home


def recognize(where, out, *more):
    return main(["recognize", str(where), "--model", str(FOLDER), "--out", str(out), *more])


def rows(out):
    head, *lines = out.read_text(encoding="utf-8").splitlines()
    names = head.split("\t")
    return [dict(zip(names, line.split("\t"), strict=True)) for line in lines]


def test_every_file_has_one_row_whoever_does_it(inks, tmp_path, capsys):
    assert recognize(inks, tmp_path / "one.tsv", "--workers", "1") == 1     # two files are bad
    told = capsys.readouterr()
    assert "error: 005b.inkml: " in told.err and "2 files could not be read" in told.out
    found = rows(tmp_path / "one.tsv")
    assert [row["file"] for row in found] == sorted(
        path.name for path in inks.iterdir() if path.suffix != ".txt")
    assert [row["file"] for row in found if row["problem"]] == ["005b.inkml", "010b.json"]
    assert all(row["tex_1"] and float(row["probability_1"]) > 0.1
               for row in found if not row["problem"])
    assert recognize(inks, tmp_path / "two.tsv", "--workers", "2") == 1
    assert (tmp_path / "two.tsv").read_bytes() == (tmp_path / "one.tsv").read_bytes()


def test_the_same_on_dask(inks, tmp_path):
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(n_workers=1, threads_per_worker=2, processes=False,
                                  dashboard_address="127.0.0.1:0") as cluster:
        recognize(inks, tmp_path / "dask.tsv", "--scheduler", cluster.scheduler_address)
    recognize(inks, tmp_path / "here.tsv", "--workers", "1")
    assert (tmp_path / "dask.tsv").read_bytes() == (tmp_path / "here.tsv").read_bytes()


def test_new_files_are_added_and_nothing_is_done_twice(inks, tmp_path, capsys):
    archive, out = tmp_path / "inks.zip", tmp_path / "answers.tsv"
    names = sorted(path.name for path in inks.glob("0*"))
    for some in (names[:4], names):
        with zipfile.ZipFile(archive, "w") as file:
            for name in some:
                file.write(inks / name, name)
        recognize(archive, out, "--workers", "1", "--json")
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["new"] == len(names) - 4
    assert [row["file"] for row in rows(out)] == names


def test_after_kill_9_no_row_is_lost_and_none_is_there_twice(inks, tmp_path):
    content = (inks / "000.inkml").read_bytes()
    with zipfile.ZipFile(tmp_path / "many.zip", "w") as file:
        for number in range(800):
            file.writestr(f"{number:05}.inkml", content)
    out = tmp_path / "answers.tsv"
    running = start("recognize", tmp_path / "many.zip", "--model", FOLDER, "--out", out,
                    "--workers", "2", runs=tmp_path)
    wait_for(lambda: out.is_file() and out.read_bytes().count(b"\n") > 30, seconds=60)
    children = psutil.Process(running.pid).children(recursive=True)
    os.kill(running.pid, signal.SIGKILL)
    running.wait(timeout=20)
    wait_for(lambda: not any(alive(child.pid) for child in children), seconds=20)
    for pipe in (running.stdout, running.stderr):
        pipe.close()
    assert 30 < out.read_bytes().count(b"\n") < 800
    with open(out, "ab") as file:
        file.write(b"00799.inkml\t\tx +")              # what a write that was cut off leaves
    assert recognize(tmp_path / "many.zip", out, "--workers", "1") == 0
    found = rows(out)
    assert [row["file"] for row in found] == [f"{number:05}.inkml" for number in range(800)]
    assert len({row["tex_1"] for row in found}) == 1


@pytest.mark.parametrize(("more", "message"), [
    (["--top", "3"], "begun with another"), (["--alphabet", "school"], "begun with another")])
def test_answers_of_other_settings_are_not_mixed(inks, tmp_path, capsys, more, message):
    recognize(inks, tmp_path / "answers.tsv", "--workers", "1")
    before = (tmp_path / "answers.tsv").read_bytes()
    assert recognize(inks, tmp_path / "answers.tsv", "--workers", "1", *more) == 1
    assert message in capsys.readouterr().err
    assert (tmp_path / "answers.tsv").read_bytes() == before


def test_a_file_of_somebody_else_is_left_alone(inks, tmp_path, capsys):
    (tmp_path / "mine.tsv").write_text("my notes")
    assert recognize(inks, tmp_path / "mine.tsv") == 1
    assert "not begun by this command" in capsys.readouterr().err
    assert (tmp_path / "mine.tsv").read_text() == "my notes"


def test_two_writers_of_one_file(inks, tmp_path, capsys):
    fcntl = pytest.importorskip("fcntl")
    with open(tmp_path / "answers.tsv", "a") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert recognize(inks, tmp_path / "answers.tsv") == 1
    assert "being written by another process" in capsys.readouterr().err


@pytest.mark.parametrize("given", [["--out", "x.tsv", "a", "b"], ["--out", "x.tsv", "--series",
                                   "kanji", "a"], ["--out", "x.tsv", "--workers", "0", "a"]])
def test_what_makes_no_sense_is_said(given, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["recognize", *given]) == 1
    assert capsys.readouterr().err.startswith("error: --")
    assert not list(tmp_path.iterdir())
