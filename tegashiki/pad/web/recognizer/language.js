// How likely a formula is as text: the network of language.json, see tegashiki/decoding/language/network.py.

import { END, START } from "./beam.js";
import { Problem } from "./problem.js";

const VERSION = 2;

export class Language {
  /**
   * `content`: of language.json. Throws a Problem where it is damaged, of another version, or reads
   * another spelling or vocabulary (`size` tokens) than the recogniser writes.
   */
  static of(content, spelling, size) {
    if (content.VERSION !== VERSION) {
      throw new Problem("model", `language.json is of version ${content.VERSION}, not ${VERSION}`);
    }
    if (content.spelling !== spelling || content.vocabulary !== size) {
      throw new Problem("model", `language.json reads ${content.spelling}, not ${spelling}`);
    }
    try {
      return new Language(content);
    } catch (error) {
      throw new Problem("model", `language.json is damaged: ${error.message ?? error}`);
    }
  }

  constructor({ vocabulary, width, units, weight, bonus, weights }) {
    Object.assign(this, { units, weight, bonus, heard: new Map() });
    const take = reader(Uint8Array.from(atob(weights), (one) => one.charCodeAt(0)).buffer);
    this.inputBias = take.floats(3 * units);
    this.recurrentBias = take.floats(3 * units);
    this.downBias = take.floats(width);
    this.outputBias = take.floats(vocabulary);
    const scales = [vocabulary, 3 * units, 3 * units, width].map(take.floats);
    this.embedding = take.matrix(scales[0], width);
    this.input = take.matrix(scales[1], width);
    this.recurrent = take.matrix(scales[2], units);
    this.down = take.matrix(scales[3], units);
    take.end();
    this.start = this.after(START, new Float32Array(units));
  }

  /**
   * What is added to the recogniser's log probability of the formula, in nats. `nodes` are those of
   * a beam: what was computed for the beginning that several share is kept with them.
   */
  worth(nodes) {
    let state = this.start, sum = 0;
    for (const node of nodes) {
      sum += this.logP(state)[node.token];
      state = node.read ??= this.after(node.token, state.hidden);
    }
    return this.weight * (sum + this.logP(state)[END] + this.bonus * nodes.length);
  }

  /** One step of the gated recurrent units. */
  after(token, before) {
    if (!this.heard.has(token)) {
      const width = this.downBias.length, from = token * width;
      this.heard.set(token, product(this.input, this.embedding.subarray(from, from + width), this.inputBias));
    }
    const given = this.heard.get(token), kept = product(this.recurrent, before, this.recurrentBias);
    const { units } = this, hidden = new Float32Array(units);
    for (let i = 0; i < units; i++) {
      const update = gate(given[i] + kept[i]), reset = gate(given[units + i] + kept[units + i]);
      const candidate = Math.tanh(given[2 * units + i] + reset * kept[2 * units + i]);
      hidden[i] = update * before[i] + (1 - update) * candidate;
    }
    return { hidden, logP: null };
  }

  /** Log probabilities of the next token. */
  logP(state) {
    if (!state.logP) {
      const logits = product(this.embedding, product(this.down, state.hidden, this.downBias), this.outputBias);
      const top = logits.reduce((most, one) => Math.max(most, one), -Infinity);
      const total = top + Math.log(logits.reduce((sum, one) => sum + Math.exp(one - top), 0));
      state.logP = logits.map((one) => one - total);
    }
    return state.logP;
  }
}

const gate = (x) => 1 / (1 + Math.exp(-x));

/** Matrix times vector, plus bias. Four rows at once: five times as quick as one after the other. */
function product(matrix, vector, bias) {
  const rows = bias.length, columns = vector.length, out = Float32Array.from(bias);
  const whole = rows - rows % 4;
  for (let row = 0; row < whole; row += 4) {
    const a = row * columns, b = a + columns, c = b + columns, d = c + columns;
    let first = 0, second = 0, third = 0, fourth = 0;
    for (let i = 0; i < columns; i++) {
      const x = vector[i];
      first += matrix[a + i] * x;
      second += matrix[b + i] * x;
      third += matrix[c + i] * x;
      fourth += matrix[d + i] * x;
    }
    out[row] += first;
    out[row + 1] += second;
    out[row + 2] += third;
    out[row + 3] += fourth;
  }
  for (let row = whole; row < rows; row++) {
    for (let i = 0; i < columns; i++) out[row] += matrix[row * columns + i] * vector[i];
  }
  return out;
}

/** Takes what the block holds, one after the other; throws where it is too short or too long. */
function reader(buffer) {
  let at = 0;
  const next = (Kind, count) => {
    const bytes = count * Kind.BYTES_PER_ELEMENT;
    if (!(count >= 0) || at + bytes > buffer.byteLength) throw new Error("it ends too early");
    at += bytes;
    return new Kind(buffer, at - bytes, count);
  };
  const floats = (count) => {
    const found = next(Float32Array, count);
    if (!found.every(Number.isFinite)) throw new Error("a weight is not finite");
    return found;
  };
  const matrix = (scales, columns) => {
    const found = Float32Array.from(next(Int8Array, scales.length * columns));
    scales.forEach((scale, row) => {
      for (let i = row * columns; i < (row + 1) * columns; i++) found[i] *= scale;
    });
    return found;
  };
  const end = () => {
    if (at !== buffer.byteLength) throw new Error("something stands behind its end");
  };
  return { floats, matrix, end };
}
