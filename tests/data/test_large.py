"""Preprocessing as a stream: the same bytes whatever the workers, after a kill, in a bucket."""

import json
import os
import signal
import zipfile
from dataclasses import replace

import numpy as np
import pytest

from tegashiki.cli import main
from tegashiki.data import crohme, shards
from tegashiki.data.large import LargeConfig, preprocess
from tegashiki.errors import TegashikiError
from tegashiki.ink import write_inkml
from tegashiki.ink.prepare import prepare
from tegashiki.storage.archives import iterate
from tegashiki.storage.place import Place
from tests import s3
from tests.journal.notebooks import start, wait_for
from tests.toys import formulas

CONFIG = LargeConfig(chunk_files=6, held_out=0.3)


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    """A folder of 20 labelled expressions and two files that are none."""
    home = tmp_path_factory.mktemp("set") / "train"
    home.mkdir()
    for number, example in enumerate(formulas(20)):
        ink = replace(example.ink, id=f"{number:02}", truth=" ".join(example.tokens), writer="ann")
        write_inkml(ink, home / f"{number:02}.inkml")
    (home / "03b.inkml").write_text("<ink>")
    unlabelled = (home / "15.inkml").read_bytes().replace(b">1 - b<", b"><")
    (home / "15b.inkml").write_bytes(unlabelled)
    return home.parent


def content(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes()
            for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.fixture(scope="module")
def written(source, tmp_path_factory):
    """What one process writes."""
    folder = tmp_path_factory.mktemp("one")
    preprocess(source, str(folder), CONFIG)
    return folder


def test_every_example_is_in_one_part_and_equal_to_what_a_reader_gives(source, written):
    manifest = shards.read_manifest(Place(written))
    assert manifest["skipped"] == 2
    assert [line.split("\t")[0] for line in (written / "skipped.tsv").read_text().splitlines()] == [
        "train/03b.inkml", "train/15b.inkml"]
    found = {part: list(shards.read(Place(written), part)) for part in manifest["parts"]}
    assert {part: len(examples) for part, examples in found.items()} == {
        part: told["examples"] for part, told in manifest["parts"].items()}
    assert not {e.tokens for e in found["train"]} & {e.tokens for e in found["validation"]}
    direct = [crohme.example_of(name, data) for name, data in iterate(source, ".inkml")
              if "b" not in name]
    assert found["validation"] and len(direct) == 20
    merged = {e.ink.id: e for examples in found.values() for e in examples}
    for example in direct:
        again = merged[example.ink.id]
        assert again.tokens == example.tokens and again.ink.writer == "ann"
        assert np.array_equal(again.alignment, example.alignment)
        for a, b in zip(again.ink.strokes, prepare(example.ink).strokes, strict=True):
            assert np.array_equal(a, b)


@pytest.mark.process
def test_the_same_bytes_whatever_the_workers(source, written, tmp_path):
    preprocess(source, str(tmp_path / "two"), CONFIG, workers=2)
    assert content(tmp_path / "two") == content(written)


@pytest.mark.process
def test_the_same_bytes_on_dask(source, written, tmp_path):
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(n_workers=1, threads_per_worker=2, processes=False,
                                  dashboard_address="127.0.0.1:0") as cluster:
        preprocess(source, str(tmp_path / "two"), CONFIG, scheduler=cluster.scheduler_address)
    assert content(tmp_path / "two") == content(written)


def test_in_a_bucket(source, written):
    with s3.bucket() as address:
        done = preprocess(source, address, CONFIG)
        assert done == shards.read_manifest(Place(address)) == shards.read_manifest(Place(written))
        for part in done["parts"]:
            there, here = (shards.read(Place(where), part) for where in (address, written))
            assert [e.ink.id for e in there] == [e.ink.id for e in here]


@pytest.mark.process
def test_after_kill_9_the_rest_is_done_and_the_bytes_are_the_same(source, tmp_path):
    ink = (source / "train" / "00.inkml").read_bytes()
    with zipfile.ZipFile(tmp_path / "many.zip", "w") as file:
        for number in range(800):
            file.writestr(f"{number:05}.inkml", ink)
    words = ["preprocess", tmp_path / "many.zip", "--workers", "2", "--per-shard", "10"]
    running = start(*words, "--out", tmp_path / "killed", runs=tmp_path)
    notes = tmp_path / "killed" / "chunks"
    wait_for(lambda: notes.is_dir() and len(list(notes.glob("0*.json"))) > 3, seconds=60)
    os.kill(running.pid, signal.SIGKILL)
    running.communicate(timeout=20)
    assert not (tmp_path / "killed" / "manifest.json").exists()
    before = {path: path.stat().st_mtime_ns for path in notes.glob("0*.json")}
    assert main([*map(str, words), "--out", str(tmp_path / "killed")]) == 0
    assert all(path.stat().st_mtime_ns == when for path, when in before.items())   # not done twice
    preprocess(tmp_path / "many.zip", str(tmp_path / "whole"), LargeConfig(chunk_files=10))
    killed = {name: data for name, data in content(tmp_path / "killed").items()
              if not name.rpartition("/")[2].startswith(".")}
    assert killed == content(tmp_path / "whole")


def test_only_chunks_whose_files_changed_are_made_again(source, tmp_path):
    out = tmp_path / "out"
    for number, name in enumerate(("00", "01", "02", "03")):
        (tmp_path / "set").mkdir(exist_ok=True)
        (tmp_path / "set" / f"{number}.inkml").write_bytes(
            (source / "train" / f"{name}.inkml").read_bytes())
    config = LargeConfig(chunk_files=2, held_out=0)
    first = preprocess(tmp_path / "set", str(out), config)
    old = (out / "train/00000.tfrecord.gz").stat().st_mtime_ns
    (tmp_path / "set" / "3.inkml").write_bytes((source / "train" / "04.inkml").read_bytes())
    second = preprocess(tmp_path / "set", str(out), config)
    assert (out / "train/00000.tfrecord.gz").stat().st_mtime_ns == old
    assert second["sha256"] != first["sha256"] and second["parts"]["train"]["examples"] == 4
    with pytest.raises(TegashikiError, match="other settings"):
        preprocess(tmp_path / "set", str(out), LargeConfig(chunk_files=3))


def test_damage_is_said(written, tmp_path):
    for name, data in content(written).items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(data)
    shard = json.loads((tmp_path / "manifest.json").read_text())["parts"]["train"]["shards"][0]
    whole = (tmp_path / shard["file"]).read_bytes()
    (tmp_path / shard["file"]).write_bytes(whole[:-9])
    with pytest.raises(TegashikiError, match="missing or damaged"):
        list(shards.read(Place(tmp_path), "train"))
    with pytest.raises(TegashikiError, match="no part 'test'"):
        next(shards.read(Place(tmp_path), "test"))
    manifest = (tmp_path / "manifest.json").read_text()
    (tmp_path / "manifest.json").write_text(manifest.replace('"skipped": 2', '"skipped": 1'))
    with pytest.raises(TegashikiError, match="does not match its sha256"):
        shards.read_manifest(Place(tmp_path))
    with pytest.raises(TegashikiError, match="not whole yet"):
        shards.read_manifest(Place(tmp_path / "nowhere"))


@pytest.mark.parametrize("wrong", [{"vocabulary": "mine"}, {"held_out": 1.0}, {"chunk_files": 0}])
def test_settings_that_make_no_sense(wrong):
    with pytest.raises(TegashikiError):
        LargeConfig(**wrong)
