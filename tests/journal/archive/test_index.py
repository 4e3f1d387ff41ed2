"""An archive that was damaged, half-copied or written by two at once: readers go on, nothing lies.

The table in runs/README.md names each fault and where it was tried.
"""

import json
import shutil

import pytest

from tegashiki import journal
from tegashiki.cli import main
from tegashiki.journal.archive import index, reader
from tegashiki.journal.format import layout
from tegashiki.storage import files
from tests.journal.notebooks import FINISH, PARAMETERS, begin, start, write

READERS = (["ls"], ["ls", "--json"], ["ls", "--sort", "loss"], ["ls", "--where", "loss<9"])


@pytest.fixture(scope="module")
def originals(tmp_path_factory):
    """Two sound runs, made once; each test damages a copy."""
    with pytest.MonkeyPatch.context() as patch:
        root = tmp_path_factory.mktemp("originals") / "runs"
        patch.setenv("TEGASHIKI_RUNS", str(root))
        for step in ("one", "two"):
            trained(step)
    return root


def trained(step="train"):
    run = journal.begin("tiny", step, seed=1)
    run.metrics(epoch=1, loss=2.0)
    run.metrics(epoch=2, loss=1.0)
    run.result(loss=1.0)
    run.artifact("weights.bin").write_bytes(bytes(1000))
    run.finish()
    return reader.ArchivedRun(run.folder)


DAMAGES = {
    "a row cut short": lambda f: (f / "metrics.csv").write_text("epoch,loss\n1,2.0\n2"),
    "not text": lambda f: (f / "metrics.csv").write_bytes(b"\xff\xfe\x00epoch"),
    "empty": lambda f: (f / "metrics.csv").write_text(""),
    "words for numbers": lambda f: (f / "metrics.csv").write_text("epoch,loss\n1,many\n"),
    "half copied: no manifest": lambda f: (f / "manifest.json").unlink(),
    "half copied: no status": lambda f: (f / "status.json").unlink(),
    "half copied: no record": lambda f: (f / "run.json").unlink(),
    "half copied: cut record": lambda f: (f / "run.json").write_text('{"version": 1, "id"'),
    "half copied: half an artifact": lambda f: (f / "artifacts/weights.bin").write_bytes(b"0"),
    "only the folder": lambda f: [shutil.rmtree(p) if p.is_dir() else p.unlink()
                                  for p in f.iterdir()],
}  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGES)
def test_damaged_run_beside_a_sound_one(runs, originals, tmp_path, capsys, damage):
    shutil.copytree(originals, runs)
    sound, bad = reader.runs(runs)
    DAMAGES[damage](bad.folder)
    capsys.readouterr()
    for words in READERS:
        assert main(words) == 0, words
        assert sound.id in capsys.readouterr().out
    assert main(["check"]) == 1
    assert bad.id in capsys.readouterr().out
    assert main(["check", sound.id]) == 0
    assert main(["site", str(tmp_path / "site")]) == 0
    assert sound.id in (tmp_path / "site" / "index.html").read_text()
    for words in (["show", bad.id], ["curves", sound.id, bad.id], ["diff", sound.id, bad.id],
                  ["bundle", bad.id], ["resume", bad.id]):  # fmt: skip
        assert main(words) in (0, 1), words  # an answer or one line, never a traceback
    bad_now = reader.ArchivedRun(bad.folder)
    assert bad_now.status != "ok" or bad_now.broken()
    (runs / "index.csv").unlink()
    index.rebuild(runs)
    assert sound.id in (runs / "index.csv").read_text()


def test_two_at_once(runs, tmp_path):
    path = write(tmp_path / "tiny", "step", [PARAMETERS, begin(), "run.result(half=rate)", FINISH])
    both = [start("run", path, "-p", f"seed={seed}", runs=runs) for seed in (1, 2)]
    for process in both:
        _, said = process.communicate(timeout=120)
        assert process.returncode == 0, said
    made = reader.runs(runs)
    assert [run.status for run in made] == ["ok", "ok"] and all(run.broken() == [] for run in made)
    assert {run.record["seed"] for run in made} == {1, 2}
    assert (runs / "index.csv").read_text() == index.text(runs)


def test_clock_set_back(runs, monkeypatch, capsys):
    """A run that says it ended before it began keeps its place and its status."""
    first = trained("one")
    monkeypatch.setattr(files, "now", lambda: "2001-01-01T00:00:00.000Z")
    second = trained("two")
    assert second.status == "ok" and second.broken() == []
    assert second.outcome["seconds"] >= 0  # by a clock that nobody sets
    capsys.readouterr()
    main(["ls", "--json"])
    listed = json.loads(capsys.readouterr().out)
    assert {run["id"] for run in listed} == {first.id, second.id}
    assert layout.OK == reader.find(runs, second.id).status
