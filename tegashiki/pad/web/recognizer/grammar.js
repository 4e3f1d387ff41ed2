// Which token may stand next. The rules are tables that tegashiki.tex.grammar wrote out; a state is
// a list of frame numbers, one for each open row, the innermost last.

import tables from "tables";

const FORBIDDEN = ".";

export class Grammar {
  constructor(rules = tables.grammar) {
    this.rules = rules;
    this.start = [rules.start];
    this.masks = new Map();
  }

  /** The state after one more token, which must be allowed. */
  step(state, token) {
    const { effect, effects, first } = this.rules;
    const frames = effects[effect[state.at(-1)].charCodeAt(token) - first];
    return [...state.slice(0, -1), ...frames];
  }

  /** The fewest tokens that end the formula from here, the end token included. */
  need(state) {
    return state.reduce((sum, frame) => sum + this.rules.closing[frame], 0);
  }

  /** Which tokens may stand next when `room` may still be written: Uint8Array (vocabulary). */
  allowed(state, room) {
    const { spare: most, maxDepth, cost } = this.rules;
    const spare = Math.max(-1, Math.min(room - this.need(state), most));
    const deeper = state.length < maxDepth ? 1 : 0, frame = state.at(-1);
    const key = `${frame} ${deeper} ${spare}`;
    let mask = this.masks.get(key);
    if (!mask) {
      mask = Uint8Array.from(cost[deeper][frame], (c) => (c !== FORBIDDEN && Number(c) <= spare ? 1 : 0));
      this.masks.set(key, mask);
    }
    return mask;
  }
}
