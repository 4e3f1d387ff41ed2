"""The table at the top of RUNS.md, fault by fault, each with a real papermill run.

In all of them the exit code is not 0, the message is one line that says what to do, and no run is
`ok` that was not."""

import json
import os
import resource
import signal
import subprocess

import pytest

from tegashiki.journal.archive import reader
from tegashiki.journal.format import layout
from tests.journal.notebooks import (
    BEGIN,
    FINISH,
    HANG,
    PARAMETERS,
    alive,
    kernels,
    kill,
    notebook,
    only,
    start,
    tegashiki,
    wait_for,
    waiting,
    write,
)

pytestmark = [pytest.mark.process, pytest.mark.timeout(300)]


@pytest.fixture
def runs(tmp_path):
    return tmp_path / "runs"


@pytest.fixture
def hanging(tmp_path):
    return write(tmp_path / "tiny", "step", [PARAMETERS, BEGIN, HANG, FINISH])


def refused(done, runs, *words):
    """Exit 1, one line that holds the words, and nothing started."""
    assert done.returncode == 1, done.stderr
    *before, line = done.stderr.splitlines()
    assert line.startswith("error: ") and not any("Error" in text for text in before), done.stderr
    for word in words:
        assert word in done.stderr
    assert reader.runs(runs) == []


def test_kernel_killed_as_by_out_of_memory(tmp_path, runs):
    dies = "import os, signal\nprint('so far', flush=True)\nimport time; time.sleep(.5)\n"
    dies += "os.kill(os.getpid(), signal.SIGKILL)"
    path = write(tmp_path / "tiny", "step", [PARAMETERS, BEGIN, dies, FINISH])
    done = tegashiki("run", path, runs=runs)
    assert done.returncode == 1
    run = only(runs)
    assert run.status == "failed" and "was killed (signal 9; out of memory" in run.outcome["reason"]
    assert "in cell" in run.outcome["reason"]
    assert "so far" in (run.folder / "log.txt").read_text()
    last = notebook(run)[-1]
    assert last["execution_count"] is None
    assert last["metadata"]["papermill"]["status"] == "pending"  # papermill itself: completed
    assert run.broken() == []


def test_kernel_that_ends_by_itself_is_not_blamed_on_memory(tmp_path, runs):
    path = write(tmp_path / "tiny", "step", [PARAMETERS, BEGIN, "import os; os._exit(0)", FINISH])
    assert tegashiki("run", path, runs=runs).returncode == 1
    reason = only(runs).outcome["reason"]
    assert "ended by itself with exit code 0" in reason and "memory" not in reason


def test_index_that_cannot_be_written(tmp_path, runs):
    (runs / "index.csv").mkdir(parents=True)
    path = write(tmp_path / "tiny", "step", [PARAMETERS, BEGIN, FINISH])
    done = tegashiki("run", path, runs=runs)
    assert done.returncode == 0 and "index.csv could not be written" in done.stderr
    assert only(runs).status == "ok" and only(runs).broken() == []


def test_time_limit_of_the_whole_run(hanging, runs):
    # Twelve seconds, because a kernel starts slowly on a busy machine.
    done = tegashiki("run", hanging, "--timeout", "12", runs=runs)
    assert done.returncode == 1
    run = only(runs)
    assert run.status == "timed out" and "in cell 3 of 4" in run.outcome["reason"]
    assert run.outcome["seconds"] < 30
    assert "waiting" in (run.folder / "log.txt").read_text()
    assert kernels(run.folder) == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupted(hanging, runs, number):
    process = start("run", hanging, runs=runs)
    run = waiting(runs)
    assert reader.ArchivedRun(run.folder).status == "running"
    os.kill(process.pid, number)
    process.communicate(timeout=20)
    assert process.returncode == 128 + number
    run = only(runs)
    assert run.status == "interrupted"
    assert "".join(notebook(run)[2]["outputs"][0]["text"]) == "waiting\n"  # what it had printed
    assert kernels(run.folder) == []


