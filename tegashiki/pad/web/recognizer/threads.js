// Where the engine runs: in a worker, or on the page's own thread. Both are asked by `ask`.

import { Problem } from "./problem.js";

async function fetched(address) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address}: ${response.status}`);
  return response;
}

/** The worker, asked by number; newer questions about candidates make older ones answer null. */
export class Thread {
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
export class Same {
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

  async #answer(ask, { model, wasm, strokes, options, packed, samples }, id, first) {
    const { Engine } = await import(this.#address.href);
    if (ask === "load") {
      this.#engine = await Engine.load(model, wasm, (...bytes) => this.progress?.(...bytes));
      return { ...this.#engine.description, strokes: this.#engine.runtime.size };
    }
    if (ask === "candidates") {
      if (id !== this.#newest) return null;
      const told = first && (async (best) => { first(best); await painted(); });
      return this.#engine.recognize(strokes, { ...options, goOn: () => id === this.#newest, first: told });
    }
    if (ask === "unclaimed") return this.#engine.unclaimed(strokes, { ...options, goOn: () => id === this.#newest });
    return ask === "know" ? this.#engine.know(samples) : this.#engine.align(strokes, packed);
  }

  close() {
    this.#closed = true;
    this.#newest++;                       // a search under way stops at its next token
    this.#turn.catch(() => {}).then(() => this.#engine?.close());
  }
}
