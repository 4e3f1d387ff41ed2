"""A picture on the pad: traced in JavaScript as in Python, dropped, read, cleared."""

import base64
import json
import subprocess

import numpy as np
import pytest
from PIL import Image

from tegashiki.image2tex.drawing import PictureConfig, draw
from tegashiki.image2tex.photograph import photograph
from tegashiki.image2tex.recovery import recover
from tegashiki.pad import build
from tests.helpers import needs_node
from tests.pad.browser import TOY, count, opened, shown, until
from tests.toy_recognizer import examples

TRACE = """import { recover } from "RECOVERY";
let text = "";
process.stdin.on("data", (part) => { text += part; }).on("end", () => {
  const read = ({ rows, columns, grey }) => recover({ rows, columns,
    grey: Uint8Array.from(Buffer.from(grey, "base64")) });
  console.log(JSON.stringify(JSON.parse(text).map(read)));
});"""
DROP = """async ([bytes, type]) => {
  const content = Uint8Array.from(atob(bytes), (c) => c.charCodeAt(0));
  const file = new File([content], "formula.png", { type });
  const data = new DataTransfer();
  data.items.add(file);
  document.dispatchEvent(new DragEvent("drop", { dataTransfer: data, cancelable: true }));
}"""


def in_node(pictures, tmp_path):
    """Strokes of each picture, as the page's own code traces them."""
    script = tmp_path / "trace.mjs"
    place = (build.WEB / "pictures/recovery.js").resolve().as_uri()
    script.write_text(TRACE.replace("RECOVERY", place), encoding="utf-8")
    asked = [{"rows": p.shape[0], "columns": p.shape[1],
              "grey": base64.b64encode(np.ascontiguousarray(p).tobytes()).decode()}
             for p in pictures]
    done = subprocess.run(["node", str(script)], input=json.dumps(asked), capture_output=True,
                          text=True, check=True, timeout=60)
    return [[np.float32(stroke) for stroke in strokes] for strokes in json.loads(done.stdout)]


def far(strokes, others):
    """The mean distance, pixels, from points of one tracing to the nearest of the other."""
    one, two = np.concatenate(strokes), np.concatenate(others)
    return float(np.hypot(*np.moveaxis(one[:, None] - two[None], -1, 0)).min(axis=1).mean())


@needs_node
def test_the_page_traces_what_python_traces(tmp_path):
    """Thinning differs by a pixel where lines meet (the libraries' tables do), not more."""
    pictures = [draw(e.ink.strokes, PictureConfig()) for e in examples(12, seed=9)]
    dice = np.random.default_rng(1)
    pictures += [photograph(picture, dice) for picture in pictures[:3]]
    same = 0
    for picture, found in zip(pictures, in_node(pictures, tmp_path), strict=True):
        expected = recover(picture).strokes
        assert far(found, expected) < 1 and far(expected, found) < 1
        same += len(found) == len(expected)
    assert same >= 0.6 * len(pictures)


@pytest.fixture(scope="module")
def address(browser):
    """A pad that has a network for pictures of its own."""
    from tempfile import TemporaryDirectory

    from tegashiki.pad.serve import serving

    with TemporaryDirectory() as folder:
        build.build(f"{folder}/pad", TOY, pictures=TOY)
        with serving(f"{folder}/pad") as found:
            yield found


def test_a_dropped_picture_is_read_as_its_ink_is(browser, address, tmp_path):
    example = max(examples(8, seed=9), key=lambda e: len(e.ink.strokes))
    file = tmp_path / "formula.png"
    Image.fromarray(draw(example.ink.strokes)).save(file)
    page = browser[0].new_page(viewport={"width": 400, "height": 640})
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    opened(page, address)
    assert not any("tracer.js" in url or "picture/" in url for url in asked)    # only when needed
    page.evaluate(DROP, [base64.b64encode(file.read_bytes()).decode(), "image/png"])
    until(page, "() => document.querySelectorAll('#candidates .take').length > 0")
    assert abs(count(page) - len(recover(draw(example.ink.strokes)).strokes)) <= 2
    assert shown(page) and any("picture/model.json" in url for url in asked)
    page.evaluate("() => pad.ink.undo()")
    until(page, "() => pad.ink.strokes.length === 0")
    page.evaluate(DROP, [base64.b64encode(b"no picture").decode(), "image/png"])
    until(page, "() => !document.querySelector('#notice').hidden")
    assert "traced" in page.inner_text("#notice")
    page.close()
