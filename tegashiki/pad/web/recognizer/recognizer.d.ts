/**
 * Handwritten formulas -> TeX, in any page or WebView: no server, nothing is sent anywhere.
 *
 * Beside `recognizer.js` must lie `worker.js`, `engine.js` and `wasm/`; the model's folder
 * (model.json, vocabulary.txt, the .tflite) may lie anywhere the page may fetch from.
 */

/** A point in any unit, y growing downwards. */
export type Point = readonly [x: number, y: number, ...rest: number[]] | { x: number; y: number };

/** Points in pen order, or the coordinates flat: x0, y0, x1, y1, ... */
export type Points = Iterable<Point> | Float32Array | Float64Array;

export type Kind = "digit" | "operator" | "letter";

/** One drawn symbol of a candidate. */
export interface Symbol {
  /** Its place in `packed`. */
  place: number;
  /** Packed token: a symbol such as `x` or `\alpha`, or `\frac{`, `\sqrt{`, `\sqrt[`. */
  token: string;
  /** Ids of the strokes that it was written with; each stroke belongs to one symbol. */
  strokes: Array<number | string>;
  /** What else it may be, the likeliest first, itself among them. */
  alternatives: Array<{ token: string; probability: number }>;
}

export interface Candidate {
  /** TeX with blanks between all tokens, in the normal form of CROHME. */
  tex: string;
  /** The same without needless blanks: `\frac{1}{x^{2}}`. */
  latex: string;
  tokens: string[];
  /** Tokens as the network writes them: braces belong to what opens them. */
  packed: string[];
  /** Log probability, nats; pins and the personal memory take part in it. */
  score: number;
  /** Its share among the formulas that were found. */
  probability: number;
  symbols: Symbol[];
  /** Ids of strokes that went into no symbol by much; `unclaimed` takes a closer look at them. */
  faint: Array<number | string>;
  /** Of several rows (see `Recognizer.rows`): TeX of each, without what aligns them. */
  rows?: string[];
}

/** A person's own symbol, as the model saw it: of no use for another model. */
export interface Sample { token: string; key: number[] }

/** Ink as tegashiki.ink reads it. */
export interface InkJSON {
  version: number; id: string; writer: string; truth: string;
  strokes: Array<Array<[number, number]>>; symbols: unknown[];
}

/** What went wrong: `code` is for programs, `message` for people who read English. */
export class Problem extends Error {
  readonly code: "no-wasm" | "network" | "model" | "hash" | "worker" | "ink" | "formula";
}

/** A model that the page already has: what lies in its folder. */
export interface ModelBytes {
  /** model.json, parsed. */
  description: Record<string, unknown>;
  /** vocabulary.txt, or its lines. */
  vocabulary: string | string[];
  bytes: ArrayBuffer | Uint8Array;
}

/** LiteRT's library that the page already has: one of the pairs in `wasm/`. */
export interface WasmBytes {
  /** The text of litert_wasm_internal.js, or of the compat variant without relaxed SIMD. */
  script: string;
  bytes: ArrayBuffer | Uint8Array;
}

export interface Options {
  /** Address of the model's folder, relative to the page, or the model; default "model/". */
  model?: string | ModelBytes;
  /** Address of the library's folder, or the library; default: "wasm/" beside this file. */
  wasm?: string | WasmBytes;
  /** Called with bytes while model and library are fetched. */
  progress?: (loaded: number, total: number) => void;
  /** Address of the folder of this file, if it is not where it was loaded from. */
  base?: string;
  /**
   * false: compute on the page's own thread, where workers are not to be had; or the text of
   * worker.js, where it cannot be fetched.
   */
  worker?: boolean | { script: string };
}

