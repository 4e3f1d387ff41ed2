// The picture that the network sees, from pen strokes: 48 x 48, ink 1 on paper 0, the character 44 wide or high.
// The same numbers as tegashiki/kanji/normal_form.py, `of_ink`: a test sends the same strokes through both.

export const SIZE = 48, BOX = 44, PEN = 2.6;

/** Strokes [[x, y, ...], ...], y down -> Float32Array of 48 x 48, row by row; null without a point. */
export function ofInk(strokes, pen = PEN) {
  const points = strokes.flat();
  if (!points.length) return null;
  const low = [0, 1].map((k) => points.reduce((a, p) => Math.min(a, p[k]), Infinity));
  const high = [0, 1].map((k) => points.reduce((a, p) => Math.max(a, p[k]), -Infinity));
  const extent = Math.max(high[0] - low[0], high[1] - low[1]);
  const scale = extent > 0 ? (BOX - pen) / extent : 0;
  const place = (p) => [0, 1].map((k) => (p[k] - (low[k] + high[k]) / 2) * scale + SIZE / 2);
  const nearest = new Float64Array(SIZE * SIZE).fill(Infinity);      // squared distance to the line
  for (const stroke of strokes) {
    if (!stroke.length) continue;
    const drawn = stroke.map(place);
    if (drawn.length === 1) drawn.push(drawn[0]);
    for (let i = 1; i < drawn.length; i++) near(nearest, drawn[i - 1], drawn[i], pen / 2 + 1);
  }
  return Float32Array.from(nearest, (d) => Math.min(Math.max(pen / 2 + 0.5 - Math.sqrt(d), 0), 1));
}

/** Only pixels within `reach` of the segment can be inked by it; the others are left alone. */
function near(nearest, [ax, ay], [bx, by], reach) {
  const dx = bx - ax, dy = by - ay, square = dx * dx + dy * dy;
  const first = (a, b) => Math.max(0, Math.floor(Math.min(a, b) - reach));
  const last = (a, b) => Math.min(SIZE - 1, Math.ceil(Math.max(a, b) + reach));
  for (let row = first(ay, by); row <= last(ay, by); row++) {
    for (let column = first(ax, bx); column <= last(ax, bx); column++) {
      const x = column + 0.5 - ax, y = row + 0.5 - ay;
      const t = square ? Math.min(Math.max((x * dx + y * dy) / square, 0), 1) : 0;
      const distance = (x - t * dx) ** 2 + (y - t * dy) ** 2, at = row * SIZE + column;
      if (distance < nearest[at]) nearest[at] = distance;
    }
  }
}
