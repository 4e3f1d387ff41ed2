"""One character in the browser: from a stroke's end to ten candidates, in Chromium.

    python benchmarks/bench_kanji_page.py [--drawings 100] [--json FILE]

Characters of KanjiVG are put on the page stroke by stroke; the page itself takes the time of each
answer: drawing the picture, the network, and the list of candidates. Needs Chromium, Node.js and
node_modules, as `make pad` does.
"""

import argparse
import json
import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tegashiki.kanji import page as kanji_page
from tegashiki.kanji.characters import CHARACTERS
from tegashiki.kanji.synthetic import Maker
from tegashiki.pad.build import Beside, build
from tegashiki.pad.serve import serving
from tests.pad.browser import RELEASED, chromium

SHOW = """(strokes) => {
  delete document.body.dataset.milliseconds;
  tegashikiKanji.ink.change(strokes.map((points) => ({ points })));
}"""


def answered(page, ink: list) -> float:
    """Milliseconds that the page took for it."""
    page.evaluate(SHOW, ink)
    page.wait_for_function("() => document.body.dataset.milliseconds", timeout=20_000)
    return float(page.evaluate("() => document.body.dataset.milliseconds"))


def inks(count: int, seed: int) -> list[list]:
    """So many characters, drawn by lot: strokes of points in the surface's pixels."""
    strokes = list(Maker.from_sources(["kanjivg"], CHARACTERS).strokes.values())
    chosen = np.random.default_rng(seed).choice(len(strokes), count, replace=False)
    return [[(20 + 2 * np.asarray(stroke)).tolist() for stroke in strokes[i]] for i in chosen]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--drawings", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    beside = Beside("kanji", "字", "characters", kanji_page.WEB, kanji_page.MODEL)
    result = {"cores": os.cpu_count(), "load_before": os.getloadavg()[0]}
    with TemporaryDirectory() as folder:
        build(Path(folder) / "pad", RELEASED, beside=[beside])
        with serving(Path(folder) / "pad") as address, chromium() as browser:
            page = browser.new_page(viewport={"width": 360, "height": 700})
            page.goto(address + "kanji/index.html")
            page.wait_for_selector("body[data-ready=yes]", timeout=60_000)
            drawn = inks(args.drawings, args.seed)
            for ink in drawn[:5]:
                answered(page, ink)                   # the first ones compile
            times = [answered(page, ink[:end]) for ink in drawn
                     for end in range(1, len(ink) + 1)]
    result |= {"load_after": os.getloadavg()[0], "answers": len(times),
               **{f"p{p}": float(np.percentile(times, p)) for p in (50, 95)}}
    print(json.dumps(result, indent=2))
    if args.json:
        args.json.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
