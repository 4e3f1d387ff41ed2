"""Done again: four verdicts, each with a committed example; what is compared, and the band."""

import io
import json
import subprocess
import zipfile
from pathlib import Path

import numpy as np
import pytest

from tegashiki.cli import main
from tegashiki.errors import TegashikiError
from tegashiki.journal.archive import check, reader
from tegashiki.journal.format import layout, manifest, pruned
from tegashiki.journal.format.metrics import Metrics
from tegashiki.journal.report.verification import (
    band,
    contents,
    kept,
    rerun,
    scratch,
    surroundings,
    untried,
    verdict,
)
from tegashiki.storage import files
from tests.journal.notebooks import FINISH, archived, begin, tegashiki, write

pytestmark = [pytest.mark.process, pytest.mark.timeout(300)]


def test_a_committed_example_of_each_verdict(checkout):
    root = checkout / "tests" / "journal" / "archive_verdicts"
    assert check.whole(root) == []
    found = {}
    for run in reader.runs(root):
        if (run.folder / layout.VERIFY).is_file():
            told = files.read_json(run.folder / layout.VERIFY)
            found[told["verdict"]] = told
    assert set(found) == {"identical", "within band", "drifted", "cannot"}
    assert found["drifted"]["why"].startswith("first at epoch 3, loss")
    assert len(found["within band"]["band"]) == 3
    assert "data probe.txt" in found["cannot"]["why"]


def trained(runs, losses, seed=0, arrays=None, **results):
    run = archived(runs, "tiny", "train", {"rate": 0.5, "seed": seed})
    table = Metrics(run.folder / layout.METRICS)
    for epoch, loss in enumerate(losses, 1):
        table.add({"epoch": epoch, "loss": loss, "seconds": seed + epoch * 1.5})
    files.write_json(run.folder / layout.RESULTS, {"loss": losses[-1], **results})
    if arrays is not None:
        (run.folder / layout.ARTIFACTS).mkdir(exist_ok=True)
        (run.folder / layout.ARTIFACTS / "weights.npz").write_bytes(arrays)
    state = files.read_json(run.folder / layout.STATUS)
    sealed = {"manifest_sha256": manifest.write(run.folder)}
    files.write_json(run.folder / layout.STATUS, state | sealed)
    return reader.ArchivedRun(run.folder)


def packed(save=np.savez, **arrays):
    out = io.BytesIO()
    save(out, **arrays)
    return out.getvalue()


def test_contents_not_bytes(runs):
    weights = {"a": np.arange(5.0), "b": np.array([np.nan, 1])}
    one = trained(runs, [2.0, 1.0], arrays=packed(**weights), train_seconds=3)
    same = trained(runs, [2.0, 1.0], 1, packed(np.savez_compressed, **weights), train_seconds=9)
    assert contents.compare(one, same) == []  # neither packing nor the clock
    assert verdict.decide([], None)[0] == "identical"
    other = packed(a=np.arange(5.0), b=np.array([np.nan, 1 + 1e-15]))
    (found,) = contents.compare(one, trained(runs, [2.0, 1.0], arrays=other))
    what = "weights.npz b (1 of 2 numbers, by at most 1e-15)"
    assert (found.kind, found.name) == ("artifact", what)
    found = contents.compare(one, trained(runs, [2.0, 1.5, 1.2]))
    assert [(d.kind, d.at) for d in found[:3]] == [("curve", 2.0), ("curve", 3.0), ("curve", 3.0)]
    assert {d.kind for d in found} == {"curve", "result", "artifact"}
    assert verdict.decide(found, None) == ("drifted", f"first at {found[0]}")