def test_launcher_killed(hanging, runs):
    process = start("run", hanging, runs=runs)
    folder = waiting(runs).folder
    left = kernels(folder)
    assert len(left) == 2  # the executing process and its kernel
    kill(process.pid)
    process.communicate(timeout=20)
    wait_for(lambda: not any(alive(pid) for pid in left), 10)
    run = only(runs)
    assert json.loads((folder / "status.json").read_text())["status"] == "running"
    assert run.status == "died" and "gone without a last word" in run.outcome["reason"]
    assert "waiting" in (folder / "log.txt").read_text()
    listed = tegashiki("ls", "--status", "died", runs=runs)
    assert run.id in listed.stdout


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("epoch=3", ["no parameter 'epoch'", "epochs"]),
        ("epochs=2.5", ["parameter epochs", "int", "2.5"]),
        ("epochs=many", ["parameter epochs", "int", "many"]),
        ("rate=nan", ["parameter rate", "float"]),
        ("rate", ["-p rate", "name=value"]),
    ],
)
def test_wrong_parameter(tmp_path, runs, given, words):
    path = write(tmp_path / "tiny", "step", [PARAMETERS, BEGIN, FINISH])
    refused(tegashiki("run", path, "-p", given, runs=runs), runs, *words)


def test_untagged_cell(tmp_path, runs):
    path = write(tmp_path / "tiny", "step", [PARAMETERS[1], BEGIN, FINISH])
    done = tegashiki("run", path, "-p", "epochs=5", runs=runs)
    refused(done, runs, "tagged `parameters`", "cell 1 has #@param")


@pytest.mark.parametrize(
    ("line", "given"),
    [
        ("api_key = ''", "api_key=swordfish"),
        ("note = ''", "note=ghp_" + "x1Y2" * 9),
        ("note = ''", "note=q7R4tZ9bK2mW8xV5nJ3c"),
        ("note = 'hf_" + "aB3x" * 8 + "'", "seed=1"),
    ],
)
def test_secret(tmp_path, runs, line, given):
    path = write(tmp_path / "tiny", "step", [("parameters", f"{line}\nseed = 1"), FINISH])
    done = tegashiki("run", path, "-p", given, runs=runs)
    refused(done, runs, "looks like")
    assert given.partition("=")[2] not in done.stderr or given == "seed=1"


def test_flood_of_output(tmp_path, runs):
    flood = "import sys\nfor i in range(20_000):\n"
    flood += "    print('progress', i, file=sys.stdout if i % 2 else sys.stderr)"
    image = "from IPython.display import HTML\nHTML('x' * 5_000_000)"
    path = write(tmp_path / "tiny", "step", [PARAMETERS, BEGIN, flood, image, FINISH])
    done = tegashiki("run", path, runs=runs)
    assert done.returncode == 0, done.stderr
    run = only(runs)
    assert (run.folder / "notebook.ipynb").stat().st_size < 120_000
    outputs = notebook(run)[2]["outputs"]
    shown = "".join(outputs[0]["text"])
    assert len(outputs) == 2 and "cut here" in shown
    assert "progress 0\n" in shown or "progress 1\n" in shown
    assert shown.rstrip().endswith(("progress 19998", "progress 19999"))
    assert "left out" in str(notebook(run)[3]["outputs"])
    log = (run.folder / "log.txt").read_text()
    assert all(f"progress {i}\n" in log for i in range(0, 20_000, 500))


def test_endless_output_is_bounded_on_disk(tmp_path, runs):
    flood = "for i in range(30_000):\n    print(i, 'x' * 100)"
    path = write(tmp_path / "tiny", "step", [PARAMETERS, BEGIN, flood, FINISH])
    assert tegashiki("run", path, runs=runs).returncode == 0
    log = only(runs).folder / "log.txt"
    assert log.stat().st_size < layout.LOG_LIMIT + 1000
    text = log.read_text()
    assert text.startswith("0 xxx") and "29999 xxx" in text
    kept, _, end = text.partition("\n[... ")
    dropped, _, end = end.partition(" bytes left out here ...]\n")
    said = sum(len(f"{i} {'x' * 100}\n") for i in range(30_000))
    assert len(kept) + int(dropped) + len(end) == said


