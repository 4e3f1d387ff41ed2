// What was read: the best candidate large, its symbols to be touched, and cards to choose from.
//
// The formula that is seen is hidden from screen readers, for which it is boxes without order. They
// get MathML, and a button for each symbol: one stop of the tab key, arrows go along the formula.
//
// Events: "take" {candidate}, "copy" {candidate}, "symbol" {symbol}, "pin" {symbol, token}.

import { Cards } from "./cards.js";
import { mathml, rendered, renderedMarked } from "./formula.js";
import { glyphBoxes, nearest } from "./glyphs.js";
import { say, spoken as language } from "./i18n.js";
import { emWidth } from "./size.js";
import { named, spoken } from "./speech.js";

const UNSURE = 0.75;        // a symbol is dotted if the network gives it less than this
const SILENCE = 700;        // ms without a new reading before the best is spoken
const PAUSE = 120;          // ms without a new reading before the layer for screen readers is made anew
const FRAME = 6;            // ms that drawing the other cards may take to be done in the best one's frame
const SMALLEST = 0.6;       // of the usual size; what does not fit then is scrolled
const ROW = 42;             // CSS pixels that one of several rows is high at the usual size
const PICTURES = { "\\frac{": "\\frac{\\square}{\\square}", "\\sqrt{": "\\sqrt{\\square}", "\\sqrt[": "\\sqrt[n]{\\square}" };

export class Reading extends EventTarget {
  #preview; #formula; #math; #spots; #spoken; #menu; #cards;
  #symbol = null; #opener = null; #shown = ""; #described = ""; #pins = []; #space = 0; #height = 0; #rest = null; #speaking = 0; #describing = 0; #cost = 0;
  candidates = [];

