"""What a plain install takes tomorrow: the newest of everything that pyproject.toml allows.

The lock holds versions that were tested together; whoever installs without it gets others. An upper
bound that only the lock has is found here.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parent.parent.parent
PYTHONS = ("python3.13", "python3.12", "python3.11")     # the newest has the newest numpy

pytestmark = [pytest.mark.slow, pytest.mark.process, pytest.mark.network,
              pytest.mark.timeout(1800)]


def run(folder, *command, **environment):
    done = subprocess.run([str(part) for part in command], cwd=folder, text=True, check=False,
                          env={**os.environ, **environment}, capture_output=True, timeout=1500)
    assert done.returncode == 0, f"{command}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
    return done.stdout


def copy_of_the_checkout(target):
    """What git would hand out, without the archive of runs."""
    for name in run(CHECKOUT, "git", "ls-files", "-z").split("\0"):
        if name and not name.startswith("runs/") and (CHECKOUT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(CHECKOUT / name, target / name)
    return target


def works(python):
    """Whether it is there: a version manager's stand-in for a Python may be there without one."""
    return shutil.which(python) and not subprocess.run(
        [python, "-c", "import venv, ensurepip"], capture_output=True, check=False).returncode


def test_the_quick_series_runs_on_the_newest_of_everything(tmp_path):
    python = next(filter(works, PYTHONS), sys.executable)
    checkout = copy_of_the_checkout(tmp_path / "checkout")
    uv = (sys.executable, "-m", "uv")
    run(tmp_path, *uv, "venv", "--quiet", "--python", python, "venv")
    bin = tmp_path / "venv" / "bin"
    run(tmp_path, *uv, "pip", "install", "--quiet", "--python", bin / "python",
        "--editable", f"{checkout}[cpu]")
    print(run(tmp_path, *uv, "pip", "list", "--python", bin / "python"))
    said = run(checkout, bin / "tegashiki", "run", "ink2tex", "--profile", "quick",
               TEGASHIKI_RUNS=str(tmp_path / "runs"))
    statuses = [line.split()[1] for line in said.splitlines() if len(line.split()) > 2]
    assert statuses.count("ok") == 4, said
