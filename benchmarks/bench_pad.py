"""The pad as a person feels it: pen lifted -> candidates on the screen, in a real browser.

    python benchmarks/bench_pad.py [--model DIR] [--count 60] [--throttle 6] [--json FILE]

Draws expressions of CROHME test2014 stroke by stroke with pointer events and takes the time from
each stroke's end until the frame with its candidates has been shown. Under `--throttle` the
recogniser computes on the page's own thread, because Chromium slows down that one only. Also: time
to ready and bytes of a first load, memory over 200 formulas. How steady the best candidate is tells
the notebook `12_stability`.
"""

import argparse
import json
import os
import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.pad import browser as pad_browser
from tests.pad.browser import draw, fitted, opened

KINDS = {".wasm": "wasm", ".tflite": "model", ".woff2": "fonts"}
FORMULAS = 200        # for the memory
MOST = 64             # strokes of an expression; the network reads no more


def percentiles(values: list) -> dict:
    return {"strokes": len(values),
            **{f"p{p}": round(float(np.percentile(values, p)), 1) for p in (50, 95)}}


def measured(page) -> list:
    return page.evaluate("""() => performance.getEntriesByName("candidates").map(
      ({ duration }) => duration)""")


def written(page, inks) -> list:
    """Draw each ink; milliseconds of each stroke."""
    found = []
    for ink in inks:
        page.evaluate("() => { pad.ink.change([]); performance.clearMeasures(); }")
        page.wait_for_timeout(30)
        page.evaluate("() => performance.clearMeasures()")
        draw(page, fitted(ink.strokes, 700, 300), "pen")
        found += measured(page)
    return found


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
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            line = (status.parent / "cmdline").read_bytes()
            if b"--type=renderer" in line:
                total += next(int(row.split()[1]) for row in status.read_text().splitlines()
                              if row.startswith("VmRSS"))
        except (OSError, StopIteration):
            continue
    return round(total / 1024, 1)


def main() -> None:
    from tegashiki.data import crohme, sets

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", type=Path, default=pad_browser.RELEASED)
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--throttle", type=float, default=6)
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
    with pad_browser.chromium() as browser, pad_browser.pad(args.model) as address:
        result["first_load"] = first_load(browser, address)
        page = opened(browser.new_page(viewport={"width": 1100, "height": 800}), address)
        result["unthrottled_ms"] = percentiles(written(page, inks))
        result["memory"] = memory(page, inks)
        page.close()
        if args.throttle > 1:
            page = opened(browser.new_page(viewport={"width": 1100, "height": 800}), address,
                          worker="off")
            page.context.new_cdp_session(page).send(
                "Emulation.setCPUThrottlingRate", {"rate": args.throttle})
            result[f"throttled_{args.throttle:g}x_ms"] = percentiles(
                written(page, inks[:: max(1, len(inks) // 15)]))
    result["load_after"] = [round(v, 1) for v in os.getloadavg()]
    print(json.dumps(result, indent=2))
    if args.json:
        args.json.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