export interface Recognizer {
  /** Keep a stroke; returns its id. Throws a Problem "ink" for anything that is no stroke. */
  addStroke(points: Points, id?: number | string): number | string;
  /** Forget a stroke; whether it was there. Pins on it are dropped. */
  removeStroke(id: number | string): boolean;
  /** All strokes at once, in the order of writing; pins on strokes that are gone are dropped. */
  setStrokes(strokes: Array<{ id: number | string; points: Points }>): void;
  /**
   * The `k` likeliest formulas, all different, the best first; [] without ink.
   * null if `candidates` was called again before it had finished: only the newest is answered.
   * `first` is called with the best, which has no probability yet, as soon as it is certain;
   * not where pins, a memory or a table of formulas may still change the order.
   */
  candidates(k?: number, first?: (best: Omit<Candidate, "probability" | "score">) => void): Promise<Candidate[] | null>;
  /**
   * Ids of strokes that are in no symbol of the best candidate: without them the same is read more surely.
   * As slow as up to five questions, so ask when the person rests; null if `candidates` was called meanwhile.
   */
  unclaimed(): Promise<Array<number | string> | null>;
  /**
   * Pin a symbol: the strokes of `token` (a Symbol, or its index in the best candidate's `symbols`)
   * mean `value` from now on, and the rest is recognised around it. `null` takes the pin away.
   */
  correct(token: Symbol | number, value: string | null): void;
  pins: Array<{ token: string; strokes: Array<number | string> }>;
  /**
   * The ink means `tex`: which strokes write which of its symbols. `memory` gets a sample of each,
   * which takes part in the answers only if `remember` is set.
   */
  learn(tex: string): Promise<Omit<Candidate, "probability"> & { samples: Sample[] }>;
  /** What `learn` has remembered; keep it where you like and set it again. */
  memory: Sample[];
  /**
   * Whether `memory` takes part in the candidates' order; false unless you set it. Teach it every
   * formula that was taken, not only the corrected ones: so it was measured (`26_personal`).
   */
  remember: boolean;
  /** Whether the loaded model was shipped with what a memory needs; without, `learn` only aligns. */
  readonly remembers: boolean;
  /**
   * Whether ink of several lines is read row by row and written as `aligned`; false unless you set
   * it. Strokes beyond `maxStrokes` are then counted in each row.
   */
  rows: boolean;
  /** Ids of the strokes of each row, as they are read; one row unless `rows` is set. */
  readonly lines: Array<Array<number | string>>;
  /** Which kinds of symbols are wanted; null: all. Fractions, roots and scripts always are. */
  symbols: Kind[] | null;
  /**
   * What may be written: the name of an alphabet (see ALPHABETS), or a list of tokens; null: all.
   * Scripts always may; a fraction, a root, an accent or a matrix only if its token is listed.
   */
  alphabet: string | string[] | null;
  /** The ink with its TeX, for files that the Python package reads. */
  toJSON(tex?: string, id?: string): InkJSON;
  /** Forget the ink and the pins; memory and settings stay. */
  reset(): void;
  /** Give everything back; the recogniser cannot be used any more. */
  close(): void;
  /** model.json of the loaded model. */
  readonly description: Readonly<Record<string, unknown>>;
  /** Strokes beyond this number are not looked at. */
  readonly maxStrokes: number;
}

/** Load a model and warm it up. Rejects with a Problem. */
export function create(options?: Options): Promise<Recognizer>;

/** Split TeX into tokens. */
export function tokenize(tex: string): string[];
/** TeX as people write it -> packed tokens; throws a Problem "formula" that says what and where. */
export function pack(tex: string): string[];
/** Packed tokens -> tokens. */
export function unpack(packed: string[]): string[];
/** The rows of `aligned` and its like, without what aligns them; null for a single formula. */
export function rowsIn(tex: string): string[] | null;
/** Tokens -> TeX without needless blanks. */
export function compact(tokens: string[]): string;

export const KINDS: Kind[];
/** The names that `alphabet` may have. */
export const ALPHABETS: readonly string[];
export const SYMBOLS: Readonly<Record<string, Kind>>;
export const INK_VERSION: number;