def test_a_file_of_which_only_the_hash_is_left_proves_nothing(runs):
    one, other = (trained(runs, [1.0], arrays=packed(a=np.arange(5.0) + more)) for more in (0, 1))
    (one.folder / "artifacts" / "weights.npz").unlink()
    word, why = verdict.decide(contents.compare(one, other), None)
    assert word == "cannot" and "of 1 files only the hash is known" in why
    seeds = band.measure([trained(runs, [loss], seed) for seed, loss in enumerate((0.9, 1.1, 1.0))])
    assert verdict.decide(contents.compare(one, other), seeds)[0] == "within band"
    lower = trained(runs, [0.9], arrays=packed(a=np.arange(5.0) + 1))
    assert verdict.decide(contents.compare(one, lower), None)[0] == "drifted"


def test_times_deep_inside_of_results_are_no_difference(runs):
    def figures(seconds, steps=16):
        return {"checks": {"overfits": {"steps": steps, "seconds": seconds}},
                "parts": [{"fit_ms": seconds, "ms": seconds, "ms_median": seconds}]}

    one, same = (trained(runs, [1.0], **figures(seconds)) for seconds in (5.1, 5.2))
    assert contents.compare(one, same) == []
    (found,) = contents.compare(one, trained(runs, [1.0], **figures(5.1, steps=17)))
    assert (found.kind, found.name) == ("result", "checks.overfits.steps")


def test_keras_files_by_their_weights(tmp_path):
    for name, when, weight in (("a", "1", b"w"), ("b", "2", b"w"), ("c", "1", b"v")):
        with zipfile.ZipFile(tmp_path / name, "w") as made:
            made.writestr("metadata.json", json.dumps({"date_saved": when}))
            made.writestr("model.weights.h5", weight)
    a, b, c = (tmp_path / name for name in "abc")
    assert contents._inside_zip(zipfile.ZipFile(a), zipfile.ZipFile(b)) is None
    assert contents._inside_zip(zipfile.ZipFile(a), zipfile.ZipFile(c)) == "model.weights.h5"


def test_a_card_that_differs_in_measured_times_only(runs):
    def carded(text, **numbers):
        run = trained(runs, [1.0], **numbers)
        (run.folder / layout.ARTIFACTS).mkdir(exist_ok=True)
        (run.folder / layout.ARTIFACTS / "card.md").write_text(text.format(run=run.id))
        state = files.read_json(run.folder / layout.STATUS)
        sealed = {"manifest_sha256": manifest.write(run.folder)}
        files.write_json(run.folder / layout.STATUS, state | sealed)
        return reader.ArchivedRun(run.folder)

    one = carded("run {run}: exact 73.6 %, 9.5 ms, on 2026-11-21", exact=0.736, ms=9.521)
    same = carded("run {run}: exact 73.6 %, 8.1 ms, on 2026-11-28", exact=0.736, ms=8.09)
    false = carded("run {run}: exact 74.6 %, 8.1 ms, on 2026-11-28", exact=0.736, ms=8.09)
    assert contents.compare(one, same) == []
    assert [d.name for d in contents.compare(one, false)] == ["card.md"]
    table = "run {run}\n| exact | 73.6% |\n| median ms | MS |"      # that no result repeats
    one, same = (carded(table.replace("MS", ms), exact=0.736) for ms in ("9.5", "8.1"))
    false = carded(table.replace("MS", "9.5").replace("73.6", "74.6"), exact=0.736)
    assert contents.compare(one, same) == []
    assert [d.name for d in contents.compare(one, false)] == ["card.md"]


def test_a_false_archived_value_is_outside_of_the_band(runs):
    seeds = [trained(runs, [2.0, loss], seed) for seed, loss in enumerate((1.0, 1.1, 1.2), 1)]
    forged, good = trained(runs, [2.0, 0.1], 0), trained(runs, [2.0, 1.1], 0)
    found = contents.compare(forged, good)
    assert verdict.decide(found, band.measure(band.seeds_of(forged, runs)))[0] == "drifted"
    assert len(seeds) == 3


def test_verify_json_is_bound_to_what_it_verified(runs):
    run, other = trained(runs, [1.0]), trained(runs, [2.0])
    verdict.Verdict("identical", "equal").write(run)
    assert verdict.read(run)["verdict"] == "identical"
    (other.folder / layout.VERIFY).write_bytes((run.folder / layout.VERIFY).read_bytes())
    assert verdict.read(other) is None
    assert any("verify.json" in str(problem) for problem in check.one(other, {}))


