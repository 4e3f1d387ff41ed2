// The candidates to choose from: one card each, as large as fits, with what is different marked.
//
// Events: "take" {candidate}, "copy" {candidate}.

import { differing } from "./compare.js";
import { renderedMarked } from "./formula.js";
import { say, spoken as language } from "./i18n.js";
import { flatWidth } from "./size.js";
import { spoken } from "./speech.js";

const SMALLEST = 0.42;                  // of the usual size; what does not fit then is cut off

export class Cards extends EventTarget {
  #list; #rows = []; #drawn = []; #space = 0; #size = 16;

  constructor(list) {
    super();
    this.#list = list;
    list.addEventListener("click", ({ target }) => {
      const button = target.closest("button"), index = this.#rows.findIndex((row) => row.contains(button));
      if (button && this.#drawn[index]) this.#tell(button.className === "copy" ? "copy" : "take", index);
    });
    new ResizeObserver(() => this.#measure()).observe(list);
  }

  /** What the card `index` shows, which is what a person means who takes it. */
  take(index) {
    if (this.#drawn[index]) this.#tell("take", index);
  }

  /** Draw one candidate's card; `best` is the first of them. */
  draw(index, candidate, best) {
    const { main, share } = this.#row(index), before = this.#drawn[index];
    this.#drawn[index] = candidate;
    if (candidate.probability !== undefined) share.style.transform = `scaleX(${candidate.probability.toFixed(3)})`;
    const key = [candidate.latex, index && best.latex, language()].join("\n");
    if (before && main.dataset.key === key) return;
    main.dataset.key = key;
    main.dataset.latex = candidate.latex;
    main.querySelector(".unseen").textContent = say("candidate", index + 1, spoken(candidate.packed, language()));
    const formula = renderedMarked(candidate.packed, index ? differing(candidate.packed, best.packed) : undefined, true);
    formula.className = "formula";
    formula.ariaHidden = "true";
    main.querySelector(".formula").replaceWith(formula);
    this.#fit(formula, candidate);
  }

  /** Only so many cards from now on. */
  keep(count) {
    while (this.#rows.length > count) this.#rows.pop().remove();
    this.#drawn.length = Math.min(this.#drawn.length, count);
  }

  #row(index) {
    while (this.#rows.length <= index) {
      const row = document.createElement("li"), number = document.createElement("kbd");
      row.className = "card";
      number.textContent = this.#rows.length + 1;
      number.ariaHidden = "true";
      const share = document.createElement("i"), main = document.createElement("button");
      const name = document.createElement("span"), formula = document.createElement("span");
      main.type = "button";
      main.className = "take";
      name.className = "unseen";
      formula.className = "formula";
      main.append(number, name, formula, share);
      const copy = document.createElement("button");
      copy.type = "button";
      copy.className = "copy";
      copy.append(document.querySelector("#copy svg").cloneNode(true));
      copy.ariaLabel = copy.title = say("copyThis", this.#rows.length + 1);
      row.append(main, copy);
      this.#list.append(row);
      this.#rows.push(row);
    }
    const [main] = this.#rows[index].children;
    return { main, share: main.lastChild };
  }

  /** The size of its letters, so that the formula is as wide as its card at most. */
  #fit(formula, { packed }) {
    const scale = Math.max(SMALLEST, Math.min(1, this.#space / (flatWidth(packed) * this.#size * 1.21)));
    formula.style.fontSize = this.#space ? `${(100 * scale).toFixed(0)}%` : "";
  }

  /** How wide a formula may be. Cards are as wide as the list or, in a strip, as most of it. */
  #measure() {
    const style = getComputedStyle(this.#list), { clientWidth } = this.#list;
    this.#size = parseFloat(style.fontSize);
    this.#space = clientWidth * Number(style.getPropertyValue("--card-share") || 1)
      - parseFloat(style.getPropertyValue("--card-margin") || "70");
    this.#rows.forEach((row, index) => {
      if (this.#drawn[index]) this.#fit(row.querySelector(".formula"), this.#drawn[index]);
    });
  }

  #tell(type, index) {
    this.dispatchEvent(new CustomEvent(type, { detail: { candidate: this.#drawn[index] } }));
  }
}
