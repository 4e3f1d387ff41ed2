"""Odd ink, bad files, no network: it is said, and the ink stays."""

import numpy as np
import pytest

from tegashiki.decoding import language as languages
from tegashiki.pad.serve import Handler
from tests.pad.browser import opened, read, until

pytestmark = pytest.mark.browser


def test_odd_ink_is_read_or_said_to_be_too_much(page):
    assert len(read(page, [[[5, 5]]])) >= 1
    angle = np.linspace(0, 60, 5000)
    spiral = np.stack([angle * np.cos(angle), angle * np.sin(angle)], 1).tolist()
    assert len(read(page, [spiral])) >= 1
    page.evaluate("""() => pad.ink.change(Array.from({ length: 200 }, (_, i) =>
      ({ id: 1000 + i, points: [[i, 10, 0, 0.5], [i + 1, 30, 0.1, 0.5]] })))""")
    until(page, "() => document.querySelector('#status').textContent.includes('64')")
    assert page.evaluate("() => pad.ink.strokes.length") == 200
    refused = page.evaluate("""() => {
      const codes = [];
      for (const bad of [[], [[1, NaN]], [[1]], [["a", 2]]]) {
        try { pad.recognizer().addStroke(bad); } catch (problem) { codes.push(problem.code); }
      }
      return codes;
    }""")
    assert refused == ["ink"] * 4


def test_only_the_newest_question_is_answered(page):
    answers = page.evaluate("""async () => {
      const recognizer = pad.recognizer();
      recognizer.reset();
      const asked = [];
      for (let i = 0; i < 6; i++) {
        recognizer.addStroke([[10 * i, 0], [10 * i + 5, 30]]);
        asked.push(recognizer.candidates(5));
      }
      return (await Promise.all(asked)).map((answer) => answer !== null);
    }""")
    assert answers == [False] * 5 + [True]


@pytest.mark.parametrize(("change", "complaint"), [
    ("hash", "damaged"), ("missing", "could not be loaded"), ("nonsense", "cannot be used"),
    ("wasm", "could not be loaded"), ("weights", "cannot be used"), ("version", "cannot be used"),
    ("spelling", "cannot be used"),
])
def test_a_bad_model_is_said_and_the_ink_stays(browser, unrounded, change, complaint):
    page = browser[0].new_page()
    if change == "hash":
        page.route("**/*.tflite", lambda route: route.fulfill(body=b"TFL3" * 1000))
    elif change == "missing":
        page.route("**/*.tflite", lambda route: route.fulfill(status=404))
    elif change == "wasm":
        page.route("**/*.wasm", lambda route: route.fulfill(status=404))
    elif change in ("weights", "version", "spelling"):
        def worse(route):
            language = languages.read(unrounded).content()
            language |= {"weights": {"weights": language["weights"][:-8]},
                         "version": {"VERSION": 9}, "spelling": {"spelling": "plain"}}[change]
            route.fulfill(json=route.fetch().json() | {"language": language})

        page.route("**/model.json", worse)
    else:
        page.route("**/model.json", lambda route: route.fulfill(body="{}"))
    opened(page, browser[1])
    assert complaint in page.inner_text("#notice")
    page.mouse.move(200, 400)
    page.mouse.down()
    page.mouse.move(240, 420)
    page.mouse.up()
    assert page.evaluate("() => pad.ink.strokes.length") == 1
    page.unroute_all()
    page.click("#notice .again")
    page.wait_for_selector("body[data-ready=yes]", timeout=60_000)
    page.wait_for_selector("#candidates .take")
    page.close()


def test_a_page_whose_program_is_missing_says_so(browser):
    page = browser[0].new_page()
    page.route("**/page.js", lambda route: route.fulfill(status=404))
    page.goto(browser[1] + "?sw=off")
    stuck = page.locator("#stuck")
    assert stuck.is_hidden()
    page.evaluate("""() => document.querySelector("#stuck").getAnimations()[0].finish()""")
    assert stuck.is_visible() and "reload" in stuck.inner_text()
    page.close()


def test_without_webassembly_and_storage_the_page_still_works(browser):
    page = browser[0].new_page()
    page.add_init_script("""delete globalThis.WebAssembly;
      Object.defineProperty(window, "localStorage", { get() { throw new Error("refused"); } });""")
    # the worker has a WebAssembly of its own: the page's thread is asked
    opened(page, browser[1], worker="off")
    assert "WebAssembly" in page.inner_text("#notice")
    page.fill("#tex", "x")
    assert page.locator("#rendered .katex").count() == 1
    page.close()


def test_it_works_offline_after_the_first_load(browser, monkeypatch):
    context = browser[0].new_context()
    page, sent, answer = context.new_page(), [], Handler.send_response

    def counted(self, code, message=None):
        sent.extend([self.path] if code == 200 else [])
        answer(self, code, message)

    monkeypatch.setattr(Handler, "send_response", counted)
    opened(page, browser[1], sw="on")
    until(page, """async () => {
      const [name] = await caches.keys();
      const kept = name ? await (await caches.open(name)).keys() : [];
      return navigator.serviceWorker.controller && kept.some(({ url }) => url.endsWith(".wasm"));
    }""")
    assert sent.count("/model/model.int8.tflite") == 1, "fetched once, for page and worker"
    context.set_offline(True)
    opened(page, browser[1], sw="on")
    assert page.get_attribute("body", "data-ready") == "yes"
    context.close()