def test_a_commit_that_a_clone_would_lack_is_named(runs, checkout):
    kept, gone = archived(runs, "tiny", "step", {}), archived(runs, "tiny", "step", {})
    commit = next(iter(untried.history(checkout)))
    for run, its in ((kept, commit), (gone, "0" * 40)):
        code = {"commit": its, "dirty": False, "patch": None, "left_out": []}
        files.write_json(run.folder / layout.RUN, run.record | {"code": code})
    found = [reader.ArchivedRun(run.folder) for run in (kept, gone)]
    assert untried.lost(found, checkout) == {"0" * 40: [gone.id]}
    assert untried.lost(found, None) == {}


def test_a_run_without_a_verdict_says_why(runs, checkout):
    commit = next(iter(untried.history(checkout)))
    run = archived(runs, "tiny", "step", {})

    def why(status=None, **change):
        files.write_json(run.folder / layout.RUN, run.record | change)
        found = reader.ArchivedRun(run.folder)
        if status:
            found.outcome["status"] = status
        return untried.why(found, frozenset({commit}))

    assert why()[0] == "cannot" and "commit is not known" in why()[1]
    notebook = {"path": "a.ipynb", "sha256": "0" * 64}
    code = {"commit": "0" * 40, "dirty": False, "patch": None, "left_out": []}
    assert why(notebook=notebook, code=code) == (
        "cannot", "commit 000000000000 is not in this repository: it was rebased away")
    code["commit"] = commit
    word, reason = why(notebook=notebook, code=code)
    assert word == "not tried" and reason.startswith("it took ")
    assert why("interrupted", notebook=notebook, code=code)[0] == "cannot"
    device = {"processor": "abacus", "cores": 2, "memory_gb": 1, "accelerators": ["H200"]}
    assert why(notebook=notebook, code=code, device=device) == ("not tried", "it ran on H200")


def test_the_runs_own_machine_is_put_back(runs, monkeypatch):
    run = archived(runs, "tiny", "step", {})
    device = {"processor": "abacus", "cores": 999, "memory_gb": 1, "accelerators": []}
    then = {"settings": {"OMP_NUM_THREADS": "3"}}
    files.write_json(run.folder / layout.RUN, run.record | {"environment": then, "device": device})
    monkeypatch.setenv("XLA_FLAGS", "--of-today")
    put_back = surroundings.settings(reader.ArchivedRun(run.folder), None)
    assert put_back["OMP_NUM_THREADS"] == "3" and put_back["TF_NUM_INTRAOP_THREADS"] == "999"
    assert "XLA_FLAGS" not in put_back and "TEGASHIKI_RUN" not in put_back


def test_a_limit_in_time_is_a_cause(runs):
    run = archived(runs, "tiny", "step", {"seconds": 420, "minutes": 0, "speed_length": 9})
    (cause,) = surroundings.hurried(run)
    assert cause.startswith("seconds: it was given 420")


def test_band_of_three_seeds(runs):
    seeds = [trained(runs, [2.0, loss], seed) for seed, loss in enumerate((1.0, 1.1, 1.2))]
    assert {run.id for run in band.seeds_of(seeds[0], runs)} == {run.id for run in seeds[1:]}
    found = band.measure(seeds)
    near, far = trained(runs, [2.0, 1.3], 0), trained(runs, [2.0, 9.0], 0)
    assert verdict.decide(contents.compare(seeds[0], near), found)[0] == "within band"
    word, why = verdict.decide(contents.compare(seeds[0], far), found)
    assert word == "drifted"
    assert why.startswith("first at epoch 2, loss: 1.0 then, 9.0 now, outside")
    longer = trained(runs, [2.0, 1.1, 1.0], 0)  # an epoch that no seed has
    assert verdict.decide(contents.compare(seeds[0], longer), found)[0] == "drifted"
    with pytest.raises(TegashikiError, match="2 seeds that differ in nothing else; at least 3"):
        band.measure([*seeds[:2], seeds[0]])


