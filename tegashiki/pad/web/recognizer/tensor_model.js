// A small model of one tensor in and one out, run by LiteRT.js: what the pages beside the pad ask.

import { Environment, loadAndCompile, Tensor } from "@litertjs/core";
import { Runtime } from "./litert.js";

export class TensorModel {
  /** `folder`: of model.json and the file that it names; `wasm`: of the library. */
  static async load(folder, wasm) {
    const about = await (await fetched(`${folder}model.json`)).json();
    const bytes = new Uint8Array(await (await fetched(folder + about.file)).arrayBuffer());
    await Runtime.ready(wasm);
    const environment = await Environment.create({ webGpuDevice: null });
    const model = await loadAndCompile(bytes, { accelerator: "wasm", environment });
    return new TensorModel(model, environment, about);
  }

  /** `about`: what model.json says. */
  constructor(model, environment, about) {
    Object.assign(this, { model, environment, about });
  }

  /** The answer to `values` (Float32Array) in that shape, as a Float32Array of its own. */
  async answer(values, shape) {
    const input = new Tensor(values, shape, this.environment);
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
