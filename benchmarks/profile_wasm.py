"""Count which functions of LiteRT's WebAssembly run, for `tegashiki.pad.trim`.

    python benchmarks/profile_wasm.py [--count 12]      # writes tegashiki/pad/functions.json

Once for each variant of the library, as on x86 and as on ARM, and for each model: the page is
loaded with a library that marks what runs, reads expressions of all lengths, corrects, learns and
closes. To be run again when package-lock.json names another version of LiteRT; until then a build
ships the whole library.
"""

import argparse
import hashlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tegashiki.pad import build, trim
from tests.pad import browser as pad_browser
from tests.toy_recognizer import examples

# What is instantiated is kept, so that its marks can be read at the end.
KEPT = """(() => {
  for (const name of ["instantiate", "instantiateStreaming"]) {
    const original = WebAssembly[name];
    WebAssembly[name] = async (...given) => {
      const made = await original.apply(WebAssembly, given);
      globalThis.marked = made.instance ?? made;
      return made;
    };
  }
})();"""
MARKS = """() => Object.entries(globalThis.marked.exports)
  .filter(([name, mark]) => /^ran\\d+$/.test(name) && mark.value)
  .map(([name]) => Number(name.slice(3)))"""
USED = """async (inks) => {
  const recognizer = pad.recognizer();
  for (const ink of inks) {
    recognizer.reset();
    recognizer.setStrokes(ink.map((points, id) => ({ id, points })));
    const [best] = await recognizer.candidates(5);
    const symbol = best?.symbols.find(({ strokes }) => strokes.length);
    if (symbol) recognizer.correct(symbol, "2");
    await recognizer.candidates(5);
    if (best) await recognizer.learn(best.latex);
  }
  recognizer.close();
  await new Promise((resolve) => setTimeout(resolve, 300));
}"""


def inks(count: int) -> list:
    """Expressions of all lengths, up to more strokes than the model reads."""
    made = [example.ink for example in examples(count, seed=11)]
    one = [stroke.tolist() for ink in made for stroke in ink.strokes]
    return [[stroke.tolist() for stroke in ink.strokes] for ink in made] + [
        [[[x + 3 * at, y] for x, y in one[at % len(one)]] for at in range(number)]
        for number in (1, 12, 20, 40, 70)]


def marked(browser, folder: Path, library: str, arm: bool, count: int) -> Iterator[int]:
    """The functions that ran in one page."""
    from tegashiki.pad.serve import serving

    whole = (build.CHECKOUT / f"node_modules/@litertjs/core/wasm/{library}.wasm").read_bytes()
    with serving(folder) as address:
        page = browser.new_page()
        page.add_init_script(KEPT)
        if library.endswith("compat_internal"):
            page.add_init_script("WebAssembly.validate = () => false;")
        page.route("**/wasm/**/*.wasm", lambda route: route.fulfill(
            body=trim.instrumented(whole, arm), content_type="application/wasm"))
        page.route("**/wasm/*.wasm", lambda route: route.fulfill(
            body=trim.instrumented(whole, arm), content_type="application/wasm"))
        pad_browser.opened(page, address, worker="off")
        page.evaluate(USED, inks(count))
        yield from page.evaluate(MARKS)
        page.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=12)
    args = parser.parse_args()
    profiles = {}
    with pad_browser.chromium() as browser, TemporaryDirectory() as scratch:
        for name in build.WASM:
            whole = (build.CHECKOUT / f"node_modules/@litertjs/core/wasm/{name}.wasm").read_bytes()
            ran: set[int] = set()
            for model in (pad_browser.RELEASED, pad_browser.TOY):
                folder = Path(scratch) / model.name
                if not folder.exists():
                    build.build(folder, model)
                for arm in (False, True):
                    before = len(ran)
                    ran |= set(marked(browser, folder, name, arm, args.count))
                    print(f"{name}, {model.name}, {'ARM' if arm else 'x86'}: {len(ran) - before} "
                          f"functions more, {len(ran)} in all", flush=True)
            places = sorted(ran)
            profiles[hashlib.sha256(whole).hexdigest()] = [
                place - former for former, place in zip([0, *places], places, strict=False)]
    trim.FUNCTIONS.write_text(json.dumps(profiles) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
