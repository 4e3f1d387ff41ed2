// An Obsidian plugin: a command opens the pad in a dialog, the formula that is taken goes into the note.
//
// Bundle it as Obsidian wants plugins, and put the package's files beside it:
//
//     esbuild main.js --bundle --format=cjs --external:obsidian --outfile=dist/main.js
//     cp -r manifest.json PACKAGE/model PACKAGE/wasm PACKAGE/worker.js dist/
//
// A plugin cannot be fetched from: its files are read through the vault, and given as bytes.

import { Modal, Plugin } from "obsidian";
import "tegashiki-pad/element";

const WASM = "wasm/litert_wasm_compat_internal";       // runs where relaxed SIMD is missing, too

/** What `create` needs, read by the vault's adapter from the plugin's folder. */
export async function source(adapter, folder) {
  const text = (name) => adapter.read(`${folder}/${name}`), bytes = (name) => adapter.readBinary(`${folder}/${name}`);
  const description = JSON.parse(await text("model/model.json"));
  const [vocabulary, model, script, library, worker] = await Promise.all([text("model/vocabulary.txt"),
    bytes(`model/${description.file}`), text(`${WASM}.js`), bytes(`${WASM}.wasm`), text("worker.js")]);
  return { model: { description, vocabulary, bytes: model }, wasm: { script, bytes: library }, worker: { script: worker } };
}

class PadModal extends Modal {
  constructor(app, options, taken) {
    super(app);
    Object.assign(this, { options, taken });
  }

  onOpen() {
    const pad = document.createElement("tegashiki-pad");
    pad.setAttribute("format", "inline");
    pad.style.height = "320px";
    pad.source = this.options;
    pad.addEventListener("take", ({ detail }) => {
      this.taken(detail.value);
      this.close();
    });
    this.contentEl.append(pad);
  }

  onClose() {
    this.contentEl.replaceChildren();
  }
}

export default class Tegashiki extends Plugin {
  async onload() {
    this.addCommand({
      id: "write", name: "Write a formula",
      editorCallback: async (editor) => {
        this.options ??= await source(this.app.vault.adapter, this.manifest.dir);
        new PadModal(this.app, this.options, (tex) => editor.replaceSelection(tex)).open();
      },
    });
  }
}
