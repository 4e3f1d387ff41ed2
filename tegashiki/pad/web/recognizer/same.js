// What worker.js holds, as a module: for pages that compute on their own thread, and for tests.

export { Engine } from "./engine.js";
export { even, featurize } from "./features.js";
export { normalize } from "./normal.js";
export { rowsOf } from "./rows.js";
export { simplify } from "./simplify.js";
