// How fast the recogniser is where this page is opened, as text to copy.
//
// Ink of so many strokes is read ROUNDS times after one reading that does not count. Told are the
// median and the ninetieth percentile of the time until the candidates are there, in milliseconds.

import { create } from "./recognizer.js";

const STROKES = [2, 8, 20, 40];
const ROUNDS = 15;
const $ = (id) => document.getElementById(id);
let recognizer = null, loading = 0;

// Strokes in a row, in turn a bar that leans and an open bow: made up, nobody's hand.
function ink(count) {
  return Array.from({ length: count }, (_, id) => ({ id, points: Array.from({ length: 24 }, (_, i) => {
    const t = i / 23;
    return id % 2 ? [id * 14 + 5 + 5 * Math.cos(1 + 4.6 * t), 10 - 10 * Math.sin(1 + 4.6 * t)] : [id * 14 + 8 - 6 * t, 20 * t];
  }) }));
}

function share(sorted, part) {
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))];
}

async function measure(count) {
  const times = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    recognizer.setStrokes(ink(count));
    const began = performance.now();
    await recognizer.candidates(5);
    if (round) times.push(performance.now() - began);
    $("status").textContent = `${count} strokes: ${round} of ${ROUNDS}`;
  }
  times.sort((a, b) => a - b);
  return `${String(count).padStart(3)} strokes: median ${share(times, 0.5).toFixed(1)} ms, 90 % under ${share(times, 0.9).toFixed(1)} ms`;
}

async function run() {
  $("copy").disabled = $("again").disabled = true;
  const lines = [
    `tegashiki, ${new Date().toISOString().slice(0, 10)}`,
    `model: run ${recognizer.description.run ?? "unknown"}, beam of ${recognizer.description.width}`,
    `browser: ${navigator.userAgent}`,
    `cores: ${navigator.hardwareConcurrency ?? "unknown"}, memory: ${navigator.deviceMemory ?? "unknown"} GB`,
    `loaded and warm after ${loading.toFixed(0)} ms`,
  ];
  for (const count of STROKES.filter((count) => count <= recognizer.maxStrokes)) {
    lines.push(await measure(count));
    $("figures").value = lines.join("\n");
  }
  if (document.hidden) lines.push("The page was not in front at the end: browsers slow such pages down.");
  $("figures").value = lines.join("\n");
  $("status").textContent = "Done.";
  $("copy").disabled = $("again").disabled = false;
}

async function copy() {
  try {
    await navigator.clipboard.writeText($("figures").value);
    $("status").textContent = "Copied.";
  } catch {                              // no permission, or no clipboard: mark it for the person
    $("figures").select();
    $("status").textContent = "Marked: copy it from the field.";
  }
}

function failed(problem) {
  $("status").textContent = `It did not work: ${problem.message}`;
}

$("copy").addEventListener("click", copy);
$("again").addEventListener("click", () => run().catch(failed));
const began = performance.now();
try {
  recognizer = await create();
  loading = performance.now() - began;
  await run();
} catch (problem) {
  failed(problem);
}
