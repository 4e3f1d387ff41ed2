"""Runs of every night: the newest stay whole, the others keep what was found out."""

import hashlib

import pytest
from nbformat import v4

from tegashiki.cli import main
from tegashiki.journal.archive import check, prune, reader
from tegashiki.journal.format import layout, manifest, notebook, notes, pruned
from tegashiki.storage import files
from tests.journal.notebooks import archived

KEEP = "last=1,thin=2"


def night(root, number, tag="nightly"):
    """A run with a picture, an artifact and a notebook that showed something."""
    run = archived(root, "tiny", "train", {"night": number})
    cell = v4.new_code_cell("print(1)", execution_count=1)
    picture = v4.new_output("display_data", {"image/svg+xml": "<svg>" + "x" * 5000})
    cell["outputs"] = [v4.new_output("stream", text="1\n"), picture]
    content = v4.new_notebook(cells=[v4.new_markdown_cell("# What?"), cell])
    files.write_text(run.folder / layout.NOTEBOOK, notebook.text(content))
    files.write_json(run.folder / layout.RESULTS, {"exact": number / 10})
    for name in ("pictures/curve.svg", "artifacts/model/weights.bin"):
        (run.folder / name).parent.mkdir(parents=True, exist_ok=True)
        (run.folder / name).write_bytes(b"x" * 2000)
    state = files.read_json(run.folder / layout.STATUS)
    sealed = {"manifest_sha256": manifest.write(run.folder)}
    files.write_json(run.folder / layout.STATUS, state | sealed)
    if tag:
        notes.change(run.folder, add=[tag])
    return reader.ArchivedRun(run.folder)


@pytest.fixture
def nights(tmp_path):
    return [night(tmp_path / "runs", n, tag) for n, tag in enumerate(
        ["nightly", "", "nightly", "nightly", "nightly"])]  # fmt: skip


def whole(run):
    return all((run.folder / entry["path"]).is_file() for entry in manifest.read(run.folder))


def thinned(root):
    items = prune.plan(root, prune.policy(KEEP), smallest=10_000)
    return prune.carry_out([i for i in items if i.fate != prune.LOST], "not kept", None)


def test_old_nights_keep_their_record_and_prove_their_ok(nights, tmp_path, monkeypatch, capsys):
    root = tmp_path / "runs"
    freed = thinned(root)
    now = [reader.ArchivedRun(run.folder) for run in nights]
    assert [whole(run) for run in now] == [False, True, False, True, True]    # one is no night's
    assert freed > 2 * 9000 - 1000 and not (now[0].folder / layout.PICTURES).exists()
    assert [run.broken() for run in now] == [[]] * 5
    assert now[0].results == {"exact": 0.0} and now[0].status == layout.OK
    cells = notebook.read(now[0].folder / layout.NOTEBOOK).cells
    assert cells[1]["execution_count"] == 1 and cells[1]["outputs"] == []
    assert thinned(root) == 0                                                # nothing twice
    assert not [str(p) for p in check.whole(root) if p.kind not in ("index", "size")]
    monkeypatch.setenv("TEGASHIKI_RUNS", str(root))
    assert main(["show", now[0].id]) == 0
    (tmp_path / "out").mkdir()
    assert main(["bundle", now[0].id, "--to", str(tmp_path / "out")]) == 0
    monkeypatch.setenv("TEGASHIKI_RUNS", str(tmp_path / "elsewhere"))
    (packed,) = (tmp_path / "out").iterdir()
    assert main(["ingest", str(packed)]) == 0, capsys.readouterr().err
    assert reader.find(tmp_path / "elsewhere", now[0].id).broken() == []


def test_the_excuse_covers_the_notebook_that_was_left_and_no_other(nights, tmp_path):
    thinned(tmp_path / "runs")
    run = reader.ArchivedRun(nights[0].folder)
    path = run.folder / layout.NOTEBOOK
    left = path.read_text()
    path.write_text(left.replace('"execution_count": 1', '"execution_count": null'))
    assert run.broken() == ["notebook.ipynb: changed since the run"]
    path.unlink()
    assert "notebook.ipynb: no such notebook" in run.broken()[0]
    path.write_text(left)
    told = files.read_json(run.folder / layout.PRUNED)
    told["files"].append(told["files"][0] | {"path": "results.json"})
    files.write_json(run.folder / layout.PRUNED, told)
    assert "pruned.json" in run.broken()[0]


def test_the_best_and_the_released_stay_whole(nights, tmp_path):
    root = tmp_path / "runs"
    keep = prune.policy("best=1,released,thin=0")
    items = prune.plan(root, keep, [nights[0].id], {"tiny": "-exact"})
    assert {item.run.id for item in items if item.fate == prune.THIN} == {
        run.id for run in nights[2:]}  # fmt: skip
    assert pruned.gone(nights[0].folder) == {}


def test_a_notebook_that_lost_a_picture_may_lose_the_rest(tmp_path):
    run = night(tmp_path / "runs", 0, "repeated")
    path = run.folder / layout.NOTEBOOK
    sealed = path.read_text()
    shown = sealed.replace("<svg>", "<!-- no longer shown -->")
    path.write_text(shown)
    told = {"path": layout.NOTEBOOK, "bytes": len(sealed), "left": files.sha256(path), "why": "x",
            "sha256": hashlib.sha256(sealed.encode()).hexdigest(), "on": "2026-11-28"}
    files.write_json(run.folder / layout.RIGHTS,
                     {"version": 2, "pictures": {}, "withdrawn": [told]})
    assert run.broken() == []
    items = prune.plan(tmp_path / "runs", prune.policy("thin=0"))
    prune.carry_out(items, "not kept", None)
    assert reader.ArchivedRun(run.folder).broken() == []
    path.write_text(sealed)
    assert "stands here again" in reader.ArchivedRun(run.folder).broken()[0]


def test_what_is_repeated_is_thinned_however_new(tmp_path):
    root = tmp_path / "runs"
    runs = [night(root, number, tag) for number, tag in enumerate(["", "repeated", "", "repeated"])]
    thinned(root)
    now = [reader.ArchivedRun(run.folder) for run in runs]
    assert [whole(run) for run in now] == [True, False, True, True]      # the last is last=1's
    assert all(run.broken() == [] for run in now)
