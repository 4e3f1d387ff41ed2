// Something that went wrong and that a page can say in its own words.

/** `code` is one of: no-wasm, network, model, hash, worker, ink, formula. */
export class Problem extends Error {
  constructor(code, message) {
    super(message);
    this.name = "Problem";
    this.code = code;
  }
}

/** Whether WebAssembly stopped: the small library (tegashiki/pad/trim.py) lacks a function. */
export const trapped = (error) => error instanceof WebAssembly.RuntimeError;
