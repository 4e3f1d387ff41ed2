// Strokes in, candidates out: the whole recogniser without any thread around it.

import tables from "tables";

import { joined } from "./aligned.js";
import { beam, chain, forcings, START } from "./beam.js";
import { Problem, trapped } from "./problem.js";
import { featurize } from "./features.js";
import { Grammar } from "./grammar.js";
import { Language } from "./language.js";
import { Runtime } from "./litert.js";
import { Memory } from "./memory.js";
import { normalize } from "./normal.js";
import { rowsOf } from "./rows.js";
import { simplify } from "./simplify.js";
import { fetchModel, Meter } from "./source.js";
import { isDot, wanted } from "./wanted.js";
import { Written } from "./written.js";

const VERSION = 1;
const SURER = 0.1;          // nats by which a formula is likelier without a stroke that is not in it

export class Engine {
  /**
   * Load a recogniser and run it once, because the first run is slow.
   * @param {string | object} model  address of a model's folder, ending in "/", or what it holds
   * @param {string | object} wasm   address of LiteRT's wasm folder, or { script, bytes } of it
   * @param {(loaded: number, total: number) => void} [report]  bytes fetched so far, and in all
   */
  static async load(model, wasm, report = null) {
    if (typeof WebAssembly !== "object") throw new Problem("no-wasm", "WebAssembly is switched off");
    const meter = new Meter(report);
    // The library is the largest part: it is fetched beside the model. What fails is said below.
    const library = Runtime.ready(wasm, meter);
    library.catch(() => {});
    const { description, vocabulary, bytes } = await fetchModel(model, meter);
    if (description.VERSION !== VERSION) {
      throw new Problem("model", `model.json is of version ${description.VERSION}, not ${VERSION}`);
    }
    if (description.network !== "stroke_transformer" || description.spelling !== tables.spelling) {
      throw new Problem("model", `the network ${description.network}, spelling ${description.spelling}, ` +
        "is not one that this module runs");
    }
    if (vocabulary.join("\n") !== tables.grammar.tokens.join("\n")) {
      throw new Problem("hash", "vocabulary.txt is not the one this module was built with");
    }
    try {
      await library;
    } catch (error) {
      throw new Problem("network", `the library in wasm/ cannot be loaded: ${error.message ?? error}`);
    }
    let runtime;
    try {
      runtime = await Runtime.load(bytes);
    } catch (error) {
      if (trapped(error)) throw error;
      throw new Problem("model", `the model cannot be run: ${error.message ?? error}`);
    }
    const { language, ...rest } = description;      // its weights are of no use to a page
    const engine = new Engine(runtime, rest, language &&
      Language.of(language, tables.spelling, vocabulary.length));
    await engine.recognize([Float32Array.of(0, 0, 1, 1)], { k: 1 });
    return engine;
  }

  constructor(runtime, description, language = null) {
    Object.assign(this, { runtime, description, language, grammar: new Grammar(), memory: null, read: new Map() });
    this.vocabulary = tables.grammar.tokens;
    this.ids = new Map(this.vocabulary.map((token, id) => [token, id]));
    const undrawn = new Set([...tables.undrawn, ...tables.special]);
    this.drawn = Uint8Array.from(this.vocabulary, (token) => (undrawn.has(token) ? 0 : 1));
    this.written = new Written(this.vocabulary, this.drawn);
  }

  /**
   * Candidates for strokes in any unit, the most probable first; null if `goOn` stopped it.
   * `symbols` names the kinds of symbols wanted; `pins` are {token, strokes}; with `remember` what
   * `know` was given takes part in their order.
   * `first` is called with the best of them, without its probability, as soon as it is certain. With
   * `rows` ink of several lines is read row by row.
   */
  async recognize(strokes, { rows = false, ...options } = {}) {
    const parts = rows ? rowsOf(strokes) : [];
    return parts.length > 1 ? this.recognizeRows(strokes, parts, options) : this.recognizeRow(strokes, options);
  }

  /** Each row on its own; one that is as it was before keeps its candidates. */
  async recognizeRows(strokes, rows, { pins = [], first = null, goOn, ...options }) {
    const found = [], kept = new Map();
    for (const row of rows) {
      const mine = row.map((stroke) => strokes[stroke]);
      const own = pins.filter((pin) => pin.strokes.every((stroke) => row.includes(stroke)))
        .map((pin) => ({ ...pin, strokes: pin.strokes.map((stroke) => row.indexOf(stroke)) }));
      const key = JSON.stringify([mine.map((stroke) => stroke.join()), own, options]);
      const candidates = this.read.get(key) ?? await this.recognizeRow(mine, { ...options, pins: own, goOn });
      if (!candidates) return null;
      this.read.set(key, candidates);
      kept.set(key, candidates);
      found.push({ row, candidates });
    }
    this.read = kept;
    return joined(found.filter(({ candidates }) => candidates.length), options.k);
  }

  /**
   * Which of the strokes `faint` are in no symbol: without them the same formula, `packed`, is read more
   * surely than its `score`. (Without the dot of an i the same is read, too, but not more surely.) null
   * if `goOn` stopped it.
   */
  async unclaimed(strokes, { packed, score, faint, goOn, ...options }) {
    const found = [];
    for (const stroke of faint) {
      const rest = strokes.filter((_, other) => other !== stroke);
      const [best] = rest.length ? await this.recognize(rest, { ...options, k: 1, goOn }) ?? [null] : [];
      if (best === null) return null;
      if (best?.packed.join(" ") === packed.join(" ") && best.score > score + SURER) found.push(stroke);
    }
    return found;
  }

