"""The command line itself: quick, one line for what a person can mend, no traceback."""

import subprocess
import sys

import pytest

from tegashiki.cli import COMMANDS, main
from tests.journal.notebooks import CHECKOUT, environment

pytestmark = pytest.mark.process


@pytest.mark.parametrize("words", ["--help", "ls", "show"])
def test_imports_nothing_heavy(tmp_path, words):
    heavy = "{'papermill', 'nbformat', 'IPython', 'matplotlib', 'numpy', 'tensorflow', 'keras'}"
    code = f"import sys; sys.argv = ['tegashiki', {words!r}]\n"
    code += "from tegashiki.cli import main\ntry:\n    main()\nexcept SystemExit:\n    pass\n"
    code += f"assert not {heavy} & set(sys.modules), {heavy} & set(sys.modules)"
    subprocess.run(
        [sys.executable, "-c", code],
        cwd=CHECKOUT,
        env=environment(tmp_path),
        check=True,
        capture_output=True,
    )


def test_what_an_extra_brings_is_named(tmp_path, monkeypatch, capsys):
    (tmp_path / "pictured.py").write_text('"""Needs pictures."""\nimport cv2.aruco\n')
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "cv2.aruco", raising=False)
    monkeypatch.setitem(sys.modules, "cv2", None)       # as if it were not installed
    monkeypatch.setitem(COMMANDS, "pictured", ("pictured", "a command of its own"))
    assert main(["pictured"]) == 1
    assert 'cv2.aruco is missing; install it with pip install "tegashiki[images]"' in (
        capsys.readouterr().err)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(name, capsys):
    with pytest.raises(SystemExit) as ended:
        main([name, "--help"])
    assert ended.value.code == 0
    assert f"tegashiki {name}" in capsys.readouterr().out


def test_wrong_use(capsys):
    for line in ("", "fly", "run", "run x --retries -1", "run x --timeout 0"):
        with pytest.raises(SystemExit) as ended:
            main(line.split())
        assert ended.value.code == 2
    assert "error" in capsys.readouterr().err


def test_reader_that_goes_away(tmp_path):
    command = f"{sys.executable} -m tegashiki.cli ls | true"
    done = subprocess.run(
        ["bash", "-c", command], cwd=CHECKOUT, env=environment(tmp_path), capture_output=True,
        text=True, check=True,
    )  # fmt: skip
    assert done.stderr == ""


def test_empty_archive(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("TEGASHIKI_RUNS", str(tmp_path / "none"))
    assert main(["ls"]) == 0 and main(["ls", "--json"]) == 0
    assert capsys.readouterr().out.endswith("[]\n")
