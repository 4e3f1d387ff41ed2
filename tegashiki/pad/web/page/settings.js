// What is kept here, what was taken, and ways to get it out or rid of it.

import { rendered } from "./formula.js";
import * as store from "./store.js";
import { say } from "./i18n.js";
import { zip } from "./zip.js";

/** Wire the settings dialog. `pair()` gives the ink on the pad as JSON. */
export function settings({ dialog, open, line, ink, pair, forgotten, say: status }) {
  const find = (id) => dialog.querySelector(id);
  open.onclick = () => {
    show();
    dialog.showModal();
  };
  find("#export-pairs").onclick = () => {
    const pairs = store.pairs();
    download("tegashiki-corrections.zip", zip(pairs.map((one, i) => [`${one.id || i}.json`, JSON.stringify(one)])));
  };
  find("#export-ink").onclick = () => download("ink.json", JSON.stringify(pair()));
  find("#forget").onclick = () => {
    store.forget();
    forgotten();
    status(say("forgotten"));
    show();
  };

  function show() {
    const count = store.pairs().length;
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

function download(name, content) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([content]));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