  async recognizeRow(strokes, { k = 5, pins = [], symbols = null, alphabet = null, remember = false, goOn = () => true, first = null } = {}) {
    const prepared = this.prepare(strokes);
    const wishes = { drawn: this.drawn, mask: wanted(symbols, alphabet, isDot(prepared)), pins: pins.map(({ token, strokes: s }) =>
      ({ token: this.ids.get(token), strokes: s })).filter(({ token }) => token !== undefined) };
    const memory = remember && this.memory?.size ? this.memory : null;
    // Where more than the beam sets the order, the best of the beam may not be the best.
    const early = first && !pins.length && !memory && !this.language && !isDot(prepared);
    let found, size, seen;
    for (const bucket of this.runtime.fitting(strokes.length)) {
      const sure = early ? (node) => this.tellFirst(node, strokes.length, bucket, first) : null;
      ({ found, seen } = await this.search(prepared, bucket, wishes, goOn, sure));
      if (!found) return null;
      size = bucket.size;
      if (found.every((node) => chain(node).length < bucket.length - 1)) break;   // none wanted more room
    }
    if (isDot(prepared)) found = found.filter((node) => chain(node).length === 1);
    // a token that the person pinned is certain
    const gain = (node) => (memory && node.look && !node.pinned.length && this.drawn[node.token] ? memory.gain(node, seen) : 0);
    return this.rank(found, Math.min(strokes.length, size), k, gain);
  }

  /** What this person wrote before: samples of `align`. */
  know(samples) {
    const { memory } = this.description;
    this.memory = memory ? new Memory(samples, memory, this.ids) : null;
    this.read.clear();
  }

  /** The best candidate, unless it is as long as the bucket allows: then a larger one is asked, too. */
  tellFirst(node, strokes, bucket, first) {
    const nodes = chain(node);
    if (nodes.length && nodes.length < bucket.length - 1) return first(this.written.describe(nodes, Math.min(strokes, bucket.size)));
    return null;
  }

  /** What the beam found, null if it was stopped, and what the decoder saw of each stroke. */
  async search(prepared, bucket, wishes, goOn, sure = null) {
    const encoded = await bucket.encode(featurize(prepared, bucket.size));
    try {
      const seen = this.memory?.size ? bucket.seen(encoded) : null;
      const { width, length } = bucket;
      const write = (prefix) => beam(bucket, encoded,
        { width, length, grammar: this.grammar, goOn, sure, wishes: { ...wishes, prefix } });
      let found = await write(null);
      // Nothing may have looked hard enough at a pin's strokes: then it is put where they were read.
      for (let i = 0; found?.length && i < wishes.pins.length; i++) {
        let forced = [];
        for (const prefix of forcings(found[0], wishes)) {
          forced = await write(prefix);
          if (!forced || forced.length) break;    // empty: no formula begins like that
        }
        if (forced?.length === 0) break;
        found = forced;
      }
      return { found: found && found.filter(({ done }) => done === found[0].done), seen };
    } finally {
      bucket.forget(encoded);
    }
  }

  prepare(strokes) {
    const { epsilon } = this.description;
    return normalize(strokes).map((stroke) => simplify(stroke, epsilon));
  }

  /**
   * Hypotheses -> candidates. The grammar writes each formula in one way only: all differ.
   * `gain`: nats that a token is worth beside its probability.
   */
  rank(found, strokes, k, gain) {
    const candidates = found.filter((node) => node.before && chain(node).length).map((node) => {
      const nodes = chain(node);                         // they share their beginnings
      const more = nodes.reduce((sum, one) => sum + (one.gain ??= gain(one)), 0);
      const formula = this.written.describe(nodes, strokes);
      return { ...formula, score: node.score + more + (this.language?.worth(nodes) ?? 0) };
    });
    candidates.sort((a, b) => b.score - a.score);
    const top = Math.max(...candidates.map(({ score }) => score));
    const { temperature = 1 } = this.description;
    const claim = ({ score }) => Math.exp((score - top) / temperature);
    const total = candidates.reduce((sum, candidate) => sum + claim(candidate), 0);
    for (const candidate of candidates) candidate.probability = claim(candidate) / total;
    return candidates.slice(0, k);
  }

  /**
   * Let the network write a given formula: its score, which strokes each symbol is made of, and a
   * sample of each symbol for `know` (none where the model ships no settings for a memory).
   */
  async align(strokes, packed) {
    const ids = packed.map((token) => this.ids.get(token));
    const buckets = this.runtime.fitting(strokes.length);
    const bucket = buckets.find(({ length }) => length > ids.length) ?? buckets.at(-1);
    const encoded = await bucket.encode(featurize(this.prepare(strokes), bucket.size));
    const cursor = bucket.begin(encoded), rows = Int32Array.from({ length: bucket.width }, (_, i) => i);
    try {
      const nodes = [];
      let before = START, score = 0;
      for (const token of ids) {
        const { logP, look, size } = await cursor.step(new Int32Array(bucket.width).fill(before), rows);
        const width = look ? look.length / bucket.width : 0;
        nodes.push({ token, pinned: [], logP: logP.subarray(0, size), look: look?.subarray(0, width) });
        score += logP[token];
        before = token;
      }
      const seen = bucket.seen(encoded), { mean } = this.description.memory ?? {};
      const samples = nodes.filter(({ token, look }) => mean && look && this.drawn[token])
        .map(({ token, look }) => Memory.sample(this.vocabulary[token], look, seen, mean));
      return { ...this.written.describe(nodes, Math.min(strokes.length, bucket.size)), score, samples };
    } finally {
      cursor.end();
      bucket.forget(encoded);
    }
  }

  close() {
    this.runtime.close();
  }
}
