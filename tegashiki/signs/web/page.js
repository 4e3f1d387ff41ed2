// One word of sign language while one signs: from the camera, a video file, or recorded landmarks.
// Nothing leaves the page: pictures stay in the video element, joints in this script.

import { SignClassifier } from "./classifier.js";
import { Landmarker, MISSING } from "./landmarker.js";
import { handSeen, JOINTS, packedOf } from "./normal.js";

const $ = (id) => document.getElementById(id);
const WINDOW = 2000;     // milliseconds of signing that are read at once
const PAUSE = 150;       // between two readings
const FEWEST = 8;        // frames with a hand, before anything is said
const BONES = [[11, 12], [11, 13], [13, 15], [12, 14], [14, 16], ...[25, 46].flatMap((hand) =>
  [[0, 1], [1, 2], [2, 3], [3, 4], [0, 5], [5, 6], [6, 7], [7, 8], [5, 9], [9, 10], [10, 11], [11, 12], [9, 13], [13, 14],
    [14, 15], [15, 16], [13, 17], [0, 17], [17, 18], [18, 19], [19, 20]].map(([a, b]) => [hand + a, hand + b]))];

let classifier = null, landmarker = null, stream = null, recent = [], read = 0, busy = false, showing = 0;

const status = (text) => { $("status").textContent = text; };

async function load() {
  try {
    classifier = await SignClassifier.load("model/", new URL("../wasm/", location.href).href);
    await classifier.logProbabilities(new Float32Array(32 * JOINTS * 4));     // the first run compiles
    document.body.dataset.ready = "yes";
    $("words").textContent = classifier.words.join(", ");
    status("");
  } catch (problem) {
    document.body.dataset.ready = "no";
    status(`The model cannot be loaded: ${problem.message}`);
  }
}

/** One more frame, `time` in milliseconds; reads the last two seconds, if the last reading is done. */
async function feed(frame, time, aspect) {
  recent.push({ frame, time });
  recent = recent.filter((one) => one.time > time - WINDOW);
  draw(frame, aspect);
  if (busy || time - read < PAUSE) return;
  read = time;
  await recognise(recent.map((one) => one.frame), aspect);
}

/** Read frames and show the words; what is shown is returned as well. */
async function recognise(frames, aspect) {
  const packed = frames.filter(handSeen).length >= FEWEST ? packedOf(frames, aspect) : null;
  if (!packed || !classifier) {
    show([]);
    return [];
  }
  busy = true;
  const began = performance.now();
  const found = await classifier.candidates(packed).finally(() => { busy = false; });
  document.body.dataset.milliseconds = (performance.now() - began).toFixed(1);
  show(found);
  return found;
}

function show(found) {
  $("word").textContent = found.length ? `${found[0].word} ${(100 * found[0].probability).toFixed(0)} %` : "";
  $("candidates").replaceChildren(...found.slice(0, 5).map(({ word, probability }) => {
    const item = document.createElement("li"), bar = document.createElement("meter"), name = document.createElement("span");
    bar.value = probability;
    bar.setAttribute("aria-label", `${word} ${(100 * probability).toFixed(0)} %`);
    name.textContent = `${word} ${(100 * probability).toFixed(1)} %`;
    item.append(name, bar);
    return item;
  }));
}

function draw(frame, aspect) {
  const canvas = $("body"), pen = canvas.getContext("2d");
  canvas.width = 640;
  canvas.height = Math.round(640 / aspect);
  pen.clearRect(0, 0, canvas.width, canvas.height);
  pen.strokeStyle = getComputedStyle(canvas).color;
  pen.lineWidth = 3;
  pen.beginPath();
  for (const [a, b] of BONES) {
    const [ax, ay, bx, by] = [frame[3 * a], frame[3 * a + 1], frame[3 * b], frame[3 * b + 1]];
    if (![ax, ay, bx, by].every(Number.isFinite)) continue;
    pen.moveTo(ax * canvas.width, ay * canvas.height);
    pen.lineTo(bx * canvas.width, by * canvas.height);
  }
  pen.stroke();
}

/** Frames of the video element, as long as it plays; a newer source ends an older one. */
async function watch(number) {
  const video = $("video");
  try {
    landmarker ??= await Landmarker.load(new URL("mediapipe/", location.href).href);
  } catch {
    landmarker = null;
    stop();
    status("MediaPipe is not there.");
    $("help").textContent = MISSING;
    return;
  }
  await video.play();
  status("");
  const next = async () => {
    if (number !== showing) return;
    if (!video.paused && video.videoWidth) {
      const now = performance.now();
      await feed(landmarker.frame(video, now), now, video.videoWidth / video.videoHeight);
    }
    requestAnimationFrame(next);
  };
  requestAnimationFrame(next);
}

function stop() {
  showing++;
  stream?.getTracks().forEach((track) => track.stop());
  stream = null;
  const video = $("video");
  video.pause();
  if (video.src) URL.revokeObjectURL(video.src);
  video.removeAttribute("src");
  video.srcObject = null;
  recent = [];
  read = 0;
  show([]);
  $("help").textContent = "";
  $("stop").disabled = true;
}

$("camera").addEventListener("click", async () => {
  stop();
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "user" }, audio: false });
  } catch (problem) {
    status(`No camera: ${problem.message}. Allow it, or take a video file.`);
    return;
  }
  $("video").srcObject = stream;
  $("stop").disabled = false;
  await watch(showing);
});

$("file").addEventListener("change", async ({ target: { files: [file] } }) => {
  if (!file) return;
  stop();
  $("stop").disabled = false;
  if (file.type.startsWith("video/")) {
    $("video").src = URL.createObjectURL(file);
    await watch(showing);
  } else {
    await replay(file, showing);
  }
  $("file").value = "";
});

/** Recorded landmarks: {"aspect": width / height, "fps": 30, "frames": [67 joints of [x, y, z] or null]}. */
async function replay(file, number) {
  let recording;
  try {
    recording = JSON.parse(await file.text());
    if (!recording.frames.length || recording.frames.some((frame) => frame.length !== JOINTS)) throw new Error(`no frames of ${JOINTS} joints`);
  } catch (problem) {
    status(`${file.name}: no recorded landmarks (${problem.message}); give a video, or JSON with aspect, fps and frames.`);
    return;
  }
  const { aspect = 4 / 3, fps = 30 } = recording;
  const frames = recording.frames.map((frame) =>
    Float32Array.from(frame.flatMap((joint) => (joint === null ? [NaN, NaN, NaN] : joint))));
  for (const [i, frame] of frames.entries()) {
    if (number !== showing) return;
    await feed(frame, (i * 1000) / fps + PAUSE, aspect);
    await new Promise((resolve) => { setTimeout(resolve, 1000 / fps); });
  }
  await recognise(frames, aspect);       // at its end the whole recording counts
  document.body.dataset.replayed = file.name;
}

$("stop").addEventListener("click", stop);
globalThis.tegashikiSigns = { feed, recognise, packedOf };
await load();
