"""A built pad in a real browser, for the tests and the benchmark.

    with chromium() as browser, pad(model) as address: ...

One Chromium a process: playwright's API cannot be entered twice. `chromium` raises Missing, with
what to do, where there is no browser or no node_modules.
"""

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

CHECKOUT = Path(__file__).resolve().parents[2]
TOY = CHECKOUT / "tests" / "fixtures" / "toy_recognizer"
RELEASED = CHECKOUT / "models" / "ink2tex"
# Chromium asks its maker's servers for things at every start unless it is told not to.
OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
           "--disable-background-networking", "--disable-component-update"]


class Missing(Exception):
    """There is no browser here, or nothing to build the page with."""


def needed() -> str:
    """The path of Chromium; raises Missing."""
    chromium = shutil.which("chromium")
    if chromium is None:
        raise Missing("NO BROWSER: chromium is not installed; run `make browser` (as root)")
    if shutil.which("node") is None or not (CHECKOUT / "node_modules" / "esbuild").is_dir():
        raise Missing("NO NODE MODULES: the pad cannot be built; run `make browser`")
    return chromium


@contextmanager
def chromium() -> Iterator:
    """Playwright's browser; raises Missing."""
    from playwright.sync_api import sync_playwright

    path = needed()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=OPTIONS)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def pad(model: Path, **models: Path) -> Iterator[str]:
    """The address of the built page; other `models` are served beside it, by their names."""
    from tegashiki.pad.build import build, copy_model
    from tegashiki.pad.serve import serving

    with TemporaryDirectory(prefix="tegashiki-pad-") as folder:
        build(Path(folder) / "pad", model)
        for name, other in models.items():
            copy_model(other, Path(folder) / "pad" / name)
        with serving(Path(folder) / "pad") as address:
            yield address


def opened(page, address: str, **query: str):
    """The page, loaded and ready (or said not to be)."""
    parameters = {"sw": "off", "lang": "en", "theme": "light", "measure": "on"} | query
    page.goto(address + "?" + "&".join(f"{key}={value}" for key, value in parameters.items()))
    page.wait_for_selector("body[data-ready]", timeout=60_000)
    return page


def until(page, true: str, seconds: float = 30) -> None:
    """Wait until a JavaScript function says so (playwright's own way needs eval in the page)."""
    end = time.monotonic() + seconds
    while not page.evaluate(true):
        if time.monotonic() > end:
            raise TimeoutError(f"not within {seconds} s: {true}")
        page.wait_for_timeout(50)


def shown(page) -> list[str]:
    """TeX of the candidates on the screen."""
    return page.eval_on_selector_all("#candidates .take", "all => all.map(b => b.dataset.latex)")


def count(page) -> int:
    """How many strokes are on the pad."""
    return page.evaluate("() => pad.ink.strokes.length")


def read(page, strokes: list) -> list[dict]:
    """Candidates of the page's recogniser for strokes, without the page around it."""
    return page.evaluate("""async (strokes) => {
      const recognizer = pad.recognizer();
      recognizer.reset();
      for (const stroke of strokes) recognizer.addStroke(stroke);
      return recognizer.candidates(5);
    }""", strokes)


# Strokes as a hand draws them, by pointer events; returns when their candidates are on the screen.
DRAW = """async ({strokes, type, wait}) => {
  const canvas = document.getElementById("surface"), box = canvas.getBoundingClientRect();
  const fire = (name, [x, y], buttons) => canvas.dispatchEvent(new PointerEvent(name, {
    pointerId: 1, pointerType: type, isPrimary: true, bubbles: true, cancelable: true, buttons,
    button: name === "pointermove" ? -1 : 0, pressure: buttons ? 0.5 : 0,
    clientX: box.left + x, clientY: box.top + y }));
  for (const stroke of strokes) {
    fire("pointerdown", stroke[0], 1);
    for (const point of stroke.slice(1)) fire("pointermove", point, 1);
    // What was asked before the pen was lifted may be told after it: only what is newer counts.
    const lifted = performance.now() - 1;
    fire("pointerup", stroke.at(-1), 0);
    for (let i = 0; wait && i < 1000 && !performance.getEntriesByName("candidates").some(
      ({ startTime }) => startTime >= lifted); i++) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}"""


def draw(page, strokes: list, kind: str = "mouse", wait: bool = True) -> None:
    """Draw strokes, in CSS pixels from the surface's corner, each after the former was read."""
    page.evaluate(DRAW, {"strokes": strokes, "type": kind, "wait": wait})


def fitted(strokes: list, width: float = 300, height: float = 150, margin: float = 12) -> list:
    """Strokes (arrays) moved and scaled onto a surface, as lists."""
    import numpy as np

    points = np.concatenate(strokes)
    low, size = points.min(0), np.ptp(points, axis=0)
    room = np.array([width, height]) - 2 * margin
    scale = min(60.0, *(room / np.maximum(size, 1e-6)))
    return [((stroke - low) * scale + margin).tolist() for stroke in strokes]
