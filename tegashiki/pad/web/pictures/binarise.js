// What of a picture is ink, as tegashiki/image2tex/binarise.py has it: paper and light taken away, at
// a size where the pen is about PEN pixels wide. A picture is { rows, columns, grey: Uint8Array }.

import { Problem } from "../recognizer/problem.js";

const PEN = 4, KEPT = [2.5, 5.5], ENLARGED = 2.5;
const EVEN = 8, SHALLOW = 0.45, RARE = 0.999, DUST = 0.6, FAINT = 24;
const SIDE = [0.955, 1.3693];       // what a step to the side and across counts, as OpenCV has it

/** A picture -> { rows, columns, mask: Uint8Array of 0 and 1, pen, scale }. */
export function binarise(picture) {
  const flat = flatten(picture), photographed = flat !== picture;
  let dark = darkOnLight(flat);
  if (photographed) dark = deep(dark);
  let mask = inkOf(dark), pen = penOf(mask, dark.rows, dark.columns), scale = 1;
  if (pen < KEPT[0] || pen > KEPT[1]) {
    scale = Math.min(PEN / pen, ENLARGED);
    dark = resized(dark, scale);
    mask = inkOf(dark);
    pen = penOf(mask, dark.rows, dark.columns);
  }
  if (photographed) withoutDust(mask, dark.rows, dark.columns, (DUST * pen) ** 2);
  return { rows: dark.rows, columns: dark.columns, mask, pen, scale };
}

