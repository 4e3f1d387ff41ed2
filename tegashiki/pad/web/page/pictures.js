// A picture dropped or pasted on the page: traced to strokes, which become ink like any other. What
// traces is fetched when the first picture comes, and so is the network that reads traced strokes.

import { Problem } from "../recognizer/problem.js";

const LARGEST = 32 << 20;           // bytes of a file
const MOST = 4_000_000;             // pixels that are traced; a larger picture is made smaller
const ROOM = 0.8;                   // of the writing surface that the strokes fill at most
const TALLEST = 220;                // CSS pixels

/** `take(strokes)` gets the strokes in CSS pixels of `surface`; `fail(problem)` what went wrong. */
export function pictures({ surface, take, fail, busy }) {
  const read = async (file) => {
    busy();
    try {
      const { recover } = await import("./tracer.js");
      const strokes = recover(await greyOf(file));
      if (!strokes.length || strokes.length > 2000) throw new Problem("picture", `${strokes.length} strokes`);
      await take(placed(strokes, surface));
    } catch (problem) {
      fail(problem);
    }
  };
  const imageOf = (data) => [...data?.files ?? []].find(({ type }) => type.startsWith("image/"));
  document.addEventListener("paste", (event) => {
    const file = imageOf(event.clipboardData);
    if (!file) return;
    event.preventDefault();
    read(file);
  });
  document.addEventListener("dragover", (event) => {
    if ([...event.dataTransfer?.types ?? []].includes("Files")) event.preventDefault();
  });
  document.addEventListener("drop", (event) => {
    if (!event.dataTransfer?.files.length) return;
    event.preventDefault();                        // else the browser leaves the page for the file
    const file = imageOf(event.dataTransfer);
    if (file) read(file);
    else fail(new Problem("picture", event.dataTransfer.files[0].name));
  });
}

/** A file -> { rows, columns, grey }: turned as its camera says, on white where it is transparent. */
async function greyOf(file) {
  if (file.size > LARGEST) throw new Problem("picture", `${Math.round(file.size / 2 ** 20)} MB`);
  const image = await createImageBitmap(file).catch(() => { throw new Problem("picture", file.name); });
  const scale = Math.min(1, Math.sqrt(MOST / (image.width * image.height)));
  const columns = Math.max(Math.round(image.width * scale), 1), rows = Math.max(Math.round(image.height * scale), 1);
  const context = new OffscreenCanvas(columns, rows).getContext("2d");
  context.fillStyle = "#fff";
  context.fillRect(0, 0, columns, rows);
  context.imageSmoothingQuality = "high";
  context.drawImage(image, 0, 0, columns, rows);
  image.close();
  const { data } = context.getImageData(0, 0, columns, rows), grey = new Uint8Array(rows * columns);
  for (let i = 0; i < grey.length; i++) grey[i] = Math.round(0.299 * data[4 * i] + 0.587 * data[4 * i + 1] + 0.114 * data[4 * i + 2]);
  return { rows, columns, grey };
}

/** In the middle of what is seen of the surface, as large as it has room for. */
function placed(strokes, surface) {
  const low = [Infinity, Infinity], high = [-Infinity, -Infinity];
  for (const point of strokes.flat()) for (const k of [0, 1]) { low[k] = Math.min(low[k], point[k]); high[k] = Math.max(high[k], point[k]); }
  const [width, height] = [0, 1].map((k) => Math.max(high[k] - low[k], 1));
  const scale = Math.min(ROOM * surface.clientWidth / width, Math.min(ROOM * surface.clientHeight, TALLEST) / height);
  const left = (surface.clientWidth - width * scale) / 2, top = (surface.clientHeight - height * scale) / 2;
  return strokes.map((stroke) => stroke.map(([x, y]) => [left + (x - low[0]) * scale, top + (y - low[1]) * scale]));
}
