"""Pictures that are drawn from somebody's hand or body: credited, held back, or taken out again."""

import argparse
import json
import zipfile

import matplotlib.pyplot as plt
import pytest

from tegashiki import journal
from tegashiki.cli import main
from tegashiki.data.sets import SETS
from tegashiki.errors import TegashikiError
from tegashiki.journal.archive import check, licences, reader
from tegashiki.journal.format import layout, manifest, rights
from tegashiki.journal.transfer import bundle
from tegashiki.storage import files
from tests.journal.notebooks import CHECKOUT

TABLE = """
[[set]]
name = "open"
licence = "CC BY 4.0"
credit = "many people"
pictures = "credited"
places = ["*open*"]
[[set]]
name = "closed"
licence = "none stated"
credit = "somebody"
pictures = "none"
places = ["*closed*"]
"""


@pytest.fixture
def runs(tmp_path, monkeypatch):
    monkeypatch.setenv("TEGASHIKI_RUNS", str(tmp_path / "runs"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "runs").mkdir()
    (tmp_path / "runs" / licences.NAME).write_text(TABLE)
    for name in ("open", "closed", "elsewhere"):
        (tmp_path / name).write_text("ink")
    return tmp_path / "runs"


def drawn(reads=(), upstream=None, **options):
    """A run that reads files and draws one picture, which its notebook shows as well."""
    run = journal.begin("tiny", "step", seed=1)
    for name in reads:
        run.data(name)
    if upstream:
        run.upstream("step", upstream)
    figure, axis = plt.subplots()
    axis.plot([1, 2])
    run.figure(figure, "bodies", **options)
    shown = plt.fignum_exists(figure.number)       # what is still open is shown below the cell
    plt.close("all")
    run.finish()
    found = reader.ArchivedRun(run.folder)
    picture = {"output_type": "display_data", "metadata": {}, "data": {"image/png": "iVBORw0K"}}
    cell = {"cell_type": "code", "id": "a", "metadata": {}, "execution_count": 1,
            "source": 'run.figure(figure, "bodies")', "outputs": [picture] if shown else []}
    files.write_json(run.folder / layout.NOTEBOOK,
                     {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    reseal(found)
    return found


def reseal(run):
    digest = manifest.write(run.folder)
    path = run.folder / layout.STATUS
    files.write_json(path, files.read_json(path) | {"manifest_sha256": digest})


def told_of(run):
    known = {one.id: one for one in reader.runs(run.folder.parent.parent)}
    problems = check.one(run, known)
    assert all(problem.kind == "rights" for problem in problems), problems
    return "\n".join(problem.what for problem in problems)


def in_git(run):
    return {entry["path"]: entry["in_git"] for entry in manifest.read(run.folder)}


def test_what_nobody_wrote_needs_nothing(runs):
    run = drawn()
    assert told_of(run) == "" and not (run.folder / layout.RIGHTS).exists()


def test_a_picture_carries_the_name_and_licence_of_its_sets(runs):
    first = drawn(["open"])
    run = drawn(upstream=first.id)
    assert "open (CC BY 4.0), many people" in (run.folder / "pictures/bodies.svg").read_text()
    assert told_of(run) == ""
    (run.folder / layout.RIGHTS).unlink()
    assert "pictures/bodies.svg: lacks the name and licence of open" in told_of(run)
    assert "notebook.ipynb, cell 0: lacks" in told_of(run)


@pytest.mark.parametrize("read", ["closed", "elsewhere"])
def test_what_may_not_be_shown_stays_out_of_git_the_notebook_and_the_bundle(runs, read, capsys):
    run = drawn([read])
    assert "kept here only" in capsys.readouterr().out
    assert (run.folder / "pictures/bodies.svg").is_file() and told_of(run) == ""
    assert in_git(run)["pictures/bodies.svg"] is False
    assert "pictures/bodies.svg" in (run.folder / layout.IGNORE).read_text()
    with zipfile.ZipFile(bundle.write(run, runs.parent)) as packed:
        packed_names = {name.partition("/")[2] for name in packed.namelist()}
    assert layout.RIGHTS in packed_names and "pictures/bodies.svg" not in packed_names


def test_a_chart_of_numbers_may_be_shown(runs):
    run = drawn(["closed"], shows="numbers")
    assert in_git(run)["pictures/bodies.svg"] is True and told_of(run) == ""


def test_what_a_run_does_not_mark_is_refused_and_can_be_withdrawn(runs, capsys):
    run = drawn(["closed"], shows="numbers")
    (run.folder / layout.RIGHTS).unlink()
    assert "pictures/bodies.svg: may show closed (none stated)" in told_of(run)
    assert main(["check", run.id]) == 1
    with pytest.raises(TegashikiError, match=r"no picture of run .* pictures/bodies\.svg"):
        withdraw_as_typed(run.id, "log.txt", "--why", "x")
    withdraw_as_typed(run.id, "pictures/bodies.svg", "--why", "nobody said yes")
    assert not (run.folder / "pictures/bodies.svg").exists()
    assert told_of(run) == ""
    (gone, notebook) = rights.read(run.folder)["withdrawn"]
    assert (gone["path"], gone["why"], gone["left"]) == (
        "pictures/bodies.svg", "nobody said yes", None)
    text = (run.folder / layout.NOTEBOOK).read_text()
    assert "nobody said yes" in text and "image/png" not in text
    assert notebook["left"] == files.sha256(run.folder / layout.NOTEBOOK)
    (run.folder / layout.NOTEBOOK).write_text(text.replace("nobody", "all"))
    assert run.broken() == ["notebook.ipynb: was withdrawn, and stands here again or changed"]


def withdraw_as_typed(*words):
    from tegashiki.commands import withdraw

    parser = argparse.ArgumentParser()
    withdraw.arguments(parser)
    assert withdraw.run(parser.parse_args(words)) == 0


def test_only_pictures_can_be_excused(runs):
    run = drawn(["open"])
    told = rights.read(run.folder)
    told["withdrawn"] = [
        {"path": path, "bytes": 1, "sha256": "0" * 64, "left": None, "on": "2026-11-28", "why": "x"}
        for path in (layout.STATUS, layout.METRICS)
    ]
    files.write_json(run.folder / layout.RIGHTS, told)
    assert rights.gone(run.folder) == {}


@pytest.mark.parametrize("text", ["", "[[set]]\nname = 1", TABLE.replace("credited", "maybe")])
def test_a_broken_table_is_named(tmp_path, text):
    (tmp_path / licences.NAME).write_text(text)
    with pytest.raises(TegashikiError, match=r"licences\.toml"):
        licences.load(tmp_path)


def test_the_archives_own_table_agrees_with_the_sets_that_the_project_knows():
    table = {one.name: one for one in licences.load(CHECKOUT / "runs")}
    for name in ("crohme", "mathwriting", "detexify", "hwrt"):
        assert table[name].licence == SETS[name].licence
    for name, known in SETS.items():
        found = licences.named(f"$TEGASHIKI_DATA/{known.places[0]}", list(table.values()))
        assert not found.licence.startswith("unknown"), name
    assert json.dumps([one.entry() for one in table.values()])
