// What is kept here, what was taken, what can be read, and ways to get ink out or rid of it.

import { rendered } from "./formula.js";
import { SYMBOLS } from "./recognizer.js";
import * as store from "./store.js";
import { say } from "./i18n.js";
import { zip } from "./zip.js";

const STRUCTURES = ["x^{n}", "x_{i}", "\\frac{a}{b}", "\\sqrt{x}", "\\sqrt[n]{x}"];

/** Wire the settings dialog. `pair()` gives the ink on the pad as JSON, `forgotten()` empties the pad. */
export function settings({ dialog, open, line, ink, hand, pair, forgotten, say: status }) {
  const find = (id) => dialog.querySelector(id), forget = find("#forget");
  open.onclick = () => {
    show();
    dialog.showModal();
  };
  find("#export-pairs").onclick = () => {
    const pairs = store.pairs();
    download("tegashiki-corrections.zip", zip(pairs.map((one, i) => [`${one.id || i}.json`, JSON.stringify(one)])));
  };
  find("#export-ink").onclick = () => download("ink.json", JSON.stringify(pair()));
  // Asked twice: there is no way back.
  forget.onclick = async () => {
    if (forget.dataset.sure !== "yes") {
      ask(true);
      return;
    }
    await store.forget();      // first: a page that is left now must not find it again
    forgotten();
    status(say("forgotten"));
    show();
  };
  find("#keep-all").onclick = () => ask(false);
  const keys = find("#shortcuts");
  keys.checked = store.choices().shortcuts !== false;
  keys.onchange = () => {
    store.choose({ shortcuts: keys.checked });
    document.body.dataset.shortcuts = keys.checked ? "on" : "off";
  };
  document.body.dataset.shortcuts = keys.checked ? "on" : "off";
  const remember = find("#remember");
  remember.checked = hand.on;
  remember.onchange = () => { hand.on = remember.checked; };
  find("#readable").addEventListener("toggle", ({ target }) => { if (target.open) readable(target); });

  function ask(sure) {
    forget.dataset.sure = sure ? "yes" : "";
    forget.textContent = say(sure ? "forgetSure" : "forget");
    forget.classList.toggle("danger", sure);
    find("#keep-all").hidden = !sure;
  }

  function show() {
    const count = store.pairs().length;
    ask(false);
    find("#kept-count").textContent = say("kept", count);
    find("#export-pairs").disabled = !count;
    find("#export-ink").disabled = !ink.strokes.length;
    find("#history").replaceChildren(...line.taken.map((tex) => {
      const row = document.createElement("li"), button = document.createElement("button");
      button.type = "button";
      button.ariaLabel = tex;
      button.append(rendered(tex));
      button.onclick = () => {
        line.insert(tex);
        dialog.close();
      };
      row.append(button);
      return row;
    }));
  }
}

/** A sheet of everything that can be recognised. */
function readable(sheet) {
  const list = sheet.querySelector("ul");
  if (list.children.length) return;
  list.append(...[...STRUCTURES, ...Object.keys(SYMBOLS)].map((token) => {
    const row = document.createElement("li");
    row.title = token;
    row.append(rendered(/^\\[a-z]+\{$/.test(token) ? `${token}x}` : token));
    return row;
  }));
}

function download(name, content) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([content]));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
