"""The pad as a person feels it: pen lifted -> candidates on the screen, in a real browser.

    python benchmarks/bench_pad.py [--count 60] [--throttle 6] [--against DIR] [--json FILE]

Draws expressions of CROHME test2014 stroke by stroke with pointer events and takes the time from
each stroke's end until the frame with its candidates has been shown: the first card (with the
preview), and all five. Three times: as it is, with a slowed page, and with a slowed page on whose
own thread the recogniser computes, because Chromium slows down that one only. Also: time to ready
and bytes of a first load, memory over 200 formulas. `--against` draws each expression on another
build, too, in turn, which is how two versions are compared on a busy machine. How steady the best
candidate is tells the notebook `12_stability`.
"""

import argparse
import json
import os
import sys
import time
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import psutil

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.pad import browser as pad_browser
from tests.pad.browser import draw, fitted, opened

KINDS = {".wasm": "wasm", ".tflite": "model", ".woff2": "fonts"}
FORMULAS = 200        # for the memory
WINDOW = {"width": 1100, "height": 800}
MOST = 64             # strokes of an expression; the network reads no more


def percentiles(values: list) -> dict:
    return {"strokes": len(values),
            **{f"p{p}": round(float(np.percentile(values, p)), 1) for p in (50, 95)}}


def measured(page, name: str = "candidates") -> list:
    return page.evaluate("""(name) => performance.getEntriesByName(name).map(
      ({ duration }) => duration)""", name)


def written(page, ink) -> dict:
    """Draw an ink; milliseconds of each stroke to the first card and to all five."""
    page.evaluate("() => { pad.ink.change([]); performance.clearMeasures(); }")
    page.wait_for_timeout(60)
    page.evaluate("() => performance.clearMeasures()")
    draw(page, fitted(ink.strokes, 700, 300), "pen")
    page.wait_for_timeout(60)
    return {name: measured(page, name) for name in ("first", "candidates")}


def alternately(pages: dict, inks) -> dict:
    """Each ink on each page in turn, so that a busy machine is equally busy for all of them."""
    found = {name: {"first": [], "candidates": []} for name in pages}
    for number, ink in enumerate(inks):
        names = list(pages) if number % 2 else list(reversed(pages))
        for name in names:
            pages[name].bring_to_front()
            for what, values in written(pages[name], ink).items():
                found[name][what] += values
    return {name: {what: percentiles(values) for what, values in kinds.items() if values}
            for name, kinds in found.items()}


def first_load(browser, address) -> dict:
    """Seconds to ready with nothing kept, and what was fetched for it."""
    context = browser.new_context()
    page, sizes = context.new_page(), {}

    def count(response):
        sizes[response.url.removeprefix(address).split("?")[0] or "index.html"] = len(
            response.body())

    page.on("response", count)
    began = time.perf_counter()
    opened(page, address)
    seconds = time.perf_counter() - began
    ready = page.evaluate("() => performance.getEntriesByName('ready')[0].startTime") / 1000
    page.wait_for_timeout(500)
    context.close()
    groups = {}
    for name, size in sizes.items():
        kind = KINDS.get(Path(name).suffix, "page")
        groups[kind] = groups.get(kind, 0) + size
    return {"ready_s": round(ready, 2), "wall_s": round(seconds, 2), "bytes": groups}


def memory(page, inks) -> dict:
    """MB of the page's JavaScript after the first 20 and after all formulas, garbage collected."""
    cdp, found = page.context.new_cdp_session(page), []
    lists = [[s.tolist() for s in ink.strokes] for ink in inks]
    for count in (20, FORMULAS - 20):
        page.evaluate("""async ({inks, count}) => {
          const recognizer = pad.recognizer();
          for (let i = 0; i < count; i++) {
            recognizer.reset();
            for (const stroke of inks[i % inks.length]) recognizer.addStroke(stroke);
            await recognizer.candidates(5);
          }
        }""", {"inks": lists, "count": count})
        cdp.send("HeapProfiler.collectGarbage")
        used = cdp.send("Runtime.getHeapUsage")["usedSize"]
        found.append({"javascript_mb": round(used / 2**20, 2), "renderers_mb": renderers_mb()})
    return {"after_20": found[0], f"after_{FORMULAS}": found[1]}


def renderers_mb() -> float:
    """Resident memory of Chromium's renderers, MB: where the wasm heap is."""
    total = 0
    for process in psutil.process_iter(["cmdline", "memory_info"]):
        if "--type=renderer" in (process.info["cmdline"] or []):
            total += process.info["memory_info"].rss
    return round(total / 2**20, 1)


def main() -> None:
    from tegashiki.data import crohme, sets
    from tegashiki.pad.serve import serving

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", type=Path, default=pad_browser.RELEASED)
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--throttle", type=float, default=6)
    parser.add_argument("--against", type=Path, metavar="DIR",
                        help="another built page to compare with, as `tegashiki pad --build` makes")
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    examples = crohme.read(sets.find("crohme"), "test2014")[0]
    # One expression has 115 strokes: no shape bucket holds it, and it alone would take longer than
    # all the others together.
    inks = [example.ink for example in examples if len(example.ink.strokes) <= MOST]
    inks = inks[:: max(1, len(inks) // args.count)]
    load = os.getloadavg()
    result = {"model": str(args.model.name), "expressions": len(inks), "cores": os.cpu_count(),
              "load_before": [round(v, 1) for v in load]}
    with ExitStack() as stack:
        browser = stack.enter_context(pad_browser.chromium())
        addresses = {"now": stack.enter_context(pad_browser.pad(args.model))}
        if args.against:
            addresses["against"] = stack.enter_context(serving(args.against))
        result["first_load"] = first_load(browser, addresses["now"])

        def pages(rate: float = 1, **query: str) -> dict:
            opened_pages = {}
            for name, address in addresses.items():
                page = opened(browser.new_page(viewport=WINDOW), address, **query)
                if rate > 1:
                    page.context.new_cdp_session(page).send(
                        "Emulation.setCPUThrottlingRate", {"rate": rate})
                opened_pages[name] = page
            return opened_pages

        result["unthrottled_ms"] = alternately(pages(), inks)
        if args.throttle > 1:
            few = inks[:: max(1, len(inks) // 15)]
            rate = f"{args.throttle:g}x"
            result[f"page_{rate}_ms"] = alternately(pages(args.throttle), few)
            result[f"all_{rate}_ms"] = alternately(pages(args.throttle, worker="off"), few)
        if not args.against:
            result["memory"] = memory(pages()["now"], inks)
    result["load_after"] = [round(v, 1) for v in os.getloadavg()]
    print(json.dumps(result, indent=2))
    if args.json:
        args.json.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
