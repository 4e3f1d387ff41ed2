// The pad below a notebook's cell: an anywidget module, which needs no build and fetches nothing.
//
// It asks the kernel for the bundled element, the model and the library (they come over the comm) and
// reads in the browser. Where that fails, because the kernel has no bundle or the frame allows no
// worker or no WebAssembly, the kernel reads.

export default {
  async render({ model, el }) {
    const kernel = new Kernel(model);
    hideSaved(el);
    const files = model.get("run") === "kernel" ? null : await kernel.files();
    let pad = null;
    if (files?.content.scripts) {
      try {
        pad = await withElement(files, kernel);
      } catch (error) {
        model.set("problem", String(error.message ?? error));
      }
    }
    pad ??= withoutElement(kernel);
    join(pad, model);
    el.append(pad);
    return () => pad.remove();
  },
};

/** Questions to the kernel, answered by messages with the question's number. */
class Kernel {
  #count = 0;
  #waiting = new Map();

  constructor(model) {
    this.model = model;
    model.on("msg:custom", (content, buffers) => {
      this.#waiting.get(content.id)?.({ content, buffers });
      this.#waiting.delete(content.id);
    });
  }

  ask(ask, details = {}) {
    const id = `${Date.now()} ${++this.#count}`;
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      this.model.send({ ask, id, ...details });
    });
  }

  /** The bundle, the model and the library; as text where the host loses what is sent beside a message. */
  async files() {
    const files = await this.ask("files"), { scripts } = files.content;
    if (!scripts || files.buffers?.length === scripts.length) return files;
    const { content } = await this.ask("files", { text: true });
    return { content, buffers: content.texts.map((text) => new DataView(Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).buffer)) };
  }
}

/** A recogniser as the element wants one, which asks the kernel. */
class KernelRecognizer {
  #strokes = [];
  #asked = 0;
  symbols = null;

