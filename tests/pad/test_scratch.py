"""Scratching out: twelve ways to do it are seen, and writing is not taken for it."""

import json
from pathlib import Path

import numpy as np
import pytest

from tegashiki.data import crohme

pytestmark = pytest.mark.browser
SCRATCHES = (Path(__file__).parent / "scratches.js").read_text(encoding="utf-8")

# Draws every kind at five sizes over a letter, a word and a bar of each ink, in pixels.
TRIED = """async ({source, inks}) => {
  const { KINDS, unsteady } = await import(URL.createObjectURL(new Blob([source],
    { type: "text/javascript" })));
  const r = unsteady(7), found = {};
  for (const [kind, draw] of Object.entries(KINDS)) {
    for (const size of [15, 25, 40, 70, 110]) for (const ink of inks) {
      const strokes = ink.map((points, id) => ({ id, points: points.map(([x, y]) =>
        [x * size, y * size]) }));
      const left = Math.min(...strokes.flatMap(({ points }) => points.map(([x]) => x)));
      const bar = { id: 99, points: Array.from({ length: 30 }, (_, i) =>
        [left + i * size / 8, 2.2 * size + (i % 3) * 0.01 * size]) };
      for (const target of [strokes.slice(0, 1), strokes.slice(0, 3), [bar]]) {
        const all = target.flatMap(({ points }) => points), edge = (axis, pick) =>
          pick(...all.map((point) => point[axis]));
        const box = [edge(0, Math.min), edge(1, Math.min), edge(0, Math.max), edge(1, Math.max)];
        const middle = (box[1] + box[3]) / 2, wanted = target.filter(({ points }) =>
          points.some(([, y]) => y <= middle) && points.some(([, y]) => y >= middle));
        const gone = pad.scratched(draw(box, r), [...strokes, bar]);
        (found[kind] ??= []).push(wanted.every(({ id }) => gone.includes(id)) ? 1 : 0);
      }
    }
  }
  return found;
}"""


def test_twelve_kinds_at_five_sizes_are_seen(page, scratch_page):
    rng = np.random.default_rng(3)
    inks = [[letter(rng, x) for x in (0.0, 1.1, 2.2)] for _ in range(8)]
    found = scratch_page.evaluate(TRIED, {"source": SCRATCHES, "inks": inks})
    shares = {kind: np.mean(hits) for kind, hits in found.items()}
    assert len(found) == 12 and all(len(hits) == 8 * 5 * 3 for hits in found.values())
    assert np.mean([hit for hits in found.values() for hit in hits]) >= 0.88, shares
    assert min(shares.values()) > 0.6, shares


@pytest.fixture
def scratch_page(browser):
    """The page without its policy, which lets no test bring a module of its own."""
    context = browser[0].new_context(bypass_csp=True)
    page = context.new_page()
    page.goto(browser[1] + "?sw=off")
    page.wait_for_function("() => globalThis.pad")
    yield page
    context.close()


def letter(rng, x):
    """A letter of one stroke, 1 high: a stem, a bow or a wave, as most are."""
    t = np.linspace(0, 1, 25)
    kind = rng.integers(3)
    if kind == 0:
        points = np.stack([0.3 + 0.1 * t + 0.15 * np.sin(6 * t), t], 1)
    elif kind == 1:
        points = np.stack([0.4 - 0.35 * np.cos(5 * t), 0.5 - 0.5 * np.sin(5 * t)], 1)
    else:
        points = np.stack([0.8 * t, 0.5 + 0.5 * np.cos(3 * np.pi * t)], 1)
    return (points + np.array([x, 0])).round(3).tolist()


def test_writing_is_not_taken_for_it(page, public_set):
    inks = []
    for example in crohme.read(public_set("crohme"), "test2014")[0][::4]:
        strokes = example.ink.strokes
        unit = np.median([np.ptp(stroke[:, 1]) for stroke in strokes]) or 1
        inks.append([np.round(stroke * 40 / unit, 1).tolist() for stroke in strokes])
    taken, count = page.evaluate("""(inks) => {
      let taken = [], count = 0;
      inks.forEach((ink, number) => ink.forEach((points, id) => {
        count++;
        const before = ink.slice(0, id).map((points, id) => ({ id, points }));
        if (pad.scratched(points, before).length) taken.push([number, id]);
      }));
      return [taken, count];
    }""", json.loads(json.dumps(inks)))
    assert count > 3_000 and len(taken) <= 1, taken      # one really scribbles over a letter
