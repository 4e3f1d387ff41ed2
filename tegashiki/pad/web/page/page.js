// The pad: joins the surface, the recogniser and what is shown. Every part works without the
// others; what fails says so and leaves the ink alone.

import { appearance } from "./appearance.js";
import { Correction, pairs } from "./correction.js";
import { DocumentLine } from "./documentline.js";
import { glyphBoxes } from "./glyphs.js";
import { Hand } from "./hand.js";
import { History } from "./history.js";
import { preferred, say } from "./i18n.js";
import { keyboard } from "./keyboard.js";
import { explain, loaded, notice, progress, status } from "./messages.js";
import { pictures } from "./pictures.js";
import { Reading } from "./reading.js";
import { ALPHABETS, create, unpack } from "./recognizer.js";
import { scratched } from "./scratch.js";
import { settings } from "./settings.js";
import { emWidth } from "./size.js";
import * as store from "./store.js";
import { Surface } from "./surface.js";

const $ = (id) => document.getElementById(id);
const K = 5;                    // candidates
const REST = 500;               // ms without a new reading after which strokes are looked at more closely
const PLAIN = { "\\frac{": "\\frac", "\\sqrt{": "\\sqrt" };
const query = new URLSearchParams(location.search);
document.body.dataset.started = "yes";

const ink = new History();
const surface = new Surface($("surface"));
const reading = new Reading({ preview: $("preview"), list: $("candidates"), spoken: $("spoken"), menu: $("alternatives") });
const line = new DocumentLine({ area: $("tex"), rendered: $("rendered"), form: $("form"), button: $("copy"), notify: status,
  ink: () => recognizer?.toJSON(line.text, "ink") ?? null });
const correction = new Correction($("correction"));
const hand = new Hand();
const work = new store.Work((refusal) => notice(say(refusal)));

let model = query.get("model") ?? "model/";             // the folder of what reads
let recognizer = null, asked = 0, looking = 0, alone = null;       // `alone`: ids of the strokes that are read, null: all

// -- recognising ----------------------------------------------------------------------------------

async function load() {
  recognizer?.close();
  recognizer = null;
  status(say("loading"));
  try {
    // Counting bytes costs the browser's cache of compiled code: only while nothing is kept yet.
    const first = !navigator.serviceWorker?.controller;
    recognizer = await create({ model, worker: query.get("worker") !== "off",
      progress: first ? progress : null });
    recognizer.rows = true;
    restrict();
    hand.begin(recognizer);               // a disk that is slow, or blocked by another tab, is not waited for
    performance.mark("ready");
    status(say("ready"));
    document.body.dataset.ready = "yes";
    await recognise();
  } catch (problem) {
    status(say("offline"));
    document.body.dataset.ready = "no";
    notice(explain(problem), load);
  } finally {
    loaded();
  }
}

/** Read the ink anew; whatever is under way is dropped. `since`: when the pen was lifted. */
async function recognise(since = performance.now()) {
  const reader = recognizer;              // another may be loaded while this one is asked
  if (!reader) return;
  const number = ++asked, strokes = alone ? ink.strokes.filter(({ id }) => alone.has(id)) : ink.strokes;
  const late = () => number !== asked || reader !== recognizer;
  try {
    reader.setStrokes(strokes);
    reader.pins = ink.pins;
    let told = false;
    const candidates = await reader.candidates(K, (best) => {
      if (late()) return;
      told = true;
      reading.first(best, reader.pins);
      measure("first", since);
    });
    if (!candidates || late()) return;
    const shown = reading.show(candidates, reader.pins);
    if (!told) measure("first", since);
    if (!await shown || late()) return;
    measure("candidates", since);
    $("wrong").disabled = !candidates.length;
    const unread = reader.lines.flatMap((row) => row.slice(reader.maxStrokes));
    surface.unread(unread);
    status(unread.length ? say("tooMany", reader.maxStrokes) : say("ready"));
    clearTimeout(looking);
    if (!unread.length) looking = setTimeout(() => lookCloser(number), REST);
  } catch (problem) {
    if (!late()) notice(explain(problem), problem.code === "worker" ? load : null);
  }
}

/** Tint what is in no symbol; when the person rests, because it takes a while. */
async function lookCloser(number) {
  const found = number === asked && recognizer ? await recognizer.unclaimed().catch(() => null) : null;
  if (!found?.length || number !== asked) return;
  surface.unread(found);
  status(say("unclaimed", found.length));
}

