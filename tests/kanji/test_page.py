"""The page that reads one character, in Chromium: what a person does, and Python's answers."""

from pathlib import Path

import numpy as np
import pytest

from tegashiki.kanji import page as kanji_page
from tegashiki.kanji.normal_form import of_ink
from tegashiki.kanji.recognizer import RELEASED, KanjiRecognizer
from tegashiki.pad.build import Beside, build
from tegashiki.pad.serve import serving
from tests.helpers import assert_close
from tests.pad.browser import TOY, until

pytestmark = pytest.mark.browser

# 十: a flat stroke and an upright one, in the surface's pixels
TEN = [[(60, 150), (120, 150), (240, 148)], [(150, 50), (150, 150), (152, 260)]]


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    if not (RELEASED / "model.json").is_file():
        pytest.skip("NO MODEL: models/kanji is empty; run the kanji series")
    folder = tmp_path_factory.mktemp("page") / "pad"
    beside = Beside("kanji", "字", "characters", kanji_page.WEB, kanji_page.MODEL)
    build(folder, TOY, beside=[beside])
    with serving(folder) as found:
        yield found


@pytest.fixture(scope="module")
def page(chromium, address):
    """The loaded page, and what went wrong in it."""
    context = chromium.new_context(viewport={"width": 360, "height": 700})
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    opened = context.new_page()
    opened.wrong = []
    opened.on("pageerror", lambda error: opened.wrong.append(str(error)))
    opened.goto(address + "kanji/index.html")
    opened.wait_for_selector("body[data-ready=yes]", timeout=60_000)
    yield opened
    context.close()


def write(page, strokes):
    box = page.locator("#surface").bounding_box()
    for stroke in strokes:
        (x, y), *others = stroke
        page.mouse.move(box["x"] + x, box["y"] + y)
        page.mouse.down()
        for x, y in others:
            page.mouse.move(box["x"] + x, box["y"] + y, steps=5)
        page.mouse.up()


def shown(page):
    return [text[0] for text in page.locator("#candidates button").all_text_contents()]


@pytest.fixture(autouse=True)
def empty(page):
    page.evaluate("tegashikiKanji.ink.change([])")
    yield
    assert not page.wrong


def test_ten_candidates_while_drawing_and_undo_and_clear(page):
    write(page, TEN[:1])
    until(page, "() => document.querySelectorAll('#candidates button').length === 10")
    first = shown(page)
    assert first[0] in "一ー"
    write(page, TEN[1:])
    until(page, "() => document.querySelector('#candidates button').textContent[0] === '十'")
    page.click("#undo")
    until(page, "() => document.querySelector('#candidates button').textContent[0] !== '十'")
    assert shown(page) == first
    page.click("#clear")
    until(page, "() => document.querySelectorAll('#candidates button').length === 0")
    assert page.is_disabled("#clear")


def test_what_is_perhaps_no_character_is_said_to_be_so(page):
    above = KanjiRecognizer.load(RELEASED).refuse_above
    assert page.evaluate("tegashikiKanji.classifier.refuseAbove") == above < 3
    write(page, TEN)
    until(page, "() => document.querySelector('#candidates button')?.textContent[0] === '十'")
    assert page.is_hidden("#doubt")
    page.evaluate("tegashikiKanji.classifier.refuseAbove = -1")  # nothing is as sure as that
    page.evaluate("tegashikiKanji.ink.change([...tegashikiKanji.ink.strokes])")
    until(page, "() => !document.querySelector('#doubt').hidden")
    page.evaluate(f"tegashikiKanji.classifier.refuseAbove = {above}")
    page.click("#clear")
    until(page, "() => document.querySelector('#doubt').hidden")


def test_a_candidate_is_taken_and_copied(page):
    page.fill("#text", "")
    write(page, TEN)
    until(page, "() => document.querySelector('#candidates button')?.textContent[0] === '十'")
    page.keyboard.press("1")
    assert page.input_value("#text") == "十"
    page.click("#copy")
    until(page, "() => document.querySelector('#status').textContent.includes('copied')")
    assert page.evaluate("navigator.clipboard.readText()") == "十"


def test_the_page_answers_as_python(page):
    recognizer = KanjiRecognizer.load(RELEASED)
    rng = np.random.default_rng(3)
    inks = [[[list(map(float, p)) for p in stroke] for stroke in TEN]]
    for _ in range(6):
        inks.append([np.round(np.cumsum(rng.normal(0, 9, (8, 2)), axis=0), 2).tolist()
                     for _ in range(int(rng.integers(1, 8)))])  # fmt: skip
    for ink in inks:
        given = page.evaluate(
            "async (ink) => [...await tegashikiKanji.classifier.logProbabilities("
            "tegashikiKanji.ofInk(ink))]", ink)  # fmt: skip
        expected = recognizer.log_probabilities(of_ink([np.array(s) for s in ink]))
        # the same file by two builds of one library: its 8-bit activations round apart
        assert_close(np.exp(given), np.exp(expected), "int8")
        assert np.argmax(given) == np.argmax(expected)


def test_one_click_from_the_formulas_and_back(page, address):
    page.goto(address)
    page.click("a[href='kanji/index.html']")
    page.wait_for_selector("body[data-ready=yes]", timeout=60_000)
    assert page.title().startswith("tegashiki 字")
    page.click("#formulas")
    page.wait_for_selector("#document")
    page.goto(address + "kanji/index.html")
    page.wait_for_selector("body[data-ready=yes]", timeout=60_000)


def test_the_page_is_small():
    files = list(Path(kanji_page.WEB).iterdir())
    assert sum(path.stat().st_size for path in files) < 40_000
