"""The files around the package agree with each other, and hold what they promise to a newcomer."""

import ast
import itertools
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from importlib import metadata
from pathlib import Path

import nbformat
import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import tegashiki
from tegashiki.cli import COMMANDS, EXTRAS

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
    """requirements.lock as [(requirement with its marker, [hashes])], in the order of the file."""
    entries = []
    for line in read("requirements.lock").replace("\\\n", " ").splitlines():
        pin, *hashes = line.split(" --hash=")
        entries.append((Requirement(pin), hashes))
    return entries


# The systems that the lock is for; another Python on them is the same to a marker.
SYSTEMS = {
    "x86_64-manylinux_2_28": {"sys_platform": "linux", "platform_system": "Linux",
                              "platform_machine": "x86_64", "os_name": "posix"},
    "aarch64-manylinux_2_28": {"sys_platform": "linux", "platform_system": "Linux",
                               "platform_machine": "aarch64", "os_name": "posix"},
    "aarch64-apple-darwin": {"sys_platform": "darwin", "platform_system": "Darwin",
                             "platform_machine": "arm64", "os_name": "posix"},
}
PYTHONS = ("3.11", "3.12", "3.13")
PLACES = list(itertools.product(PYTHONS, SYSTEMS))


def installed_on(python, system):
    """What the lock installs there: {name: version}."""
    place = {**SYSTEMS[system], "python_version": python, "python_full_version": f"{python}.1"}
    applies = [r for r, _ in locked() if not r.marker or r.marker.evaluate(place)]
    names = [canonicalize_name(r.name) for r in applies]
    assert len(set(names)) == len(names), "a package in two versions at once"
    return dict(zip(names, (pinned(r) for r in applies), strict=True))


def pinned(requirement):
    """The version that a locked requirement names."""
    (one,) = requirement.specifier
    assert one.operator == "==", requirement
    return one.version


def direct_requirements():
    """What pyproject.toml asks for by name: the package itself and every extra."""
    extras = PROJECT["project"]["optional-dependencies"]
    return [*PROJECT["project"]["dependencies"], *itertools.chain(*extras.values())]


# --- the lock, and what repeats it ---------------------------------------------------------------


def test_every_locked_package_has_hashes_and_nothing_names_an_address():
    for requirement, hashes in locked():
        assert re.fullmatch(r"[0-9][\w.+!]*", pinned(requirement)), requirement
        assert hashes, f"{requirement} has no hash"
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", one.strip()) for one in hashes), requirement
    assert "://" not in read("requirements.lock")


@pytest.mark.parametrize(("python", "system"), PLACES)
def test_the_lock_satisfies_what_the_project_asks_for(python, system):
    extras = PROJECT["project"]["optional-dependencies"]
    (names,) = re.findall(r"^EXTRAS := (.*)$", read("Makefile"), re.MULTILINE)
    wanted = [*PROJECT["project"]["dependencies"]]
    wanted += itertools.chain(*(extras[name] for name in names.split()))
    place = {**SYSTEMS[system], "python_version": python}
    lock = installed_on(python, system)
    for requirement in map(Requirement, wanted):
        if requirement.marker and not requirement.marker.evaluate(place):
            continue
        version = lock[canonicalize_name(requirement.name)]
        assert requirement.specifier.contains(version), f"{requirement} but the lock has {version}"
    assert "setuptools" in lock, "the editable install builds without isolation and needs it"


def test_what_the_lock_leaves_out_somewhere_is_needed_nowhere_there():
    """Every marker is right: here the installed packages ask for nothing that the lock lacks."""
    lock = installed_on("{}.{}".format(*sys.version_info), "x86_64-manylinux_2_28")
    if platform.machine() != "x86_64" or sys.platform != "linux":
        pytest.skip(f"THE LOCK IS NOT HELD AGAINST WHAT IS INSTALLED on {platform.platform()}")
    for name in lock:
        for asked in map(Requirement, metadata.requires(name) or []):
            if asked.marker is None or asked.marker.evaluate({"extra": ""}):
                version = lock.get(canonicalize_name(asked.name))
                assert version, f"{name} needs {asked}, which the lock lacks"
                assert asked.specifier.contains(version, prereleases=True), (name, asked, version)


@pytest.mark.network
@pytest.mark.slow
@pytest.mark.process
@pytest.mark.parametrize(("python", "system"), PLACES)
def test_the_lock_resolves_with_wheels_on_every_system(python, system):
    # `rdp` alone has no wheel anywhere; it is one file of Python, which every system builds.
    done = run("uv", "pip", "compile", "requirements.lock", "--python-version", python,
               "--python-platform", system, "--only-binary", ":all:", "--no-binary", "rdp",
               "--no-header", "--no-annotate", "--quiet")
    assert done.returncode == 0, done.stderr
    found = dict(line.split(" ")[0].split("==") for line in done.stdout.splitlines())
    assert found == installed_on(python, system), "the lock and its resolution differ"


