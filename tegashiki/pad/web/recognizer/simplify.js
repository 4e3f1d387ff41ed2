// Ramer-Douglas-Peucker measuring to the segment, the points that the Rust crate `simplification`
// keeps: the farthest point of a chord stays while it is farther than epsilon.

/** The stroke (Float32Array of x, y) without the points nearer than epsilon to a kept segment. */
export function simplify(stroke, epsilon) {
  const count = stroke.length / 2;
  if (count < 3) return stroke;
  const keep = new Uint8Array(count);
  keep[0] = keep[count - 1] = 1;
  const todo = [0, count - 1];
  while (todo.length) {
    const last = todo.pop(), first = todo.pop();
    let far = 0, distance = 0;
    for (let i = first + 1; i < last; i++) {
      const here = toSegment(stroke, i, first, last);
      if (here >= distance) { far = i; distance = here; }   // of equally far ones the last, as there
    }
    if (distance > epsilon) {
      keep[far] = 1;
      todo.push(first, far, far, last);
    }
  }
  return stroke.filter((_, i) => keep[i >> 1]);
}

function toSegment(stroke, point, first, last) {
  const px = stroke[2 * point], py = stroke[2 * point + 1];
  const ax = stroke[2 * first], ay = stroke[2 * first + 1];
  const bx = stroke[2 * last], by = stroke[2 * last + 1];
  const dx = bx - ax, dy = by - ay, square = dx * dx + dy * dy;
  if (square === 0) return Math.hypot(px - ax, py - ay);
  const along = ((px - ax) * dx + (py - ay) * dy) / square;
  if (along <= 0) return Math.hypot(px - ax, py - ay);
  if (along >= 1) return Math.hypot(px - bx, py - by);
  return Math.abs(((ay - py) * dx - (ax - px) * dy) / square) * Math.hypot(dx, dy);
}