def test_error_in_a_cell(tmp_path, runs):
    path = write(tmp_path / "tiny", "step", [PARAMETERS, BEGIN, "1 / 0", FINISH])
    content = json.loads(path.read_text())  # as Colab saves it, after somebody ran it there
    left = {"outputs": [{"output_type": "stream", "name": "stdout", "text": "old"}]}
    content["cells"][3] |= left | {"execution_count": 9}
    content["cells"][3]["metadata"]["executionInfo"] = {"user": {"displayName": "Somebody"}}
    path.write_text(json.dumps(content))
    done = tegashiki("run", path, runs=runs)
    assert done.returncode == 1 and "ZeroDivisionError" in done.stdout
    run = only(runs)
    assert run.status == "failed" and "code cell 3: ZeroDivisionError" in run.outcome["reason"]
    assert "ZeroDivisionError" in (run.folder / "log.txt").read_text()
    assert notebook(run)[3]["execution_count"] is None
    assert "Somebody" not in (run.folder / "notebook.ipynb").read_text()


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("raise SystemExit(0)", "SystemExit"),  # papermill itself: exit code 0
        ("pass", "finish() was never reached"),
    ],
)
def test_not_ok_although_papermill_is_content(tmp_path, runs, cell, reason):
    path = write(tmp_path / "tiny", "step", [PARAMETERS, BEGIN, cell])
    assert tegashiki("run", path, runs=runs).returncode == 1
    run = only(runs)
    assert run.status == "failed" and reason in run.outcome["reason"]


def test_values_that_a_later_cell_changes(tmp_path, runs):
    path = write(tmp_path / "tiny", "step", [PARAMETERS, "epochs = 99", BEGIN, FINISH])
    tegashiki("run", path, runs=runs)
    assert "epochs is 99, but the launcher recorded 2" in only(runs).outcome["reason"]


def mounted(folder, options):
    """A small file system of its own, where the machine lets us; else None."""
    folder.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)],
        capture_output=True,
        check=False,
    )
    return done.returncode == 0


def test_disk_full(tmp_path):
    disk = tmp_path / "disk"
    fills = "run.artifact('big').write_bytes(b'x' * 3_000_000)"
    path = write(tmp_path / "tiny", "step", [PARAMETERS, BEGIN, fills, FINISH])
    if mounted(disk, "size=1m"):
        try:
            done = tegashiki("run", path, runs=disk / "runs")
            run = only(disk / "runs")
            assert run.status == "failed" and "No space left" in run.outcome["reason"]
            assert done.returncode == 1 and "Traceback" not in done.stderr
            (disk / "rest").write_bytes(b"x" * 5000)  # and now there is no room for a folder
            with pytest.raises(OSError):
                (disk / "rest").write_bytes(b"x" * 3_000_000)
            before = len(list(disk.rglob("*")))
            done = tegashiki("run", path, runs=disk / "runs")
            assert done.returncode == 1 and "No space left" in done.stderr
            assert "Traceback" not in done.stderr
            assert len(list(disk.rglob("*"))) == before
        finally:
            subprocess.run(["umount", str(disk)], check=False)
    else:
        limit = 1_000_000  # bytes a file: the system's answer is of the same kind

        def limited():
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

        done = tegashiki("run", path, runs=disk / "runs", preexec_fn=limited)
        assert done.returncode == 1 and "Traceback" not in done.stderr
        assert only(disk / "runs").status == "failed"


def test_read_only_archive(tmp_path):
    path = write(tmp_path / "tiny", "step", [PARAMETERS, BEGIN, FINISH])
    disk = tmp_path / "disk"
    if mounted(disk, "ro,size=1m"):
        try:
            refused(tegashiki("run", path, runs=disk), disk, "Read-only file system")
        finally:
            subprocess.run(["umount", str(disk)], check=False)
    else:
        disk.chmod(0o500)
        refused(tegashiki("run", path, runs=disk), disk, "Permission denied")
