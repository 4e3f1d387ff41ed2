// Where the model and the library come from: a folder's address, or bytes that the page already has.

import { Problem } from "./problem.js";

/** Adds up the bytes of several downloads and tells `report(loaded, total)`. */
export class Meter {
  #loaded = 0;
  #total = 0;

  constructor(report) {
    this.report = report;
  }

  /** The response, counted while it is read; `length` where its header does not say (compressed). */
  count(response, length = 0) {
    if (!this.report || !response.body) return response;
    const compressed = response.headers.get("content-encoding");
    this.#total += length || (compressed ? 0 : Number(response.headers.get("content-length")));
    const counter = new TransformStream({
      transform: (chunk, out) => {
        this.#loaded += chunk.byteLength;
        this.report(this.#loaded, Math.max(this.#total, this.#loaded));
        out.enqueue(chunk);
      },
    });
    return new Response(response.body.pipeThrough(counter), { headers: response.headers });
  }
}

/** The response of an address; a Problem "network" that names it where there is none. */
export async function get(address) {
  let response;
  try {
    response = await fetch(address);
  } catch (error) {
    throw new Problem("network", `${address} cannot be fetched: ${error.message}`);
  }
  if (!response.ok) throw new Problem("network", `${address} cannot be fetched: ${response.status}`);
  return response;
}

/**
 * A model, checked by its hashes: { description, vocabulary, bytes }.
 * @param {string | {description: object, vocabulary: string, bytes: BufferSource}} model
 */
export async function fetchModel(model, meter) {
  if (typeof model !== "string") {
    const text = typeof model.vocabulary === "string" ? model.vocabulary : model.vocabulary.join("\n");
    return check({ ...model, vocabulary: text.trimEnd().split("\n") });
  }
  const description = await json(model + "model.json");
  if (typeof description?.file !== "string") throw new Problem("model", `${model}model.json names no file`);
  const [bytes, text] = await Promise.all([
    get(model + description.file).then((r) => meter.count(r, description.bytes).arrayBuffer()),
    get(model + "vocabulary.txt").then((r) => r.text()),
  ]);
  return check({ description, bytes, vocabulary: text.trimEnd().split("\n") });
}

async function check({ description, bytes, vocabulary }) {
  await verify(bytes, description.sha256, description.file);
  await verify(new TextEncoder().encode(vocabulary.join("\n")), description.vocabulary, "vocabulary.txt");
  return { description, vocabulary, bytes: bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes) };
}

async function json(address) {
  const response = await get(address);
  try {
    return await response.json();
  } catch {
    throw new Problem("model", `${address} is not JSON`);
  }
}

/** Browsers offer hashing on secure pages only; elsewhere the file is taken as it is. */
async function verify(bytes, expected, name) {
  if (!expected || !globalThis.crypto?.subtle) return;
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  const found = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  if (found !== expected) throw new Problem("hash", `${name} is not the file that belongs to this model`);
}
