// Handwritten formulas -> TeX, for any page or WebView. See recognizer.d.ts for the types.
//
//     import { create } from "./recognizer.js";
//     const recognizer = await create({ model: "model/" });
//     recognizer.addStroke([[10, 20], [12, 40]]);
//     const [best] = await recognizer.candidates(5);
//
// The model runs in a worker beside this file; the page's own thread only passes strokes.

import { joined, rowsIn } from "./aligned.js";
import { Memory } from "./memory.js";
import { Problem } from "./problem.js";
import { rowsOf } from "./rows.js";
import tables from "tables";
import { compact, pack, tokenize, unpack } from "./tex.js";
import { Same, Thread } from "./threads.js";

export { compact, pack, Problem, rowsIn, tokenize, unpack };

/** The kinds of symbols that `symbols` may name. */
export const KINDS = ["digit", "operator", "letter"];

/** Version of the ink JSON that `toJSON` writes and tegashiki.ink reads. */
export const INK_VERSION = tables.ink.version;

/** The names that `alphabet` may have, beside null for all. */
export const ALPHABETS = Object.freeze(Object.keys(tables.alphabets));

/** The kind of every symbol that can be recognised: digit, letter or operator. */
export const SYMBOLS = Object.freeze({ ...tables.kinds });

/**
 * Load a model and get ready. Rejects with a Problem whose `code` says what went wrong.
 * `progress(loaded, total)` is called with bytes while model and library are fetched.
 */
export async function create({ model = "model/", wasm = null, base = import.meta.url, worker = true,
  progress = null } = {}) {
  // In a CommonJS bundle there is no import.meta.url: then this file lies where the page does. Asked only for
  // what is not given as bytes: a page without an address of its own (about:blank) has no files beside it.
  const beside = (name) => new URL(name, new URL(base ?? ".", globalThis.document?.baseURI ?? globalThis.location?.href));
  const folder = (address) => new URL(address.endsWith("/") ? address : `${address}/`,
    globalThis.location?.href ?? beside(".")).href;
  const start = async (library, whole = null) => {
    const thread = worker ? await Thread.start(typeof worker === "object" ? worker : beside("worker.js"))
      : new Same(beside("engine.js"));
    thread.progress = progress;
    try {
      const description = await thread.ask("load", {
        model: typeof model === "string" ? folder(model) : model, wasm: library });
      return new Recognizer(thread, description, whole);
    } catch (error) {
      thread.close();
      throw error;
    }
  };
  if (wasm !== null || !worker) {
    return start(wasm === null ? beside("wasm/").href : typeof wasm === "string" ? folder(wasm) : wasm);
  }
  // The small library lacks what was never seen to run. Whoever needs more gets the whole one.
  const whole = () => start(beside("wasm/").href);
  try {
    return await start(beside("wasm/small/").href, whole);
  } catch (error) {
    if (error.code !== "trap" && error.code !== "network") throw error;
    return whole();
  }
}

class Recognizer {
  #thread;
  #strokes = new Map();
  #next = 1;
  #pins = [];
  #best = null;
  #whole;
  #closed = false;
  #memory = [];
  #known = null;            // the samples that the thread has

  /** `whole`: makes a recogniser with the whole library, for when this one's lacks something. */
  constructor(thread, description, whole = null) {
    this.#thread = thread;
    this.#whole = whole;
    this.description = Object.freeze(description);
    this.maxStrokes = description.strokes;
    this.symbols = null;        // kinds of symbols wanted; null: all
    this.alphabet = null;       // name or tokens of an alphabet; null: all
    this.rows = false;          // whether ink of several lines is read row by row, as `aligned`
    this.remember = false;      // whether `memory` takes part in the answers; see memory.js
  }

  addStroke(points, id = this.#next) {
    this.#strokes.set(id, flat(points));
    if (Number.isInteger(id)) this.#next = Math.max(this.#next, id + 1);
    return id;
  }

  removeStroke(id) {
    this.#pins = this.#pins.filter(({ strokes }) => !strokes.includes(id));
    return this.#strokes.delete(id);
  }

  setStrokes(list) {
    this.#strokes = new Map(list.map(({ id, points }) => [id, flat(points)]));
    this.#pins = this.#pins.filter(({ strokes }) => strokes.every((id) => this.#strokes.has(id)));
  }

