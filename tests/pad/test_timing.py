"""The page that measures the recogniser where it is opened."""

import re

import pytest

pytestmark = pytest.mark.browser


def test_it_measures_and_shows_figures_to_copy(browser):
    chromium, address = browser
    page = chromium.new_page(viewport={"width": 360, "height": 640})
    wrong = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    try:
        page.goto(f"{address}timing.html", timeout=20_000)
        ended = "() => /Done|not work/.test(document.querySelector('#status').textContent)"
        page.wait_for_function(ended, timeout=60_000)
        figures = page.input_value("#figures")
        wide = page.evaluate("document.documentElement.scrollWidth")
    finally:
        page.close()
    assert wrong == [] and wide <= 360
    medians = [float(ms) for ms in re.findall(r"strokes: median ([\d.]+) ms", figures)]
    assert len(medians) >= 2 and all(0 < ms < 10_000 for ms in medians), figures
    assert "browser: Mozilla" in figures and "loaded and warm after" in figures
