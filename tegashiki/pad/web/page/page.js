// The pad: joins the surface, the recogniser and what is shown. Every part works without the
// others; what fails says so and leaves the ink alone.

import { Correction } from "./correction.js";
import { DocumentLine } from "./documentline.js";
import { scratched } from "./gestures.js";
import { InkState } from "./ink.js";
import { Reading } from "./reading.js";
import { create, unpack } from "./recognizer.js";
import * as store from "./store.js";
import { Surface } from "./surface.js";
import { keyboard } from "./keyboard.js";
import { settings } from "./settings.js";
import { preferred, say, speak, spoken } from "./i18n.js";

const $ = (id) => document.getElementById(id);
const K = 5;                    // candidates
const query = new URLSearchParams(location.search);

const ink = new InkState();
const surface = new Surface($("surface"));
const reading = new Reading({ preview: $("preview"), list: $("candidates"), spoken: $("spoken"), menu: $("alternatives") });
const line = new DocumentLine({ area: $("tex"), rendered: $("rendered"), copies: $("document"), notify: status });
const correction = new Correction($("correction"));

let recognizer = null, asked = 0;

// -- saying things --------------------------------------------------------------------------------

function status(text) {
  $("status").textContent = text;
}

/** A message that stays until it is closed; `again` is offered as a button. */
function notice(text, again = null) {
  $("notice").querySelector("p").textContent = text;
  const button = $("notice").querySelector(".again");
  button.hidden = !again;
  button.onclick = () => { $("notice").hidden = true; again(); };
  $("notice").hidden = false;
}
$("notice").querySelector(".close").onclick = () => { $("notice").hidden = true; };

/** In the person's words, with what the program said behind it. */
function explain(problem) {
  return [say(problem.code ?? "worker", problem.message), problem.code === "formula" ? ""
    : say("detail", problem.message ?? problem)].join(" ");
}

// -- recognising ----------------------------------------------------------------------------------

async function load() {
  recognizer?.close();
  recognizer = null;
  status(say("loading"));
  try {
    recognizer = await create({ model: query.get("model") ?? "model/", worker: query.get("worker") !== "off" });
    recognizer.memory = store.samples();
    recognizer.symbols = symbols();
    performance.mark("ready");
    status(say("ready"));
    document.body.dataset.ready = "yes";
    await recognise();
  } catch (problem) {
    status(say("offline"));
    document.body.dataset.ready = "no";
    notice(explain(problem), load);
  }
}

/** Read the ink anew; whatever is under way is dropped. `since`: when the pen was lifted. */
async function recognise(since = performance.now()) {
  if (!recognizer) return;
  const number = ++asked;
  try {
    recognizer.setStrokes(ink.strokes);
    const candidates = await recognizer.candidates(K);
    if (!candidates || number !== asked) return;
    reading.show(candidates, recognizer.pins);
    $("wrong").disabled = !candidates.length;
    status(ink.strokes.length > recognizer.maxStrokes ? say("tooMany", recognizer.maxStrokes) : say("ready"));
    // A task after the next frame: then it is on the screen.
    if (query.get("measure") === "on") requestAnimationFrame(() => setTimeout(() => {
      performance.measure("candidates", { start: since });
    }));
  } catch (problem) {
    if (number === asked) notice(explain(problem), problem.code === "worker" ? load : null);
  }
}

const symbols = () => ($("symbols").value ? $("symbols").value.split(" ") : null);

// -- ink ------------------------------------------------------------------------------------------

let since = 0;
ink.addEventListener("change", () => {
  const there = new Set(ink.strokes.map(({ id }) => id));
  surface.select(surface.selected.filter((id) => there.has(id)));
  surface.light([]);
  surface.show(ink.strokes);
  showSelection();
  $("undo").disabled = !ink.canUndo;
  $("redo").disabled = !ink.canRedo;
  $("clear").disabled = !ink.strokes.length;
  $("hint").hidden = ink.strokes.length > 0;
  recognise(since || performance.now());
  since = 0;
});

surface.addEventListener("begin", () => reading.close());
surface.addEventListener("stroke", ({ detail: { points, at } }) => {
  const gone = new Set(scratched(points, ink.strokes));
  since = at;
  if (gone.size) ink.change(ink.strokes.filter(({ id }) => !gone.has(id)));
  else ink.add(points);
});
surface.addEventListener("erase", ({ detail: { ids } }) => ink.remove(ids));
surface.addEventListener("lasso", ({ detail: { ids } }) => { surface.select(ids); showSelection(); });
surface.addEventListener("move", ({ detail: { dx, dy } }) => ink.move(surface.selected, dx, dy));

