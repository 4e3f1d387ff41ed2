"""manifest.json finds what was damaged."""

import pytest

from tegashiki import journal
from tegashiki.journal.archive import reader
from tegashiki.journal.format import layout
from tegashiki.storage import files


@pytest.fixture(autouse=True)
def runs(tmp_path, monkeypatch):
    monkeypatch.setenv("TEGASHIKI_RUNS", str(tmp_path / "runs"))
    monkeypatch.chdir(tmp_path)  # no checkout
    return tmp_path / "runs"


def make(step="step", **results):
    run = journal.begin("tiny", step, seed=1)
    run.result(**results)
    run.finish()
    return reader.ArchivedRun(run.folder)


def change(path, **changes):
    files.write_json(path, files.read_json(path) | changes)


@pytest.mark.parametrize("damage", ["change", "remove", "add", "manifest"])
def test_manifest_finds_damage(damage):
    run = make(loss=0.5)
    path = run.folder / "results.json"
    if damage == "change":
        path.write_text('{"loss": 0.1}')
    elif damage == "remove":
        path.unlink()
    elif damage == "add":
        (run.folder / "more.txt").touch()
    else:
        change(run.folder / layout.MANIFEST, files=[])
    assert run.broken()
