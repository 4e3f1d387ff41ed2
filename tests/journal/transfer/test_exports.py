"""Exports: each is read back by the rules of its own format, and holds nothing that is private.

Tried by hand with the tools themselves on 2026-11-28: MLflow 3.17, Trackio 0.43, mlcroissant 1.1,
huggingface_hub 2.4, and rocrate-validator 0.13 (but for its two checks that need the network).
"""

import json
import sqlite3

import pytest
import yaml

from tegashiki.cli import main
from tegashiki.errors import TegashikiError
from tegashiki.journal.archive import reader
from tegashiki.journal.format import layout, manifest, metrics, notes, paths
from tegashiki.journal.transfer import exports, ingest
from tegashiki.storage import files
from tests.journal.notebooks import archived

LICENCES = """
[[set]]
name = "inks"
licence = "CC BY-NC-SA 4.0"
credit = "who wrote them"
pictures = "credited"
places = ["*inks*"]
"""


@pytest.fixture
def run(tmp_path, monkeypatch):
    """A run that read a set, with curves, a model, and one private file."""
    root = tmp_path / "runs"
    monkeypatch.setenv(paths.RUNS, str(root))
    made = archived(root, "tiny", "train", {"epochs": 2, "rate": 0.5, "data": "inks"})
    (root / "licences.toml").write_text(LICENCES)
    folder = made.folder
    record = json.loads((folder / layout.RUN).read_text())
    record |= {"private": ["people.npz"],
               "code": {"commit": "c" * 40, "dirty": False, "patch": None, "left_out": []},
               "data": [{"name": "inks.zip", "place": "$TEGASHIKI_DATA/inks.zip", "bytes": 3,
                         "sha256": "0" * 64}]}  # fmt: skip
    files.write_json(folder / layout.RUN, record)
    (folder / layout.ARTIFACTS).mkdir(exist_ok=True)
    (folder / layout.ARTIFACTS / "model.tflite").write_bytes(b"weights")
    (folder / layout.ARTIFACTS / "people.npz").write_bytes(b"theirs")
    table = metrics.Metrics(folder / layout.METRICS)
    for epoch, loss in enumerate((3.0, 2.0), 1):
        table.add({"epoch": epoch, "loss": loss})
    files.write_json(folder / layout.RESULTS, {"exact": 0.75, "by": {"long": 0.5}})
    digest = manifest.write(folder, private=["people.npz"])
    status = json.loads((folder / layout.STATUS).read_text())
    files.write_json(folder / layout.STATUS, status | {"manifest_sha256": digest})
    notes.change(folder, why="to hand it on", add=["released"])
    return reader.ArchivedRun(folder)


@pytest.fixture
def crate(run, tmp_path):
    return lambda kind: exports.write(run, kind, tmp_path / kind)


def test_nothing_private_goes_and_nothing_is_overwritten(run, crate, tmp_path):
    for kind in exports.FORMATS:
        home = crate(kind)
        assert not [path for path in home.rglob("*") if path.name == "people.npz"], kind
        with pytest.raises(TegashikiError, match="holds other things"):
            exports.write(run, kind, home)
    with pytest.raises(TegashikiError, match="unknown; there are ro-crate"):
        exports.write(run, "word", tmp_path / "word")
    (run.folder / layout.RESULTS).write_text("{}")
    with pytest.raises(TegashikiError, match="changed since the run"):
        exports.write(reader.ArchivedRun(run.folder), "hf", tmp_path / "again")
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".export")]


def test_crate_names_only_what_it_has(run, crate):
    home = crate("ro-crate")
    graph = json.loads((home / "ro-crate-metadata.json").read_text())["@graph"]
    known = {one["@id"]: one for one in graph}
    assert len(known) == len(graph)

    def links(value):
        if isinstance(value, dict):
            yield from [value["@id"]] if set(value) == {"@id"} else ()
            for item in value.values():
                yield from links(item)
        elif isinstance(value, list):
            for item in value:
                yield from links(item)

    for one in graph:
        for link in links(one):
            assert link in known or link.startswith("http"), link
    for part in known["./"]["hasPart"]:
        assert files.sha256(home / part["@id"]) == known[part["@id"]]["sha256"]
    action, main_part = known["#run"], known[known["./"]["mainEntity"]["@id"]]
    assert action["instrument"]["@id"] == main_part["@id"] and "CompletedAction" in str(action)
    assert known["#value-rate"]["value"] == 0.5 and known["#inks"]["license"] == "CC BY-NC-SA 4.0"


def test_mlflow_holds_parameters_curves_and_results(run, crate):
    home = crate("mlflow")
    (experiment,) = home.iterdir()
    assert yaml.safe_load((experiment / "meta.yaml").read_text())["name"] == "tiny"
    (mine,) = [path for path in experiment.iterdir() if path.is_dir()]
    told = yaml.safe_load((mine / "meta.yaml").read_text())
    assert (told["run_id"], told["status"]) == (mine.name, 3)
    assert (mine / "params" / "rate").read_text() == "0.5"
    rows = [line.split() for line in (mine / "metrics" / "loss").read_text().splitlines()]
    assert [(float(value), step) for _, value, step in rows] == [(3.0, "1"), (2.0, "2")]
    assert float((mine / "metrics" / "by.long").read_text().split()[1]) == 0.5
    assert (mine / "tags" / "tag.released").read_text() == "true"
    assert (mine / "artifacts" / "artifacts" / "model.tflite").read_bytes() == b"weights"


def test_trackio_croissant_and_the_hub(run, crate):
    base = sqlite3.connect(crate("trackio") / "tiny.db")
    rows = base.execute("SELECT metrics FROM metrics ORDER BY step")
    steps = [json.loads(row[0]) for row in rows]
    assert [row.get("loss") for row in steps] == [3.0, 2.0, None] and steps[2]["exact"] == 0.75
    assert json.loads(base.execute("SELECT config FROM configs").fetchone()[0])["epochs"] == 2
    base.close()
    told = json.loads((crate("croissant") / "croissant.json").read_text())
    assert "CC BY-NC-SA 4.0" in told["license"] and "who wrote them" in told["creator"]["name"]
    assert {one["name"] for one in told["distribution"]} == {"inks.zip", "artifacts/model.tflite"}
    home = crate("hf")
    header = yaml.safe_load((home / "README.md").read_text().split("---")[1])
    assert header["license"] == "other" and header["library_name"] == "litert"
    assert {m["name"]: m["value"] for m in header["model-index"][0]["results"][0]["metrics"]} == {
        "exact": 0.75, "by.long": 0.5}  # fmt: skip
    assert (home / "model.tflite").read_bytes() == b"weights" and "who wrote" in (
        home / "README.md").read_text()


def test_what_is_deposited_can_be_taken_in_again(run, tmp_path, monkeypatch, capsys):
    assert main(["export", run.id, "--as", "zenodo", "--to", str(tmp_path / "out")]) == 0
    told = json.loads((tmp_path / "out" / "metadata.json").read_text())["metadata"]
    assert told["keywords"] == ["tiny", "train", "released"] and told["upload_type"] == "dataset"
    (bundle,) = (tmp_path / "out").glob("*.zip")
    (tmp_path / "other").mkdir()
    again, new = ingest.ingest(bundle, tmp_path / "other")
    assert new and again.id == run.id and again.notes["why"] == "to hand it on"
