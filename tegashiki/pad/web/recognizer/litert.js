// The exported file, run by LiteRT.js. Inputs and outputs are bound by name; every tensor that is
// made here is deleted here.

import { Environment, getGlobalLiteRt, loadAndCompile, loadLiteRt, Tensor } from "@litertjs/core";

import { get } from "./source.js";

const ARRAYS = { float32: Float32Array, int32: Int32Array, uint8: Uint8Array };

// (i8x16.relaxed_swizzle): with relaxed SIMD LiteRT.js loads one variant of its library, else the other.
const RELAXED = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 15, 1, 13, 0,
  65, 1, 253, 15, 65, 2, 253, 15, 253, 128, 2, 11);

const SIZE = 9_370_000, SMALL = 1_800_000;   // bytes of either variant, about: what is sent may be compressed

let library = null;     // one for each page or worker: LiteRT.js is a single instance

/** Name of the library's variant that this browser runs, without its suffix. */
export const variant = () =>
  (WebAssembly.validate(RELAXED) ? "litert_wasm_internal" : "litert_wasm_compat_internal");

export class Runtime {
  /**
   * Fetch and compile the library; once, however often it is asked for.
   * @param {string | {script: string, bytes: BufferSource}} wasm  its folder, or what lies in it
   * @param {import("./source.js").Meter} [meter]  counts the bytes
   */
  static ready(wasm, meter = null) {
    library ??= quietly(() => load(wasm, meter)).catch((error) => { library = null; throw error; });
    return library;
  }

  /** `bytes` of a .tflite with the signatures `encode` and `decode`; after `ready`. */
  static async load(bytes) {
    await library;
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

  /** What the decoder can take from each stroke, all layers and heads side by side: (strokes, size). */
  seen(memory) {
    const parts = this.encoder.getOutputDetails().filter(({ name }) => /^memory_v\d+$/.test(name))
      .sort((a, b) => (a.name < b.name ? -1 : 1)).map(({ name, shape: [, heads, strokes, units] }) =>
        ({ array: read(memory[name]), heads, strokes, units }));
    const size = parts.reduce((sum, { heads, units }) => sum + heads * units, 0), values = new Float32Array(this.size * size);
    let column = 0;
    for (const { array, heads, strokes, units } of parts) {
      for (let head = 0; head < heads; head++, column += units) {
        for (let stroke = 0; stroke < strokes; stroke++) {
          const from = (head * strokes + stroke) * units;
          values.set(array.subarray(from, from + units), stroke * size + column);
        }
      }
    }
    return { values, size };
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

function load(wasm, meter) {
  const given = typeof wasm !== "string", name = variant();
  const complain = (line) => { if (!/^(INFO|WARNING|VERBOSE):/.test(line)) console.error(line); };
  // its loader looks beside the script that runs, unless it is told
  const module = { locateFile: (file) => wasm + file, print: complain, printErr: complain };
  let fail;
  const failure = new Promise((_, reject) => { fail = reject; });
  if (given) module.wasmBinary = wasm.bytes;
  else if (meter?.report) {
    // Reading it here counts the bytes, and gives up the browser's cache of compiled code: this is
    // for a first visit, when there is none.
    module.instantiateWasm = (imports, receive) => {
      counted(`${wasm}${name}.wasm`, imports, meter).then(receive, fail);
      return {};
    };
  }
  globalThis.Module = module;
  const script = given
    ? `${URL.createObjectURL(new Blob([wasm.script], { type: "text/javascript" }))}#${name}.js` : `${wasm}${name}.js`;
  return Promise.race([loadLiteRt(script), failure]);
}

async function counted(address, imports, meter) {
  const response = await get(address);
  return (await WebAssembly.instantiateStreaming(
    meter.count(response, address.includes("/small/") ? SMALL : SIZE), imports)).instance;
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
