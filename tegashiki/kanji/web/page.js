// One character: draw it, pick it among ten while drawing. The surface and the ink's past are the pad's.

import { History } from "../../pad/web/page/history.js";
import { Surface } from "../../pad/web/page/surface.js";
import { Classifier } from "./classifier.js";
import { ofInk } from "./normal.js";

const $ = (id) => document.getElementById(id);
const TOP = 10;

const ink = new History();
const surface = new Surface($("surface"));
let classifier = null, asked = 0;

function status(text) {
  $("status").textContent = text;
}

async function load() {
  try {
    classifier = await Classifier.load("model/", new URL("../wasm/", location.href).href);
    await classifier.logProbabilities(new Float32Array(48 * 48));      // the first run compiles
    document.body.dataset.ready = "yes";
    status("");
    await recognise();
  } catch (problem) {
    document.body.dataset.ready = "no";
    status(`モデルを読み込めません (the model cannot be loaded): ${problem.message}`);
  }
}

/** Read the ink anew; an answer that comes after a newer question is dropped. */
async function recognise() {
  const number = ++asked, began = performance.now();
  const form = ofInk(ink.strokes.map(({ points }) => points));
  const logP = form && classifier ? await classifier.logProbabilities(form) : null;
  if (number !== asked) return;
  const found = logP ? classifier.best(logP, TOP) : [];
  if (found.length) document.body.dataset.milliseconds = (performance.now() - began).toFixed(1);
  $("candidates").replaceChildren(...found.map(entry));
  $("doubt").hidden = !logP || !classifier.refuses(logP);
}

function entry({ character, probability }) {
  const item = document.createElement("li"), button = document.createElement("button");
  const share = document.createElement("small");
  button.type = "button";
  button.lang = "ja";
  button.append(character);
  share.textContent = `${(100 * probability).toFixed(1)} %`;
  button.append(share);
  button.addEventListener("click", () => take(character));
  item.append(button);
  return item;
}

/** The character goes to the end of the line, and the pad is free for the next. */
function take(character) {
  $("text").value += character;
  if (ink.strokes.length) ink.change([]);
  $("copy").disabled = false;
}

for (const type of ["stroke", "tap"]) surface.addEventListener(type, ({ detail }) => ink.add(detail.points));
ink.addEventListener("change", () => {
  surface.show(ink.strokes);
  $("undo").disabled = !ink.canUndo;
  $("redo").disabled = !ink.canRedo;
  $("clear").disabled = !ink.strokes.length;
  $("hint").hidden = ink.strokes.length > 0;
  recognise().catch((problem) => status(problem.message));
});
$("undo").addEventListener("click", () => ink.undo());
$("redo").addEventListener("click", () => ink.redo());
$("clear").addEventListener("click", () => ink.strokes.length && ink.change([]));
$("text").addEventListener("input", () => { $("copy").disabled = !$("text").value; });
$("copy").addEventListener("click", async () => {
  try {
    await navigator.clipboard.writeText($("text").value);
    status("コピーしました (copied)");
  } catch {
    $("text").select();       // where copying is forbidden, a person still can
    status("選択しました (selected; copy it with the keyboard)");
  }
});
document.addEventListener("keydown", (event) => {
  if (event.target === $("text")) return;
  const command = event.ctrlKey || event.metaKey;
  if (command && event.key === "z") { event.preventDefault(); if (event.shiftKey) ink.redo(); else ink.undo(); }
  else if (event.key === "Escape" && ink.strokes.length) ink.change([]);
  else if (!command && /^[1-9]$/.test(event.key)) $("candidates").querySelectorAll("button")[event.key - 1]?.click();
});

globalThis.tegashikiKanji = { ofInk, get classifier() { return classifier; }, ink };
load();
