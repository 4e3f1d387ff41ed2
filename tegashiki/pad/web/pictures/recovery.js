// The strokes that a picture shows: ink again. No page is needed: the tests run it in Node.js.

import { binarise } from "./binarise.js";
import { order } from "./ordering.js";
import { skeletonGraph } from "./skeleton.js";
import { trace } from "./tracing.js";

/** { rows, columns, grey: Uint8Array } -> strokes [[x, y], ...] in pixels, as tegashiki/image2tex/recovery.py. */
export function recover(picture) {
  const ink = binarise(picture);
  const strokes = order(trace(skeletonGraph(ink), ink.pen));
  return strokes.map((stroke) => stroke.map(([x, y]) => [x / ink.scale, y / ink.scale]));
}
