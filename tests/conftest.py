"""One Chromium for all tests: playwright's API cannot be entered twice in a process."""

import os
import threading
from collections.abc import Iterator

import psutil
import pytest

from tests.pad import browser as pad_browser


@pytest.fixture(scope="session")
def chromium():
    """Playwright's browser; loudly skipped without one."""
    try:
        pad_browser.needed()
    except pad_browser.Missing as missing:
        pytest.skip(str(missing))
    with pad_browser.chromium() as browser:
        yield browser


LONGEST = 240      # seconds for one test with a browser


@pytest.fixture(autouse=True)
def _no_browser_hangs(request: pytest.FixtureRequest) -> Iterator[None]:
    """End the browser when a test waits for ever: a promise of a page may never settle.

    `page.evaluate` has no time limit of its own. With its browser gone the test fails, and so do
    the ones after it in this process, at once.
    """
    if "chromium" not in request.fixturenames:
        yield
        return
    timer = threading.Timer(LONGEST, _end_browsers)
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
