"""The small library: what it weighs, and what happens where it lacks something."""

import gzip
import hashlib

import pytest

from tegashiki.pad import build, trim
from tests.pad.browser import CHECKOUT, RELEASED, draw, opened, shown

LIMIT = 4_000_000      # bytes of a first visit, compressed
VARIANTS = [CHECKOUT / f"node_modules/@litertjs/core/wasm/{name}.wasm" for name in build.WASM]


def test_a_first_visit_is_four_megabytes_at_most(built):
    """All that the page and its service worker fetch, as any host sends it: with gzip."""
    files = [path for path in built.rglob("*") if path.is_file() and path.suffix not in
             (".ts", ".txt", ".tflite") and "wasm" not in path.relative_to(built).parts]
    files += [*(built / "wasm" / "small").glob("litert_wasm_internal.*"),
              RELEASED / "model.int8.tflite", built / "model" / "vocabulary.txt"]
    sizes = {path.name: len(gzip.compress(path.read_bytes(), 9)) for path in files}
    assert len(files) > 30 and sum(sizes.values()) <= LIMIT, sizes


def test_the_pinned_library_was_profiled(built):
    for path in VARIANTS:
        whole = path.read_bytes()
        ran = trim.functions(whole)
        assert ran and len(trim.trim(whole, ran)) < len(whole) / 4, "run benchmarks/profile_wasm.py"
        assert trim.trim(whole, range(20_000)) == whole, "nothing else is changed"
    assert trim.functions(b"another version") is None


@pytest.mark.skipif(not VARIANTS[0].exists(), reason="NO NODE MODULES: run `make browser`")
def test_marks_are_laid_in_every_function():
    whole = VARIANTS[0].read_bytes()
    marked, arm = trim.instrumented(whole), trim.instrumented(whole, arm=True)
    count = marked.count(b"\x7f\x01\x41\x00\x0b")
    assert count > 5_000 and len(marked) > len(whole) + 7 * count
    assert len(arm) == len(marked)
    assert sum(a != b for a, b in zip(arm, marked, strict=True)) == 2, "two places ask"
    assert hashlib.sha256(trim.trim(whole, set())).digest() != hashlib.sha256(whole).digest()


@pytest.mark.browser
@pytest.mark.parametrize("small", ["empty", "missing"])
def test_without_a_small_library_the_whole_one_is_taken(browser, inks, small):
    page, asked = browser[0].new_page(), []
    empty = trim.trim(VARIANTS[0].read_bytes(), set())
    page.route("**/wasm/small/*.wasm", lambda route: route.fulfill(
        body=empty, content_type="application/wasm") if small == "empty" else
        route.fulfill(status=404))
    page.on("request", lambda request: asked.append(request.url))
    opened(page, browser[1])
    assert page.get_attribute("body", "data-ready") == "yes"
    draw(page, inks[0])
    assert len(shown(page)) == 5
    assert any(url.endswith("/wasm/litert_wasm_internal.wasm") for url in asked)
    page.close()


# A question is answered as if the library had stopped, once.
STOPPED = """(() => {
  const post = Worker.prototype.postMessage;
  let asked = 0;
  Worker.prototype.postMessage = function (message, ...more) {
    if (message.ask !== "candidates" || ++asked !== 2) return post.call(this, message, ...more);
    this.dispatchEvent(new MessageEvent("message", { data: { id: message.id,
      problem: { code: "trap", message: "unreachable" } } }));
  };
})();"""


@pytest.mark.browser
def test_a_function_that_is_missing_later_brings_the_whole_library(browser, inks):
    page, asked = browser[0].new_page(), []
    page.add_init_script(STOPPED)
    page.on("request", lambda request: asked.append(request.url))
    opened(page, browser[1])
    assert not any(url.endswith("/wasm/litert_wasm_internal.wasm") for url in asked)
    draw(page, inks[0])
    assert len(shown(page)) == 5 and page.locator("#notice").is_hidden()
    assert any(url.endswith("/wasm/litert_wasm_internal.wasm") for url in asked)
    page.close()