/** From the pen's lifting until what was just drawn is on the screen: a task after the next frame. */
function measure(name, since) {
  if (query.get("measure") !== "on") return;
  requestAnimationFrame(() => setTimeout(() => { performance.measure(name, { start: since }); }));
}

/** Which symbols are wanted: some kinds, an alphabet by its name, or all. */
function restrict() {
  const { value } = $("symbols"), alphabet = ALPHABETS.includes(value);
  recognizer.symbols = alphabet || !value ? null : value.split(" ");
  recognizer.alphabet = alphabet ? value : null;
}
$("symbols").append(...ALPHABETS.filter((name) => name !== "all").map((name) => new Option(say(`alphabet-${name}`), name)));

// -- ink ------------------------------------------------------------------------------------------

let since = 0;
ink.addEventListener("change", () => {
  const there = new Set(ink.strokes.map(({ id }) => id));
  surface.select(surface.selected.filter((id) => there.has(id)));
  if (alone && ![...alone].some((id) => there.has(id))) alone = null;
  surface.light([]);
  surface.show(ink.strokes);
  showSelection();
  $("undo").disabled = !ink.canUndo;
  $("redo").disabled = !ink.canRedo;
  $("clear").disabled = !ink.strokes.length;
  $("hint").hidden = ink.strokes.length > 0;
  recognise(since || performance.now());
  since = 0;
  keep();
});
line.addEventListener("change", () => keep());

let kept = false;               // nothing is kept before what was there is restored
function keep() {
  if (kept) work.keep({ strokes: ink.strokes, pins: ink.pins, text: line.text, taken: line.taken });
}
addEventListener("pagehide", () => work.flush());
document.addEventListener("visibilitychange", () => { if (document.hidden) work.flush(); });

// Traced strokes are read by the network that was trained on such, until the pad is empty again.
pictures({ surface: $("surface"), busy: () => status(say("tracing")), fail: (problem) => notice(explain(problem)),
  take: async (strokes) => {
    if (model === "model/" && (await fetch("picture/model.json", { method: "HEAD" })).ok) {
      model = "picture/";
      await load();
    }
    ink.replace(strokes);
    $("surface").focus();
  } });
ink.addEventListener("change", () => {
  if (model !== "picture/" || ink.strokes.length) return;
  model = "model/";
  load();
});

surface.addEventListener("begin", () => reading.close());
surface.addEventListener("stroke", ({ detail: { points, at } }) => {
  const gone = new Set(scratched(points, ink.strokes));
  since = at;
  if (alone) choose([]);
  if (gone.size) ink.remove(gone);
  else ink.add(points);
});
surface.addEventListener("tap", ({ detail: { points, id, at } }) => {
  if (reading.choose(id, $("surface"))) return;
  since = at;
  ink.add(points);
});
surface.addEventListener("erase", ({ detail: { ids, gesture } }) => ink.remove(ids, gesture));
surface.addEventListener("lasso", ({ detail: { ids } }) => choose(ids));
surface.addEventListener("move", ({ detail: { ids, dx, dy } }) => ink.move(ids, dx, dy));
surface.addEventListener("view", () => showSelection());

function showSelection() {
  const box = surface.selectionBox();
  $("selection").hidden = !box;
  $("fit").hidden = !surface.hides;
  $("right").hidden = !surface.full;
  if (!box) return;
  $("selection").style.left = `${Math.max(4, Math.min(box[0], $("surface").clientWidth - 270))}px`;
  $("selection").style.top = `${Math.max(4, box[1] - 56)}px`;
}

function choose(ids) {
  surface.select(ids);
  showSelection();
  if (!alone) return;
  alone = null;
  recognise();
}

function tool(name) {
  surface.tool = name;
  $("surface").dataset.tool = name;
  for (const button of $("tools").children) {
    button.ariaChecked = String(button.dataset.tool === name);
    button.tabIndex = button.dataset.tool === name ? 0 : -1;
  }
  if (name !== "lasso") choose([]);
}