def test_a_dry_refusal_of_the_band(runs, capsys):
    run = trained(runs, [1.0])
    assert main(["verify", run.id, "--band"]) == 1
    assert "at least 3 are needed" in capsys.readouterr().err
    assert not (run.folder / layout.VERIFY).exists()


@pytest.fixture
def home(tmp_path):
    """A repository of its own with one notebook and a data file that is not committed."""
    home = tmp_path / "home"
    walk = "total = 1.0\nfor epoch in range(3):\n    total *= rate\n"
    walk += "    run.metrics(epoch=epoch, loss=total)\nrun.data('set.txt')\n"
    walk += "run.artifact('end.txt').write_text(repr(total))"
    cells = [("parameters", "rate = 0.5\nseed = 1"), begin(values="rate=rate, seed=seed"), walk,
             FINISH]  # fmt: skip
    write(home / "notebooks" / "tiny", "step", cells)
    (home / ".gitignore").write_text("set.txt\nruns\n")
    (home / "set.txt").write_text("ink")
    for words in (["init", "-q"], ["add", "."], ["commit", "-qm", "one"]):
        setup = ["-c", "user.name=t", "-c", "user.email=t@example.org"]
        subprocess.run(["git", "-C", home, *setup, *words], check=True, capture_output=True)
    (home / "more.py").write_text("x = 1\n")  # untracked: it goes into the patch
    return home


@pytest.mark.slow
def test_done_again(home, tmp_path, monkeypatch):
    runs = home / "runs"
    monkeypatch.chdir(home)
    monkeypatch.setenv("TEGASHIKI_RUNS", str(runs))
    notebook = home / "notebooks" / "tiny" / "step.ipynb"
    assert tegashiki("run", notebook, "-p", "rate=0.25", runs=runs, cwd=home).returncode == 0
    (run,) = reader.runs(runs)
    assert run.record["code"]["patch"] and run.record["data"][0]["place"] == "set.txt"
    (home / "more.py").unlink()

    def cannot():
        found = rerun.verify(reader.ArchivedRun(run.folder), home, today=True)
        assert found.word == "cannot"
        return found.why

    (home / "set.txt").write_text("INK")
    assert cannot() == "data set.txt at set.txt is not what it read"
    (home / "set.txt").unlink()
    assert cannot() == "data set.txt is not at set.txt"
    (home / "set.txt").write_text("ink")
    # The notebook reads set.txt from where it runs, and the scratch tree has none.
    why = cannot()
    assert "doing it again failed" in why and "set.txt" in why
    (home / ".gitignore").write_text("runs\n")
    for words in (["add", "set.txt"], ["commit", "-qm", "two"]):
        setup = ["-c", "user.name=t", "-c", "user.email=t@example.org"]
        subprocess.run(["git", "-C", home, *setup, *words], check=True, capture_output=True)
    head = subprocess.run(["git", "-C", home, "rev-parse", "HEAD"], capture_output=True, check=True)
    code = run.record["code"] | {"commit": head.stdout.decode().strip()}
    record = files.read_json(run.folder / layout.RUN)
    files.write_json(run.folder / layout.RUN, record | {"code": code})
    state = files.read_json(run.folder / layout.STATUS)
    sealed = {"manifest_sha256": manifest.write(run.folder)}
    files.write_json(run.folder / layout.STATUS, state | sealed)
    done = tegashiki("verify", "--all", "--longest", "600", "--today", runs=runs, cwd=home)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{run.id}  identical" in done.stdout
    told = files.read_json(run.folder / layout.VERIFY)
    assert told["verdict"] == "identical" and told["differences"] == []

    # What its commit holds is read from there, as a released model that has changed since.
    (home / "set.txt").write_text("INK")
    assert rerun.verify(reader.ArchivedRun(run.folder), home, today=True).word == "identical"
    (home / "set.txt").write_text("ink")

    def rewrite(change):
        files.write_json(run.folder / layout.RUN, record | {"code": code} | change)
        state = files.read_json(run.folder / layout.STATUS)
        told = {"manifest_sha256": manifest.write(run.folder)}
        files.write_json(run.folder / layout.STATUS, state | told)

    entry = {"asked": "latest", "manifest_sha256": "0" * 64, "series": "tiny"}
    for change, why in (
        ({"code": code | {"commit": "0" * 40}}, "is not in this repository"),
        ({"code": code | {"left_out": ["big.bin"]}}, "big.bin was kept out"),
        ({"notebook": None}, "its notebook is not known"),
        ({"upstream": [{"id": "00000000", "step": "first", **entry}]}, "is not in the archive"),
    ):
        rewrite(change)
        assert why in cannot(), why
    (run.folder / layout.PATCH).write_text("diff --git a/x b/x\nnonsense\n")
    rewrite({})
    assert "does not fit its commit" in cannot()
    (run.folder / layout.METRICS).write_text("epoch,loss\n0,0.1\n")
    assert cannot() == "it is not what was archived: metrics.csv: changed since the run"


