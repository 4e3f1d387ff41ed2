// From lines that meet to strokes, as tegashiki/image2tex/tracing.py has it: a pen goes on straight.

const BEND = 75, ONE_NODE = 1.2, SHARED = 4, TURN = 60, AGREE = 35, NEAR = 0.4, FAR = 2.5;

/** A graph -> strokes [[x, y], ...], each drawn once, smoothed over the pen's width. */
export function trace(graph, pen) {
  contract(graph, pen);
  turnBack(graph, pen);
  const partner = new Map();                       // edge -> [its partner at the start, at the end]
  const put = (one, two) => {
    if (!partner.has(one.edge)) partner.set(one.edge, [null, null]);
    partner.get(one.edge)[one.first ? 0 : 1] = two;
  };
  for (const node of graph.places.keys()) {
    for (const [one, two] of pairs(endsAt(graph, node, pen))) { put(one, two); put(two, one); }
  }
  return chains(graph, partner).map((path) => smooth(path, pen));
}

const outward = ({ edge, first }) => (first ? edge.path : [...edge.path].reverse());
const otherNode = ({ edge, first }) => (first ? edge.end : edge.start);

/** The ends of edges at a node: { edge, first, away }, away a unit vector along the line. */
function endsAt(graph, node, pen) {
  const found = [];
  for (const edge of graph.edges) {
    if (edge.path.length < 2) continue;
    for (const first of [true, false]) {
      if ((first ? edge.start : edge.end) === node) found.push({ edge, first, away: direction(outward({ edge, first }), pen) });
    }
  }
  return found;
}

/** The direction in which a line leaves its first point, beyond the pen's own width. */
function direction(path, pen) {
  const far = Math.min(even(FAR * pen), path.length - 1), near = Math.min(even(NEAR * pen), Math.floor(far / 3));
  const x = path[far][0] - path[near][0], y = path[far][1] - path[near][1], size = Math.max(Math.hypot(x, y), 1e-6);
  return [x / size, y / size];
}

/** Rounded as Python does: halves to the even one. */
function even(value) {
  const low = Math.floor(value);
  return value - low === 0.5 ? low + (low % 2) : Math.round(value);
}

/** Degrees by which a pen turns that comes in by one line and leaves by the other. */
const bend = (one, two) => Math.acos(Math.min(Math.max(-(one[0] * two[0] + one[1] * two[1]), -1), 1)) * 180 / Math.PI;

/** Which ends at a node are one stroke: those that bend least, each end at most once. */
function pairs(ends) {
  const bends = [];
  for (let i = 0; i < ends.length; i++) for (let j = i + 1; j < ends.length; j++) bends.push([bend(ends[i].away, ends[j].away), i, j]);
  bends.sort((a, b) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2]);
  if (ends.length === 4) {
    const angle = (i, j) => bends.find(([, a, b]) => a === i && b === j)[0];
    const ways = [[[0, 1], [2, 3]], [[0, 2], [1, 3]], [[0, 3], [1, 2]]];
    const sums = ways.map((way) => angle(...way[0]) + angle(...way[1])), best = ways[sums.indexOf(Math.min(...sums))];
    if (Math.max(...best.map((pair) => angle(...pair))) < BEND) return best.map(([i, j]) => [ends[i], ends[j]]);
  }
  const found = [], taken = new Set();
  for (const [angle, i, j] of bends) {
    if (angle >= BEND || taken.has(i) || taken.has(j)) continue;
    taken.add(i).add(j);
    found.push([ends[i], ends[j]]);
  }
  return found;
}

/** Make one crossing of two junctions that thinning has pulled apart. */
function contract(graph, pen) {
  const short = graph.edges.filter(({ start, end, path }) => start !== end && path.length > 1 && path.length <= 2 + SHARED * pen);
  short.sort((a, b) => a.path.length - b.path.length);
  for (const edge of short) {
    if (edge.start === edge.end) continue;         // its junctions became one by another line
    const behind = [edge.start, edge.end].map((node) => endsAt(graph, node, pen).filter((end) => end.edge !== edge));
    if (Math.min(behind[0].length, behind[1].length) < 2) continue;
    let length = 0;
    for (let i = 1; i < edge.path.length; i++) length += Math.hypot(edge.path[i][0] - edge.path[i - 1][0], edge.path[i][1] - edge.path[i - 1][1]);
    if (length < ONE_NODE * pen || cross(...behind)) merge(graph, edge);
  }
}

