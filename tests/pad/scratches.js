// Twelve kinds of scratching out, drawn by formula over a box [left, top, right, bottom]; `r` gives
// numbers between -1 and 1, for a hand's unsteadiness.

export const KINDS = {
  "zigzag, wide": (box, r) => zigzag(box, r, 7, false),
  "zigzag, high": (box, r) => zigzag(box, r, 7, true),
  "zigzag, slanted": (box, r) => turned(zigzag(box, r, 8, false), box, 0.6),
  "sawtooth over a word": sawtooth,
  "waves over a word": waves,
  "waves, slanted": (box, r) => turned(sawtooth(box, r), box, 0.35),
  "three flat passes": (box, r) => passes(box, r, 3),
  "four flat passes": (box, r) => passes(box, r, 4),
  "six flat passes": (box, r) => passes(box, r, 6),
  "coil on a place": (box, r) => coil(box, r, 4, false),
  "coil over a word": (box, r) => coil(box, r, 5, true),
  scribble,
};

/** Numbers between -1 and 1, always the same for a seed. */
export function unsteady(seed) {
  let state = seed;
  return () => {
    state = (state * 1664525 + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  };
}

function shape([left, top, right, bottom]) {
  const width = Math.max(right - left, 6), height = Math.max(bottom - top, 6);
  return { x: (left + right) / 2, y: (top + bottom) / 2, width, height, size: Math.hypot(width, height) };
}

/** Straight lines between corners, a point every few pixels. */
function lines(corners, r, size) {
  const step = Math.max(1.5, size / 30), noise = () => r() * size * 0.012;
  return corners.slice(1).flatMap(([x, y], i) => {
    const [fromX, fromY] = corners[i], count = Math.max(2, Math.round(Math.hypot(x - fromX, y - fromY) / step));
    return Array.from({ length: count }, (_, k) => [fromX + ((x - fromX) * k) / count + noise(),
      fromY + ((y - fromY) * k) / count + noise()]);
  });
}

function zigzag(box, r, count, high) {
  const { x, y, width, height, size } = shape(box), [long, short] = high ? [height, width] : [width, height];
  const span = Math.max(short, long / 4), over = 1.15 + 0.15 * r();
  return lines(Array.from({ length: count + 1 }, (_, i) => {
    const u = ((i % 2 ? 1 : -1) * long * over * (1 + 0.1 * r())) / 2, v = (i / count - 0.5) * span;
    return high ? [x + v, y + u] : [x + u, y + v];
  }), r, size);
}

const teeth = ({ width, height }) => Math.max(6, Math.round((2.2 * width) / height));

function sawtooth(box, r) {
  const at = shape(box), count = teeth(at), wide = at.width * (1.1 + 0.1 * r()), high = Math.max(at.height, at.width * 0.12);
  return lines(Array.from({ length: count + 1 }, (_, i) => [at.x - wide / 2 + (wide * i) / count,
    at.y + ((i % 2 ? 1 : -1) * high * (1 + 0.1 * r())) / 2]), r, at.size);
}

function waves(box, r) {
  const at = shape(box), count = teeth(at), wide = at.width * 1.1, high = Math.max(at.height * (1 + 0.15 * r()), at.width * 0.12);
  return Array.from({ length: count * 10 + 1 }, (_, i) => [at.x - wide / 2 + (wide * i) / (count * 10) + r() * at.height * 0.02,
    at.y + (Math.sin((Math.PI * i) / 10) * high) / 2 + r() * at.height * 0.02]);
}

function passes(box, r, count) {
  const { x, y, width, height, size } = shape(box), wide = width * (1.3 + 0.15 * r()), high = height * (0.3 + 0.1 * r());
  return lines(Array.from({ length: count + 1 }, (_, i) => [x + ((i % 2 ? 1 : -1) * wide * (1 + 0.08 * r())) / 2,
    y + (i / count - 0.5) * high]), r, size);
}

function coil(box, r, count, over) {
  const { x, y, width, height } = shape(box), points = count * 28;
  const radius = over ? Math.max(height / 2, width * 0.18) : width * 0.55;
  return Array.from({ length: points + 1 }, (_, i) => {
    const angle = (2 * Math.PI * count * i) / points, middle = x + (i / points - 0.5) * width * (over ? 0.9 : 0.15);
    return [middle + Math.cos(angle) * radius * (1 + 0.05 * r()), y + Math.sin(angle) * height * 0.55 * (1 + 0.05 * r())];
  });
}

function scribble(box, r) {
  const { x, y, width, height } = shape(box), phase = Math.abs(r()) * 3;
  return Array.from({ length: 161 }, (_, i) => [x + width * (0.55 * Math.sin((10 * Math.PI * i) / 160 + phase) + r() * 0.02),
    y + height * (0.55 * Math.sin((6.6 * Math.PI * i) / 160) + r() * 0.02)]);
}

function turned(points, box, angle) {
  const { x, y, width, height } = shape(box);
  if (width > 3 * height || height > 3 * width) return points;      // it would miss most of it
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return points.map(([px, py]) => [x + (px - x) * cos - (py - y) * sin, y + (px - x) * sin + (py - y) * cos]);
}
