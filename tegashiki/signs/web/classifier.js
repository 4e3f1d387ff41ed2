// The exported sign recogniser: a packed body -> words with probabilities.

import { TensorModel } from "../../pad/web/recognizer/tensor_model.js";
import { FRAMES, JOINTS } from "./normal.js";

export class SignClassifier {
  /** `folder`: of model.json and the file that it names; `wasm`: of LiteRT.js. */
  static async load(folder, wasm) {
    return new SignClassifier(await TensorModel.load(folder, wasm));
  }

  constructor(model) {
    this.model = model;
    this.words = model.about.words;
  }

  /** Every word, most probable first: [{ word, probability }]. */
  async candidates(packed) {
    const share = (await this.logProbabilities(packed)).map(Math.exp);
    const all = share.reduce((sum, one) => sum + one, 0);
    return [...share.keys()].sort((a, b) => share[b] - share[a])
      .map((i) => ({ word: this.words[i], probability: share[i] / all }));
  }

  logProbabilities(packed) {
    return this.model.answer(packed, [1, FRAMES, JOINTS, 4]);
  }
}
