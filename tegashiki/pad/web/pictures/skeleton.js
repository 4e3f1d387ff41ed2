// Lines of one pixel and how they meet, as tegashiki/image2tex/skeleton.py has it: a graph of nodes
// (ends and junctions) and edges { start, end, path: [[x, y], ...] }.

const SPUR = 1.2, LOOP = 2.5;       // of the pen: shorter bumps of the outline, shorter holes of a blot
const AROUND = [[-1, 0], [-1, 1], [0, 1], [1, 1], [1, 0], [1, -1], [0, -1], [-1, -1]];    // dy, dx; from above, clockwise

/** What `binarise` gives -> { places: Map of node -> [x, y], edges }. */
export function skeletonGraph({ mask, rows, columns, pen }) {
  return tidy(graphOf(thinned(mask, rows, columns), rows, columns), pen);
}

export const lengthOf = (path) => {
  let sum = 0;
  for (let i = 1; i < path.length; i++) sum += Math.hypot(path[i][0] - path[i - 1][0], path[i][1] - path[i - 1][1]);
  return sum;
};

/** Thinned to lines of one pixel (Zhang and Suen 1984): ends stay ends, what is joined stays joined. */
export function thinned(mask, rows, columns) {
  const wide = columns + 2, on = new Uint8Array((rows + 2) * wide);
  let live = [];
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++) {
      if (mask[y * columns + x]) { on[(y + 1) * wide + x + 1] = 1; live.push((y + 1) * wide + x + 1); }
    }
  }
  const steps = AROUND.map(([dy, dx]) => dy * wide + dx);
  const goes = (at, second) => {
    let count = 0, rises = 0, before = on[at + steps[7]];
    for (const step of steps) {
      const here = on[at + step];
      count += here;
      if (here && !before) rises++;
      before = here;
    }
    if (count < 2 || count > 6 || rises !== 1) return false;
    const [up, , right, , down, , left] = steps.map((step) => on[at + step]);
    return second ? !(up && right && left) && !(up && down && left) : !(up && right && down) && !(right && down && left);
  };
  for (let changed = true; changed;) {
    changed = false;
    for (const second of [false, true]) {
      const gone = live.filter((at) => goes(at, second));
      for (const at of gone) on[at] = 0;
      if (gone.length) { changed = true; live = live.filter((at) => on[at]); }
    }
  }
  // The corner of a stair is not needed: both its sides touch each other.
  for (const at of live) {
    const [up, upRight, right, downRight, down, downLeft, left, upLeft] = steps.map((step) => on[at + step]);
    if ((up && right && !down && !left && !downLeft) || (right && down && !up && !left && !upLeft)
      || (down && left && !up && !right && !upRight) || (left && up && !down && !right && !downRight)) on[at] = 0;
  }
  return { on, wide };
}

function graphOf({ on, wide }, rows, columns) {
  const points = [], number = new Int32Array(on.length).fill(-1);
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++) {
      const at = (y + 1) * wide + x + 1;
      if (on[at]) { number[at] = points.length; points.push([x, y]); }
    }
  }
  const neighbours = neighboursOf(on, wide, number, points), nodeOf = new Map(), places = new Map(), edges = [];
  const degree = neighbours.map((found) => found.length);
  for (let pixel = 0; pixel < points.length; pixel++) {          // junctions, as clusters
    if (degree[pixel] < 3 || nodeOf.has(pixel)) continue;
    const node = places.size, cluster = [pixel];
    nodeOf.set(pixel, node);
    for (const here of cluster) {
      for (const other of neighbours[here]) {
        if (degree[other] >= 3 && !nodeOf.has(other)) { nodeOf.set(other, node); cluster.push(other); }
      }
    }
    places.set(node, [0, 1].map((k) => cluster.reduce((sum, p) => sum + points[p][k], 0) / cluster.length));
  }
  for (let pixel = 0; pixel < points.length; pixel++) {
    if (degree[pixel] > 1) continue;
    nodeOf.set(pixel, places.size);
    places.set(places.size, points[pixel]);
  }
  const walked = new Uint8Array(points.length);
  const walk = (pixel, first) => {                               // to the next node
    const line = [];
    let former = pixel, step = first;
    while (!nodeOf.has(step)) {
      if (walked[step]) return;
      walked[step] = 1;
      line.push(step);
      const following = neighbours[step].find((n) => n !== former);
      if (following === undefined) return;
      [former, step] = [step, following];
    }
    const start = nodeOf.get(pixel), end = nodeOf.get(step);
    if (!line.length && start >= end) return;                    // side by side: added from one of them
    edges.push({ start, end, path: [places.get(start), ...line.map((p) => points[p]), places.get(end)] });
  };
  for (const [pixel, node] of [...nodeOf]) {
    if (!degree[pixel]) edges.push({ start: node, end: node, path: [points[pixel]] });
    for (const step of neighbours[pixel]) walk(pixel, step);
  }
  for (let pixel = 0; pixel < points.length; pixel++) {          // closed lines: what is left
    if (degree[pixel] !== 2 || walked[pixel]) continue;
    nodeOf.set(pixel, places.size);
    places.set(places.size, points[pixel]);
    walk(pixel, neighbours[pixel][0]);
    walked[pixel] = 1;
  }
  return { places, edges };
}

/** By a side, or by a corner without a third pixel that touches both by a side. */
function neighboursOf(on, wide, number, points) {
  const found = points.map(() => []);
  for (const [dy, dx] of [[0, 1], [1, 0], [1, 1], [1, -1]]) {
    points.forEach(([x, y], one) => {
      const at = (y + 1) * wide + x + 1, other = number[at + dy * wide + dx];
      if (other < 0 || (dy && dx && (on[at + dy * wide] || on[at + dx]))) return;
      found[one].push(other);
      found[other].push(one);
    });
  }
  return found;
}

/** Without bumps and holes of blots; what then has two lines is no node any more. */
function tidy(graph, pen) {
  for (;;) {
    const ends = new Map();
    for (const { start, end } of graph.edges) for (const node of [start, end]) ends.set(node, (ends.get(node) ?? 0) + 1);
    const left = graph.edges.filter(({ start, end, path }) => {
      if (path.length <= 1) return true;
      if (start === end) return !(lengthOf(path) < LOOP * pen && ends.get(start) > 2);
      const [few, many] = [ends.get(start), ends.get(end)].sort((a, b) => a - b);
      return !(few === 1 && many > 2 && lengthOf(path) < SPUR * pen);
    });
    if (left.length === graph.edges.length) return graph;
    graph.edges = left;
    joinThrough(graph);
  }
}

/** Make one line of two that meet alone at a node. */
export function joinThrough(graph) {
  const meeting = new Map();
  for (const edge of graph.edges) for (const node of [edge.start, edge.end]) meeting.set(node, [...(meeting.get(node) ?? []), edge]);
  for (const [node, edges] of meeting) {
    if (edges.length !== 2 || edges[0] === edges[1]) continue;
    const [one, two] = edges;
    const first = one.end === node ? one.path : [...one.path].reverse();
    const second = two.start === node ? two.path : [...two.path].reverse();
    const joined = { start: one.end === node ? one.start : one.end, end: two.start === node ? two.end : two.start,
      path: [...first, ...second.slice(1)] };
    graph.edges = [...graph.edges.filter((edge) => edge !== one && edge !== two), joined];
    for (const end of [joined.start, joined.end]) {
      meeting.set(end, meeting.get(end).map((edge) => (edge === one || edge === two ? joined : edge)));
    }
  }
}
