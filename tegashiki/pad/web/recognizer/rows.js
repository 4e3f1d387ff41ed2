// Ink of several lines -> its rows. A row is what lies between two bands without ink, if the band is
// high enough, nothing beside it is a fraction's bar, and the lower part was begun after the upper.

const GAP = 0.7;        // height of such a band, in the median size of a stroke
const FLAT = 0.3;       // height by width of what may be a fraction's bar
const LOW = 0.5;        // height of a row, in the median size of a stroke: dots and bars are none
const SMALL = 0.5;      // size of the lower row's strokes by the upper's: limits of sums are smaller
const COVERED = 0.7;    // share of a numerator or denominator that its bar covers
const MOST = 12;        // rows

/**
 * The rows of strokes (flat arrays x0, y0, x1, y1, ...): lists of their numbers, each in the order
 * of writing, the upper row first.
 * @param {ArrayLike<number>[]} strokes
 * @returns {number[][]}
 */
export function rowsOf(strokes) {
  const boxes = strokes.map(boxOf), whole = strokes.map((_, i) => i);
  const size = median(boxes);
  if (!size) return [whole];
  const order = [...whole].sort((a, b) => boxes[a][1] - boxes[b][1]);
  const rows = [[]];
  let bottom = boxes[order[0]][3];
  order.forEach((stroke, place) => {
    if (boxes[stroke][1] - bottom > GAP * size && separate(rows.at(-1), order.slice(place), boxes, size)) rows.push([]);
    rows.at(-1).push(stroke);
    bottom = Math.max(bottom, boxes[stroke][3]);
  });
  return rows.length > MOST ? [whole] : rows.map((row) => row.sort((a, b) => a - b));
}

/** Whether a gap between what is above and what is below parts two rows. */
function separate(above, below, boxes, size) {
  const [upper, lower] = [above, below].map((row) => row.map((i) => boxes[i]));
  const later = Math.min(...below) > Math.min(...above) && Math.max(...below) > Math.max(...above);
  return later && [upper, lower].every((row) => high(row, size)) && median(lower) > SMALL * median(upper)
    && !barred(upper, edge(lower, (box) => box[1], size), (box, bar) => box[1] >= bar[1])
    && !barred(lower, edge(upper, (box) => -box[3], size), (box, bar) => box[3] <= bar[3]);
}

/** The boxes that begin within a stroke's size of the gap. */
function edge(row, away, size) {
  const first = Math.min(...row.map(away));
  return row.filter((box) => away(box) < first + size);
}

/**
 * Whether a flat stroke of `row` covers the `other` side as a fraction's bar does: it is the nearest
 * to it, or has nothing of its own between them.
 */
function barred(row, other, beyond) {
  const [left, , right] = extent(other), nearest = row.find((box) => !row.some((one) => one !== box && beyond(one, box)));
  return row.some((bar) => bar[3] - bar[1] < FLAT * (bar[2] - bar[0])
    && Math.min(right, bar[2]) - Math.max(left, bar[0]) >= COVERED * (right - left)
    && (bar === nearest || !row.some((box) => box !== bar && beyond(box, bar)
      && box[0] + box[2] > 2 * bar[0] && box[0] + box[2] < 2 * bar[2])));
}

function high(row, size) {
  const [, top, , bottom] = extent(row);
  return bottom - top > LOW * size;
}

function median(row) {
  const sizes = row.map(sizeOf).filter((size) => size > 0).sort((a, b) => a - b);
  return sizes[sizes.length >> 1] ?? 0;
}

const sizeOf = ([left, top, right, bottom]) => Math.max(right - left, bottom - top);
const extent = (row) => [0, 1, 2, 3].map((side) => (side < 2 ? Math.min : Math.max)(...row.map((box) => box[side])));

function boxOf(stroke) {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = 0; i < stroke.length; i += 2) {
    left = Math.min(left, stroke[i]); right = Math.max(right, stroke[i]);
    top = Math.min(top, stroke[i + 1]); bottom = Math.max(bottom, stroke[i + 1]);
  }
  return [left, top, right, bottom];
}
