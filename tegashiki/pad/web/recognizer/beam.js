// Beam search, as tegashiki.decode.beam does it, with the person's wishes: a mask of tokens and pins.

const f32 = Math.fround;
const PAD = 0, START = 1, END = 2;
const LOOK = 0.5;          // share of the attention at which a token is about a pin's strokes
const UNHEEDED = 20;       // nats that a formula pays for each pin that it did not write

/**
 * One token of a hypothesis. The whole is the chain of `before`; a search makes many hypotheses
 * that share their beginnings.
 * @typedef {{token: number, score: number, state: number[], before: Node | null, done: number,
 *            logP: Float32Array, look: Float32Array | null}} Node
 */

/**
 * Search one expression; finished hypotheses, best first. `wishes.pins` are {token, strokes},
 * `wishes.mask` says of each token whether the person wants it at all.
 * @returns {Promise<Node[] | null>} null when `goOn()` said that nobody waits any more
 */
export async function beam(runtime, memory, { width, length, grammar, wishes, goOn }) {
  let live = [{ token: START, score: 0, state: grammar.start, before: null, done: 0 }];
  let parents = Int32Array.from({ length: width }, (_, i) => i);
  let tokens = new Int32Array(width).fill(START);
  const finished = [];
  const cursor = runtime.begin(memory);
  try {
    for (let place = 0; place < length; place++) {
      if (!(await goOn())) return null;
      const { logP, look, size } = await cursor.step(tokens, parents);
      const options = live.flatMap((node, row) => extensions(
        node, row, logP.subarray(row * size, (row + 1) * size),
        look && look.subarray(row * (look.length / width), (row + 1) * (look.length / width)),
        grammar.allowed(node.state, length - place), wishes, 2 * width));
      // Array sorting is stable, so that equal scores stay in the order of rows and tokens.
      options.sort((a, b) => b.score - a.score);
      const following = [];
      parents = new Int32Array(width);
      for (const option of options.slice(0, 2 * width)) {
        if (following.length === width) break;
        if (option.token === END) finished.push(option);
        else {
          parents[following.length] = option.row;
          option.state = grammar.step(option.before.state, option.token);
          following.push(option);
        }
      }
      live = following;
      finished.sort((a, b) => b.score - a.score);
      // Scores only fall: once `width` are finished, nothing worse than the last can enter.
      if (!live.length || (finished.length >= width && live[0].score <= finished[width - 1].score)) break;
      tokens = new Int32Array(width).fill(END);
      live.forEach((node, row) => { tokens[row] = node.token; });
    }
  } finally {
    cursor.end();
  }
  return finished.length ? finished : live;
}

/** The best `count` ways to go on from one hypothesis. */
function extensions(before, row, logP, look, allowed, wishes, count) {
  const pinned = pinOf(before, look, wishes.pins);
  const best = [];
  for (let token = END; token < logP.length; token++) {
    if (!allowed[token] || !wishes.mask[token]) continue;
    let gain = logP[token], { done } = before;
    if (pinned !== null && wishes.drawn[token]) {
      const pin = wishes.pins[pinned];
      if (token !== pin.token) continue;
      gain = wishes.drawn.reduce((sum, drawn, i) => (drawn ? sum + Math.exp(logP[i]) : sum), 0);
      gain = Math.min(0, Math.log(gain));            // it is certain that one of them is this
      done |= 1 << pinned;
    }
    if (token === END) gain -= UNHEEDED * (wishes.pins.length - bits(done));
    const score = f32(before.score + gain);
    if (best.length === count && score <= best[count - 1].score) continue;
    let at = best.length;
    while (at > 0 && best[at - 1].score < score) at--;
    best.splice(at, 0, { token, score, row, before, done, logP, look, state: null });
    if (best.length > count) best.pop();
  }
  return best;
}

/** The pin whose strokes the next token is about, unless it is written already; null if none. */
function pinOf(node, look, pins) {
  if (!look) return null;
  for (let i = 0; i < pins.length; i++) {
    if (node.done & (1 << i)) continue;
    if (pins[i].strokes.reduce((sum, stroke) => sum + (look[stroke] ?? 0), 0) > LOOK) return i;
  }
  return null;
}

function bits(number) {
  let count = 0;
  for (; number; number &= number - 1) count++;
  return count;
}

/** The nodes of a hypothesis in the order of writing, without start and end. */
export function chain(node) {
  const nodes = [];
  for (; node.before; node = node.before) if (node.token !== END) nodes.push(node);
  return nodes.reverse();
}

export { END, PAD, START };
