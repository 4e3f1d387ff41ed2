"""The archive as a reader meets it: status, manifest, index, ls, show; whole and damaged."""

import csv
import shutil

import pytest

from tegashiki import journal
from tegashiki.errors import TegashikiError
from tegashiki.journal.archive import index, prune, reader
from tests.archived import make

pytestmark = pytest.mark.usefixtures("runs")


def test_index_is_rebuilt_from_the_folders(runs):
    first, second = make("one", loss=0.5), make("two")
    text = (runs / "index.csv").read_text()
    (runs / "index.csv").unlink()
    index.rebuild(runs)
    assert (runs / "index.csv").read_text() == text == index.text(runs)
    rows = list(csv.DictReader(text.splitlines()))
    assert [row["id"] for row in rows] == [first.id, second.id]
    assert rows[0]["results"] == '{"loss":0.5}' and rows[0]["parameters"] == '{"seed":1}'
    journal.begin("tiny", "three")  # goes on: not in the index yet
    assert index.text(runs) == text
    shutil.copytree(runs, runs.parent / "elsewhere")
    assert index.text(runs.parent / "elsewhere") == text


def test_a_pruned_artifact_is_read_from_the_released_model(runs, tmp_path):
    run = journal.begin("tiny", "release")
    run.artifact("weights.npz").write_bytes(b"weights")
    run.artifact("others.npz").write_bytes(b"WEIGHTS")
    run.finish()
    released = tmp_path / "models" / "tiny" / "weights.npz"
    released.parent.mkdir(parents=True)
    released.write_bytes(b"weights")
    archived = reader.ArchivedRun(run.folder)
    items = prune.plan(runs, {}, copies=prune.copies(tmp_path / "models"), smallest=1)
    prune.carry_out([i for i in items if i.fate == prune.COPIED], "room", None)
    assert not (run.folder / "artifacts" / "weights.npz").exists() and not archived.broken()
    assert archived.artifact("weights.npz") == released
    (run.folder / "artifacts" / "others.npz").unlink()      # as long, and another content
    with pytest.raises(TegashikiError, match="not here"):
        archived.artifact("others.npz")


def test_find(runs, tmp_path):
    first, second = make("one"), make("two")
    assert reader.find(runs, "latest").id == second.id
    assert reader.find(runs, first.id[:7]).id == first.id
    assert reader.find(runs, first.name).id == first.id
    assert reader.find(runs, str(first.folder)).id == first.id
    with pytest.raises(TegashikiError, match="no such run"):
        reader.find(runs, "zz")
    with pytest.raises(TegashikiError, match="no such run"):
        reader.find(tmp_path / "none", "latest")
