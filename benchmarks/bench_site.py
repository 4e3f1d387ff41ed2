"""The static site of 1,000 runs: from nothing, for one new run, its front page, its search.

    python benchmarks/bench_site.py [DIR]        # DIR keeps archive and site, to look at

Limits: 120 s from nothing, 6 s for one new run, 300 KB for the front page with what it loads; where
Chromium is, 0.5 s for the front page to stand and 50 ms for a search, the first one of a visit too.
Times in Chromium are those of the page's own thread, so that what else the machine does matters
little.
"""

import json
import math
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tegashiki.journal.archive import reader  # noqa: E402
from tegashiki.journal.format import folder, layout, manifest, metrics  # noqa: E402
from tegashiki.journal.session import environment  # noqa: E402
from tegashiki.storage import files  # noqa: E402

RUNS, EPOCHS = 1000, 30
STEPS = ("preprocess", "overfit", "train", "export")
PICTURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 200"><path fill="none" '
    'stroke="#0072b2" stroke-width="2" d="M10 190C80 60 160 40 290 30"/></svg>'
)


def notebooks() -> dict[str, dict]:
    """The real notebooks, as if executed."""
    found = {}
    for step in STEPS:
        path = next((ROOT / "notebooks" / "ink2tex").glob(f"*_{step}.ipynb"))
        found[step] = json.loads(path.read_text(encoding="utf-8"))
    return found


def make(root: Path, number: int, sources: dict, surroundings: dict, last: dict) -> None:
    """One run as the launcher leaves it, with curves, a picture and the outputs of its cells."""
    rng = random.Random(number)
    step = STEPS[number % 4]
    parameters = {"epochs": EPOCHS, "learning_rate": rng.choice([1e-3, 3e-3]), "seed": number // 4}
    record = folder.record("ink2tex", step, "tegashiki", parameters) | surroundings
    record |= {"profile": "quick", "began": True, "finished": True, "upstream": []}
    before = last.get(STEPS[number % 4 - 1]) if number % 4 else None
    if before:
        record["upstream"] = [{
            "step": before.step, "series": "ink2tex", "id": before.id, "asked": "latest",
            "manifest_sha256": before.outcome["manifest_sha256"],
        }]  # fmt: skip
    content = json.loads(json.dumps(sources[step]))
    for count, cell in enumerate((c for c in content["cells"] if c["cell_type"] == "code"), 1):
        cell["execution_count"] = count
        said = f"cell {count} of run {number}\n" + "epoch 1: loss 2.31\n" * 30
        cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": said}]
    path, status = folder.create(root, record, "launcher", json.dumps(content), b"")
    if step in ("overfit", "train"):
        table = metrics.Metrics(path / layout.METRICS)
        fall = rng.uniform(0.05, 0.15)
        for epoch in range(1, EPOCHS + 1):
            loss = 3 * math.exp(-fall * epoch) + rng.random() * 0.1
            table.add({"epoch": epoch, "loss": loss, "val_loss": loss * 1.1,
                       "val_exact": 1 / (1 + loss), "seconds": rng.random()})  # fmt: skip
        files.write_text(path / layout.PICTURES / "curves.svg", PICTURE)
    files.write_text(path / layout.LOG, "epoch 1: loss 2.31\n" * 200)
    files.write_json(path / layout.RESULTS, {"loss": rng.random(), "exact": rng.random(), "n": 986})
    word = "failed" if number % 23 == 7 else "ok"
    reason = "code cell 4: AssertionError: the loss did not fall" if word == "failed" else None
    status.close(word, reason, exit_code=0, manifest_sha256=manifest.write(path))
    last[step] = reader.ArchivedRun(path)


def build(root: Path, site: Path) -> float:
    """Seconds of the command as a person calls it."""
    code = "import sys; from tegashiki.cli import main; sys.exit(main(['site', sys.argv[1]]))"
    environment = {"TEGASHIKI_RUNS": str(root), "PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"}
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", code, str(site)], check=True, env=environment, cwd=ROOT)
    return time.perf_counter() - start


def in_chromium(site: Path) -> dict[str, float]:
    """Seconds of the page's thread: the front page, and the slowest of some searches."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"))
        page = browser.new_page()
        page.set_default_timeout(300_000)      # of the wall, on a machine that does other things
        asked = page.context.new_cdp_session(page)
        asked.send("Performance.enable", {"timeDomain": "threadTicks"})

        def used() -> float:
            told = asked.send("Performance.getMetrics")["metrics"]
            return next(one["value"] for one in told if one["name"] == "TaskDuration")

        def after(act) -> float:
            before = used()
            act()
            return used() - before

        found = {"front page": after(lambda: page.goto(f"file://{site}/index.html"))}
        words = ("preprocess", "0.5", "74.5%", "ink2tex 0.00")
        for number, word in enumerate(words):
            page.goto("about:blank")
            page.goto(f"file://{site}/runs.html")
            page.wait_for_timeout(1500)      # a person reads before typing
            name = "first search" if number == 0 else "a search"
            took = after(lambda word=word: page.evaluate(SEARCH, word))
            found[name] = max(took, found.get(name, 0.0))
        browser.close()
    return found


SEARCH = """(word) => { const field = document.getElementById("search"); field.value = word;
field.dispatchEvent(new Event("input")); }"""


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        home = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(name)
        root, site, last = home / "runs", home / "site", {}
        here = environment.environment(ROOT)
        surroundings = {"environment": here, "device": environment.device()}
        sources = notebooks()
        for number in range(RUNS):
            make(root, number, sources, surroundings, last)
        first = build(root, site)
        make(root, RUNS, sources, surroundings, last)
        again = build(root, site)
        page = (site / "index.html").read_text(encoding="utf-8")
        loaded = re.findall(r'(?:src|href)="([^":]+\.(?:js|css))"', page)
        size = len(page.encode()) + sum((site / name).stat().st_size for name in set(loaded))
        seen = in_chromium(site) if shutil.which("chromium") else {}
    print(f"site of {RUNS} runs from nothing   {first:6.1f} s   {1000 * first / RUNS:.0f} ms a run")
    print(f"for one run more                {again:6.1f} s   1/{first / again:.0f} of it")
    print(f"front page with all it loads    {size / 1000:6.0f} KB")
    for name, seconds in seen.items():
        print(f"{name:31} {1000 * seconds:6.0f} ms")
    slow = [name for name, s in seen.items() if s > (0.5 if name == "front page" else 0.05)]
    if first > 120 or again > 6 or size > 300_000 or slow:
        sys.exit("over a limit")


if __name__ == "__main__":
    main()
