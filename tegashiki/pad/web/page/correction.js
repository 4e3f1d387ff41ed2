// "Not right?": the person gives the right TeX. It helps at once, and is kept only if asked.

import { compact, pack, rowsIn, unpack } from "./recognizer.js";
import { render } from "./formula.js";
import { say } from "./i18n.js";

export class Correction {
  #dialog; #truth; #rendered; #problem; #keep; #done = null;

  constructor(dialog) {
    const find = (id) => dialog.querySelector(id);
    this.#dialog = dialog;
    [this.#truth, this.#rendered, this.#problem, this.#keep] =
      ["#truth", "#truth-rendered", "#truth-problem", "#keep"].map(find);
    this.#truth.addEventListener("input", () => this.#check());
    find("form").addEventListener("submit", (event) => {
      if (event.submitter?.value === "ok" && !this.#check()) event.preventDefault();
    });
    dialog.addEventListener("close", () => this.#close());
  }

  /** Ask for the right TeX; null if the person changed their mind, else { tex, keep }. */
  ask(tex) {
    this.#truth.value = tex;
    this.#keep.checked = false;              // asked anew each time
    this.#dialog.returnValue = "";
    this.#check();
    this.#dialog.showModal();
    this.#truth.select();
    return new Promise((resolve) => { this.#done = resolve; });
  }

  #check() {
    this.#rendered.replaceChildren();
    try {
      const rows = rowsIn(this.#truth.value), plain = (tex) => compact(unpack(pack(tex)));
      const tex = rows ? rows.map(plain) && this.#truth.value.trim() : plain(this.#truth.value);
      render(this.#rendered, tex, { display: true });
      this.#problem.textContent = "";
      return tex;
    } catch (problem) {
      this.#problem.textContent = this.#truth.value.trim() ? say("noFormula", problem.message) : "";
      return "";
    }
  }

  #close() {
    const tex = this.#dialog.returnValue === "ok" ? this.#check() : "";
    this.#done?.(tex ? { tex, keep: this.#keep.checked } : null);
    this.#done = null;
  }
}

/**
 * Ink JSON with its TeX, as it is kept; of several rows each on its own, as they are read. `lines`: the
 * rows' stroke numbers.
 */
export function pairs(whole, lines) {
  const rows = rowsIn(whole.truth), ids = lines.flat().sort((a, b) => a - b);
  if (!rows) return [{ ...whole, id: identifier() }];
  if (rows.length !== lines.length) return [];
  return lines.map((line, row) => ({ ...whole, id: identifier(), truth: rows[row],
    strokes: line.map((id) => whole.strokes[ids.indexOf(id)]) }));
}

/** A name for a kept pair that no other has and that says nothing about the person. */
function identifier() {
  return Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