  constructor(kernel) { this.kernel = kernel; }
  setStrokes(strokes) { this.#strokes = strokes; }
  async candidates() {
    const number = ++this.#asked;
    if (!this.#strokes.length) return [];
    const { content } = await this.kernel.ask("candidates", { symbols: this.symbols,
      strokes: this.#strokes.map(({ points }) => points.map(([x, y]) => [x, y])) });
    if (content.problem) throw new Error(content.problem);
    return number === this.#asked ? content.candidates : null;
  }
  close() {}
}

/** <tegashiki-pad> with a recogniser in the browser or, if that does not start, in the kernel. */
async function withElement({ content, buffers }, kernel) {
  const text = (view) => new TextDecoder().decode(view);
  const { scripts, description } = content;
  const module = URL.createObjectURL(new Blob([text(buffers[scripts.indexOf("element.js")])], { type: "text/javascript" }));
  const { create } = await import(module);
  const pad = document.createElement("tegashiki-pad"), of = (name) => buffers[scripts.indexOf(name)];
  let recognizer = null, where = "kernel";
  if (scripts.includes("library.wasm")) {
    try {
      recognizer = await create({
        model: { description, vocabulary: text(of("vocabulary.txt")), bytes: copied(of("model")) },
        wasm: { script: text(of("library.js")), bytes: copied(of("library.wasm")) },
        worker: { script: text(of("worker.js")) },
      });
      where = "browser";
    } catch (error) {
      kernel.model.set("problem", String(error.message ?? error));
    }
  }
  pad.source = recognizer ?? new KernelRecognizer(kernel);
  pad.where = where;
  return pad;
}

const copied = (view) => new Uint8Array(view.buffer, view.byteOffset, view.byteLength).slice();

/** A plain surface for kernels without the bundle: lines, and candidates as TeX. */
function withoutElement(kernel) {
  const pad = document.createElement("div"), canvas = document.createElement("canvas"), row = document.createElement("div");
  const recognizer = new KernelRecognizer(kernel), clear = document.createElement("button");
  let strokes = [], stroke = null;
  Object.assign(canvas, { width: 700, height: 240 });
  canvas.style.cssText = "touch-action: none; border: 1px solid #bbb; border-radius: 8px; background: #fff; max-width: 100%";
  clear.textContent = "✕";
  row.style.cssText = "display: flex; gap: 6px; flex-wrap: wrap";
  pad.append(canvas, row);
  const context = canvas.getContext("2d");
  const at = ({ offsetX, offsetY }) => [offsetX * canvas.width / canvas.clientWidth, offsetY * canvas.height / canvas.clientHeight];
  const paint = () => {
    context.clearRect(0, 0, canvas.width, canvas.height);
    context.lineWidth = 2.4;
    context.lineCap = context.lineJoin = "round";
    for (const points of strokes) {
      context.beginPath();
      points.forEach(([x, y], i) => (i ? context.lineTo(x, y) : context.moveTo(x, y)));
      context.stroke();
    }
  };
  const tell = (type, detail) => pad.dispatchEvent(new CustomEvent(type, { detail, cancelable: true }));
  const read = async () => {
    recognizer.symbols = pad.getAttribute("alphabet")?.split(" ").filter(Boolean) ?? null;
    recognizer.setStrokes(strokes.map((points, id) => ({ id, points })));
    const candidates = await recognizer.candidates();
    if (!candidates) return;
    row.replaceChildren(...strokes.length ? [clear] : [], ...candidates.map((candidate) => {
      const button = document.createElement("button");
      button.textContent = candidate.latex;
      button.onclick = () => tell("take", { value: candidate.latex, latex: candidate.latex, candidate });
      return button;
    }));
    tell("candidates", { candidates });
  };
  const change = (list) => { strokes = list; paint(); return read(); };
  clear.onclick = () => change([]);
  canvas.onpointerdown = (event) => { canvas.setPointerCapture(event.pointerId); stroke = [at(event)]; strokes = [...strokes, stroke]; };
  canvas.onpointermove = (event) => { if (stroke) { stroke.push(at(event)); paint(); } };
  canvas.onpointerup = () => { stroke = null; read(); };
  Object.defineProperty(pad, "strokes", { get: () => strokes.map((points, id) => ({ id, points })),
    set: (list) => change(list.map(({ points }) => points)) });
  pad.where = "kernel";
  return pad;
}

/** Keep the traits of the kernel's object and what is on the surface the same. */
function join(pad, model) {
  const points = () => pad.strokes.map((stroke) => stroke.points.map(([x, y]) => [x, y]));
  const options = () => {
    pad.setAttribute("alphabet", model.get("alphabet").join(" "));
    pad.setAttribute("format", model.get("format"));
  };
  options();
  pad.style.minHeight = "260px";
  model.set("where", pad.where);
  const given = () => (model.get("ink")?.strokes ?? []).map((stroke, i) => ({ id: i + 1, points: stroke.map(([x, y]) => [x, y, 0, 0.5]) }));
  if (given().length) pad.strokes = given();
  pad.addEventListener("candidates", ({ detail: { candidates } }) => {
    model.set("ink", { version: 1, strokes: points() });
    model.set("candidates", candidates.map(({ tex, latex, probability }) => ({ tex, latex, probability })));
    model.set("tex", candidates[0]?.latex ?? "");
    model.save_changes();
  });
  pad.addEventListener("take", (event) => {
    event.preventDefault();                     // the ink stays: it is the cell's
    model.set("value", event.detail.value);
    model.save_changes();
  });
  model.on("change:ink", () => { if (JSON.stringify(given().map((s) => s.points.map(([x, y]) => [x, y]))) !== JSON.stringify(points())) pad.strokes = given(); });
  for (const name of ["alphabet", "format"]) model.on(`change:${name}`, options);
  model.save_changes();
}

/** The picture for those who open the notebook without a kernel is not needed beside the pad. */
function hideSaved(el) {
  const root = el.ownerDocument;
  if (root.querySelector("#tegashiki-live")) return;
  const style = root.createElement("style");
  style.id = "tegashiki-live";
  style.textContent = ".tegashiki-saved { display: none; }";
  root.head.append(style);
}
