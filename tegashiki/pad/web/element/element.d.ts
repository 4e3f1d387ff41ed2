import type { Candidate, Options, Problem, Recognizer } from "./recognizer.js";

export type Format = "tex" | "inline" | "display" | "parens" | "brackets" | "markdown" | "mathml" | "mathmlBlock"
  | "typst" | "unicode";
export interface Stroke { id: number | string; points: number[][] }

/** `<tegashiki-pad model="model/" alphabet="digit operator" format="tex">`; see element.js. */
export class TegashikiPad extends HTMLElement {
  readonly recognizer: Recognizer | null;
  readonly candidates: Candidate[];
  /** Options for `create`, or a recogniser of your own. */
  source: Options | Recognizer;
  strokes: Stroke[];
  clear(): void;
  undo(): void;
  /** Hand candidate `index` over, as if it had been pressed. */
  take(index: number): void;
  load(): Promise<void>;
}

export interface PadEvents {
  ready: CustomEvent<Record<string, never>>;
  candidates: CustomEvent<{ candidates: Candidate[] }>;
  /** `preventDefault` keeps the ink. */
  take: CustomEvent<{ value: string; latex: string; candidate: Candidate }>;
  problem: CustomEvent<{ problem: Problem }>;
}

declare global {
  interface HTMLElementTagNameMap { "tegashiki-pad": TegashikiPad }
}
