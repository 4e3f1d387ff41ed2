// Normal form of ink, as tegashiki.ink.geometry defines it: unit = median stroke height, bounding
// box from (0, 0). A stroke is a Float32Array of x, y pairs, y growing downwards.

import tables from "tables";

const { flat, dot } = tables.geometry;

/** Smallest and largest x and y of one stroke: [left, top, right, bottom]. */
export function box(stroke) {
  let [left, top] = stroke, right = left, bottom = top;
  for (let i = 2; i < stroke.length; i += 2) {
    const x = stroke[i], y = stroke[i + 1];
    if (x < left) left = x; else if (x > right) right = x;
    if (y < top) top = y; else if (y > bottom) bottom = y;
  }
  return [left, top, right, bottom];
}

/** The middle value; the mean of the two middle ones of an even number. */
export function median(values) {
  const sorted = Float64Array.from(values).sort();
  const half = sorted.length >> 1;
  return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

/** Median height of the strokes that have one, in the unit of the points; always above 0. */
export function unit(boxes) {
  const sides = boxes.map(([left, top, right, bottom]) => [right - left, bottom - top]);
  const tallest = Math.max(...sides.map(([, height]) => height));
  const tall = sides.filter(([width, height]) => height >= flat * width && height > dot * tallest);
  const sizes = (tall.length ? tall.map(([, height]) => height) : sides.map((side) => Math.max(...side)))
    .filter((size) => size > 0);
  return sizes.length ? median(sizes) : 1;
}

/** The strokes in normal form; the strokes given are not changed. */
export function normalize(strokes) {
  const boxes = strokes.map(box);
  const left = Math.min(...boxes.map((b) => b[0])), top = Math.min(...boxes.map((b) => b[1]));
  const size = unit(boxes);
  return strokes.map((stroke) => stroke.map((value, i) => (value - (i % 2 ? top : left)) / size));
}