  async candidates(k = 5, first = null) {
    if (!this.#strokes.size) {
      this.#best = null;
      return [];
    }
    const ids = [...this.#strokes.keys()];
    const pins = this.#pins.map(({ token, strokes }) => ({ token, strokes: strokes.map((id) => ids.indexOf(id)) }));
    const remember = this.remember && (this.#memory.length > 0 || this.#known !== null), { symbols, alphabet, rows } = this;
    const question = { strokes: [...this.#strokes.values()], options: { k, pins, symbols, alphabet, rows, remember, early: Boolean(first) } };
    if (remember) this.#tellMemory();
    const found = await this.#ask("candidates", question, first && ((best) => first(inIds(best, ids))));
    if (!found) return null;
    const named = found.map((candidate) => inIds(candidate, ids));
    this.#best = named[0] ?? null;
    return named;
  }

  /** Ids of strokes that are in no symbol of the best candidate; null if there was a newer question. */
  async unclaimed() {
    const best = this.#best, ids = [...this.#strokes.keys()];
    const faint = (best?.faint ?? []).map((id) => ids.indexOf(id)).filter((index) => index >= 0);
    if (!faint.length) return [];
    const { symbols, alphabet, rows } = this;
    const found = await this.#ask("unclaimed", { strokes: [...this.#strokes.values()],
      options: { faint, packed: best.packed, score: best.score, symbols, alphabet, rows, remember: this.remember && this.#known !== null } });
    return found && best === this.#best ? found.map((index) => ids[index]) : null;
  }

  correct(token, value) {
    const symbol = typeof token === "number" ? this.#best?.symbols[token] : token;
    if (!symbol?.strokes?.length) throw new Problem("formula", "this token has no strokes of its own");
    if (!symbol.strokes.every((id) => this.#strokes.has(id))) throw new Problem("ink", "its strokes are gone");
    const mine = new Set(symbol.strokes);
    this.#pins = this.#pins.filter(({ strokes }) => !strokes.some((id) => mine.has(id)));
    if (value === null) return;
    // what opens rows, a fraction or an accent, may be named without its brace
    const packed = [value, `${value}{`].find((token) => tables.grammar.tokens.includes(token));
    if (!packed) throw new Problem("formula", `'${value}' is not a known symbol`);
    this.#pins.push({ token: packed, strokes: [...symbol.strokes] });
  }

  get pins() {
    return this.#pins.map(({ token, strokes }) => ({ token, strokes: [...strokes] }));
  }

  /** Make these the pins; those on strokes that are not there are dropped. */
  set pins(list) {
    this.#pins = list.filter(({ strokes }) => strokes.every((id) => this.#strokes.has(id)))
      .map(({ token, strokes }) => ({ token, strokes: [...strokes] }));
  }

  async learn(tex) {
    const ids = [...this.#strokes.keys()], strokes = [...this.#strokes.values()];
    if (!ids.length) throw new Problem("ink", "there is no ink to learn from");
    const rows = rowsIn(tex) ?? [tex], parts = rows.length > 1 ? rowsOf(strokes) : [ids.map((_, i) => i)];
    if (rows.length !== parts.length) {
      throw new Problem("formula", `it has ${rows.length} rows, the ink has ${parts.length}`);
    }
    const packed = rows.map(pack), found = await Promise.all(parts.map((part, row) =>
      this.#ask("align", { strokes: part.map((stroke) => strokes[stroke]), packed: packed[row] })));
    const samples = found.flatMap((one) => one.samples);
    this.memory = Memory.merge(this.#memory, samples);
    const whole = found.length === 1 ? found[0]
      : joined(found.map((one, row) => ({ row: parts[row], candidates: [{ ...one, probability: 1 }] })))[0];
    return { ...inIds(whole, ids), samples };
  }

  /** Ids of the strokes of each row, as they are read. */
  get lines() {
    const ids = [...this.#strokes.keys()];
    return (this.rows ? rowsOf([...this.#strokes.values()]) : [ids.map((_, i) => i)]).map((row) => row.map((i) => ids[i]));
  }

  /** Samples of this person's symbols, from `learn`. */
  get memory() {
    return [...this.#memory];
  }

  set memory(samples) {
    this.#memory = Memory.merge([], samples);
  }

  /** Whether the loaded model was shipped with what a memory needs. */
  get remembers() {
    return Boolean(this.description.memory);
  }

  /** The thread keeps its own copy: sent with each question it would cost more than the answer. */
  #tellMemory() {
    if (this.#known === this.#memory) return;
    this.#known = this.#memory;
    this.#ask("know", { samples: this.#memory }).catch(() => { this.#known = null; });
  }

  toJSON(tex = "", id = "") {
    const strokes = [...this.#strokes.values()].map((stroke) =>
      Array.from({ length: stroke.length / 2 }, (_, i) => [stroke[2 * i], stroke[2 * i + 1]]));
    return { version: tables.ink.version, id, writer: "", truth: tex, strokes, symbols: [] };
  }

  reset() {
    this.#strokes.clear();
    this.#pins = [];
    this.#best = null;
  }

  close() {
    this.#closed = true;
    this.#thread.close();
  }

  /** Ask the thread; where its library lacks something, one with the whole library takes its place. */
  async #ask(...question) {
    try {
      return await this.#thread.ask(...question);
    } catch (error) {
      if (error.code !== "trap") throw error;
      if (!this.#whole) throw new Problem("worker", error.message);
      if (typeof this.#whole === "function") this.#whole = this.#whole();     // once, however many ask
      const old = this.#thread, thread = (await this.#whole).#thread;
      this.#thread = thread;
      if (old !== thread) {
        old.close();
        this.#known = null;
        if (this.#memory.length && this.remember) this.#tellMemory();
      }
      if (this.#closed) thread.close();
      return thread.ask(...question);
    }
  }
}

/** Indices of strokes -> the ids that the caller knows them by. */
function inIds(candidate, ids) {
  const symbols = candidate.symbols.map((symbol) =>
    ({ ...symbol, strokes: symbol.strokes.map((index) => ids[index]) }));
  const faint = candidate.faint.map((index) => ids[index]);
  return { ...candidate, symbols, faint, latex: compact(candidate.tokens) };
}

/** Points as [x, y], {x, y} or a flat array -> Float32Array of x, y; throws where one is no number. */
function flat(points) {
  const pairs = ArrayBuffer.isView(points) ? points
    : Array.from(points).flatMap((p) => (Array.isArray(p) ? [p[0], p[1]] : [p.x, p.y]));
  const stroke = Float32Array.from(pairs);
  if (stroke.length < 2 || stroke.length % 2 || !stroke.every(Number.isFinite)) {
    throw new Problem("ink", "a stroke needs at least one point of two finite numbers");
  }
  return stroke;
}
