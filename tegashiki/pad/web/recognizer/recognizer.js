// Handwritten formulas -> TeX, for any page or WebView. See recognizer.d.ts for the types.
//
//     import { create } from "./recognizer.js";
//     const recognizer = await create({ model: "model/" });
//     recognizer.addStroke([[10, 20], [12, 40]]);
//     const [best] = await recognizer.candidates(5);
//
// The model runs in a worker beside this file; the page's own thread only passes strokes.

import { Memory } from "./memory.js";
import { Problem } from "./problem.js";
import tables from "tables";
import { compact, pack, tokenize, unpack } from "./tex.js";

export { compact, pack, Problem, tokenize, unpack };

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
  const thread = worker ? await Thread.start(typeof worker === "object" ? worker : beside("worker.js"))
    : new Same(beside("engine.js"));
  thread.progress = progress;
  try {
    const description = await thread.ask("load", {
      model: typeof model === "string" ? folder(model) : model,
      wasm: wasm === null ? beside("wasm/").href : typeof wasm === "string" ? folder(wasm) : wasm,
    });
    return new Recognizer(thread, description);
  } catch (error) {
    thread.close();
    throw error;
  }
}

class Recognizer {
  #thread;
  #strokes = new Map();
  #next = 1;
  #pins = [];
  #best = null;

  constructor(thread, description) {
    this.#thread = thread;
    this.description = Object.freeze(description);
    this.maxStrokes = description.strokes;
    this.symbols = null;        // kinds of symbols wanted; null: all
    this.alphabet = null;       // name or tokens of an alphabet; null: all
    this.memory = [];           // samples of this person's symbols, from `learn`
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
    const found = await this.#thread.ask("candidates", {
      strokes: [...this.#strokes.values()],
      options: { k, pins, symbols: this.symbols, alphabet: this.alphabet, memory: this.remember && this.memory.length ? this.memory : null, early: Boolean(first) },
    }, first && ((best) => first(inIds(best, ids))));
    if (!found) return null;
    const named = found.map((candidate) => inIds(candidate, ids));
    this.#best = named[0] ?? null;
    return named;
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
    const packed = pack(tex), ids = [...this.#strokes.keys()];
    if (!ids.length) throw new Problem("ink", "there is no ink to learn from");
    const found = await this.#thread.ask("align", { strokes: [...this.#strokes.values()], packed });
    this.memory = Memory.merge(this.memory, found.samples);
    return inIds(found, ids);
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
    this.#thread.close();
  }
}

/** Indices of strokes -> the ids that the caller knows them by. */
function inIds(candidate, ids) {
  const symbols = candidate.symbols.map((symbol) =>
    ({ ...symbol, strokes: symbol.strokes.map((index) => ids[index]) }));
  return { ...candidate, symbols, latex: compact(candidate.tokens) };
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

async function fetched(address) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address}: ${response.status}`);
  return response;
}

/** The worker, asked by number; newer questions about candidates make older ones answer null. */
class Thread {
  #worker;
  #waiting = new Map();
  #count = 0;
  #closed = null;
  progress = null;

  /** `from`: the address of worker.js, or { script } with its text. */
  static async start(from) {
    try {
      if (from instanceof URL) {
        try {
          return new Thread(new Worker(from));
        } catch (error) {
          if (error.name !== "SecurityError") throw error;
        }
      }
      // A worker from another origin is refused by the browser: its text is run from a blob instead.
      const script = from.script ?? await (await fetched(from)).text();
      return new Thread(new Worker(URL.createObjectURL(new Blob([script], { type: "text/javascript" }))));
    } catch (error) {
      throw new Problem("worker", `the worker cannot be started: ${error.message}`);
    }
  }

  constructor(worker) {
    this.#worker = worker;
    this.#worker.onmessage = ({ data: { id, answer, problem, progress, first } }) => {
      if (progress) {
        this.progress?.(...progress);
        return;
      }
      const asked = this.#waiting.get(id);
      if (first) {
        asked?.first?.(first);
        return;
      }
      this.#waiting.delete(id);
      if (problem) asked?.reject(new Problem(problem.code, problem.message));
      else asked?.resolve(answer);
    };
    this.#worker.onerror = (event) => {
      event.preventDefault?.();
      this.#fail(new Problem("worker", event.message || "the worker cannot be loaded"));
    };
  }

  /** `first`: called with the best candidate before all of them are there. */
  ask(ask, details, first = null) {
    if (this.#closed) return Promise.reject(this.#closed);
    const id = ++this.#count;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject, first });
      this.#worker.postMessage({ id, ask, ...details });
    });
  }

  #fail(problem) {
    for (const { reject } of this.#waiting.values()) reject(problem);
    this.#waiting.clear();
  }

  close() {
    this.#worker.terminate();
    this.#closed = new Problem("worker", "the recogniser was closed");
    this.#fail(this.#closed);
  }
}

/** When the page has drawn what there is, or a little later where it draws nothing (hidden, no window). */
const painted = () => new Promise((resolve) => {
  globalThis.requestAnimationFrame?.(() => setTimeout(resolve));
  setTimeout(resolve, 40);
});

/** The same answers on the page's own thread, for places without workers and for measurements. */
class Same {
  progress = null;
  #closed = false;
  #address;
  #engine = null;
  #newest = 0;
  #turn = Promise.resolve();

  constructor(address) {
    this.#address = address;
  }

  ask(ask, details, first = null) {
    if (this.#closed) return Promise.reject(new Problem("worker", "the recogniser was closed"));
    const id = ask === "candidates" ? ++this.#newest : this.#newest;
    this.#turn = this.#turn.catch(() => {}).then(() => this.#answer(ask, details, id, first));
    return this.#turn;
  }

  async #answer(ask, { model, wasm, strokes, options, packed }, id, first) {
    const { Engine, Memory: Samples } = await import(this.#address.href);
    if (ask === "load") {
      this.#engine = await Engine.load(model, wasm, (...bytes) => this.progress?.(...bytes));
      return { ...this.#engine.description, strokes: this.#engine.runtime.size };
    }
    if (ask === "candidates") {
      if (id !== this.#newest) return null;
      const memory = options.memory ? new Samples(options.memory) : null;
      const told = first && (async (best) => { first(best); await painted(); });
      return this.#engine.recognize(strokes, { ...options, memory, goOn: () => id === this.#newest, first: told });
    }
    const found = await this.#engine.align(strokes, packed);
    return { ...found, samples: Samples.samples(found.symbols, this.#engine.prepare(strokes)) };
  }

  close() {
    this.#closed = true;
    this.#newest++;                       // a search under way stops at its next token
    this.#turn.catch(() => {}).then(() => this.#engine?.close());
  }
}
