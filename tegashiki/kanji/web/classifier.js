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
    return new Classifier(model, environment, [...about.characters]);
  }

  constructor(model, environment, characters) {
    Object.assign(this, { model, environment, characters });
  }

  /** The `top` most probable: [{ character, probability }], best first. */
  async candidates(form, top = 10) {
    const logP = await this.logProbabilities(form);
    return [...logP.keys()].sort((a, b) => logP[b] - logP[a]).slice(0, top)
      .map((i) => ({ character: this.characters[i], probability: Math.exp(logP[i]) }));
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
