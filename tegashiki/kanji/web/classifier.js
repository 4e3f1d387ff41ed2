// The exported file, run by LiteRT.js: a picture in normal form -> characters with probabilities.

import { Environment, loadAndCompile, Tensor } from "@litertjs/core";
import { Runtime } from "../../pad/web/recognizer/litert.js";
import { SIZE } from "./normal.js";

export class Classifier {
  /** `folder`: of model.json and the file that it names; `wasm`: of the library. */
  static async load(folder, wasm) {
    const about = await (await fetched(`${folder}model.json`)).json();
    const bytes = new Uint8Array(await (await fetched(folder + about.file)).arrayBuffer());
    await Runtime.ready(wasm);
    const environment = await Environment.create({ webGpuDevice: null });
    const model = await loadAndCompile(bytes, { accelerator: "wasm", environment });
    return new Classifier(model, environment, [...about.characters], about.refuse_above ?? Infinity);
  }

  /** `refuseAbove`: entropy of an answer in nats, beyond which it is perhaps no character. */
  constructor(model, environment, characters, refuseAbove) {
    Object.assign(this, { model, environment, characters, refuseAbove });
  }

  /** The `top` most probable: [{ character, probability }], best first. */
  async candidates(form, top = 10) {
    return this.best(await this.logProbabilities(form), top);
  }

  /** The same of an answer that is there. */
  best(logP, top = 10) {
    return [...logP.keys()].sort((a, b) => logP[b] - logP[a]).slice(0, top)
      .map((i) => ({ character: this.characters[i], probability: Math.exp(logP[i]) }));
  }

  /** Whether an answer is spread too widely: perhaps there is no character. */
  refuses(logP) {
    return -logP.reduce((sum, l) => sum + Math.exp(l) * l, 0) > this.refuseAbove;
  }

  async logProbabilities(form) {
    const input = new Tensor(form, [1, SIZE, SIZE, 1], this.environment);
    try {
      const [output] = await this.model.run([input]);
      try {
        return Float32Array.from(await output.data());
      } finally {
        output.delete();
      }
    } finally {
      input.delete();
    }
  }
}

async function fetched(address) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address}: ${response.status}`);
  return response;
}
