"""Runs from elsewhere: what is sound comes in as it was, what is not is refused with a reason."""

import gzip
import io
import json
import pickle
import shutil
import stat
import sys
import types
import zipfile
import zlib

import numpy as np
import pytest

from tegashiki import journal
from tegashiki.cli import main
from tegashiki.errors import TegashikiError
from tegashiki.journal.archive import check, reader
from tegashiki.journal.format import layout, manifest, schemas
from tegashiki.journal.transfer import bundle, file_scan, ingest, sources
from tegashiki.storage import files


@pytest.fixture
def home(tmp_path):
    return tmp_path / "home"


@pytest.fixture(scope="module")
def original(tmp_path_factory):
    """Made once, by the door that a notebook takes; each test works on a copy."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TEGASHIKI_RUNS", str(tmp_path_factory.mktemp("original") / "runs"))
        return made()


@pytest.fixture
def run(original, runs):
    copy = runs / "tiny" / original.name
    shutil.copytree(original.folder, copy)
    return reader.ArchivedRun(copy)


def made():
    run = journal.begin("tiny", "step", seed=1)
    run.metrics(epoch=1, loss=0.5)
    run.result(loss=0.5)
    np.savez(run.artifact("weights.npz"), w=np.zeros(3))
    run.artifact("data.npz", private=True).write_bytes(b"theirs")
    run.finish()
    return reader.ArchivedRun(run.folder)


def reseal(run):
    digest = manifest.write(run.folder)
    path = run.folder / layout.STATUS
    files.write_json(path, files.read_json(path) | {"manifest_sha256": digest})


def repacked(path, change=None, **entries):
    """The bundle with its contents or raw entries changed."""
    with zipfile.ZipFile(path) as kept:
        all_of = {name: kept.read(name) for name in kept.namelist()}
    contents = json.loads(all_of[bundle.CONTENTS])
    if change:
        change(contents, all_of)
    all_of[bundle.CONTENTS] = json.dumps(contents).encode()
    other = path.with_name("other.zip")
    with zipfile.ZipFile(other, "w", zipfile.ZIP_DEFLATED) as out:
        for name, content in all_of.items():
            out.writestr(name, content)
        for entry, content in entries.get("raw", []):
            out.writestr(entry, content)
    return other


def refused(path, home, *words):
    with pytest.raises(TegashikiError) as caught:
        ingest.ingest(path, home)
    for word in words:
        assert word in str(caught.value), str(caught.value)
    assert not home.exists() or [p for p in home.rglob("*") if p.is_file()] == []


def test_there_and_back(run, home, tmp_path, monkeypatch, capsys):
    assert main(["bundle", run.id, "--to", str(tmp_path)]) == 0
    path = tmp_path / f"tiny-{run.name}.zip"
    assert bundle.intact(path) and f"{path.stat().st_size:,} bytes" in capsys.readouterr().out
    assert bundle.write(run, tmp_path).read_bytes() == path.read_bytes()  # the same bytes again
    monkeypatch.setenv("TEGASHIKI_RUNS", str(home))
    assert main(["ingest", str(path)]) == 0
    assert "loss 0.5  taken in" in capsys.readouterr().out
    (taken,) = reader.runs(home)
    assert (taken.status, taken.broken(), taken.name) == ("ok", [], run.name)
    assert not (taken.folder / "artifacts" / "data.npz").exists()  # private: it stays
    assert check.whole(home) == []
    assert main(["ingest", str(path)]) == 0
    assert "here already" in capsys.readouterr().out
    assert main(["ingest", str(path), str(tmp_path / "none.zip")]) == 1


def test_a_folder_comes_in_too(run, home, tmp_path):
    taken, new = ingest.ingest(run.folder, home)
    assert new and taken.broken() == []
    (run.folder / "link").symlink_to("/etc/passwd")
    refused(run.folder, tmp_path / "second", "a link")


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("run/../../evil", "leaves"),
        ("/etc/passwd", "leaves"),
        ("run/..\\evil", "leaves"),
        ("C:/evil", "leaves"),
        ("run//x", "not a plain path"),
        ("run/a\nb", "odd characters"),
        ("run/.git/config", "git folder"),
        ("run/extra.txt", "not listed"),
    ],
)
def test_names(run, home, tmp_path, name, word):
    refused(repacked(bundle.write(run, tmp_path), raw=[(name, b"x")]), home, word)


def test_a_member_without_a_name(run, home, tmp_path):
    """Found by fuzzing: zipfile itself falls over it."""
    path = repacked(bundle.write(run, tmp_path), raw=[("Z", b"x")])
    content = path.read_bytes()
    at = content.rindex(b"PK\x01\x02")
    lengths = content[at + 28 : at + 32]      # of the name and of what follows it
    assert lengths == b"\1\0\0\0" and content[at + 46 : at + 47] == b"Z"
    path.write_bytes(content[: at + 28] + b"\0\0\1\0" + content[at + 32 :])
    refused(path, home, "not a plain path")


def test_a_zip_of_a_later_version(run, home, tmp_path):
    """Found by fuzzing: zipfile says that it is not implemented."""
    path = bundle.write(run, tmp_path)
    content = path.read_bytes()
    at = content.rindex(b"PK\x01\x02")
    path.write_bytes(content[: at + 6] + b"\xeb\0" + content[at + 8 :])      # version needed: 23.5
    refused(path, home, "zip file version 23.5")


def test_links_and_devices(run, home, tmp_path):
    for kind, word in ((stat.S_IFLNK, "a link"), (stat.S_IFCHR, "is no plain file")):
        entry = zipfile.ZipInfo("run/x")
        entry.external_attr = (kind | 0o777) << 16
        path = repacked(bundle.write(run, tmp_path), raw=[(entry, b"/etc/passwd")])
        refused(path, home, word)


def test_bombs(run, home, tmp_path, monkeypatch):
    path = bundle.write(run, tmp_path)
    refused(repacked(path, raw=[("run/bomb", b"\0" * 30_000_000)]), home, "a bomb")
    monkeypatch.setattr(sources, "COUNT_LIMIT", 3)
    refused(path, home, "at most 3")


def test_sizes_that_lie(run, home, tmp_path):
    def less(contents, all_of):
        contents["files"][0]["bytes"] = 1

    refused(repacked(bundle.write(run, tmp_path), less), home, "bigger than it says")


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (lambda c, a: c.update(version=2), "version 2"),
        (lambda c, a: c["files"][0].update(path="run.txt"), "not a file of a run"),
        (lambda c, a: c["files"][0].update(path="artifacts/.gitattributes"), "a hidden file"),
        (lambda c, a: c["files"][0].update(bytes="x"), "files.0.bytes"),
        (lambda c, a: c["files"][0].update(x="x"), "files.0"),
        (lambda c, a: c.update(folder="99991231T235959Z-step-" + c["folder"][-8:]), "future"),
        (lambda c, a: c.update(kind="other"), "kind"),
        (lambda c, a: c.update(series="../x"), "series"),
        (lambda c, a: c.update(folder="x"), "not the name"),
        (lambda c, a: c.update(files="x"), "files"),
        (lambda c, a: c["files"].append(c["files"][0]), "two files of one name"),
        (lambda c, a: c["files"][0].update(sha256="0" * 64), "its sha256"),
        (lambda c, a: a.pop("run/results.json"), "listed, but not there"),
        (lambda c, a: a.update({"run/results.json": b'{"loss": 0.1}'}), "bigger|sha256"),
    ],
)
def test_contents(run, home, tmp_path, change, word):
    with pytest.raises(TegashikiError, match=word):
        ingest.ingest(repacked(bundle.write(run, tmp_path), change), home)
    assert not list(home.rglob("*.json"))


def forged(run, home, name, change, word):
    """The run changed and all hashes made to fit: what is left is what it says of itself."""
    content = files.read_json(run.folder / name) if (run.folder / name).exists() else {}
    files.write_json(run.folder / name, change(content))
    if name not in (layout.STATUS, layout.VERIFY):
        reseal(run)
    refused(run.folder, home, word)


@pytest.mark.parametrize(
    ("name", "change", "word"),
    [
        ("run.json", lambda r: r | {"version": 3}, "version 3"),
        ("run.json", lambda r: r | {"code": 5}, "run.json: code: 5"),
        ("run.json", lambda r: r | {"upstream": [{"x": 1}]}, "upstream.0"),
        ("run.json", lambda r: r | {"parameters": [[]]}, "parameters"),
        ("status.json", lambda s: s | {"reason": "well"}, "a reason against it"),
        ("status.json", lambda s: s | {"seconds": -1}, "seconds"),
        ("verify.json", lambda v: {"version": 2}, "verify.json"),
        ("run.json", lambda r: r | {"id": "0" * 8}, "run.json is of"),
        ("run.json", lambda r: r | {"finished": False}, "it was never finished"),
        ("run.json", lambda r: {k: v for k, v in r.items() if k != "gates"}, "'gates' is a"),
        ("run.json", lambda r: r | {"parameters": {"api_key": "swordfish"}}, "secret"),
        ("status.json", lambda s: s | {"manifest_sha256": "0" * 64}, "not the one that"),
        ("status.json", lambda s: s | {"witness": "launcher", "exit_code": 0}, "launcher vouches"),
    ],
)
def test_forged_records(run, home, name, change, word):
    forged(run, home, name, change, word)


def objects():
    out = io.BytesIO()
    np.savez(out, x=np.array([{}], dtype=object))
    return out.getvalue()


class Harm:
    def __reduce__(self):
        return print, ("harm",)


def zipped(name, content):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr(name, content)
    return out.getvalue()


def keras(layer):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("config.json", json.dumps({"layers": [{"class_name": layer}]}))
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "word"),
    [
        ("m.pkl", b"x", "pickle"),
        ("m.bin", b"\x80\x04\x95\x00\x00", "pickle"),
        ("m.npz", objects(), "objects"),
        ("m.keras", keras("Lambda"), "Lambda"),
        ("m.keras", b"PK\x03\x04broken", "cannot be read"),
        ("run.me", b"\x7fELF\x02", "ELF"),
        ("tool", b"#!/bin/sh\n", "script"),
        ("a.py", b"1", "script"),
        ("p.svg", b"<svg><script>1</script></svg>", "active"),
        ("p.svg", "<svg><script>1</script></svg>".encode("utf-16"), "not UTF-8"),
        ("p.svg", "<svg/>".encode("utf-16-le"), "not UTF-8"),
        ("p.svg", b"<?xml version='1.0' encoding='UTF-7'?><svg/>", "not UTF-8"),
        ("p.svg", b"<svg><style>a{b:\\75rl(x)}</style></svg>", "active"),
        ("m.txt", pickle.dumps(Harm(), 0), "pickle"),
        ("m.dat", pickle.dumps(Harm(), 1), "pickle"),
        ("m.bin", pickle.dumps(Harm(), 4), "pickle"),
        ("m.gz", gzip.compress(pickle.dumps(Harm(), 4), mtime=0), "compressed: a pickle"),
        ("m.z", zlib.compress(pickle.dumps(Harm(), 2)), "compressed: a pickle"),
        ("m.npz", zipped("x", pickle.dumps(Harm(), 0)), "pickle"),
        ("m.keras", zipped("config.json", b'{"class_name": "\\u004cambda"}'), "Lambda"),
        ("notes.txt", b"<!DOCTYPE html><script>1</script>", "page"),
        ("deep.json", b"[" * 5000 + b"]" * 5000, "nested"),
        ("p.svg", b"<svg onload='x()'/>", "active"),
        ("p.svg", b"<svg><image href='http://example.org/x'/></svg>", "active"),
    ],
)
def test_executable_payloads(run, home, name, content, word):
    assert word in file_scan.danger(name, content)
    (run.folder / "artifacts" / name).write_bytes(content)
    reseal(run)
    refused(run.folder, home, word, "refused")


def test_what_is_no_payload():
    assert file_scan.danger("a.ipynb", json.dumps(["\x1b[31m[{\"" * 500]).encode()) is None
    assert file_scan.danger("m.keras", keras("Dense")) is None
    assert file_scan.danger("model.tflite", b"\x1c\0\0\0TFL3") is None
    plain = b"<svg xmlns:xlink='http://www.w3.org/1999/xlink'><use xlink:href='#m1' style='"
    assert file_scan.danger("c.svg", plain + b"fill:url(#a)'/></svg>") is None


def test_matplotlib_draws_no_payload(runs, home):
    from matplotlib.figure import Figure

    run = journal.begin("tiny", "step")
    figure = Figure()
    figure.subplots().plot([1, 2], label="x")
    run.figure(figure, "curves")
    run.finish()
    assert ingest.ingest(run.folder, home)[1]


def test_another_run_of_the_same_id(run, runs, tmp_path):
    path = bundle.write(run, tmp_path)
    (run.folder / "log.txt").write_text("changed")
    reseal(run)
    with pytest.raises(TegashikiError, match="another run"):
        ingest.ingest(path, runs)


def test_what_goes_on_is_not_bundled(runs, tmp_path):
    run = journal.begin("tiny", "step")
    with pytest.raises(TegashikiError, match="goes on"):
        bundle.write(reader.ArchivedRun(run.folder), tmp_path)


def test_colab_hands_the_bundle_over(runs, tmp_path, monkeypatch, capsys):
    fetched = []
    colab = types.ModuleType("google.colab")
    colab.files = types.SimpleNamespace(download=fetched.append)
    monkeypatch.setitem(sys.modules, "google.colab", colab)
    monkeypatch.setitem(sys.modules, "google", types.ModuleType("google"))
    monkeypatch.setattr(bundle, "_DRIVE", tmp_path / "drive")
    (tmp_path / "drive").mkdir()
    run = made()
    said = capsys.readouterr().out
    name = f"tiny-{run.name}.zip"
    assert fetched == [str(tmp_path / name)] and "read back: intact" in said
    assert f"saved and read back: {tmp_path / 'drive' / 'tegashiki' / name}" in said


def test_bundle_of_a_bare_papermill(runs, home, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("TEGASHIKI_BUNDLES", str(tmp_path / "outbox"))
    run = made()
    assert "saved and read back" in capsys.readouterr().out
    assert ingest.ingest(tmp_path / "outbox" / f"tiny-{run.name}.zip", home)[1]
    (tmp_path / "full").write_text("no folder")
    monkeypatch.setenv("TEGASHIKI_BUNDLES", str(tmp_path / "full"))
    assert made().status == "ok"  # the run is ok although nothing could be left there
    assert "NOT SAVED" in capsys.readouterr().out


def shapes(root):
    """One committed run of each shape that run.json ever had."""
    found = {}
    for path in sorted(root.glob("*/*/run.json")):
        record = json.loads(path.read_text())
        found.setdefault((record["version"], *sorted(record)), reader.ArchivedRun(path.parent))
    return list(found.values())


def test_a_run_of_every_shape_survives(checkout, tmp_path):
    runs = shapes(checkout / "runs") + shapes(checkout / "tests" / "journal" / "archive_version_1")
    assert {"series_given" in json.loads((r.folder / "run.json").read_text()) for r in runs} == {
        True, False}  # fmt: skip
    for run in runs:
        taken, new = ingest.ingest(bundle.write(run, tmp_path), tmp_path / "home")
        assert new and taken.record == run.record and taken.broken() == []
    assert check.whole(tmp_path / "home") is not None


@pytest.mark.slow
def test_every_committed_run_survives(checkout, tmp_path):
    for run in reader.runs(checkout / "runs"):
        ingest.ingest(bundle.write(run, tmp_path), tmp_path / "home")
    assert len(reader.sound(tmp_path / "home")) == len(reader.runs(checkout / "runs"))


def test_the_schemas_are_published(checkout):
    for path in schemas.FOLDER.glob("*.json"):
        published = checkout / "runs" / "schema" / path.name
        assert published.read_bytes() == path.read_bytes(), f"copy {path.name} to runs/schema"