  constructor({ preview, list, spoken: live, menu }) {
    super();
    [this.#preview, this.#spoken, this.#menu, this.#cards] = [preview, live, menu, new Cards(list)];
    [this.#formula, this.#math, this.#spots] =
      [".formula", ".math", ".spots"].map((name) => preview.querySelector(name));
    preview.addEventListener("click", (event) => this.#touched(event));
    this.#spots.addEventListener("focusin", () => this.#tellAll(this.candidates[0]));
    this.#spots.addEventListener("keydown", (event) => this.#walk(event));
    for (const type of ["take", "copy"]) {
      this.#cards.addEventListener(type, ({ detail }) => this.#tell(type, detail));
    }
    menu.addEventListener("keydown", (event) => { if (event.key === "Escape") this.close(); });
    menu.querySelector(".free").addEventListener("click", () => this.#pin(null));
    menu.querySelector(".close").addEventListener("click", () => this.close());
    new ResizeObserver(() => { [this.#space, this.#height] = [preview.clientWidth - 24, preview.clientHeight]; }).observe(preview);
  }

  take(index) {
    this.#cards.take(index);
  }

  /** Show the best before the others are known; `show` comes with all. */
  first(best, pins) {
    this.candidates = [best];
    this.#rest?.();
    this.#best(best, pins);
  }

  /**
   * Show candidates: the best at once, the others with it where they are drawn quickly here, else when
   * the frame is out. What is on the screen already stays as it is, so that nothing flickers. Resolves
   * when all is shown; false if a newer reading came between.
   */
  async show(candidates, pins) {
    this.candidates = candidates;
    this.#rest?.();
    const [best] = candidates;
    this.#best(best, pins);
    if (this.#cost > FRAME && !await new Promise((resolve) => { this.#rest = idle(resolve); })) return false;
    const began = performance.now();
    for (let index = 1; index < candidates.length; index++) this.#cards.draw(index, candidates[index], best);
    this.#cards.keep(candidates.length);
    this.#cost += (performance.now() - began - this.#cost) / 4;
    clearTimeout(this.#describing);
    this.#describing = setTimeout(() => this.#tellAll(best), PAUSE);
    return true;
  }

  #tellAll(best) {
    if (this.#described === this.#shown || best !== this.candidates[0]) return;
    this.#described = this.#shown;
    this.#describe(best);
    this.#speak(best);
  }

  #best(best, pins) {
    this.#pins = pins;
    const key = JSON.stringify([best?.packed, pins, language()]);
    if (key !== this.#shown) {
      this.#shown = key;
      this.close();
      this.#draw(best);
    }
    if (best) this.#cards.draw(0, best, best);
    else this.#cards.keep(0);
  }

  /** Open the alternatives of the symbol that a stroke belongs to; whether there is one. */
  choose(stroke, opener) {
    const symbol = this.candidates[0]?.symbols.find(({ strokes }) => strokes.includes(stroke));
    if (symbol) this.#choose(symbol, opener);
    return Boolean(symbol);
  }

  close() {
    if (this.#menu.hidden) return;
    const inside = this.#menu.contains(document.activeElement);
    this.#menu.hidden = true;
    this.#symbol = null;
    for (const node of this.#formula.querySelectorAll(".chosen")) node.classList.remove("chosen");
    if (inside) (this.#opener?.isConnected ? this.#opener : this.#spots.querySelector("[tabindex='0']"))?.focus();
    this.#tell("symbol", { symbol: null });
  }

  // -- the best candidate --------------------------------------------------------------------------

  #draw(best) {
    if (!best) {
      this.#formula.replaceChildren();
      return;
    }
    const node = renderedMarked(best.packed), pinned = new Set(this.#pins.flatMap(({ strokes }) => strokes));
    for (const { place, token, strokes, alternatives } of best.symbols) {
      const own = alternatives.find((other) => other.token === token)?.probability ?? 1;
      const classes = [strokes.some((id) => pinned.has(id)) ? "pinned" : own < UNSURE ? "unsure" : ""];
      if (classes[0]) node.querySelector(`[data-place="${place}"]`)?.classList.add(...classes);
    }
    const wide = this.#space / (emWidth(best.packed) * 24 * 1.21), high = this.#height / ((best.rows?.length ?? 0) * ROW);
    const size = this.#space ? Math.max(SMALLEST, Math.min(1, wide, high)) : 1;
    node.style.fontSize = `${(100 * size).toFixed(0)}%`;
    this.#formula.replaceChildren(node);
  }

  /** The layer for those who do not see the formula. */
  #describe(best) {
    const focused = this.#spots.contains(document.activeElement) ? document.activeElement.dataset.place : null;
    this.#math.replaceChildren();
    this.#spots.replaceChildren();
    if (!best) return;
    try {
      this.#math.append(mathml(best.latex, { node: true }));
    } catch {
      this.#math.textContent = spoken(best.packed, language());
    }
    const symbols = best.symbols.filter(({ strokes }) => strokes.length), around = this.#spots.getBoundingClientRect();
    const boxes = glyphBoxes(this.#formula);
    this.#spots.append(...symbols.map((symbol, index) => {
      const button = document.createElement("button"), own = boxes.filter(({ place }) => place === symbol.place);
      button.type = "button";
      button.tabIndex = index ? -1 : 0;
      button.dataset.place = symbol.place;
      button.ariaLabel = say("symbol", named(symbol.token, language()), index + 1, symbols.length);
      button.ariaHasPopup = "dialog";
      if (own.length) {
        const edge = (side, pick) => pick(...own.map(({ box }) => box[side]));
        const [left, top] = [edge(0, Math.min), edge(1, Math.min)];
        Object.assign(button.style, { left: `${left - around.left - 2}px`, top: `${top - around.top - 2}px`,
          width: `${edge(2, Math.max) - left + 4}px`, height: `${edge(3, Math.max) - top + 4}px` });
      }
      return button;
    }));
    if (focused !== null) this.#spots.querySelector(`[data-place="${focused}"], [tabindex="0"]`)?.focus();
  }

  #speak(best) {
    clearTimeout(this.#speaking);
    this.#speaking = setTimeout(() => {
      this.#spoken.textContent = best ? spoken(best.packed, language()) : say("nothing");
    }, SILENCE);
  }

  /** The symbol at a point of the window, null if none is near. */
  symbolAt(x, y) {
    const best = this.candidates[0];
    const drawn = new Set(best?.symbols.filter(({ strokes }) => strokes.length).map(({ place }) => place));
    const boxes = glyphBoxes(this.#formula).filter(({ place }) => drawn.has(place));
    const place = nearest(boxes, x, y);
    return best?.symbols.find((symbol) => symbol.place === place) ?? null;
  }

  #touched(event) {
    const spot = event.target.closest(".spots button");     // by a key, or by a screen reader
    const symbol = spot ? this.candidates[0]?.symbols.find(({ place }) => place === Number(spot.dataset.place))
      : this.symbolAt(event.clientX, event.clientY);
    if (symbol) this.#choose(symbol, spot ?? document.activeElement);
    else this.close();
  }

  #walk(event) {
    const spots = [...this.#spots.children], here = spots.indexOf(event.target);
    const to = { ArrowRight: here + 1, ArrowLeft: here - 1, Home: 0, End: spots.length - 1 }[event.key];
    if (to === undefined || !spots[to]) return;
    event.preventDefault();
    event.stopPropagation();
    spots[here].tabIndex = -1;
    spots[to].tabIndex = 0;
    spots[to].focus();
  }

  // -- its alternatives ----------------------------------------------------------------------------

  #choose(symbol, opener) {
    this.close();
    this.#symbol = symbol;
    this.#opener = opener;
    this.#formula.querySelector(`[data-place="${symbol.place}"]`)?.classList.add("chosen");
    this.#tell("symbol", { symbol });
    const symbols = this.#menu.querySelector(".symbols");
    symbols.replaceChildren(...symbol.alternatives.map(({ token, probability }) => {
      const button = document.createElement("button");
      button.type = "button";
      button.ariaLabel = named(token, language());
      button.dataset.token = token;
      button.ariaPressed = String(token === symbol.token);
      button.style.setProperty("--share", probability.toFixed(3));
      button.append(rendered(PICTURES[token] ?? (token.endsWith("{") ? `${token}\\square}` : token)));
      button.addEventListener("click", () => this.#pin(token));
      return button;
    }));
    this.#menu.hidden = false;
    symbols.querySelector("button")?.focus({ preventScroll: true });
  }

  #pin(token) {
    const symbol = this.#symbol;
    this.close();
    if (symbol) this.#tell("pin", { symbol, token });
  }

  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

/** Call `done(true)` when there is time after the next frame; the result calls `done(false)` instead. */
function idle(done) {
  let frame = requestAnimationFrame(() => {
    frame = 0;
    timer = setTimeout(() => done(true));
  }), timer = 0;
  return () => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
    done(false);
  };
}