@pytest.fixture
def long(tmp_path, monkeypatch):
    """A repository whose run takes longer than its rows, and hangs after two of them if told so."""
    home = tmp_path / "long"
    walk = "import os, time\nfor epoch in range(3):\n"
    walk += "    if epoch == 2: time.sleep(300 if 'HANGS' in os.environ else 8)\n"
    walk += "    run.metrics(epoch=epoch, loss=float(os.environ.get('LOSS', 1)) / (1 + epoch))"
    cells = [("parameters", "seed = 1"), begin(values="seed=seed"), walk, FINISH]
    write(home / "notebooks" / "tiny", "step", cells)
    (home / ".gitignore").write_text("runs\n")
    for words in (["init", "-q"], ["add", "."], ["commit", "-qm", "one"]):
        setup = ["-c", "user.name=t", "-c", "user.email=t@example.org"]
        subprocess.run(["git", "-C", home, *setup, *words], check=True, capture_output=True)
    monkeypatch.chdir(home)
    monkeypatch.setenv("TEGASHIKI_RUNS", str(home / "runs"))
    return home


@pytest.mark.slow
def test_the_beginning_of_a_long_run(long, monkeypatch):
    runs = long / "runs"
    notebook = long / "notebooks" / "tiny" / "step.ipynb"
    assert tegashiki("run", notebook, runs=runs, cwd=long).returncode == 0
    (run,) = reader.runs(runs)
    monkeypatch.setenv("HANGS", "1")
    words = ("verify", "--all", "--today", "--first", f"{run.outcome['seconds'] - 1:.1f}")
    done = tegashiki(*words, runs=runs, cwd=long)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{run.id}  begins identical  row 1 to 2 of 3 of its curve are equal" in done.stdout
    (run,) = reader.runs(runs)
    assert verdict.read(run)["verdict"] == "begins identical"

    monkeypatch.setenv("LOSS", "2")
    done = tegashiki(*words[:1], run.id, *words[2:], runs=runs, cwd=long)
    assert done.returncode == 1
    assert "drifted  first at epoch 0, loss: 1.0 then, 2.0 now" in done.stdout
    done = tegashiki(*words[:1], run.id, "--today", "--first", "0.5", runs=runs, cwd=long)
    assert done.returncode == 1
    assert "cannot  it wrote no row of its curve within 0.5 s; give it more time" in done.stdout


def test_the_beginning_has_no_band(runs, capsys):
    run = trained(runs, [1.0])
    assert main(["verify", run.id, "--band", "--first", "9"]) == 1
    assert "--first and --band do not go together" in capsys.readouterr().err


