"""The memory of a writer's symbols: scores as in Python; it is kept, and forgotten."""

import json
import shutil

import numpy as np
import pytest

from tegashiki.decoding.recognizer import Recognizer
from tegashiki.errors import TegashikiError
from tegashiki.evaluation.personal import centred, mixed, observe, taught
from tegashiki.evaluation.writer_memory import WriterMemory
from tests.pad.browser import RELEASED, draw, fitted, opened, shown, until

TEACH = """async ({ model, lessons, inks }) => {
  const { create } = await import("/recognizer.js");
  const recognizer = await create({ model }), found = [];
  const read = async (ink) => {
    recognizer.reset();
    for (const stroke of ink) recognizer.addStroke(stroke);
    return (await recognizer.candidates(20)).map(({ tex, score }) => [tex, score]);
  };
  const plain = [];
  for (const ink of inks) plain.push(await read(ink));
  for (const { tex, strokes } of lessons) {
    recognizer.reset();
    for (const stroke of strokes) recognizer.addStroke(stroke);
    await recognizer.learn(tex);
  }
  for (const ink of inks) found.push(await read(ink));
  const off = JSON.stringify(found) === JSON.stringify(plain);
  recognizer.remember = true;
  const mixed = [], samples = recognizer.memory.length;
  for (const ink of inks) mixed.push(await read(ink));
  recognizer.memory = [];
  const emptied = JSON.stringify(await read(inks[0])) === JSON.stringify(plain[0]);
  recognizer.close();
  return { off, mixed, samples, emptied };
}"""


@pytest.mark.browser
def test_the_browser_mixes_as_python_does(browser, unrounded, written):
    lessons, asked = written[:5], written[5:12]
    page = browser[0].new_page()
    page.goto(browser[1] + "licences.txt")
    here = page.evaluate(TEACH, {
        "model": "/float/", "inks": [strokes_of(example) for example in asked],
        "lessons": [{"tex": " ".join(e.tokens), "strokes": strokes_of(e)} for e in lessons]})
    page.close()
    assert here["off"] and here["emptied"]
    recognizer, memory = Recognizer.load(unrounded), WriterMemory.read(unrounded)
    observed = centred([observe(recognizer, e) for e in (*lessons, *asked)], memory.mean)
    samples = taught(observed[:5], "all")
    assert here["samples"] == len(samples.ids)
    changed = 0
    for one, found in zip(observed[5:], here["mixed"], strict=True):
        scores = mixed(one, samples, memory.settings)
        expected = {" ".join(recognizer.tokenizer.decode(w.ids)): score
                    for w, score in zip(one.found, scores, strict=True)}
        assert dict(found) == pytest.approx(expected, abs=2e-2)
        assert found[0][0] == max(expected, key=expected.get)
        changed += not np.allclose(scores, [w.score for w in one.found], atol=0.05)
    assert changed >= 3, "the memory takes part"


def strokes_of(example):
    return [stroke.tolist() for stroke in example.ink.strokes]


@pytest.mark.browser
def test_what_is_taken_teaches_is_kept_switched_off_and_forgotten(browser, written):
    context = browser[0].new_context()
    page = opened(context.new_page(), browser[1])
    example = next(e for e in written if len(e.tokens) == 3 and len(e.ink.strokes) > 1)
    strokes = fitted(example.ink.strokes)
    learned = "() => pad.recognizer().memory.length"

    def taken(number):
        draw(page, strokes)
        wanted = shown(page)[number]
        page.keyboard.press(str(number + 1))
        return wanted

    second = taken(1)
    until(page, f"() => ({learned})() > 0")
    draw(page, strokes)
    assert shown(page)[0] == second, "what was taken once is the first now"
    page.keyboard.press("Control+z")            # strokes of the second drawing, one at a time
    while page.evaluate("() => pad.line.text"):
        page.keyboard.press("Control+z")
    until(page, f"() => ({learned})() === 0")   # undone is unlearned
    page.keyboard.press("Control+y")
    until(page, f"() => ({learned})() > 0")
    count = page.evaluate(learned)
    page.reload()
    page.wait_for_selector("body[data-ready]")
    until(page, f"() => ({learned})() === {count}")
    assert page.evaluate("() => pad.recognizer().remember")
    page.click("#open-settings")
    page.uncheck("#remember")
    assert not page.evaluate("() => pad.recognizer().remember")
    page.check("#remember")
    page.click("#forget")
    assert page.evaluate(learned) == count, "it asks first"
    page.click("#forget")
    until(page, f"() => ({learned})() === 0")
    page.reload()
    page.wait_for_selector("body[data-ready]")
    page.wait_for_timeout(300)
    assert page.evaluate(learned) == 0
    context.close()


def test_a_memory_of_another_model_is_not_shipped(toy, tmp_path):
    folder = tmp_path / "model"
    shutil.copytree(toy, folder)
    assert WriterMemory.read(folder).settings.share == 0.9
    model = folder / json.loads((folder / "model.json").read_text())["file"]
    model.write_bytes(model.read_bytes() + b"0")
    assert WriterMemory.read(folder) is None
    (folder / "memory.json").write_text('{"VERSION": 7}')
    with pytest.raises(TegashikiError, match="VERSION"):
        WriterMemory.read(folder)

def test_the_released_model_remembers():
    if not (RELEASED / "model.json").is_file():
        pytest.skip("NO MODEL: models/ink2tex is not released yet")
    assert WriterMemory.read(RELEASED) is not None, "measure again: notebook own_hand"
