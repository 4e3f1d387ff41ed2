// Strokes in the order and direction in which a writer would have drawn them, as
// tegashiki/image2tex/ordering.py has it: by recursive projection (Chan 2020, arXiv 1905.06749).

const CLOSED = 0.15, DOTTED = 0.4, STEEP = 1.3;

export function order(strokes) {
  const all = strokes.map((points) => {
    const stroke = direct(points), low = [Infinity, Infinity], high = [-Infinity, -Infinity];
    for (const point of stroke) for (const k of [0, 1]) { low[k] = Math.min(low[k], point[k]); high[k] = Math.max(high[k], point[k]); }
    return { stroke, low, high };
  });
  return project(all, 0, false).map(({ stroke }) => stroke);
}

/** Cut by gaps along `axis`, then along the other one, and so on. */
function project(members, axis, stuck) {
  if (members.length < 2) return members;
  let parts = partsOf(members, axis);
  if (parts.length > 1) {
    if (axis === 1) parts = bodiesFirst(parts);
    return parts.flatMap((part) => project(part, 1 - axis, false));
  }
  if (!stuck) return project(members, 1 - axis, true);
  const first = members.reduce((a, b) => (b.low[0] < a.low[0] || (b.low[0] === a.low[0] && b.low[1] < a.low[1]) ? b : a));
  return [first, ...project(members.filter((one) => one !== first), 0, false)];
}

/** Parts from top to bottom, but for the dot of an i, which follows its body. */
function bodiesFirst(parts) {
  for (let i = 0; i + 1 < parts.length; i++) {
    const [dot, body] = [parts[i], parts[i + 1]];
    if (dot.length !== 1 || body.length !== 1) continue;
    const size = ({ low, high }) => [high[0] - low[0], high[1] - low[1]], [width, height] = size(body[0]);
    if (Math.max(...size(dot[0])) < DOTTED * height && width < height) [parts[i], parts[i + 1]] = [body, dot];
  }
  return parts;
}

/** Groups along one axis with a gap between each and the next. */
function partsOf(members, axis) {
  const parts = [];
  let reach = -Infinity;
  for (const one of [...members].sort((a, b) => a.low[axis] - b.low[axis])) {
    if (one.low[axis] > reach) parts.push([]);
    parts.at(-1).push(one);
    reach = Math.max(reach, one.high[axis]);
  }
  return parts;
}

function direct(stroke) {
  if (stroke.length < 2) return stroke;
  const extent = [0, 1].map((k) => Math.max(...stroke.map((p) => p[k])) - Math.min(...stroke.map((p) => p[k])));
  const x = stroke.at(-1)[0] - stroke[0][0], y = stroke.at(-1)[1] - stroke[0][1];
  if (Math.hypot(x, y) <= CLOSED * Math.max(...extent) && stroke.length > 3) return closed(stroke);
  return x + STEEP * y >= 0 ? stroke : [...stroke].reverse();
}

/** A closed stroke from its top, against the clock (y grows downwards). */
function closed(stroke) {
  let area = 0;                                     // > 0: with the clock
  stroke.forEach(([x, y], i) => { const [u, v] = stroke[(i + 1) % stroke.length]; area += x * v - u * y; });
  const turned = area < 0 ? stroke : [...stroke].reverse();
  let top = 0;
  turned.forEach(([, y], i) => { if (y < turned[top][1]) top = i; });
  return [...turned.slice(top), ...turned.slice(0, top + 1)];
}
