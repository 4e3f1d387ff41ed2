// The exported sign recogniser, run by LiteRT.js: a packed body -> words with probabilities.

import { Environment, loadAndCompile, Tensor } from "@litertjs/core";
import { Runtime } from "../../pad/web/recognizer/litert.js";
import { FRAMES, JOINTS } from "./normal.js";

export class SignClassifier {
  /** `folder`: of model.json and the file that it names; `wasm`: of the library. */
  static async load(folder, wasm) {
    const about = await (await fetched(`${folder}model.json`)).json();
    const bytes = new Uint8Array(await (await fetched(folder + about.file)).arrayBuffer());
    await Runtime.ready(wasm);
    const environment = await Environment.create({ webGpuDevice: null });
    const model = await loadAndCompile(bytes, { accelerator: "wasm", environment });
    return new SignClassifier(model, environment, about.words);
  }

  constructor(model, environment, words) {
    Object.assign(this, { model, environment, words });
  }

  /** Every word, most probable first: [{ word, probability }]. */
  async candidates(packed) {
    const share = (await this.logProbabilities(packed)).map(Math.exp);
    const all = share.reduce((sum, one) => sum + one, 0);
    return [...share.keys()].sort((a, b) => share[b] - share[a])
      .map((i) => ({ word: this.words[i], probability: share[i] / all }));
  }

  async logProbabilities(packed) {
    const input = new Tensor(packed, [1, FRAMES, JOINTS, 4], this.environment);
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
