// This person's hand, as the recogniser's memory knows it: every formula that is taken teaches its
// symbols, undoing unteaches them. Kept in this browser; switched off in the settings.

import * as store from "./store.js";

const MOST = 400;           // formulas that are kept; the oldest goes

export class Hand {
  #recognizer = null; #lessons = []; #model = "";

  get on() {
    return store.choices().remember !== false;
  }

  /** Whether it takes part from now on; what was learned stays until it is forgotten. */
  set on(wanted) {
    store.choose({ remember: wanted });
    if (this.#recognizer) this.#recognizer.remember = wanted;
  }

  /** Give a loaded recogniser what was learned with the same model. */
  async begin(recognizer) {
    const all = await store.learned();
    this.#recognizer = recognizer;
    this.#model = recognizer.description.sha256 ?? "";
    this.#lessons = all.filter(({ model }) => model === this.#model);
    await store.unlearn(all.slice(0, -MOST).map(({ id }) => id));
    this.#tell();
    recognizer.remember = this.on;
  }

  /**
   * The ink that the recogniser holds is `tex`: learn its symbols. Returns {undo, redo}; what cannot
   * be learned (no memory in this model, switched off, no formula) changes nothing.
   */
  learn(tex) {
    const recognizer = this.#recognizer;
    let wanted = true, lesson = null;
    // Kept first, then used: what takes part is there again when the page is opened anew.
    const put = async () => {
      lesson.id = await store.learn({ model: lesson.model, samples: lesson.samples });
      if (!wanted) drop();
      else if (!this.#lessons.includes(lesson)) {
        this.#lessons.push(lesson);
        this.#tell();
      }
    };
    const drop = () => {
      this.#lessons = this.#lessons.filter((other) => other !== lesson);
      this.#tell();
      if (lesson.id) store.unlearn([lesson.id]);
    };
    if (recognizer?.remembers && this.on) {
      recognizer.learn(tex).then(({ samples }) => {
        lesson = { model: this.#model, samples };
        if (wanted) put();
      }, () => { /* it is no formula of this model: taken, and not learned */ });
    }
    return {
      undo: () => { wanted = false; if (lesson) drop(); },
      redo: () => { wanted = true; if (lesson) put(); },
    };
  }

  /** Nothing was learned. */
  forget() {
    this.#lessons = [];
    this.#tell();
  }

  #tell() {
    if (this.#recognizer) this.#recognizer.memory = this.#lessons.flatMap(({ samples }) => samples);
  }
}