function showSelection() {
  const box = surface.selectionBox();
  $("selection").hidden = !box;
  if (!box) return;
  const width = $("surface").clientWidth, own = $("selection").offsetWidth;
  $("selection").style.left = `${Math.max(4, Math.min(box[0], width - own - 4))}px`;
  $("selection").style.top = `${Math.max(4, box[1] - 56)}px`;
}

function choose(ids) {
  surface.select(ids);
  showSelection();
}

function tool(name) {
  surface.tool = name;
  $("surface").dataset.tool = name;
  for (const button of $("tools").children) button.ariaChecked = String(button.dataset.tool === name);
  if (name !== "lasso") choose([]);
}

const actions = {
  tool, choose,
  undo: () => ink.undo(),
  redo: () => ink.redo(),
  clear: () => { if (ink.strokes.length) ink.change([]); },
  take: (index) => reading.take(index),
  remove: () => { if (surface.selected.length) ink.remove(surface.selected); },
  move: (dx, dy) => { if (surface.selected.length) ink.move(surface.selected, dx, dy); },
  next: (step) => {
    if (!ink.strokes.length) return;
    const ids = ink.strokes.map(({ id }) => id), here = ids.indexOf(surface.selected[0]);
    choose([ids[here < 0 ? (step > 0 ? 0 : ids.length - 1) : (here + step + ids.length) % ids.length]]);
  },
  close: () => { reading.close(); choose([]); },
};
keyboard(actions);

$("undo").onclick = actions.undo;
$("redo").onclick = actions.redo;
$("clear").onclick = actions.clear;
$("delete-selection").onclick = actions.remove;
$("drop-selection").onclick = () => choose([]);
$("tools").addEventListener("click", ({ target }) => { if (target.dataset.tool) tool(target.dataset.tool); });
$("symbols").addEventListener("change", () => {
  if (recognizer) recognizer.symbols = symbols();
  recognise();
});

// -- what was read --------------------------------------------------------------------------------

reading.addEventListener("take", ({ detail: { candidate } }) => takeTex(candidate.latex));
reading.addEventListener("symbol", ({ detail: { symbol } }) => surface.light(symbol?.strokes ?? []));
reading.addEventListener("pin", ({ detail: { symbol, token } }) => {
  recognizer.correct(symbol, token && (token in PLAIN ? PLAIN[token] : token));
  if (token) status(say("pinned", unpack([token]).join("")));
  recognise();
});
const PLAIN = { "\\frac{": "\\frac", "\\sqrt{": "\\sqrt" };

function takeTex(tex) {
  ink.change([], line.insert(tex));
  status(say("taken", tex));
}

$("wrong").onclick = async () => {
  const answer = await correction.ask(reading.candidates[0]?.latex ?? "");
  if (!answer) return;
  const pair = recognizer?.toJSON(answer.tex) ?? null;
  try {
    await recognizer?.learn(answer.tex);
    status(say("learned"));
  } catch (problem) {
    notice(explain(problem));
  }
  if (answer.keep && pair) {
    const refused = store.keep({ ...pair, id: identifier() }, recognizer.memory);
    if (refused) notice(say(refused));
  }
  takeTex(answer.tex);
};

/** A name for a kept pair that no other has and that says nothing about the person. */
function identifier() {
  return Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// -- around it ------------------------------------------------------------------------------------

function language(chosen) {
  speak(chosen);
  $("language").textContent = chosen === "ja" ? "English" : "日本語";
  $("language").lang = chosen === "ja" ? "en" : "ja";
  theme(document.documentElement.dataset.theme);
  reading.show(reading.candidates, recognizer?.pins ?? []);
}

function theme(chosen = "auto") {
  document.documentElement.dataset.theme = chosen;
  $("theme").ariaLabel = $("theme").title = say("theme", say(chosen));
  surface.redraw();
}

$("language").onclick = () => {
  language(spoken() === "ja" ? "en" : "ja");
  store.choose({ language: spoken() });
};
$("theme").onclick = () => {
  const order = ["auto", "light", "dark"], now = document.documentElement.dataset.theme;
  theme(order[(order.indexOf(now) + 1) % order.length]);
  store.choose({ theme: document.documentElement.dataset.theme });
};
settings({ dialog: $("settings"), open: $("open-settings"), line, ink, say: status,
  pair: () => recognizer?.toJSON(line.text, "ink") ?? null,
  forgotten: () => { if (recognizer) recognizer.memory = []; } });

language(query.get("lang") ?? store.choices().language ?? preferred());
theme(query.get("theme") ?? store.choices().theme);
tool("pen");
line.text = "";
// After the recogniser, so that the first load is not slowed down by fetching for the next.
load().then(() => {
  if (query.get("sw") === "off" || !("serviceWorker" in navigator)) return;
  navigator.serviceWorker.register("sw.js").catch(() => { /* the page works without, when online */ });
});

/** For tests and measurements: strokes drawn by a program. */
globalThis.pad = { ink, surface, recognizer: () => recognizer };
