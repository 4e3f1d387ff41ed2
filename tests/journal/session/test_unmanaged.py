"""A run that nobody launched: bare papermill, JupyterLab, Colab and a plain script."""

import json
import subprocess
import sys
import textwrap

import pytest

from tegashiki import journal
from tegashiki.errors import TegashikiError
from tegashiki.journal.archive import reader
from tegashiki.journal.session import frontend
from tegashiki.journal.transfer import ingest
from tests.journal.notebooks import (
    BEGIN,
    FINISH,
    PARAMETERS,
    begin,
    environment,
    notebook,
    only,
    write,
)  # fmt: skip

pytestmark = pytest.mark.process


def papermill(path, runs, *arguments, **more):
    """Plain papermill, from a folder that is no checkout, with the kernelspec of this Python."""
    # Two seconds of jsonschema's imports are spared, that is all that differs from `-m papermill`.
    start = "import sys; sys.modules['rfc3987_syntax'] = None; from papermill.cli import papermill"
    command = [sys.executable, "-c", f"{start}; papermill()"]
    return subprocess.run(
        [*command, path.name, "out.ipynb", "-k", "python3", *arguments],
        cwd=path.parent,
        env=environment(runs) | more,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def runs(tmp_path):
    return tmp_path / "runs"


def test_bare_papermill(tmp_path, runs):
    cells = [PARAMETERS, BEGIN, "run.result(half=rate)\nprint(run.seed('weights'))", FINISH]
    path = write(tmp_path / "tiny", "step", cells)
    done = papermill(path, runs, "-p", "epochs", "5")
    assert done.returncode == 0, done.stderr
    run = only(runs)
    assert run.status == "ok" and run.outcome["witness"] == "kernel"
    assert run.record["launched"] == "papermill"
    assert run.parameters == {"epochs": 5, "rate": 0.5, "seed": 7}
    assert run.results == {"half": 0.5} and run.broken() == []
    assert any("begin(" in cell["source"] for cell in notebook(run))
    assert (runs / "index.csv").read_text().count("\n") == 2


# How papermill's own schedulers call it: Airflow's PapermillOperator hands its arguments to
# papermill.execute_notebook; jupyter-scheduler's execution manager runs nbconvert's preprocessor
# over a notebook into which it has put the parameters.
SCHEDULERS = {
    "airflow": """
import papermill
papermill.execute_notebook("{name}", "out.ipynb", parameters={{"epochs": 5}}, progress_bar=False,
                           report_mode=True, kernel_name="python3", language="python")
""",
    "jupyter-scheduler": """
import nbformat, papermill.iorw, papermill.parameterize
from nbconvert.preprocessors import ExecutePreprocessor
nb = papermill.iorw.load_notebook_node("{name}")
nb = papermill.parameterize.parameterize_notebook(nb, {{"epochs": 5}})
ExecutePreprocessor(kernel_name="python3", store_widget_state=True).preprocess(
    nb, {{"metadata": {{"path": "."}}}})
nbformat.write(nb, "out.ipynb")
""",
}


@pytest.mark.parametrize("scheduler", SCHEDULERS)
def test_schedulers_leave_what_ingest_accepts(tmp_path, runs, scheduler):
    path = write(tmp_path / "tiny", "step", [PARAMETERS, BEGIN, "run.result(half=rate)", FINISH])
    code = "import sys; sys.modules['rfc3987_syntax'] = None\n"
    code += SCHEDULERS[scheduler].format(name=path.name)
    done = subprocess.run([sys.executable, "-c", code], cwd=path.parent, env=environment(runs),
                          capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    run = only(runs)
    assert run.status == "ok" and run.parameters["epochs"] == 5 and run.broken() == []
    assert ingest.ingest(run.folder, tmp_path / "home")[1]
    assert only(tmp_path / "home").results == {"half": 0.5}


@pytest.mark.parametrize(
    ("cell", "status", "reason"),
    [
        ("1 / 0", "failed", "ZeroDivisionError: division by zero"),
        ("pass", "interrupted", "before run.finish()"),
        ("import os; os._exit(1)", "died", "gone without a last word"),
    ],
)
def test_bare_papermill_never_ok_unless_finished(tmp_path, runs, cell, status, reason):
    papermill(write(tmp_path / "tiny", "step", [PARAMETERS, BEGIN, cell]), runs)
    run = only(runs)
    assert run.status == status and reason in run.outcome["reason"]


def test_unknown_name_given_to_bare_papermill(tmp_path, runs):
    path = write(tmp_path / "tiny", "step", [PARAMETERS, BEGIN, FINISH])
    done = papermill(path, runs, "-p", "epoch", "5")
    assert done.returncode == 1 and "did you mean epochs?" in done.stderr
    assert not list(runs.rglob("run.json"))


@pytest.mark.parametrize("given", [["-p", "epochs", "5"], []])
def test_begin_reads_the_parameters_itself(tmp_path, runs, given):
    cells = ["LIMIT = 3", PARAMETERS, begin(values=""), FINISH]
    done = papermill(write(tmp_path / "tiny", "step", cells), runs, *given)
    assert done.returncode == 0, done.stderr
    epochs = 5 if given else 2
    assert only(runs).parameters == {"epochs": epochs, "rate": 0.5, "seed": 7}


@pytest.mark.parametrize(
    ("early", "late", "words"),
    [("epochs = epochs + 1", "", "epochs was 2 in its own cell and is 3 now"),
     ("", "rate = 0.25", "rate was 0.5 when the run began and is 0.25 now")],
)  # fmt: skip
def test_changed_parameters_are_noticed(tmp_path, runs, early, late, words):
    cells = [PARAMETERS, early, begin(values=""), late, FINISH]
    done = papermill(write(tmp_path / "tiny", "step", cells), runs)
    assert done.returncode == 1 and words in done.stderr
    assert all(run.status == "failed" for run in reader.runs(runs))


def test_jupyter_names_itself(monkeypatch):
    monkeypatch.setenv("JPY_SESSION_NAME", "step.ipynb")
    assert frontend.by() == "jupyter"


def test_cells_mended_by_hand_are_no_ok_run(tmp_path, runs):
    cells = [PARAMETERS, BEGIN, ("raises-exception", "1 / 0"), FINISH]
    papermill(write(tmp_path / "tiny", "step", cells), runs)
    run = only(runs)
    assert run.status == "failed" and "raised before finish()" in run.outcome["reason"]


def test_begun_again_in_the_same_kernel(tmp_path, runs):
    papermill(write(tmp_path / "tiny", "step", [PARAMETERS, BEGIN, BEGIN, FINISH]), runs)
    assert sorted(run.status for run in reader.runs(runs)) == ["interrupted", "ok"]


def test_colab_and_script(tmp_path, runs):
    script = """
        import sys, types
        sys.modules["google.colab"] = types.ModuleType("google.colab")
        from tegashiki import journal
        run = journal.begin("tiny", "step", seed=1)
        run.finish()
        del sys.modules["google.colab"]
        journal.begin("tiny", "step", seed=1).finish()
        """
    subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)],
        cwd=tmp_path,
        env=environment(runs),
        check=True,
    )
    assert {run.record["launched"] for run in reader.runs(runs)} == {"colab", "python"}


def test_script_killed(tmp_path, runs):
    script = "from tegashiki import journal; import os; journal.begin('t', 's')\n"
    script += "os.kill(os.getpid(), 9)"
    subprocess.run([sys.executable, "-c", script], cwd=tmp_path, env=environment(runs), check=False)
    run = only(runs)
    assert run.status == "died"
    assert json.loads((run.folder / "status.json").read_text())["status"] == "running"


@pytest.mark.parametrize(
    ("series", "step", "values", "words"),
    [
        ("tiny", "step", {"token": "swordfish"}, "looks like a secret"),
        ("tiny", "step", {"rate": None}, "no type"),
        ("../up", "step", {}, "cannot name a run"),
        ("tiny", ".step", {}, "cannot name a run"),
    ],
)
def test_begin_refuses(tmp_path, monkeypatch, series, step, values, words):
    monkeypatch.setenv("TEGASHIKI_RUNS", str(tmp_path / "runs"))
    monkeypatch.chdir(tmp_path)
    with pytest.raises(TegashikiError, match=words):
        journal.begin(series, step, **values)
    assert not list(tmp_path.rglob("run.json"))
