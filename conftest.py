"""What every test stands on: a quiet, windowless, repeatable environment, and the way to real data.

At the root rather than in tests/, so that the doctests of the package run under the same rules.
The variables are set before anything imports TensorFlow or matplotlib; those of the caller win,
except for the archive of runs: no test may write into the real one.
"""

import os
import signal
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from _pytest.runner import runtestprotocol

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # errors only
os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")  # the same numbers on every machine
os.environ["MPLBACKEND"] = "Agg"  # no window
os.environ.pop("TEGASHIKI_RUN", None)

# A shell that starts the suite in the background has it ignore Ctrl-C, and all it starts with it:
# tests press Ctrl-C.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

_archive = tempfile.TemporaryDirectory(prefix="tegashiki-runs-")
os.environ["TEGASHIKI_RUNS"] = _archive.name

CHECKOUT = Path(__file__).resolve().parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test that asks for a browser bears its mark; files that may take long are begun first."""
    for item in items:
        if {"browser", "chromium"} & set(getattr(item, "fixturenames", ())):
            item.add_marker("browser")
    longest: dict[Path, float] = {}
    for item in items:
        for mark in item.iter_markers("timeout"):
            longest[item.path] = max(longest.get(item.path, 0), *mark.args)
    items.sort(key=lambda item: -longest.get(item.path, 0))  # within a file the order stays


def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool | None:
    """A test that drives a browser is tried a second time: a busy machine is late now and then.

    What fails twice fails; that it took two is said in the test's output. No other test has that.
    """
    if "browser" not in item.keywords:
        return None
    item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
    reports = runtestprotocol(item, nextitem=nextitem, log=False)
    if any(report.failed for report in reports):
        said = next(report.longreprtext for report in reports if report.failed)
        print(f"\n{item.nodeid}: failed once, tried again\n{said[-2000:]}", file=sys.stderr)
        item._initrequest()     # fixtures are made anew, as pytest-rerunfailures does it
        reports = runtestprotocol(item, nextitem=nextitem, log=False)
    for report in reports:
        item.ihook.pytest_runtest_logreport(report=report)
    item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
    return True


@pytest.fixture(scope="session")
def checkout() -> Path:
    """The root of the working tree."""
    return CHECKOUT


@pytest.fixture(scope="session")
def data_root() -> Path:
    """The folder of real public sets; the test is skipped, with the reason, where there is none."""
    from tegashiki.data import sets  # here, because it must not be imported before the variables

    return _or_skip(sets.data_root)


@pytest.fixture(scope="session")
def public_set() -> Callable[[str], Path]:
    """`public_set("crohme")` is the path of that set; without it the test is skipped, loudly."""
    from tegashiki.data import sets

    return lambda name: _or_skip(sets.find, name)


@pytest.fixture(scope="session")
def crohme_root(data_root: Path) -> Path:
    """The folder that holds CROHME's inkml.tar.xz and labels/."""
    root = data_root / "math" / "crohme"
    if not (root / "inkml.tar.xz").is_file() or not (root / "labels").is_dir():
        pytest.skip(f"NO REAL DATA: {root} lacks inkml.tar.xz or labels/")
    return root


def _or_skip(find: Callable[..., Path], *arguments: str) -> Path:
    from tegashiki.errors import TegashikiError

    try:
        return find(*arguments)
    except TegashikiError as error:
        pytest.skip(f"NO REAL DATA: {error}")
