// The document line: the TeX that was taken, to be edited by hand and copied; and what was taken
// before.

import { copy, FORMS } from "./copyas.js";
import { render } from "./formula.js";
import { say } from "./i18n.js";
import * as store from "./store.js";

const MOST = 50;           // formulas of the history

export class DocumentLine extends EventTarget {
  #area; #rendered; #form; #notify; #ink;
  taken = [];

  /** `notify(text)` says something in passing; `ink()` gives the ink on the pad as JSON. */
  constructor({ area, rendered, form, button, notify, ink }) {
    super();
    [this.#area, this.#rendered, this.#form, this.#notify, this.#ink] = [area, rendered, form, notify, ink];
    area.addEventListener("input", () => this.#show());
    form.replaceChildren(...Object.entries(FORMS).map(([value, name]) => new Option(name, value)));
    form.value = store.choices().form ?? "tex";
    form.addEventListener("change", () => store.choose({ form: form.value }));
    button.addEventListener("click", () => this.copy(this.text.trim()));
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

  /** Copy TeX in the form that was chosen last. */
  async copy(tex) {
    try {
      this.#notify(say("copied", await copy(this.#form.value, tex, this.#ink)));
    } catch (error) {
      if (error instanceof DOMException) {
        this.#area.focus();
        this.#area.select();
        this.#notify(say("notCopied"));
      } else this.#notify(say("formula", error.message));
    }
  }

  #show() {
    this.#rendered.replaceChildren();
    this.#rendered.parentElement.classList.toggle("empty", !this.text.trim());
    const good = !this.text.trim() || render(this.#rendered, this.text, { display: false });
    this.#area.setAttribute("aria-invalid", String(!good));
    this.#rendered.classList.toggle("broken", !good);
    this.dispatchEvent(new Event("change"));
  }
}