def test_surroundings_are_named(runs):
    run = archived(runs, "tiny", "step", {})
    packages = dict.fromkeys(("keras", "numpy", "papermill", "rdp", "tqdm", "jinja2"), "0")
    then = {"python": "3.0", "packages": packages}
    device = {"processor": "abacus", "cores": 999, "memory_gb": 1, "accelerators": []}
    change = {"environment": then, "device": device}
    files.write_json(run.folder / layout.RUN, run.record | change)
    said = surroundings.differing(reader.ArchivedRun(run.folder), None)
    assert said[0].startswith("python 3.0 then") and any("abacus" in line for line in said)
    assert any(line.startswith("packages: ") for line in said)
    assert any(line.startswith("cores 999 then") for line in said)


@pytest.mark.slow
def test_environment_is_made_once_from_the_runs_own_lock(runs, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    lock = tmp_path / "tree" / "requirements.lock"
    lock.parent.mkdir()
    lock.write_text("# a run that needed nothing\n")
    run = archived(runs, "tiny", "step", {})
    told = {"lock": {"file": lock.name, "sha256": files.sha256(lock)}}
    files.write_json(run.folder / layout.RUN, run.record | {"environment": told})
    run = reader.ArchivedRun(run.folder)
    python = Path(kept.environment(run, lock.parent))
    assert not (tmp_path / "tree" / "venv").exists() and tmp_path / "cache" in python.parents
    listed = subprocess.run([python, "-m", "pip", "list", "--format=freeze"], capture_output=True,
                            text=True, check=True).stdout
    assert "papermill" not in listed
    trace = python.parents[1] / "trace"
    trace.touch()
    assert kept.environment(run, lock.parent) == str(python) and trace.exists()
    (python.parents[1] / ".made").unlink()                # as if it had been interrupted
    assert kept.environment(run, lock.parent) == str(python) and not trace.exists()
    lock.write_text("papermill==2.6.0\n")
    with pytest.raises(TegashikiError, match="it has no lock"):
        kept.environment(run, lock.parent)


def test_where_the_archive_lies_is_no_difference(runs):
    one, other = trained(runs, [1.0]), trained(runs, [1.0])

    def names(run, path):
        files.write_json(run.folder / layout.RESULTS, {"loss": 1.0, "model": path})
        return reader.ArchivedRun(run.folder)

    then = names(one, f"runs/tiny/{one.name}/artifacts/model")
    same = names(other, f"/elsewhere/runs/tiny/{other.name}/artifacts/model")
    assert contents.compare(then, same) == []
    for path in (f"/elsewhere/runs/tiny/{other.name}/artifacts/another",
                 f"runs/tiny/{one.name}/artifacts/model"):        # of another run
        assert [found.name for found in contents.compare(then, names(other, path))] == ["model"]


def test_what_left_a_run_is_told_to_older_code_in_its_version(runs, tmp_path):
    run = trained(runs, [1.0], arrays=packed(a=np.arange(3)))
    (entry,) = [e for e in manifest.read(run.folder) if e["path"].endswith("weights.npz")]
    pruned.note(run.folder, [entry], "room", None)
    (run.folder / entry["path"]).unlink()
    linked = scratch.link(run, tmp_path)
    assert files.read_json(linked / layout.PRUNED)["version"] == 2
    assert files.read_json(run.folder / layout.PRUNED)["version"] == pruned.VERSION
    assert reader.ArchivedRun(linked).broken() == []


def test_what_a_run_came_from_was_there_down_to_the_first(runs, tmp_path, checkout):
    first = archived(runs, "tiny", "first", {})
    second = archived(runs, "tiny", "second", {}, [first])
    third = archived(runs, "tiny", "third", {}, [second])
    archived(runs, "tiny", "other", {})
    third.outcome["started"] = "2000-01-01T00:00:00Z"      # before all of them, by its clock
    scratch.archive(third, tmp_path / "then", checkout)
    there = {run.id for run in reader.runs(tmp_path / "then")}
    assert there == {first.id, second.id}
