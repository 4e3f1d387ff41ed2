"""What is kept in the browser, and what happens where it cannot be."""

import io
import zipfile

import pytest

from tegashiki.data.labelled import read_labelled
from tegashiki.ink import inkjson
from tests.pad.browser import count, draw, fitted, opened, shown, until

pytestmark = pytest.mark.browser


def test_nothing_is_lost_on_reload(browser, written, inks):
    context = browser[0].new_context(viewport={"width": 360, "height": 640})
    page = opened(context.new_page(), browser[1])
    draw(page, inks[0])
    page.keyboard.press("1")
    number = next(i for i, e in enumerate(written) if len(e.ink.strokes) > 2)
    draw(page, inks[number])
    page.locator(".spots button").first.focus()
    page.keyboard.press("Enter")
    page.locator("#alternatives .symbols button").nth(2).click()
    until(page, "() => document.querySelector('#preview .pinned')")
    page.fill("#tex", "typed + by + hand")
    state = "() => [pad.ink.strokes, pad.ink.pins, pad.line.text, pad.line.taken]"
    before = page.evaluate(state)
    page.reload()                             # at once: nothing waits for a timer
    page.wait_for_selector("body[data-ready]")
    until(page, "() => pad.ink.strokes.length > 0")
    assert page.evaluate(state) == before and before[1] and before[3]
    until(page, "() => document.querySelector('#preview .pinned')")
    # a link away and back
    page.goto(browser[1] + "licences.txt")
    page.go_back()
    page.wait_for_selector("body[data-ready]")
    until(page, "() => pad.ink.strokes.length > 0")
    assert page.evaluate(state) == before
    # a second tab has its own work, and neither writes over the other
    other = opened(context.new_page(), browser[1])
    other.wait_for_timeout(300)
    assert count(other) == 0
    draw(other, inks[1])
    for tab, strokes in ((page, before[0]), (other, other.evaluate("() => pad.ink.strokes"))):
        tab.reload()
        tab.wait_for_selector("body[data-ready]")
        until(tab, "() => pad.ink.strokes.length > 0")
        assert tab.evaluate("() => pad.ink.strokes") == strokes
    # a new tab, when all others are closed, goes on with the newest
    newest = other.evaluate("() => pad.ink.strokes")
    page.close()
    other.close()
    again = opened(context.new_page(), browser[1])
    until(again, "() => pad.ink.strokes.length > 0")
    assert again.evaluate("() => pad.ink.strokes") == newest
    context.close()


def test_a_browser_that_keeps_nothing_says_so_once(browser, inks):
    page = browser[0].new_page(viewport={"width": 360, "height": 640})
    page.add_init_script("""Object.defineProperty(window, "indexedDB", {
      get() { throw new DOMException("refused", "SecurityError"); } });""")
    opened(page, browser[1])
    page.wait_for_selector("#notice:not([hidden])")
    assert "ink will be lost" in page.inner_text("#notice")
    page.click("#notice .close")
    draw(page, inks[0])
    assert len(shown(page)) == 5 and page.is_hidden("#notice")
    page.close()


def test_a_correction_is_taken_and_kept_only_if_asked(page, written):
    example = next(e for e in written if len(e.tokens) == 3 and len(e.ink.strokes) > 1)
    strokes = fitted(example.ink.strokes)
    draw(page, strokes)
    wanted = shown(page)[1]
    for keep in (False, True):
        page.click("#wrong")
        page.fill("#truth", "x^")
        assert "cannot be read" in page.inner_text("#truth-problem")
        page.fill("#truth", wanted)
        page.set_checked("#keep", keep)
        page.click("#correction button[value=ok]")
        until(page, "() => pad.ink.strokes.length === 0")
        kept = page.evaluate("() => JSON.parse(localStorage.getItem('tegashiki.pairs') ?? '[]')")
        assert len(kept) == keep
        draw(page, strokes)
    page.click("#open-settings")
    with page.expect_download() as download:
        page.click("#export-pairs")
    with zipfile.ZipFile(io.BytesIO(download.value.path().read_bytes())) as archive:
        assert archive.testzip() is None
        ink = inkjson.read_json(archive.read(archive.namelist()[0]), "kept.json")
    assert ink.truth == wanted and len(ink.strokes) == len(strokes)
    kept = read_labelled(download.value.path())
    assert "".join(kept.examples[0].tokens) == wanted.replace(" ", "")
    assert not kept.unreadable and not kept.unlabelled
    page.keyboard.press("Escape")


def test_forgetting_asks_and_leaves_language_and_theme(page, inks):
    draw(page, inks[0])
    page.click("#theme")
    page.click("#open-settings")
    page.click("#forget")
    page.click("#keep-all")
    assert count(page) == len(inks[0])
    page.click("#forget")
    page.click("#forget")
    until(page, "() => pad.ink.strokes.length === 0")
    assert page.evaluate("() => Object.keys(localStorage)") == ["tegashiki.choices"]
    assert page.evaluate("() => JSON.parse(localStorage['tegashiki.choices']).theme") == "dark"
    page.keyboard.press("Escape")
    for _ in range(2):
        page.click("#theme")
    page.evaluate("() => localStorage.clear()")


def test_a_full_browser_is_said_and_the_correction_used(page, inks):
    draw(page, inks[0])
    page.evaluate("""() => {
      globalThis.given = Storage.prototype.setItem;
      Storage.prototype.setItem = () => { throw new DOMException("full", "QuotaExceededError"); };
    }""")
    page.click("#wrong")
    page.fill("#truth", "x+1")
    page.set_checked("#keep", True)
    page.click("#correction button[value=ok]")
    page.wait_for_selector("#notice:not([hidden])")
    assert "no room left" in page.inner_text("#notice") and page.input_value("#tex") == "x+1"
    page.evaluate("() => { Storage.prototype.setItem = globalThis.given; }")
    assert page.evaluate("() => localStorage.getItem('tegashiki.pairs')") is None
