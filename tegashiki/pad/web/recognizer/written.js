// What the beam wrote, as a person sees it: the symbols, with which strokes, and what else they might be.

import tables from "tables";

const ALTERNATIVES = 8;
const FAINT = 0.3;          // attention to a stroke under which it may be in no symbol; most of such are in one
const DOUBTS = 5;           // such strokes that are looked at

export class Written {
  #vocabulary; #drawn;

  /** `drawn`: for each token of the vocabulary 1 where it has ink of its own. */
  constructor(vocabulary, drawn) {
    this.#vocabulary = vocabulary;
    this.#drawn = drawn;
  }

  /** What a chain of nodes wrote, and with which strokes each symbol. */
  describe(nodes, strokes) {
    const packed = nodes.map(({ token }) => this.#vocabulary[token]);
    const symbols = nodes.flatMap((node, place) => (this.#drawn[node.token]
      ? [{ place, token: packed[place], strokes: [], alternatives: this.#alternatives(node) }] : []));
    const faint = [];
    for (let s = 0; s < strokes; s++) {
      let owner = symbols.find(({ place }) => nodes[place].pinned.includes(s)) ?? null;
      let most = owner ? Infinity : 0;
      for (const symbol of symbols) {
        const looks = nodes[symbol.place].look?.[s] ?? 0;
        if (looks > most) [owner, most] = [symbol, looks];
      }
      owner?.strokes.push(s);
      if (most < FAINT) faint.push({ s, most });
    }
    const tokens = packed.flatMap((token) => tables.structure[token] ?? [token]);
    const unsure = faint.sort((a, b) => a.most - b.most).slice(0, DOUBTS).map(({ s }) => s);
    return { tokens, packed, symbols, faint: unsure, tex: tokens.join(" ") };
  }

  /** Other symbols that the network thought of here, with their probabilities, likeliest first. */
  #alternatives(node) {
    return node.alternatives ??= this.#likeliest(node);      // candidates share their beginnings
  }

  #likeliest({ logP, token }) {
    const best = [];
    for (let id = 0; id < logP.length; id++) {
      if (!this.#drawn[id] || (best.length === ALTERNATIVES && logP[id] <= logP[best.at(-1)])) continue;
      let at = best.length;
      while (at > 0 && logP[best[at - 1]] < logP[id]) at--;
      best.splice(at, 0, id);
      if (best.length > ALTERNATIVES) best.pop();
    }
    if (!best.includes(token)) best[best.length - 1] = token;
    return best.map((id) => ({ token: this.#vocabulary[id], probability: Math.exp(logP[id]) }));
  }
}