def test_the_conda_environment_is_the_locked_one():
    environment = yaml.safe_load(read("environment.yml"))
    conda = [entry for entry in environment["dependencies"] if isinstance(entry, str)]
    (pip,) = [entry["pip"] for entry in environment["dependencies"] if isinstance(entry, dict)]
    assert environment["channels"][0] == "conda-forge"
    assert conda == [f"python{PROJECT['project']['requires-python']}", "pip"]
    assert [str(Requirement(pin)) for pin in pip] == [str(pin) for pin, _ in locked()]


def test_the_same_pythons_everywhere():
    allowed = Requirement("x" + PROJECT["project"]["requires-python"]).specifier
    assert [v for v in ("3.10", *PYTHONS, "3.14") if allowed.contains(v)] == list(PYTHONS)
    assert PROJECT["tool"]["ruff"]["target-version"] == "py311"
    assert "(3, 11) <= sys.version_info[:2] <= (3, 13)" in read(".ci/environment")
    assert all(f"python{python}" in read(".ci/environment") for python in PYTHONS)
    assert re.search(r"^FROM python:3\.13-slim-trixie$", read("Dockerfile"), re.MULTILINE)
    job = yaml.safe_load(read(".github/workflows/test.yml"))["jobs"]["test"]
    assert tuple(job["strategy"]["matrix"]["python"]) == PYTHONS
    assert "make test" in [step.get("run") for step in job["steps"]]


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


@pytest.mark.parametrize("requirement", sorted(set(direct_requirements())))
def test_every_direct_dependency_says_why(requirement):
    lines = [line for line in read("pyproject.toml").splitlines() if f'"{requirement}"' in line]
    assert lines
    for line in lines:
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


# Packages whose import is called otherwise than the package.
MODULES = {
    "ai-edge-litert": "ai_edge_litert", "hershey-fonts": "HersheyFonts", "scikit-learn": "sklearn",
    "tensorflow-cpu": "tensorflow", "opencv-python-headless": "cv2", "scikit-image": "skimage",
    "pyyaml": "yaml", "pillow": "PIL", "ai-edge-quantizer": "ai_edge_quantizer",
}
# What comes with another package for certain, because that one hands it out.
BORNE = {"IPython": "ipykernel", "jupyter_client": "ipykernel", "traitlets": "ipykernel",
         "nbclient": "papermill", "fontTools": "matplotlib",
         "dask": "distributed", "flatbuffers": "ai_edge_litert"}
# Run as programs or found by their names, never imported by us.
PROGRAMS = {"ipykernel", "jupyterlab", "pytest_timeout", "pytest_xdist", "matplotlib_fontja",
            "moto", "ruff", "s3fs", "uv"}


def module(requirement):
    """What a requirement is called in an import."""
    name = canonicalize_name(Requirement(requirement).name)
    return MODULES.get(name, name.replace("-", "_"))


def imported_in(*folders):
    """The first parts of all names that the Python files and notebooks of some folders import."""
    found = set()
    for path in itertools.chain.from_iterable((CHECKOUT / f).rglob("*.*") for f in folders):
        if path.suffix == ".py":
            codes = [path.read_text(encoding="utf-8")]
        elif path.suffix == ".ipynb":
            cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
            codes = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
            codes = [re.sub(r"^(\s*)[%!].*", r"\1pass", code, flags=re.MULTILINE) for code in codes]
        else:
            continue
        for node in itertools.chain.from_iterable(ast.walk(ast.parse(code)) for code in codes):
            if isinstance(node, ast.Import):
                found |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                found.add(node.module.partition(".")[0])
    return found - sys.stdlib_module_names


def test_what_is_imported_is_declared_and_what_is_declared_is_imported():
    base = {module(one) for one in PROJECT["project"]["dependencies"]}
    extras = PROJECT["project"]["optional-dependencies"]
    offered = {module(one) for name, wanted in extras.items() if name != "dev" for one in wanted}
    used = imported_in("tegashiki", "notebooks")
    borne = {name for name, bearer in BORNE.items() if bearer in base | offered}
    assert used - base - offered - borne - {"tegashiki", "google"} == set(), "nobody brings it"
    assert base - used - PROGRAMS == set(), "declared for everybody, and imported nowhere"
    extra = {module(one) for wanted in extras.values() for one in wanted}
    assert set(EXTRAS) <= extra and set(EXTRAS.values()) <= set(extras)
    assert offered - used - PROGRAMS - {"tensorflow", "jax"} == set(), "offered, imported nowhere"
    everywhere = used | imported_in("tests", "benchmarks")
    assert {module(one) for one in extras["dev"]} - everywhere - PROGRAMS == set()


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
