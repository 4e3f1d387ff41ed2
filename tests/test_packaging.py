"""The files around the package agree with each other, and hold what they promise to a newcomer."""

import ast
import itertools
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import nbformat
import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import tegashiki
from tegashiki.cli import COMMANDS

CHECKOUT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))
NOTEBOOKS = sorted((CHECKOUT / "notebooks").rglob("*.ipynb"))


def read(name):
    return (CHECKOUT / name).read_text(encoding="utf-8")


def run(*command, **environment):
    """A command in the checkout, as a person would type it: its exit code and what it printed."""
    return subprocess.run(
        [str(part) for part in command],
        cwd=CHECKOUT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def locked():
    """requirements.lock as {name: (version, [hashes])}."""
    entries = {}
    for line in read("requirements.lock").replace("\\\n", " ").splitlines():
        pin, *options = line.split()
        name, version = pin.split("==")
        entries[canonicalize_name(name)] = (version, options)
    return entries


def direct_requirements():
    """What pyproject.toml asks for by name: the package itself and every extra."""
    extras = PROJECT["project"]["optional-dependencies"]
    return [*PROJECT["project"]["dependencies"], *itertools.chain(*extras.values())]


# --- the lock, and what repeats it ---------------------------------------------------------------


def test_every_locked_package_has_hashes_and_nothing_names_an_address():
    for name, (version, options) in locked().items():
        assert re.fullmatch(r"[0-9][\w.+!]*", version), name
        assert options, f"{name} has no hash"
        assert all(re.fullmatch(r"--hash=sha256:[0-9a-f]{64}", option) for option in options), name
    assert "://" not in read("requirements.lock")


def test_the_lock_satisfies_what_the_project_asks_for():
    extras = PROJECT["project"]["optional-dependencies"]
    wanted = [*PROJECT["project"]["dependencies"], *extras["cpu"], *extras["dev"]]
    on_linux = {"platform_system": "Linux", "platform_machine": "x86_64", "python_version": "3.11"}
    lock = locked()
    for requirement in map(Requirement, wanted):
        if requirement.marker and not requirement.marker.evaluate(on_linux):
            continue
        version, _ = lock[canonicalize_name(requirement.name)]
        assert requirement.specifier.contains(version), f"{requirement} but the lock has {version}"
    assert "setuptools" in lock, "the editable install builds without isolation and needs it"


def test_the_conda_environment_is_the_locked_one():
    environment = yaml.safe_load(read("environment.yml"))
    conda = [entry for entry in environment["dependencies"] if isinstance(entry, str)]
    (pip,) = [entry["pip"] for entry in environment["dependencies"] if isinstance(entry, dict)]
    assert environment["channels"][0] == "conda-forge"
    assert conda == ["python=3.11", "pip"]
    pinned = {canonicalize_name(pin.split("==")[0]): pin.split("==")[1] for pin in pip}
    assert pinned == {name: version for name, (version, _) in locked().items()}


def test_one_python_everywhere():
    assert Requirement("x" + PROJECT["project"]["requires-python"]).specifier.contains("3.11")
    assert PROJECT["tool"]["ruff"]["target-version"] == "py311"
    assert re.search(r"^PYTHON \?= python3\.11$", read("Makefile"), re.MULTILINE)
    assert re.search(r"^FROM python:3\.11-slim-bookworm$", read("Dockerfile"), re.MULTILINE)
    workflow = yaml.safe_load(read(".github/workflows/test.yml"))
    steps = workflow["jobs"]["test"]["steps"]
    assert [step["with"]["python-version"] for step in steps if "with" in step] == ["3.11"]
    assert "make test" in [step.get("run") for step in steps]


def test_the_container_installs_the_lock_and_works_as_a_normal_user():
    lines = [
        line for line in read("Dockerfile").replace("\\\n", " ").splitlines()
        if line and not line.startswith("#")
    ]
    instructions = [tuple(line.split(maxsplit=1)) for line in lines]
    assert any(
        verb == "RUN" and "--require-hashes -r requirements.lock" in rest
        for verb, rest in instructions
    )
    users = [rest for verb, rest in instructions if verb == "USER"]
    assert users and users[-1] not in ("root", "0")
    verb, command = instructions[-1]
    assert (verb, json.loads(command)[:3]) == ("CMD", ["tegashiki", "run", "ink2tex"])
    for verb, rest in instructions:
        if verb == "COPY":
            *sources, _ = [word for word in rest.split() if not word.startswith("--")]
            assert all((CHECKOUT / source).exists() for source in sources), rest


# --- pyproject.toml ------------------------------------------------------------------------------


@pytest.mark.parametrize("requirement", direct_requirements())
def test_every_direct_dependency_says_why(requirement):
    (line,) = [line for line in read("pyproject.toml").splitlines() if f'"{requirement}"' in line]
    assert re.search(r"#\s+\w.{4,}$", line), f"no reason beside {requirement}"


def test_one_version():
    assert tegashiki.__version__ == PROJECT["project"]["version"]


def test_the_wheel_carries_every_file_of_the_package(tmp_path):
    # a copy, because setuptools leaves its build folder beside the sources
    source = tmp_path / "source"
    source.mkdir()
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(CHECKOUT / name, source)
    litter = shutil.ignore_patterns("__pycache__", ".*")
    shutil.copytree(CHECKOUT / "tegashiki", source / "tegashiki", ignore=litter)
    made = run(sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check",
               "--no-deps", "--no-build-isolation", "--wheel-dir", tmp_path, source)
    assert made.returncode == 0, made.stderr
    (wheel,) = tmp_path.glob("*.whl")
    packed = set(zipfile.ZipFile(wheel).namelist())
    inside = [path for path in (source / "tegashiki").rglob("*") if path.is_file()]
    files = {path.relative_to(source).as_posix() for path in inside}
    assert files <= packed, f"left out of the wheel: {sorted(files - packed)}"


# --- what an import costs ------------------------------------------------------------------------

HEAVY = ("tensorflow", "keras", "jax", "matplotlib", "papermill", "IPython")


def imported_by(statement):
    """Which heavy packages a fresh interpreter has loaded after `statement`."""
    code = f"{statement}\nimport sys\nprint(sorted(set(sys.modules) & set({HEAVY})))"
    done = run(sys.executable, "-W", "error", "-c", code)
    assert done.returncode == 0, done.stderr
    return set(ast.literal_eval(done.stdout.splitlines()[-1]))


@pytest.mark.parametrize("statement", ["import tegashiki", "import tegashiki.cli"])
def test_the_command_line_starts_light(statement):
    assert imported_by(statement) == set()


@pytest.mark.parametrize("room", ["ink", "tex", "data", "synthesis", "storage", "journal"])
def test_only_the_upper_rooms_need_tensorflow(room):
    folder = CHECKOUT / "tegashiki" / room
    paths = sorted(path.relative_to(CHECKOUT).with_suffix("") for path in folder.rglob("*.py"))
    names = [".".join(path.parts) for path in paths if not path.stem.startswith("__")]
    assert not imported_by(f"import {', '.join(names)}") & {"tensorflow", "keras", "jax"}


# --- notebooks -----------------------------------------------------------------------------------


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_committed_ready_to_run(path):
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert not any(cell.outputs for cell in code), "committed with outputs"
    assert all(cell.execution_count is None for cell in code), "committed with execution counts"
    tagged = [cell for cell in code if "parameters" in cell.metadata.get("tags", [])]
    assert len(tagged) == 1, "needs exactly one cell tagged `parameters`"
    assert re.fullmatch(r"\d{4}-\d{2}-\d{2}_\d{2}_\w+", path.stem)


# --- what a newcomer reads -----------------------------------------------------------------------


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md"])
def test_every_command_that_is_named_exists(name):
    called = re.findall(r"(?:^    |`)(?:\S*/)?(tegashiki|make) ([a-z]+)", read(name), re.MULTILINE)
    assert ("make", "test") in called
    targets = re.findall(r"^([a-z]+):", read("Makefile"), re.MULTILINE)
    known = {*itertools.product(["tegashiki"], COMMANDS), *itertools.product(["make"], targets)}
    assert set(called) <= known


# --- what is tracked -----------------------------------------------------------------------------


def tracked_texts():
    listing = run("git", "ls-files", "-z")
    if listing.returncode:
        pytest.skip(f"not a git checkout: {listing.stderr.strip()}")
    for name in filter(None, listing.stdout.split("\0")):
        path = CHECKOUT / name
        if path.is_file():
            content = path.read_bytes()
            if b"\0" not in content[:4096]:
                yield name, content.decode("utf-8", "replace")


def test_no_tracked_file_names_a_path_of_one_machine():
    # Allowed: the container's own home; and a run's log may say which temporary folder it used.
    private = re.compile(r"(?<![\w.~$}])/(?:work|farm|root|tmp|Users|home)/(?!tegashiki/)[\w.]+")
    found = [
        f"{name}: {hit}"
        for name, text in tracked_texts()
        for hit in private.findall(text)
        if not (name.startswith("runs/") and hit.startswith("/tmp/"))
    ]
    assert not found, found


def test_no_tracked_file_names_a_package_registry():
    from pip._internal.models.index import PyPI

    configured = run(sys.executable, "-m", "pip", "config", "list").stdout
    hosts = set(re.findall(r"://(?:[^/@\s']*@)?([^/:\s']+)", configured)) - {"localhost"}
    hosts |= {PyPI.netloc, PyPI.file_storage_domain}
    found = [f"{name}: {host}" for name, text in tracked_texts() for host in hosts if host in text]
    found += [name for name, text in tracked_texts() if re.search(r"https?://registry\.\w", text)]
    assert not found, found
