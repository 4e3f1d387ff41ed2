// The exported file, run by LiteRT.js. Inputs and outputs are bound by name; every tensor that is
// made here is deleted here.

import { Environment, getGlobalLiteRt, loadAndCompile, loadLiteRt, Tensor } from "@litertjs/core";

const ARRAYS = { float32: Float32Array, int32: Int32Array, uint8: Uint8Array };

let library = null;     // one for each page or worker: LiteRT.js is a single instance

export class Runtime {
  /** Fetch and compile the library in the folder `wasm`; once, however often it is asked for. */
  static ready(wasm) {
    // its loader looks beside the script that runs, unless it is told
    const complain = (line) => { if (!/^(INFO|WARNING|VERBOSE):/.test(line)) console.error(line); };
    globalThis.Module = { locateFile: (name) => wasm + name, print: complain, printErr: complain };
    library ??= quietly(() => loadLiteRt(wasm)).catch((error) => { library = null; throw error; });
    return library;
  }

  /** `bytes` of a .tflite with the signatures `encode` and `decode`; `wasm`: the library's folder. */
  static async load(bytes, wasm) {
    await Runtime.ready(wasm);
    const environment = await Environment.create({ webGpuDevice: null });
    return new Runtime(await loadAndCompile(bytes, { accelerator: "wasm", environment }), environment);
  }

  constructor(model, environment) {
    Object.assign(this, { model, environment });
    const names = Object.keys(model.signatures).filter((name) => name.startsWith("encode"));
    this.buckets = names.map((name) => [model.signatures[name],
      model.signatures[name.replace("encode", "decode")]])
      .filter(([, decoder]) => decoder)
      .map(([encoder, decoder]) => new Bucket(encoder, decoder, environment))
      .sort((a, b) => a.size - b.size);
    if (!this.buckets.length) throw new Error("the model has no signatures encode and decode");
  }

  /** The most strokes that are read at once. */
  get size() {
    return this.buckets.at(-1).size;
  }

  /** The buckets that ink of so many strokes fits, the smallest first; the largest if it fits none. */
  fitting(strokes) {
    const found = this.buckets.filter(({ size }) => size >= strokes);
    return found.length ? found : this.buckets.slice(-1);
  }

  close() {
    for (const bucket of this.buckets) bucket.close();
    this.model.delete();
    this.environment.delete();
  }
}

/** A pair of signatures for ink of at most `size` strokes and formulas of at most `length` tokens. */
class Bucket {
  constructor(encoder, decoder, environment) {
    Object.assign(this, { encoder, decoder, environment });
    const details = decoder.getInputDetails();
    this.width = details.find(({ name }) => name === "tokens").shape[0];
    this.size = encoder.getInputDetails().find(({ name }) => name === "boxes").shape[1];
    this.length = details.find(({ name }) => name === "state_k0").shape[2];
    const empty = (kind) => Object.fromEntries(details.filter(({ name }) => kind(name)).map(({ name, dtype, shape }) =>
      [name, this.tensor(new ARRAYS[dtype](shape.reduce((a, b) => a * b, 1)), shape)]));
    this.zeros = empty((name) => name.startsWith("state_"));
    this.fed = empty((name) => name === "tokens" || name === "parents");
  }

  tensor(array, shape) {
    return new Tensor(array, Array.from(shape), this.environment);
  }

  /** { points, boxes } of one expression -> memory, to be given to `forget` when done with. */
  async encode(inputs) {
    const details = this.encoder.getInputDetails();
    const tensors = Object.fromEntries(details.map(({ name, shape }) =>
      [name, this.tensor(inputs[name], shape)]));
    try {
      return await run(this.encoder, buffers(tensors));
    } finally {
      remove(tensors);
    }
  }

  forget(memory) {
    remove(memory);
  }

  /** A cursor that writes one token a step, from an empty state. */
  begin(memory) {
    const { decoder, width } = this, fed = buffers(this.fed);
    let state = buffers(this.zeros), owned = false;
    const drop = () => { if (owned) remove(state); owned = false; };
    return {
      step: async (tokens, parents) => {
        // Nothing is awaited between writing and running: another cursor cannot come between.
        write(fed.tokens, tokens);
        write(fed.parents, parents);
        const { log_p: logP, ...next } = await run(decoder, { ...memory, ...state, ...fed });
        drop();
        [state, owned] = [next, true];
        const array = read(logP);
        logP.delete();
        return { logP: array, size: array.length / width, look: next.state_look ? read(next.state_look) : null };
      },
      end: drop,
    };
  }

  close() {
    remove(this.zeros);
    remove(this.fed);
  }
}

/**
 * Run a signature on named buffers. The library's own `run` describes and checks every tensor anew at each call, which
 * for a step's two dozen takes longer than the network does; here their shapes are those of the file, and never change.
 * (Uses what lies beneath that function in the version that package-lock.json pins.)
 */
async function run(signature, named) {
  const given = signature.getInputDetails().map(({ name }) => named[name]);
  const made = await signature.liteRtCompiledModel.run(signature.signatureIndex, given);
  return Object.fromEntries(signature.getOutputDetails().map(({ name }, i) => [name, made[i]]));
}

/** A copy of the floats that a buffer holds. */
function read(buffer) {
  const { HEAPU8, LiteRtTensorBufferLockMode: mode } = getGlobalLiteRt().liteRtWasm;
  const at = buffer.lock(mode.READ);
  try {
    return new Float32Array(HEAPU8.slice(at, at + buffer.packedSize()).buffer);
  } finally {
    buffer.unlock();
  }
}

function write(buffer, array) {
  const { HEAPU8, LiteRtTensorBufferLockMode: mode } = getGlobalLiteRt().liteRtWasm;
  const at = buffer.lock(mode.WRITE);
  HEAPU8.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), at);
  buffer.unlock();
}

function buffers(tensors) {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, tensor.liteRtTensorBuffer]));
}

function remove(tensors) {
  for (const tensor of Object.values(tensors)) tensor.delete();
}

/** LiteRT.js looks for a GPU that is not asked for, and complains that there is none. */
async function quietly(work) {
  const { warn } = console;
  console.warn = () => {};
  try {
    return await work();
  } finally {
    console.warn = warn;
  }
}