/** Whether two lines on one side go on as the two on the other. */
function cross(one, two) {
  if (one.length !== 2 || two.length !== 2) return false;
  return Math.min(...[0, 1].map((i) => Math.max(bend(one[0].away, two[i].away), bend(one[1].away, two[1 - i].away)))) < AGREE;
}

function merge(graph, edge) {
  const { start: kept, end: lost } = edge, a = graph.places.get(kept), b = graph.places.get(lost);
  const place = [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
  graph.edges = graph.edges.filter((other) => other !== edge);
  graph.places.set(kept, place);
  graph.places.delete(lost);
  for (const other of graph.edges) {
    const { start, end } = other;
    if (start === kept || start === lost) { other.start = kept; other.path = [place, ...other.path.slice(1)]; }
    if (end === kept || end === lost) { other.end = kept; other.path = [...other.path.slice(0, -1), place]; }
  }
}

/** Draw a line there and back where a pen turned at its blind end: the stem of n, the tip of 1. */
function turnBack(graph, pen) {
  const degree = (node) => graph.edges.reduce((sum, { start, end }) => sum + (start === node) + (end === node), 0);
  for (const node of [...graph.places.keys()]) {
    const ends = endsAt(graph, node, pen);
    if (ends.length !== 3 || new Set(ends.map(({ edge }) => edge)).size !== 3) continue;
    const blind = ends.filter((end) => degree(otherNode(end)) === 1).map((end) => ({ end, length: sizeOf(end.edge.path),
      bent: Math.max(...ends.filter((other) => other !== end).map((other) => bend(end.away, other.away))) }));
    blind.sort((a, b) => a.bent - b.bent || a.length - b.length);
    if (!blind.length || blind[0].bent > TURN) continue;
    const stem = blind[0].end, [one, two] = ends.filter((end) => end !== stem), there = outward(stem);
    const path = [...outward(one).reverse(), ...there.slice(1), ...there.slice(0, -1).reverse(), ...outward(two).slice(1)];
    const gone = new Set(ends.map(({ edge }) => edge));
    graph.edges = [...graph.edges.filter((edge) => !gone.has(edge)), { start: otherNode(one), end: otherNode(two), path }];
  }
}

const sizeOf = (path) => path.slice(1).reduce((sum, [x, y], i) => sum + Math.hypot(x - path[i][0], y - path[i][1]), 0);

/** Edges joined where they are partners; begun at ends that go on nowhere, then what is closed. */
function chains(graph, partner) {
  const done = new Set(), strokes = [], at = (edge, first) => partner.get(edge)?.[first ? 0 : 1] ?? null;
  const starts = graph.edges.flatMap((edge) => [true, false].filter((first) => !at(edge, first)).map((first) => ({ edge, first })));
  for (const begin of [...starts, ...graph.edges.map((edge) => ({ edge, first: true }))]) {
    if (done.has(begin.edge)) continue;
    const stroke = [];
    let here = begin;
    while (here && !done.has(here.edge)) {
      done.add(here.edge);
      const path = outward(here);
      stroke.push(...(stroke.length ? path.slice(1) : path));
      here = at(here.edge, !here.first);
    }
    strokes.push(stroke);
  }
  return strokes;
}

/** Without the stairs of its pixels: a mean over about a pen's width, ends kept. */
function smooth(path, pen) {
  const reach = Math.max(even(pen / 2), 1), last = path.length - 1;
  if (path.length <= reach) return path;           // shorter than the reach: stairs do not show
  const mirrored = (i) => (i < 0 ? [0, 1].map((k) => 2 * path[0][k] - path[-i][k])
    : i > last ? [0, 1].map((k) => 2 * path[last][k] - path[2 * last - i][k]) : path[i]);
  return path.length < 3 ? path : path.map((_, i) => {
    const sum = [0, 0];
    for (let j = i - reach; j <= i + reach; j++) { const [x, y] = mirrored(j); sum[0] += x; sum[1] += y; }
    return [sum[0] / (2 * reach + 1), sum[1] / (2 * reach + 1)];
  });
}
