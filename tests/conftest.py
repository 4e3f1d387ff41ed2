"""One Chromium for all tests: playwright's API cannot be entered twice in a process."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator

import psutil
import pytest

from tests.pad import browser as pad_browser


@pytest.fixture
def runs(tmp_path, monkeypatch):
    """The archive of one test, in a folder that is no checkout."""
    monkeypatch.setenv("TEGASHIKI_RUNS", str(tmp_path / "runs"))
    monkeypatch.chdir(tmp_path)
    return tmp_path / "runs"


@pytest.fixture(scope="session")
def browser_tools():
    """Chromium and Node are here; else loudly skipped."""
    try:
        pad_browser.needed()
    except pad_browser.Missing as missing:
        pytest.skip(str(missing))


@pytest.fixture(scope="session")
def chromium(browser_tools):
    """Playwright's browser."""
    with pad_browser.chromium() as browser:
        yield browser


@pytest.fixture(autouse=True)
def _no_browser_hangs(request: pytest.FixtureRequest) -> Iterator[None]:
    """End the browser when a test waits for ever: a promise of a page may never settle.

    `page.evaluate` has no time limit of its own. With its browser gone the test fails, and so do
    the ones after it in this process, at once.
    """
    if "chromium" not in request.fixturenames:
        yield
        return
    mark = request.node.get_closest_marker("timeout")
    limit = float(mark.args[0] if mark else request.config.getini("timeout"))
    timer = threading.Timer(limit - 30, _end_browsers)      # before the test's own time is up
    timer.daemon = True
    timer.start()
    yield
    timer.cancel()


def _end_browsers() -> None:
    """Kill every Chromium that this process started."""
    for child in psutil.Process(os.getpid()).children(recursive=True):
        try:
            if "chrom" in child.name():
                child.kill()
        except psutil.NoSuchProcess:
            continue


@pytest.fixture(autouse=True)
def _nothing_goes_on() -> Iterator[None]:
    """End what a test that failed has left running: it would fail the next ones."""
    yield
    notebooks = sys.modules.get("tests.journal.notebooks")
    for process in notebooks.STARTED if notebooks else ():
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        with contextlib.suppress(ValueError, subprocess.TimeoutExpired):
            process.communicate(timeout=20)      # ValueError: it was read to its end before
    if notebooks:
        notebooks.STARTED.clear()
