// What was read: the best candidate large, its symbols to be touched, and five to choose from.
//
// Events: "take" {candidate}, "symbol" {symbol}, "pin" {symbol, token}.

import { rendered, renderMarked } from "./formula.js";
import { say } from "./i18n.js";

export class Reading extends EventTarget {
  #preview; #list; #spoken; #menu; #symbol = null; #shown = "";
  candidates = [];

  constructor({ preview, list, spoken, menu }) {
    super();
    [this.#preview, this.#list, this.#spoken, this.#menu] = [preview, list, spoken, menu];
    preview.addEventListener("click", (event) => this.#touch(event.target.closest("[data-place]")));
    preview.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === " ") {
        event.preventDefault();
        event.stopPropagation();
        this.#touch(event.target.closest("[data-place]"));
      }
    });
    list.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (button) this.take(Number(button.dataset.number) - 1);
    });
    menu.addEventListener("keydown", (event) => { if (event.key === "Escape") this.close(); });
    menu.querySelector(".free").addEventListener("click", () => this.#pin(null));
  }

  take(index) {
    const candidate = this.candidates[index];
    if (candidate) this.#tell("take", { candidate });
  }

  /** Show candidates; what is on the screen already stays as it is, so that nothing flickers. */
  show(candidates, pins) {
    this.candidates = candidates;
    const [best] = candidates;
    const key = JSON.stringify([best?.packed, pins]);
    if (key !== this.#shown) {
      this.#shown = key;
      this.close();
      this.#previewOf(best, pins);
      this.#spoken.textContent = best ? say("best", best.latex) : say("nothing");
    }
    candidates.forEach((candidate, index) => this.#row(candidate, index));
    while (this.#list.children.length > candidates.length) this.#list.lastChild.remove();
  }

  #row(candidate, index) {
    let row = this.#list.children[index];
    if (!row) {
      row = this.#list.appendChild(document.createElement("li"));
      row.append(document.createElement("button"));
      row.firstChild.type = "button";
      row.firstChild.dataset.number = index + 1;
    }
    const button = row.firstChild;
    button.style.setProperty("--share", candidate.probability.toFixed(3));
    if (button.dataset.latex === candidate.latex) return;
    button.dataset.latex = candidate.latex;
    button.ariaLabel = say("candidate", index + 1, candidate.latex);
    const number = document.createElement("kbd");
    number.textContent = index + 1;
    button.replaceChildren(number, rendered(candidate.latex));
  }

  #previewOf(best, pins) {
    this.#preview.replaceChildren();
    if (!best || !renderMarked(this.#preview, best.packed)) return;
    const pinned = new Set(pins.flatMap(({ strokes }) => strokes));
    for (const node of this.#preview.querySelectorAll("[data-place]")) {
      const symbol = this.#symbolOf(node);
      if (!symbol?.strokes.length) continue;
      node.tabIndex = 0;
      node.role = "button";
      node.ariaLabel = say("symbol", symbol.token.replace(/[{[]$/, ""));
      if (symbol.strokes.some((id) => pinned.has(id))) node.classList.add("pinned");
    }
  }

  #symbolOf(node) {
    const place = Number(node?.dataset.place);
    return this.candidates[0]?.symbols.find((symbol) => symbol.place === place);
  }

  #touch(node) {
    const symbol = this.#symbolOf(node);
    if (!symbol?.strokes.length) { this.close(); return; }
    this.#symbol = symbol;
    for (const other of this.#preview.querySelectorAll(".chosen")) other.classList.remove("chosen");
    node.classList.add("chosen");
    this.#tell("symbol", { symbol });
    this.#open(symbol);
  }

  #open(symbol) {
    const symbols = this.#menu.querySelector(".symbols");
    symbols.replaceChildren(...symbol.alternatives.map(({ token, probability }) => {
      const button = document.createElement("button");
      button.type = "button";
      button.ariaLabel = token;
      button.ariaPressed = String(token === symbol.token);
      button.style.setProperty("--share", probability.toFixed(3));
      button.append(rendered({ "\\frac{": "\\frac{\\square}{\\square}", "\\sqrt{": "\\sqrt{\\square}",
        "\\sqrt[": "\\sqrt[n]{\\square}" }[token] ?? token));
      button.addEventListener("click", () => this.#pin(token));
      return button;
    }));
    this.#menu.hidden = false;
    symbols.querySelector("button")?.focus();
  }

  #pin(token) {
    const symbol = this.#symbol;
    this.close();
    if (symbol) this.#tell("pin", { symbol, token });
  }

  close() {
    if (this.#menu.hidden) return;
    this.#menu.hidden = true;
    this.#symbol = null;
    for (const node of this.#preview.querySelectorAll(".chosen")) node.classList.remove("chosen");
    this.#tell("symbol", { symbol: null });
  }

  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}
