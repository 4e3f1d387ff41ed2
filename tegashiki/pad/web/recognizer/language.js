// How likely a formula is as text: the table of language.json, see tegashiki/decoding/language.py.

import { Problem } from "./problem.js";

const VERSION = 1;
const STEPS = 16;         // of a nat
const BELOW = 128;        // the byte of weight 1
const UNKNOWN = -15;      // nats, of a token that the text did not have

export class Language {
  /** `content`: of language.json. Throws a Problem where it is damaged or of another version. */
  static of(content) {
    if (content.VERSION !== VERSION) {
      throw new Problem("model", `language.json is of version ${content.VERSION}, not ${VERSION}`);
    }
    try {
      return new Language(content);
    } catch (error) {
      throw new Problem("model", `language.json is damaged: ${error.message ?? error}`);
    }
  }

  constructor({ order, tokens, weight, bonus, table }) {
    Object.assign(this, { order, weight, bonus, base: tokens.length });
    this.numbers = new Map(tokens.map((token, number) => [token, number]));
    this.grams = unpacked(Uint8Array.from(atob(table), (one) => one.charCodeAt(0)), order, tokens.length);
  }

  /** Log probability of the formula, plain tokens, and of its end. */
  logP(formula) {
    const row = [...new Array(this.order - 1).fill(0), ...formula.map((token) => this.numbers.get(token) ?? -1), 1];
    let sum = 0;
    for (let end = this.order; end <= row.length; end++) sum += this.#next(row.slice(end - this.order, end));
    return sum;
  }

  /** What is added to the network's log probability of the formula, in nats. */
  worth(formula) {
    return this.weight * (this.logP(formula) + this.bonus * formula.length);
  }

  #next(gram) {
    let weight = 0;
    for (let from = 0; from < gram.length; from++) {
      const found = this.#of(gram.slice(from));
      if (found) return weight + found.logP;
      weight += this.#of(gram.slice(from, -1))?.weight ?? 0;
    }
    return weight + UNKNOWN;
  }

  #of(gram) {
    return gram.length && !gram.includes(-1) ? this.grams.get(keyOf(gram, this.base)) : undefined;
  }
}

/** One number for an n-gram; 1 before it, so that its length counts. */
function keyOf(gram, base) {
  return gram.reduce((key, token) => key * base + token, 1);
}

/** The tree of the table, level by level: {key: {logP, weight}}. */
function unpacked(table, order, base) {
  const found = new Map();
  let at = 0, level = [1];
  const number = () => {
    let value = 0, shift = 0, byte;
    do {
      if (at >= table.length) throw new Error("it ends too early");
      byte = table[at++];
      value |= (byte & 127) << shift;
      shift += 7;
    } while (byte > 127);
    return value;
  };
  for (let depth = 1; depth <= order; depth++) {
    const below = [];
    for (const node of level) {
      for (let left = number(); left > 0; left--) below.push(node * base + number());
    }
    const weights = at + below.length, last = depth === order;
    if (weights + (last ? 0 : below.length) > table.length) throw new Error("it ends too early");
    below.forEach((key, i) => found.set(key,
      { logP: -table[at + i] / STEPS, weight: last ? 0 : (table[weights + i] - BELOW) / STEPS }));
    at = weights + (last ? 0 : below.length);
    level = below;
  }
  if (at !== table.length) throw new Error("something stands behind its end");
  return found;
}
