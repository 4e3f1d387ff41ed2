"""The two commands of a newcomer: what make does first, and what it says when it cannot."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parent.parent

pytestmark = [
    pytest.mark.process,
    pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed"),
]


def make(*arguments, folder=CHECKOUT, **environment):
    """`make` as a person types it: its exit code and what it printed."""
    # A `make test` that runs these tests must not hand its own options and level down.
    ours = {"MAKEFLAGS", "MFLAGS", "MAKELEVEL", "ARGS"}
    outer = {name: value for name, value in os.environ.items() if name not in ours}
    return subprocess.run(["make", *arguments], cwd=folder, env={**outer, **environment},
                          capture_output=True, text=True, timeout=60, check=False)


def test_make_alone_lists_the_commands():
    listed = make().stdout
    assert all(f"make {name} " in listed for name in ("journal", "test", "lint", "lab"))


@pytest.fixture
def programs(tmp_path):
    """A folder that is looked into first: no Python that will do, no uv, until a test adds one."""
    folder = tmp_path / "programs"
    folder.mkdir()
    for name in ("python3.11", "python3.12", "python3.13", "python3", "uv"):
        put(folder / name, "#!/bin/sh\nexit 127\n")
    return folder


def put(path, script):
    path.write_text(script)
    path.chmod(0o755)


NO_VENV = '#!/bin/sh\ncase "$2" in *ensurepip*) exit 1;; esac\n'


@pytest.mark.parametrize(
    ("name", "script", "named", "complaint"),
    [
        (None, "", "", "this machine has no Python 3.11, 3.12 or 3.13; install one"),
        (None, "", "no/such/python", "no/such/python: no Python 3.11, 3.12 or 3.13"),
        ("python3.12", NO_VENV, "", "python3.12 has no venv; install it"),
    ],
    ids=["no python", "another python", "no venv"],
)
def test_a_missing_python_is_one_clear_line(tmp_path, programs, name, script, named, complaint):
    if name:
        put(programs / name, script)
    done = make("test", f"VENV={tmp_path / 'venv'}", f"PYTHON={named}",
                PATH=f"{programs}:{os.environ['PATH']}")
    assert done.returncode != 0
    assert complaint in done.stderr.splitlines()[0]
    assert len(done.stderr.splitlines()) == 2  # ours, and make's own "Error 1"
    assert not (tmp_path / "venv").exists()


# Stands in for Python and pip: notes each call, and makes a .venv whose python is itself again.
STUB = """#!/bin/sh
echo "$(basename "$0") $@" >> "$CALLS"
case "$*" in
  "-m venv --clear "*)
    rm -rf "$4"; mkdir -p "$4/bin"; cp "$0" "$4/bin/python"
    printf '#!/bin/sh\\n' > "$4/bin/ruff"; chmod +x "$4/bin/ruff";;
  *requirements.lock)
    [ ! -e broken ] || { echo "WARNING: chatter" >&2; echo "ERROR: no space left" >&2; exit 1; };;
esac
"""
# Stands in for uv, where it is: its venv is the stub's.
UV = """#!/bin/sh
echo "uv $@" >> "$CALLS"
case "$1" in venv) for folder; do :; done; python3.13 -m venv --clear "$folder";; esac
"""


@pytest.fixture
def workshop(tmp_path, programs):
    """A checkout with only what make reads, and a `make lint` there that counts locked installs."""
    for name in ("Makefile", "requirements.lock", "pyproject.toml", ".ci/environment"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(CHECKOUT / name, tmp_path / name)
    calls = tmp_path / "calls"
    put(programs / "python3.13", STUB)

    def lint():
        calls.write_text("")
        done = make("lint", folder=tmp_path, CALLS=str(calls),
                    PATH=f"{programs}:{os.environ['PATH']}")
        lines = [line for line in calls.read_text().splitlines() if " -c " not in line]
        return done, sum("-r requirements.lock" in line for line in lines), len(lines)

    return tmp_path, lint


def test_the_environment_is_made_once_and_again_when_the_lock_changes(workshop):
    folder, lint = workshop
    done, installs, _ = lint()
    assert (done.returncode, installs, done.stderr) == (0, 1, "")
    assert re.fullmatch(r"making \.venv .* with python3\.13 \(.*\)\nmade in \d+ s\n", done.stdout)
    assert lint()[1:] == (0, 0)
    (folder / "requirements.lock").touch()
    assert lint()[1:] == (0, 0), "a new date is not a new lock"
    with (folder / "pyproject.toml").open("a") as file:
        file.write("# a new entry point, say\n")
    assert lint()[1:] == (0, 1), "only the package is installed again"
    with (folder / "requirements.lock").open("a") as file:
        file.write("another==1.0 --hash=sha256:00\n")
    assert lint()[1] == 1


def test_uv_makes_the_environment_where_it_is(workshop, programs):
    folder, lint = workshop
    put(programs / "uv", UV)
    done, installs, _ = lint()
    assert (done.returncode, installs, done.stderr) == (0, 1, "")
    assert "with uv" in done.stdout
    calls = (folder / "calls").read_text()
    assert "uv venv --quiet --clear --seed --python python3.13 .venv" in calls
    assert re.search(r"^uv pip install .*--require-hashes -r requirements\.lock$", calls, re.M)


def test_an_environment_that_could_not_be_made_says_so_and_is_made_anew(workshop):
    folder, lint = workshop
    (folder / "broken").touch()
    done, _, _ = lint()
    assert done.returncode != 0
    assert "ERROR: no space left" in done.stderr and "chatter" not in done.stderr
    assert "could not be made" in done.stderr
    (folder / "broken").unlink()
    done, installs, _ = lint()
    assert (done.returncode, installs) == (0, 1)


def test_ci_runs_what_a_person_runs():
    script = CHECKOUT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    commands = [line for line in script.read_text().splitlines() if " make " in line]
    assert [line for line in commands if line[0] not in "# "] == [
        "within 45m make test",
        'TEGASHIKI_DATA=$nowhere within 15m make test ARGS="${touching[*]}"',
        "within 25m make network"]
