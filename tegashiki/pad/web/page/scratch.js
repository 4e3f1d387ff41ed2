// Scratching out: a stroke that goes back and forth over others takes them away.
//
// What tells it from writing is how often it crosses what it lies on. A letter crosses another stroke
// once or twice; a zigzag, a coil or a few flat passes cross it each time they turn. All measures
// are along the stroke's own axes, so that the direction of the scratch does not matter.

import { bounds, crosses } from "./gestures.js";

const BACK = 2;            // times that it turns back, at least
const DENSE = 2.5;         // path length over its size, for a scribble on one place ...
const PASS = 0.6;          // ... and over its size for each pass
const SPARSE = 1.15;       // path length over its size, for a wave that goes over a word or a bar
const HITS = 3, MANY = 4;  // crossings that a scribble needs, and a wave
const SURE = [3.5, 5];     // so dense and so often back: no letter is, and nothing need be crossed
const TURN = 0.25;         // share of its extent by which it has to turn back, to count ...
const JITTER = 2.5;        // ... and CSS pixels
const SMALLEST = 8;        // CSS pixels; smaller ones are dots that were drawn with force

/** Ids of the strokes that this one scratches out; none if it is no scratch. */
export function scratched(points, strokes) {
  if (points.length < SMALLEST) return [];
  const axes = principal(points), [along, across] = project(points, axes);
  const [left, right] = range(along), [top, bottom] = range(across), size = Math.hypot(right - left, bottom - top);
  const dense = length(points) / size, back = Math.max(turns(along), turns(across));
  if (size < SMALLEST || dense < SPARSE || back < BACK) return [];
  const sure = dense >= SURE[0] && back >= SURE[1];
  const needed = sure ? 0 : dense >= Math.max(DENSE, PASS * (back + 1)) ? HITS : back >= 4 ? MANY : Infinity;
  const path = thinned(points, size / 60), margin = Math.max(3, size * 0.05), ids = [];
  let hits = 0;
  for (const { id, points: other } of strokes) {
    const [u, v] = project(other, axes), count = other.length;
    const beside = u.map((x) => x > left - margin && x < right + margin);
    const inside = beside.filter((yes, i) => yes && v[i] > top - margin && v[i] < bottom + margin).length / count;
    if (beside.filter(Boolean).length < 0.6 * count || inside < 0.02) continue;
    const own = crossings(path, other);
    hits += own;
    if (own >= 2 || inside >= (sure ? 0.6 : 0.8)) ids.push(id);
  }
  return hits >= needed ? ids : [];
}

/** Middle and direction of the longest axis: [x, y, cos, sin]. */
function principal(points) {
  const mean = (value) => points.reduce((sum, point) => sum + value(point), 0) / points.length;
  const x = mean((p) => p[0]), y = mean((p) => p[1]);
  const xx = mean((p) => (p[0] - x) ** 2), yy = mean((p) => (p[1] - y) ** 2), xy = mean((p) => (p[0] - x) * (p[1] - y));
  const angle = Math.atan2(2 * xy, xx - yy) / 2;
  return [x, y, Math.cos(angle), Math.sin(angle)];
}

/** Coordinates along and across the axes. */
function project(points, [x, y, cos, sin]) {
  return [points.map((p) => (p[0] - x) * cos + (p[1] - y) * sin), points.map((p) => (p[1] - y) * cos - (p[0] - x) * sin)];
}

function range(values) {
  return [Math.min(...values), Math.max(...values)];
}

/** How often the values turn back. */
function turns(values) {
  const [least, most] = range(values), slack = Math.max(JITTER, TURN * (most - least));
  let count = 0, way = 0, extreme = values[0];
  for (const here of values) {
    const far = here - extreme;
    if (way !== 0 && way * far >= 0) extreme = here;
    else if (Math.abs(far) > slack) {
      if (way !== 0) count++;
      way = Math.sign(far);
      extreme = here;
    }
  }
  return count;
}

function length(points) {
  return points.reduce((sum, [x, y], i) => (i ? sum + Math.hypot(x - points[i - 1][0], y - points[i - 1][1]) : 0), 0);
}

/** Without points nearer than `step` to the one before. */
function thinned(points, step) {
  const kept = [points[0]];
  for (const point of points) {
    const last = kept.at(-1);
    if (Math.hypot(point[0] - last[0], point[1] - last[1]) >= step) kept.push(point);
  }
  return kept;
}

function crossings(a, b) {
  const [left, top, right, bottom] = bounds(b);
  let count = 0;
  for (let i = 1; i < a.length; i++) {
    const [p, q] = [a[i - 1], a[i]];
    if (Math.max(p[0], q[0]) < left || Math.min(p[0], q[0]) > right || Math.max(p[1], q[1]) < top
      || Math.min(p[1], q[1]) > bottom) continue;
    for (let j = 1; j < b.length; j++) if (crosses(p, q, b[j - 1], b[j])) count++;
  }
  return count;
}
