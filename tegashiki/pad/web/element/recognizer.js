// The element is bundled without it, except for frames that take one file only: see single.js.

export * from "../recognizer/recognizer.js";
