// The exported file: a picture in normal form -> characters with probabilities.

import { TensorModel } from "../../pad/web/recognizer/tensor_model.js";
import { SIZE } from "./normal.js";

export class Classifier {
  /** `folder`: of model.json and the file that it names; `wasm`: of LiteRT.js. */
  static async load(folder, wasm) {
    return new Classifier(await TensorModel.load(folder, wasm));
  }

  /** `refuseAbove`: entropy of an answer in nats, beyond which it is perhaps no character. */
  constructor(model) {
    this.model = model;
    this.characters = [...model.about.characters];
    this.refuseAbove = model.about.refuse_above ?? Infinity;
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

  logProbabilities(form) {
    return this.model.answer(form, [1, SIZE, SIZE, 1]);
  }
}
