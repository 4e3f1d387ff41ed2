"""One Chromium for all tests: playwright's API cannot be entered twice in a process."""

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
