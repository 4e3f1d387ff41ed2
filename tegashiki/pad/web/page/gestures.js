// Geometry of gestures: what an eraser touches, what a lasso holds.
// Points are [x, y, ...] in CSS pixels.

/** [left, top, right, bottom] of points. */
export function bounds(points) {
  let [[left, top]] = points, right = left, bottom = top;
  for (const [x, y] of points) {
    left = Math.min(left, x); right = Math.max(right, x);
    top = Math.min(top, y); bottom = Math.max(bottom, y);
  }
  return [left, top, right, bottom];
}

/** Ids of the strokes that come nearer than `radius` to the way from `from` to `to`. */
export function touched(strokes, from, to, radius) {
  return strokes.filter(({ points }) => points.some((point, i) =>
    apart(point, from, to) < radius || (i > 0 && crosses(points[i - 1], point, from, to))))
    .map(({ id }) => id);
}

/** Ids of the strokes of which most points lie inside the polygon. */
export function held(strokes, polygon) {
  return strokes.filter(({ points }) =>
    points.filter((point) => inside(point, polygon)).length > points.length / 2).map(({ id }) => id);
}

function apart([x, y], [ax, ay], [bx, by]) {
  const dx = bx - ax, dy = by - ay, square = dx * dx + dy * dy;
  const along = square ? Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / square)) : 0;
  return Math.hypot(x - ax - along * dx, y - ay - along * dy);
}

/** Whether the lines from `a` to `b` and from `c` to `d` cross. */
export function crosses(a, b, c, d) {
  const side = (p, q, r) => Math.sign((q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0]));
  return side(a, b, c) !== side(a, b, d) && side(c, d, a) !== side(c, d, b);
}

function inside([x, y], polygon) {
  let odd = false;
  for (let i = 0, j = polygon.length - 1; i < polygon.length; j = i++) {
    const [ax, ay] = polygon[i], [bx, by] = polygon[j];
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) odd = !odd;
  }
  return odd;
}
