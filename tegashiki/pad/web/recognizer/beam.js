// Beam search, as tegashiki.decode.beam does it, with the person's wishes: a mask of tokens and pins.

const f32 = Math.fround;
const PAD = 0, START = 1, END = 2;
const NONE = [];
const LOOK = 0.5;          // share of the attention at which a token is about a pin's strokes

/**
 * One token of a hypothesis. The whole is the chain of `before`; a search makes many hypotheses
 * that share their beginnings.
 * @typedef {{token: number, score: number, state: number[], before: Node | null, done: number,
 *            pinned: number[], logP: Float32Array, look: Float32Array | null}} Node
 * `pinned` are the strokes of the pin that the token wrote.
 */

/**
 * Search one expression; finished hypotheses, best first. `wishes.pins` are {token, strokes},
 * `wishes.mask` says of each token whether the person wants it at all, `wishes.prefix` is how every
 * hypothesis has to begin: {token, pin}, the number of the pin that the token writes or null.
 * `sure(node)` is called once, as soon as nothing can become better than the best that is finished:
 * the others of the `width` may take half as long again.
 * @returns {Promise<Node[] | null>} null when `goOn()` said that nobody waits any more
 */
export async function beam(runtime, memory, { width, length, grammar, wishes, goOn, sure = null }) {
  let live = [{ token: START, score: 0, state: grammar.start, before: null, done: 0, pinned: [] }];
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
        grammar.allowed(node.state, length - place), wishes, 2 * width, wishes.prefix?.[place]));
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
      if (sure && finished.length && (!live.length || live[0].score <= finished[0].score)) {
        await sure(finished[0]);
        sure = null;
      }
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

/** The best `count` ways to go on from one hypothesis, or the one that is `forced`, for nothing. */
function extensions(before, row, logP, look, allowed, wishes, count, forced) {
  if (forced) {
    const { token, pin } = forced, done = pin === null ? before.done : before.done | (1 << pin);
    const pinned = wishes.pins[pin]?.strokes ?? [];
    return allowed[token] ? [{ token, score: before.score, row, before, done, pinned, logP, look, state: null }] : [];
  }
  const pinned = pinOf(before, look, wishes.pins);
  const best = [];
  for (let token = END; token < logP.length; token++) {
    if (!allowed[token] || !wishes.mask[token]) continue;
    let gain = logP[token], { done } = before, strokes = NONE;
    if (pinned !== null && wishes.drawn[token]) {
      const pin = wishes.pins[pinned];
      if (token !== pin.token) continue;
      gain = wishes.drawn.reduce((sum, drawn, i) => (drawn ? sum + Math.exp(logP[i]) : sum), 0);
      gain = Math.min(0, Math.log(gain));            // it is certain that one of them is this
      done |= 1 << pinned;
      strokes = pin.strokes;
    }
    const score = f32(before.score + gain);
    if (best.length === count && score <= best[count - 1].score) continue;
    let at = best.length;
    while (at > 0 && best[at - 1].score < score) at--;
    best.splice(at, 0, { token, score, row, before, done, pinned: strokes, logP, look, state: null });
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

/**
 * How to begin so that pins that `node` did not write are written: as it began, but each pin where
 * that symbol stands which looked most at its strokes. Several, the one with the most pins first;
 * none if nothing is missing.
 */
export function forcings(node, { pins, drawn }) {
  const nodes = chain(node), done = nodes.at(-1)?.done ?? 0, places = new Map();
  nodes.forEach(({ pinned }, place) => {
    if (pinned.length) places.set(place, pins.findIndex(({ strokes }) => strokes === pinned));
  });
  const missing = [];
  let end = nodes.length;
  pins.forEach(({ strokes }, pin) => {
    if (done & (1 << pin)) return;
    let most = 0, best = -1;
    nodes.forEach(({ token, look }, place) => {
      if (!drawn[token] || !look || places.has(place)) return;
      const looks = strokes.reduce((sum, stroke) => sum + (look[stroke] ?? 0), 0);
      if (looks > most) [most, best] = [looks, place];
    });
    if (best < 0) best = end++;                    // every symbol is another pin's: at the end
    places.set(best, pin);
    missing.push(best);
  });
  return missing.sort((a, b) => b - a).map((last) => Array.from({ length: last + 1 }, (_, place) => {
    const pin = places.get(place) ?? null;
    return { token: pin === null ? nodes[place].token : pins[pin].token, pin };
  }));
}

/** The nodes of a hypothesis in the order of writing, without start and end. */
export function chain(node) {
  const nodes = [];
  for (; node.before; node = node.before) if (node.token !== END) nodes.push(node);
  return nodes.reverse();
}

export { END, PAD, START };
