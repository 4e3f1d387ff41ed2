// What the network sees, as tegashiki.networks.features.StrokeFeatures makes it: a row a stroke.
// Sums are rounded to float32 where numpy rounds them, so that both give the same bits.

import tables from "tables";

import { box } from "./normal.js";

const f32 = Math.fround;

export const POINTS = tables.features.points;

/** Strokes in normal form -> { points: (size, POINTS, 2), boxes: (size, 8) }, padded with zeros. */
export function featurize(strokes, size) {
  const count = Math.min(strokes.length, size);
  const points = new Float32Array(size * POINTS * 2), boxes = new Float32Array(size * 8);
  let heights = 0;
  for (let s = 0; s < count; s++) {
    const [path, length] = even(strokes[s], POINTS);
    const [left, top, right, bottom] = box(path);
    const x = f32(f32(left + right) / 2), y = f32(f32(top + bottom) / 2);
    for (let i = 0; i < path.length; i++) points[s * path.length + i] = path[i] - (i % 2 ? y : x);
    const end = path.length - 2;
    const chord = Math.hypot(f32(path[end] - path[0]), f32(path[end + 1] - path[1]));
    boxes.set([1, x, y, right - left, bottom - top, length, chord, s], s * 8);
    heights = f32(heights + y);
  }
  const mean = f32(heights / count);
  for (let s = 0; s < count; s++) boxes[s * 8 + 2] -= mean;
  return { points, boxes };
}

/** `count` points at equal distances along a stroke, and the stroke's length. */
export function even(stroke, count) {
  const given = stroke.length / 2, path = new Float32Array(count * 2);
  if (given === 1) {
    for (let i = 0; i < path.length; i++) path[i] = stroke[i % 2];
    return [path, 0];
  }
  const along = new Float64Array(given);
  for (let i = 1; i < given; i++) {
    const dx = f32(stroke[2 * i] - stroke[2 * i - 2]), dy = f32(stroke[2 * i + 1] - stroke[2 * i - 1]);
    along[i] = along[i - 1] + f32(Math.sqrt(f32(f32(dx * dx) + f32(dy * dy))));
  }
  const length = along[given - 1], step = length / (count - 1);
  let right = 1;
  for (let i = 0; i < count; i++) {
    const at = i === count - 1 ? length : i * step;
    // numpy's interp takes the last segment that begins at or before the place
    while (right < given - 1 && along[right] <= at) right++;
    for (const axis of [0, 1]) {
      const from = stroke[2 * right - 2 + axis], to = stroke[2 * right + axis];
      const gap = along[right] - along[right - 1];
      path[2 * i + axis] = at >= length ? stroke[2 * given - 2 + axis]
        : from + (gap > 0 ? (to - from) / gap : 0) * (at - along[right - 1]);
    }
  }
  return [path, length];
}
