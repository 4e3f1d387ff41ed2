// <tegashiki-pad>: a surface to write on, and the formulas that were read below it.
//
//     <script type="module" src="element.js"></script>
//     <tegashiki-pad model="model/" format="tex"></tegashiki-pad>
//     pad.addEventListener("take", ({ detail }) => insert(detail.value));
//
// Attributes: `model` (address of the model's folder), `alphabet` (the name of an alphabet, or kinds of
// symbols: digit operator letter; see recognizer.d.ts), `format` (what `take` hands over: tex, inline, display, parens, brackets, markdown,
// mathml, mathmlBlock, typst, unicode). Events: "ready", "candidates" {candidates}, "take" {value, latex, candidate},
// "problem" {problem}. Strokes that are written while it loads are kept and read then.

import { mathml } from "../page/formula.js";
import { History } from "../page/history.js";
import { scratched } from "../page/scratch.js";
import { spoken } from "../page/speech.js";
import { Surface } from "../page/surface.js";
import { textIn } from "../page/texts.js";
import { create, KINDS } from "./recognizer.js";      // beside it in the package
import { STYLE } from "./style.js";

const K = 5;

export class TegashikiPad extends HTMLElement {
  static observedAttributes = ["model", "alphabet"];
  #root; #surface; #list; #status; #ink = new History(); #recognizer = null; #loading = 0; #asked = 0; #source = null;