let nudges = 0;                 // arrows pressed one after the other move in one step of the history
const actions = {
  tool, choose,
  undo: () => ink.undo(),
  redo: () => ink.redo(),
  clear: () => { if (ink.strokes.length) ink.change([]); },
  take: (index) => reading.take(index),
  copy: () => { if (reading.candidates[0]) line.copy(reading.candidates[0].latex); },
  remove: () => { if (surface.selected.length) ink.remove(surface.selected); },
  move: (dx, dy) => {
    if (surface.selected.length) ink.move(surface.selected, dx, dy, `keys ${nudges}`);
    else surface.scroll(-dx / 40, -dy / 40);
  },
  next: (step) => {
    if (!ink.strokes.length) return;
    nudges++;
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
$("read-selection").onclick = () => {
  alone = new Set(surface.selected);
  recognise();
};
$("fit").onclick = () => surface.fit();
$("right").onclick = () => surface.scroll(-0.5, 0);
$("tools").addEventListener("click", ({ target }) => {
  const button = target.closest("[data-tool]");
  if (button) tool(button.dataset.tool);
});
$("symbols").addEventListener("change", () => {
  store.choose({ symbols: $("symbols").value });
  if (recognizer) restrict();
  recognise();
});

// -- what was read --------------------------------------------------------------------------------

reading.addEventListener("take", ({ detail: { candidate } }) => takeTex(candidate.latex));
reading.addEventListener("copy", ({ detail: { candidate } }) => line.copy(candidate.latex));
reading.addEventListener("symbol", ({ detail: { symbol } }) => surface.light(symbol?.strokes ?? []));
reading.addEventListener("pin", ({ detail: { symbol, token } }) => {
  try {
    recognizer.correct(symbol, token && (PLAIN[token] ?? token));
  } catch (problem) {
    notice(explain(problem));
    return;
  }
  if (token) status(say("pinned", unpack([token]).join("")));
  ink.pin(recognizer.pins);
});

/** The ink that was read becomes TeX, and teaches its symbols; back is one step. */
function takeTex(tex) {
  const left = alone ? ink.strokes.filter(({ id }) => !alone.has(id)) : [];
  alone = null;
  const steps = [hand.learn(tex), line.insert(tex)];      // it holds the ink until that changes
  const all = (way) => () => { for (const step of steps) step[way](); };
  ink.change(left, { also: { undo: all("undo"), redo: all("redo") } });
  status(say("taken", tex));
}

$("wrong").onclick = async () => {
  const answer = await correction.ask(reading.candidates[0]?.latex ?? "");
  if (!answer) return;
  const found = recognizer ? pairs(recognizer.toJSON(answer.tex), recognizer.lines) : [];
  takeTex(answer.tex);
  if (!answer.keep || !found.length) return;
  const refused = found.map((pair) => store.keep(pair)).find(Boolean);
  if (refused) notice(say(refused));
  else status(say("pair"));
};

// -- around it ------------------------------------------------------------------------------------

const { language, theme } = appearance(() => {
  surface.restyle();
  reading.show(reading.candidates, recognizer?.pins ?? []);
});
for (const button of document.querySelectorAll("[data-as]")) button.onclick = () => $(button.dataset.as).click();
settings({ dialog: $("settings"), open: $("open-settings"), line, ink, hand, say: status,
  pair: () => recognizer?.toJSON(line.text, "ink") ?? null,
  forgotten: () => { hand.forget(); line.taken = []; line.text = ""; ink.restore({}); } });

language(query.get("lang") ?? store.choices().language ?? preferred());
theme(query.get("theme") ?? store.choices().theme);
tool("pen");
line.text = "";
$("symbols").value = store.choices().symbols ?? "";
if ($("symbols").selectedIndex < 0) $("symbols").value = "";

/** What was on the pad before. */
async function restore() {
  const before = await work.begin();
  kept = true;
  if (!before || ink.strokes.length || line.text) return;       // somebody was quicker than the disk
  line.taken = before.taken ?? [];
  line.text = before.text ?? "";
  ink.restore(before);
  if (surface.hides) surface.fit();
}

restore();
// After the recogniser, so that the first load is not slowed down by fetching for the next.
load().then(() => {
  if (query.get("sw") === "off" || !("serviceWorker" in navigator)) return;
  navigator.serviceWorker.register("sw.js").catch(() => { /* the page works without, when online */ });
});

/** For tests and measurements: strokes drawn by a program. */
globalThis.pad = { ink, surface, reading, line, work, emWidth, glyphBoxes, scratched, hand, recognizer: () => recognizer };