/** As if the paper were evenly lit; a picture whose border is of one grey is returned as it is. */
function flatten(picture) {
  const { rows, columns, grey } = picture;
  let low = 255, high = 0;
  for (let y = 0; y < rows; y++) {
    const step = y === 0 || y === rows - 1 ? 1 : Math.max(columns - 1, 1);
    for (let x = 0; x < columns; x += step) {
      const value = grey[y * columns + x];
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  if (high - low <= EVEN) return picture;
  // The paper's own light: the lightest around, of a picture made small, smoothed.
  const factor = Math.max(Math.floor(Math.max(rows, columns) / 400), 1), small = shrunk(picture, factor);
  const turned = lightInk(small);
  const reach = Math.max(Math.floor(Math.min(small.rows, small.columns) / 8), 9) >> 1;
  let paper = Float32Array.from(small.grey, (value) => (turned ? 255 - value : value));
  paper = slid(slid(paper, small, reach, Math.max), small, reach, Math.min);
  for (let i = 0; i < 3; i++) paper = averaged(paper, small, reach >> 1);
  const found = new Uint8Array(grey.length);
  for (let y = 0; y < rows; y++) {
    const row = Math.min(Math.floor(y / factor), small.rows - 1) * small.columns;
    for (let x = 0; x < columns; x++) {
      const light = paper[row + Math.min(Math.floor(x / factor), small.columns - 1)];
      const value = turned ? 255 - grey[y * columns + x] : grey[y * columns + x];
      found[y * columns + x] = Math.min(255 * value / Math.max(light, 1), 255);
    }
  }
  const whole = { rows, columns };
  return { ...whole, grey: Uint8Array.from(averaged(Float32Array.from(found), whole, 1)) };
}

/** Whether what differs most from its surroundings is lighter than they are. */
function lightInk(small) {
  const values = Float32Array.from(small.grey);
  const around = averaged(averaged(values, small, 12), small, 12);
  const differ = values.map((value, i) => value - around[i]).sort();
  const few = Math.floor(differ.length * 0.0005);
  return differ[differ.length - 1 - few] > -differ[few];
}

function darkOnLight(picture) {
  const { grey } = picture, level = otsu(grey);
  let dark = 0, sum = [0, 0];
  for (const value of grey) {
    if (value <= level) { dark++; sum[0] += value; } else sum[1] += value;
  }
  if (dark === 0 || dark === grey.length || sum[1] / (grey.length - dark) - sum[0] / dark < FAINT) {
    throw new Problem("picture", "no ink on the picture");
  }
  return dark <= grey.length / 2 ? picture : { ...picture, grey: grey.map((value) => 255 - value) };
}

/** With whatever is only a shadow, or the paper's grain, made white. */
function deep(dark) {
  const sorted = dark.grey.slice().sort(), deepest = 255 - sorted[Math.floor((sorted.length - 1) * (1 - RARE))];
  return { ...dark, grey: dark.grey.map((value) => (255 - value < SHALLOW * deepest ? 255 : value)) };
}

function inkOf({ grey }) {
  const level = otsu(grey);
  return grey.map((value) => Number(value <= level));
}

/** Otsu's level: up to it a pixel is of the dark class. */
function otsu(grey) {
  const count = new Float64Array(256);
  for (const value of grey) count[value]++;
  let all = 0;
  for (let i = 0; i < 256; i++) all += i * count[i] / grey.length;
  let share = 0, mean = 0, best = 0, level = 0;
  for (let i = 0; i < 256; i++) {
    const here = count[i] / grey.length;
    mean *= share;
    share += here;
    if (Math.min(share, 1 - share) < 1e-7) { if (share > 0) mean = (mean + i * here) / share; continue; }
    mean = (mean + i * here) / share;
    const other = (all - share * mean) / (1 - share), between = share * (1 - share) * (mean - other) ** 2;
    if (between > best) { best = between; level = i; }
  }
  return level;
}

/** The width of the lines: a pixel of a line of width w is w / 4 from its edge in the mean. */
function penOf(mask, rows, columns) {
  const far = new Float32Array((rows + 2) * (columns + 2)), wide = columns + 2;
  for (let y = 0; y < rows; y++) for (let x = 0; x < columns; x++) far[(y + 1) * wide + x + 1] = mask[y * columns + x] ? 1e9 : 0;
  const sweep = (from, to, sign) => {
    for (let i = from; i !== to; i += sign) {
      if (!far[i]) continue;
      const [side, across] = SIDE;
      far[i] = Math.min(far[i], far[i - sign] + side, far[i - sign * wide] + side,
        far[i - sign * (wide + 1)] + across, far[i - sign * (wide - 1)] + across);
    }
  };
  sweep(wide + 1, far.length - wide - 1, 1);
  sweep(far.length - wide - 2, wide, -1);
  let sum = 0, count = 0;
  for (const value of far) if (value) { sum += value; count++; }
  return count ? Math.max(4 * (sum / count - 0.25), 1) : 1;
}

function withoutDust(mask, rows, columns, least) {
  const seen = new Uint8Array(mask.length);
  for (let first = 0; first < mask.length; first++) {
    if (!mask[first] || seen[first]) continue;
    const part = [first];
    seen[first] = 1;
    for (const at of part) {              // grows while it is walked
      const x = at % columns;
      for (let dy = -1; dy <= 1; dy++) {
        for (let dx = -1; dx <= 1; dx++) {
          const other = at + dy * columns + dx;
          if (x + dx < 0 || x + dx >= columns || other < 0 || other >= mask.length || !mask[other] || seen[other]) continue;
          seen[other] = 1;
          part.push(other);
        }
      }
    }
    if (part.length < least) for (const at of part) mask[at] = 0;
  }
}

/** A picture of another size: means where it gets smaller, straight lines between pixels where larger. */
export function resized(picture, scale) {
  if (scale < 0.5) return resized(shrunk(picture, 2), scale * 2);
  const { rows, columns, grey } = picture;
  const down = Math.max(Math.round(rows * scale), 1), across = Math.max(Math.round(columns * scale), 1);
  const found = new Uint8Array(down * across);
  for (let y = 0; y < down; y++) {
    const v = Math.min(Math.max((y + 0.5) * rows / down - 0.5, 0), rows - 1), top = Math.floor(v), b = v - top;
    const under = Math.min(top + 1, rows - 1);
    for (let x = 0; x < across; x++) {
      const u = Math.min(Math.max((x + 0.5) * columns / across - 0.5, 0), columns - 1), left = Math.floor(u), a = u - left;
      const right = Math.min(left + 1, columns - 1);
      found[y * across + x] = Math.round((1 - b) * ((1 - a) * grey[top * columns + left] + a * grey[top * columns + right])
        + b * ((1 - a) * grey[under * columns + left] + a * grey[under * columns + right]));
    }
  }
  return { rows: down, columns: across, grey: found };
}

/** Means of squares of `factor` pixels. */
function shrunk({ rows, columns, grey }, factor) {
  const down = Math.max(Math.floor(rows / factor), 1), across = Math.max(Math.floor(columns / factor), 1);
  const found = new Uint8Array(down * across);
  for (let y = 0; y < down; y++) {
    for (let x = 0; x < across; x++) {
      let sum = 0, count = 0;
      for (let v = y * factor; v < Math.min((y + 1) * factor, rows); v++) {
        for (let u = x * factor; u < Math.min((x + 1) * factor, columns); u++) { sum += grey[v * columns + u]; count++; }
      }
      found[y * across + x] = sum / count;
    }
  }
  return { rows: down, columns: across, grey: found };
}

/** The largest (or smallest) within a square of `reach` around each pixel. */
function slid(values, { rows, columns }, reach, choose) {
  const once = (from, lines, length, line, step) => {
    const to = new Float32Array(from.length);
    for (let i = 0; i < lines; i++) {
      for (let k = 0; k < length; k++) {
        let best = from[i * line + k * step];
        for (let j = Math.max(k - reach, 0); j <= Math.min(k + reach, length - 1); j++) best = choose(best, from[i * line + j * step]);
        to[i * line + k * step] = best;
      }
    }
    return to;
  };
  return once(once(values, rows, columns, columns, 1), columns, rows, 1, columns);
}

/** Means over a square of `reach` around each pixel. */
function averaged(values, { rows, columns }, reach) {
  const once = (from, lines, length, line, step) => {
    const to = new Float32Array(from.length);
    for (let i = 0; i < lines; i++) {
      let sum = 0, count = 0;
      for (let k = -reach; k < length; k++) {
        if (k + reach < length) { sum += from[i * line + (k + reach) * step]; count++; }
        if (k - reach > 0) { sum -= from[i * line + (k - reach - 1) * step]; count--; }
        if (k >= 0) to[i * line + k * step] = sum / count;
      }
    }
    return to;
  };
  return once(once(values, rows, columns, columns, 1), columns, rows, 1, columns);
}