  constructor() {
    super();
    this.#root = this.attachShadow({ mode: "open" });
    const style = new CSSStyleSheet();              // a page's policy may forbid style elements
    style.replaceSync(STYLE);
    this.#root.adoptedStyleSheets = [style];
    const canvas = make("canvas", { tabIndex: 0, ariaLabel: "Writing surface" });
    canvas.setAttribute("role", "application");
    this.#list = make("ol", { ariaLabel: "Candidates" });
    this.#status = make("span");
    this.#status.setAttribute("role", "status");
    const tool = (text, label, act) => make("button", { type: "button", textContent: text, ariaLabel: label, onclick: act });
    this.undoButton = tool("↶", "Undo", () => this.#ink.undo());
    this.redoButton = tool("↷", "Redo", () => this.#ink.redo());
    this.clearButton = tool("✕", "Clear", () => this.clear());
    const pad = make("div", { className: "pad" }), row = make("div", { className: "row" });
    pad.append(canvas);
    row.append(this.undoButton, this.redoButton, this.clearButton, this.#status);
    this.#root.append(pad, this.#list, row);
    this.#surface = new Surface(canvas);
    this.#listen(canvas);
  }

  // -- what a page uses --------------------------------------------------------------------------

  /** The recogniser once it is loaded, else null. */
  get recognizer() { return this.#recognizer; }
  /** Candidates that are shown. */
  candidates = [];

  /**
   * Where the model comes from, if not from the attribute: the options of `create` in recognizer.js,
   * with bytes for example, or a recogniser of your own with the same methods.
   */
  set source(options) {
    this.#source = options;
    if (this.isConnected) this.load();
  }

  /** The ink: [{ id, points: [[x, y, t, pressure], ...] }], y growing downwards. */
  get strokes() { return this.#ink.strokes; }
  set strokes(strokes) { this.#ink.change(strokes.map((stroke, i) => (Array.isArray(stroke) ? { id: i + 1, points: stroke } : stroke))); }

  clear() { if (this.strokes.length) this.#ink.change([]); }
  undo() { this.#ink.undo(); }

  /** Load the recogniser; called by itself when the element is put into a page. */
  async load() {
    const number = ++this.#loading;
    this.#recognizer?.close();
    this.#recognizer = null;
    this.#say("Loading…");
    try {
      const options = this.#source ?? { model: this.getAttribute("model") ?? "model/" };
      const found = typeof options.candidates === "function" ? options : await create(options);
      if (number !== this.#loading) { found.close(); return; }
      this.#recognizer = found;
      this.#say("");
      this.#tell("ready", {});
      await this.#read();
    } catch (problem) {
      if (number !== this.#loading) return;
      this.#say(problem.message);
      this.#tell("problem", { problem });
    }
  }

  connectedCallback() {
    this.#surface.restyle();
    if (!this.#recognizer) this.load();
  }

  disconnectedCallback() {
    // moved elsewhere in the page, or gone? A moved element is connected again at once.
    queueMicrotask(() => {
      if (this.isConnected) return;
      this.#loading++;
      this.#recognizer?.close();
      this.#recognizer = null;
    });
  }

  attributeChangedCallback(name, before, now) {
    if (before === now || !this.isConnected) return;
    if (name === "model") this.load();
    else this.#read();
  }

  // -- inside --------------------------------------------------------------------------------------

  #listen(canvas) {
    const surface = this.#surface, ink = this.#ink;
    for (const type of ["stroke", "tap"]) {
      surface.addEventListener(type, ({ detail: { points } }) => {
        const gone = scratched(points, ink.strokes);
        if (gone.length) ink.remove(gone);
        else ink.add(points);
      });
    }
    surface.addEventListener("erase", ({ detail: { ids, gesture } }) => ink.remove(ids, gesture));
    ink.addEventListener("change", () => {
      surface.show(ink.strokes);
      this.#buttons();
      this.#read();
    });
    canvas.addEventListener("keydown", (event) => {
      const command = event.ctrlKey || event.metaKey;
      if (command && event.key === "z") (event.shiftKey ? ink.redo() : ink.undo());
      else if (!command && /^[1-5]$/.test(event.key)) this.take(Number(event.key) - 1);
      else if (!command && event.key === "Enter") this.take(0);
      else return;
      event.preventDefault();
      event.stopPropagation();                   // a notebook has keys of its own
    });
    this.#buttons();
  }

  #buttons() {
    this.undoButton.disabled = !this.#ink.canUndo;
    this.redoButton.disabled = !this.#ink.canRedo;
    this.clearButton.disabled = !this.strokes.length;
  }

  async #read() {
    const recognizer = this.#recognizer, number = ++this.#asked;
    if (!recognizer) return;
    try {
      const wanted = (this.getAttribute("alphabet") ?? "").trim().split(/\s+/).filter(Boolean);
      const kinds = wanted.length && wanted.every((one) => KINDS.includes(one));
      recognizer.symbols = kinds ? wanted : null;
      recognizer.alphabet = kinds || !wanted.length ? null : wanted.length > 1 ? wanted : wanted[0];
      recognizer.setStrokes(this.strokes);
      const candidates = await recognizer.candidates(K);
      if (!candidates || number !== this.#asked) return;
      this.candidates = candidates;
      this.#list.replaceChildren(...candidates.map((candidate, index) => this.#card(candidate, index)));
      this.#tell("candidates", { candidates });
    } catch (problem) {
      if (number !== this.#asked) return;
      this.#say(problem.message);
      this.#tell("problem", { problem });
    }
  }

  #card(candidate, index) {
    const row = make("li"), button = make("button", { type: "button", onclick: () => this.take(index) });
    const name = make("span", { className: "unseen", textContent: `${index + 1}: ${spoken(candidate.packed)}` });
    let formula;
    try {
      formula = mathml(candidate.latex, { node: true });
    } catch {
      formula = make("span", { textContent: candidate.latex });
    }
    formula.setAttribute("aria-hidden", "true");
    button.append(name, formula);
    button.dataset.latex = candidate.latex;
    row.append(button);
    return row;
  }

  /** Hand a candidate over and empty the pad; one step back brings the ink again. */
  take(index) {
    const candidate = this.candidates[index];
    if (!candidate) return;
    const value = textIn(this.getAttribute("format") ?? "tex", candidate.latex);
    if (this.#tell("take", { value, latex: candidate.latex, candidate })) this.clear();
  }

  #say(text) { this.#status.textContent = text; }

  /** Whether nobody called preventDefault. */
  #tell(type, detail) {
    return this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true, cancelable: true }));
  }
}

function make(tag, properties = {}) {
  return Object.assign(document.createElement(tag), properties);
}

if (!customElements.get("tegashiki-pad")) customElements.define("tegashiki-pad", TegashikiPad);
