"""What is up to date is passed over, and every reason to run again is told."""

import json

import pytest

from tegashiki.journal.archive import reader
from tegashiki.journal.execute import plan
from tegashiki.journal.format import layout, paths
from tegashiki.storage import files
from tests.journal.notebooks import (
    FINISH,
    PARAMETERS,
    archived,
    begin,
    tegashiki,
    write,
)

pytestmark = [pytest.mark.process, pytest.mark.timeout(350)]


@pytest.fixture
def runs(tmp_path, monkeypatch):
    monkeypatch.setenv(paths.RUNS, str(tmp_path / "runs"))
    monkeypatch.setenv("TF_NUM_INTRAOP_THREADS", "1")
    return tmp_path / "runs"
FIRST = [("parameters", "count = 3"), begin("first", "chain", "count=count"),
         "run.result(count=count)", FINISH]  # fmt: skip
SECOND = [
    ("parameters", "first = 'latest'\nscale = 2"),
    begin("second", "chain", "first=first, scale=scale"),
    "source = run.upstream('first', first)\nfrom pathlib import Path\n"
    "assert (Path('MARK')).exists(), 'not yet'\nrun.result(total=scale * source.results['count'])",
    FINISH,
]
THIRD = [("parameters", "second = 'latest'\nshift = 1"),
         begin("third", "chain", "second=second, shift=shift"),
         "run.result(end=run.upstream('second', second).results['total'] + shift)",
         FINISH]  # fmt: skip


@pytest.mark.slow
def test_failed_series_goes_on_and_what_is_up_to_date_is_passed_over(tmp_path, runs):
    """One story, since each step is a kernel: fails, is resumed, repeated, changed in part."""
    home, mark = tmp_path / "chain", tmp_path / "mark"
    write(home, "2026-01-01_01_first", FIRST)
    write(home, "2026-01-01_02_second", [c if isinstance(c, tuple) else c.replace("MARK", str(mark))
                                         for c in SECOND])  # fmt: skip
    write(home, "2026-01-01_03_third", THIRD)
    names = ["2026-01-01_01_first", "2026-01-01_02_second", "2026-01-01_03_third"]
    (home / "series.toml").write_text(f"steps = {json.dumps(names)}")
    done = tegashiki("run", home, "-p", "scale=5", "-p", "shift=7", "--summary", runs=runs)
    first, failed = reader.runs(runs)
    assert done.returncode == 1 and done.stderr == ""
    assert done.stdout == (
        f"chain quick: FAILED at second ({failed.id}): code cell 4: AssertionError: not yet\n"
    )
    assert failed.record["series_given"] == {"scale": "5", "shift": "7"}
    mark.touch()
    done = tegashiki("resume", failed.id, runs=runs, cwd=home)
    assert done.returncode == 0, done.stderr
    *_, second, third = reader.runs(runs)
    assert len(reader.runs(runs)) == 4 and third.results == {"end": 22}
    assert second.record["predecessor"] == {"id": failed.id, "why": "resume"}
    assert second.record["upstream"][0]["id"] == first.id
    assert third.parameters == {"second": second.id, "shift": 7}

    given = ["-p", "scale=5", "-p", "shift=7", "--if-changed"]
    done = tegashiki("run", home, *given, "--summary", "--exclusive", runs=runs)
    assert done.stdout == "chain quick: ok, nothing changed, 0 of 3 steps run\n"
    done = tegashiki("run", home, "-p", "scale=5", "-p", "shift=8", "--if-changed", runs=runs)
    assert done.returncode == 0 and len(reader.runs(runs)) == 5
    for line in (f"[1/3] first up to date: run {first.id}",
                 f"[2/3] second up to date: run {second.id}",
                 "[3/3] third runs: parameter shift: 7 then, 8 now"):  # fmt: skip
        assert line in done.stderr, done.stderr


def fact(run, **changes):
    path = run.folder / layout.RUN
    files.write_json(path, files.read_json(path) | changes)
    from tegashiki.journal.format import manifest

    state = files.read_json(run.folder / layout.STATUS)
    files.write_json(run.folder / layout.STATUS,
                     state | {"manifest_sha256": manifest.write(run.folder)})  # fmt: skip


def test_every_reason_to_run_again(runs, tmp_path, monkeypatch):
    from tegashiki.journal.archive import up_to_date

    home = tmp_path / "home"
    path = write(home / "notebooks" / "tiny", "step", [PARAMETERS, begin(), FINISH])
    (home / "pyproject.toml").touch()
    (home / "lib.py").write_text("x = 1")
    (home / "set").write_text("ink")
    monkeypatch.chdir(home)
    (step,) = plan.make(str(path), {}, "quick").steps

    def why():
        return up_to_date.find(runs, "tiny", "quick", step, {})[1]

    assert why() == "no ok run of it in profile quick yet"
    run = archived(runs, "tiny", "step", {"epochs": 2, "rate": 0.5, "seed": 7})
    assert why() == "the notebook changed"
    modules = {"lib": files.sha256(home / "lib.py"), "tegashiki.errors": files.sha256(
        paths.Path(up_to_date.tegashiki.__file__).parent / "errors.py")}  # fmt: skip
    data = {"name": "ink", "place": "set", "bytes": 3, "sha256": files.sha256(home / "set")}
    notebook = {"path": "x", "sha256": files.sha256(path)}
    fact(run, notebook=notebook, data=[data])
    assert why() == "its run does not say which code it imported"
    fact(run, modules=modules)
    assert why() == f"up to date: run {run.id}"
    (home / "other.py").write_text("never imported")
    assert why() == f"up to date: run {run.id}"
    (home / "lib.py").write_text("x = 2")
    assert why() == "code: module lib changed"
    (home / "set").write_text("INK")
    assert why() == "data ink changed"
    (home / "set").unlink()
    assert why() == "data ink is not where it was"
    fact(run, parameters={"epochs": 3, "rate": 0.5, "seed": 7})
    assert why() == "parameter epochs: 3 then, 2 now"
