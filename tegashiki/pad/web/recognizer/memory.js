// What this person's symbols look like: a few samples of each, compared by shape. Small by design;
// it moves a candidate up only when a symbol is written as it was when it was last corrected.

import { even } from "./features.js";
import { box } from "./normal.js";

const POINTS = 16;          // of a whole symbol, over all its strokes
const NEAR = 0.12;          // mean distance, in the symbol's size, at which two look alike
const WEIGHT = 10;          // nats that one symbol written exactly alike is worth; falls off quickly
const MOST = 6;             // samples kept of one symbol; the oldest goes

export class Memory {
  /** @param {{token: string, strokes: number, shape: number[]}[]} samples */
  constructor(samples = []) {
    this.samples = samples;
  }

  /** What to keep of symbols that the person confirmed. */
  static samples(symbols, strokes) {
    return symbols.filter((symbol) => symbol.strokes.length).map((symbol) => ({
      token: symbol.token,
      strokes: symbol.strokes.length,
      shape: Array.from(shape(symbol.strokes.map((s) => strokes[s])), (v) => Math.round(v * 1000) / 1000),
    }));
  }

  /** The samples with new ones, at most MOST of each token. */
  static merge(old, fresh) {
    const kept = [];
    const count = new Map();
    for (const sample of [...old, ...fresh].reverse()) {
      const seen = count.get(sample.token) ?? 0;
      if (seen < MOST) kept.push(sample);
      count.set(sample.token, seen + 1);
    }
    return kept.reverse();
  }

  /** Nats for or against a candidate: its symbols against the nearest sample of each. */
  bonus(symbols, strokes) {
    let sum = 0;
    for (const symbol of symbols) {
      if (!symbol.strokes.length) continue;
      const here = shape(symbol.strokes.map((s) => strokes[s]));
      let nearest = null, least = NEAR;
      for (const sample of this.samples) {
        if (sample.strokes !== symbol.strokes.length) continue;
        const far = distance(here, sample.shape);
        if (far < least) [nearest, least] = [sample, far];
      }
      if (nearest) sum += (nearest.token === symbol.token ? 1 : -1) * WEIGHT * (1 - least / NEAR) ** 2;
    }
    return sum;
  }
}

/** A symbol as POINTS points a stroke, in a box of size 1 around 0. */
function shape(strokes) {
  const paths = strokes.map((stroke) => even(stroke, POINTS)[0]);
  const all = Float32Array.from(paths.flatMap((path) => Array.from(path)));
  const [left, top, right, bottom] = box(all);
  const size = Math.max(right - left, bottom - top) || 1;
  return all.map((v, i) => (v - (i % 2 ? (top + bottom) / 2 : (left + right) / 2)) / size);
}

function distance(a, b) {
  let sum = 0;
  for (let i = 0; i < a.length; i += 2) sum += Math.hypot(a[i] - b[i], a[i + 1] - b[i + 1]);
  return sum / (a.length / 2);
}
