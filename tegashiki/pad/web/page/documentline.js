// The document line: the TeX that was taken, to be edited by hand and copied; and what was taken
// since the page was opened.

import { mathml, render } from "./formula.js";
import { say } from "./i18n.js";

const SHAPES = { tex: (tex) => tex, inline: (tex) => `$${tex}$`, display: (tex) => `$$${tex}$$`, mathml };
const MOST = 50;           // formulas of the history

export class DocumentLine {
  #area; #rendered; #notify;
  taken = [];

  /** `notify(text)` says something in passing. */
  constructor({ area, rendered, copies, notify }) {
    [this.#area, this.#rendered, this.#notify] = [area, rendered, notify];
    area.addEventListener("input", () => this.#show());
    copies.addEventListener("click", (event) => {
      const shape = event.target.closest("[data-copy]")?.dataset.copy;
      if (shape) this.copy(shape);
    });
  }

  get text() { return this.#area.value; }
  set text(value) {
    this.#area.value = value;
    this.#show();
  }

  /** Put TeX where the cursor is; returns {undo, redo} for it. */
  insert(tex) {
    const before = this.#area.value, [start, end] = [this.#area.selectionStart, this.#area.selectionEnd];
    const head = before.slice(0, start), tail = before.slice(end);
    const gap = (a, b) => (a && b && !/\s$/.test(a) && !/^\s/.test(b) ? " " : "");
    const text = head + gap(head, tex) + tex;
    this.text = text + gap(tex, tail) + tail;
    this.#area.setSelectionRange(text.length, text.length);
    this.taken = [tex, ...this.taken.filter((other) => other !== tex)].slice(0, MOST);
    const after = this.#area.value;
    // What was typed since is not thrown away.
    const swap = (from, to) => { if (this.text === from) this.text = to; };
    return { undo: () => swap(after, before), redo: () => swap(before, after) };
  }

  async copy(shape) {
    let text;
    try {
      text = SHAPES[shape](this.text.trim());
    } catch (error) {
      this.#notify(say("formula", error.message));
      return;
    }
    try {
      await navigator.clipboard.writeText(text);
      this.#notify(say("copied", text));
    } catch {
      this.#area.focus();
      this.#area.select();
      this.#notify(say("notCopied"));
    }
  }

  #show() {
    this.#rendered.replaceChildren();
    this.#rendered.parentElement.classList.toggle("empty", !this.text.trim());
    const good = !this.text.trim() || render(this.#rendered, this.text, { display: false });
    this.#area.setAttribute("aria-invalid", String(!good));
    this.#rendered.classList.toggle("broken", !good);
    this.#area.style.height = "auto";
    this.#area.style.height = `${this.#area.scrollHeight}px`;
  }
}
