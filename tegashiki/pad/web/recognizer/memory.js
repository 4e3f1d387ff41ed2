// What the network saw of the symbols that this person confirmed, mixed into its answers, as
// tegashiki.evaluation.personal measures it. A symbol's key is the memory that the decoder attended
// to when it wrote it, weighted by that attention, of length 1, without what all symbols share.
// At each drawn token, as in kNN language models (Khandelwal et al., 2020),
//
//     p = (1 - L) p_network + L p_samples,    L = share * likeness of the nearest sample.

const UNIT = 10_000;        // keys are kept in whole parts of this, which JSON and databases pack well
const MOST = 6;             // samples kept of one token; the oldest goes. More brought nothing more
const TINY = 1e-12;

export class Memory {
  /**
   * @param {{token: string, key: number[]}[]} samples
   * @param {{mean: number[], share: number, width: number, near: number}} settings  of model.json
   * @param {Map<string, number>} ids  of the tokens
   */
  constructor(samples, settings, ids) {
    const size = settings.mean.length, fitting = samples.filter(({ token, key }) => ids.has(token) && key?.length === size);
    this.settings = settings;
    this.tokens = Int32Array.from(fitting, ({ token }) => ids.get(token));
    this.keys = new Float32Array(fitting.length * size);
    fitting.forEach(({ key }, row) => key.forEach((value, i) => { this.keys[row * size + i] = value / UNIT; }));
  }

  get size() {
    return this.tokens.length;
  }

  /** The samples with new ones, at most MOST of each token. */
  static merge(old, fresh) {
    const kept = [], count = new Map();
    for (const sample of [...old, ...fresh].reverse()) {
      const seen = count.get(sample.token) ?? 0;
      if (seen < MOST) kept.push(sample);
      count.set(sample.token, seen + 1);
    }
    return kept.reverse();
  }

  /** What to keep of a symbol: `look` is the attention to each stroke, `seen` their memory. */
  static sample(token, look, seen, mean) {
    return { token, key: Array.from(keyOf(look, seen, mean), (value) => Math.round(value * UNIT)) };
  }

  /** Nats that the memory adds to a token of probability exp(logP); negative where it knows better. */
  gain({ token, logP, look }, seen) {
    const { mean, share, width, near } = this.settings, key = keyOf(look, seen, mean), size = mean.length;
    let total = 0, same = 0, most = 0;
    for (let row = 0; row < this.tokens.length; row++) {
      let likeness = 0;
      for (let i = 0, at = row * size; i < size; i++, at++) likeness += key[i] * this.keys[at];
      if (likeness <= near) continue;
      const weight = Math.exp((likeness - 1) / width);
      total += weight;
      if (this.tokens[row] === token) same += weight;
      most = Math.max(most, weight);
    }
    if (!total) return 0;
    const part = share * Math.min(1, most), p = Math.max(Math.exp(logP[token]), 1e-30);
    return Math.log(((1 - part) * p + part * same / total) / p + TINY);
  }
}

/** look @ seen, of length 1, without the mean of all keys, of length 1 again. */
function keyOf(look, { values, size }, mean) {
  const key = new Float64Array(size);
  for (let stroke = 0; stroke < values.length / size; stroke++) {
    const weight = look[stroke] ?? 0;
    if (weight) for (let i = 0; i < size; i++) key[i] += weight * values[stroke * size + i];
  }
  return unit(unit(key).map((value, i) => value - mean[i]));
}

function unit(vector) {
  const length = Math.hypot(...vector) + 1e-9;
  return vector.map((value) => value / length);
}
