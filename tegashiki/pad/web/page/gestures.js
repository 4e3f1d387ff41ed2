// Geometry of gestures: what an eraser touches, what a lasso holds, what was scratched out.
// Points are [x, y, ...] in CSS pixels.

const REVERSALS = 5;        // of direction along the longer side: more than any letter has
const DENSE = 3.5;          // path length over the diagonal of its box
const COVERED = 0.6;        // share of a stroke's points that a scratch must lie over

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

/** Ids of the strokes that this one scratches out; none if it is no scratch. */
export function scratched(points, strokes) {
  if (points.length < 12) return [];
  const [left, top, right, bottom] = bounds(points);
  const wide = right - left, high = bottom - top, axis = wide >= high ? 0 : 1;
  const size = Math.hypot(wide, high);
  if (size < 12 || length(points) < DENSE * size || turns(points, axis, size / 8) < REVERSALS) return [];
  const margin = 4;
  return strokes.filter(({ points: other }) => other.filter(([x, y]) =>
    x > left - margin && x < right + margin && y > top - margin && y < bottom + margin,
  ).length >= COVERED * other.length).map(({ id }) => id);
}

function length(points) {
  let sum = 0;
  for (let i = 1; i < points.length; i++) {
    sum += Math.hypot(points[i][0] - points[i - 1][0], points[i][1] - points[i - 1][1]);
  }
  return sum;
}

/** How often the path turns back along an axis by more than `slack`. */
function turns(points, axis, slack) {
  let count = 0, way = 0, extreme = points[0][axis];
  for (const point of points) {
    const here = point[axis];
    if (way * (here - extreme) >= 0 && Math.abs(here - extreme) > 0) {
      if (way === 0 && Math.abs(here - extreme) > slack) way = Math.sign(here - extreme);
      if (way !== 0) extreme = here;
    } else if (way !== 0 && Math.abs(here - extreme) > slack) {
      way = -way;
      extreme = here;
      count++;
    }
  }
  return count;
}

function apart([x, y], [ax, ay], [bx, by]) {
  const dx = bx - ax, dy = by - ay, square = dx * dx + dy * dy;
  const along = square ? Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / square)) : 0;
  return Math.hypot(x - ax - along * dx, y - ay - along * dy);
}

function crosses(a, b, c, d) {
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
