// The recogniser's own thread. Asked while it works, it drops what it is doing: only the newest
// question is of interest to somebody who is writing.

import { Engine } from "./engine.js";
import { Problem, trapped } from "./problem.js";

const PATIENCE = 8;      // ms of work between two looks for a newer question

let engine = null, newest = 0, turn = Promise.resolve();

// Messages are delivered between tasks: without a pause a running search would never hear of a
// newer question. A message to oneself is the shortest pause there is, and still costs as much as a
// good part of a token.
const { port1, port2 } = new MessageChannel();
let wake = () => {};
port1.onmessage = () => wake();
const pause = () => new Promise((resolve) => { wake = resolve; port2.postMessage(0); });

const answers = {
  load: async ({ model, wasm }) => {
    engine = await Engine.load(model, wasm, (...progress) => self.postMessage({ progress }));
    return { ...engine.description, strokes: engine.runtime.size };
  },
  candidates: ({ strokes, options }, id) => {
    let paused = -Infinity;                 // once at the start: several may have come together
    const goOn = async () => {
      if (performance.now() - paused > PATIENCE) {
        await pause();
        paused = performance.now();
      }
      return id === newest;
    };
    const first = options.early ? (best) => self.postMessage({ id, first: best }) : null;
    return id === newest ? engine.recognize(strokes, { ...options, goOn, first }) : null;
  },
  unclaimed: ({ strokes, options }) => {
    const asked = newest;                   // stops as soon as there is a newer question
    return engine.unclaimed(strokes, { ...options, goOn: async () => { await pause(); return asked === newest; } });
  },
  align: ({ strokes, packed }) => engine.align(strokes, packed),
  know: ({ samples }) => engine.know(samples),
};

self.onmessage = ({ data: { id, ask, ...details } }) => {
  if (ask === "candidates") newest = id;
  turn = turn.then(async () => {
    try {
      self.postMessage({ id, answer: await answers[ask](details, id) });
    } catch (error) {
      const { code = trapped(error) ? "trap" : "worker", message = String(error) } = error instanceof Problem ? error : {};
      self.postMessage({ id, problem: { code, message } });
    }
  });
};
