// The element and the recogniser's module in one file, for frames that fetch nothing.

export { TegashikiPad } from "./element.js";
export { create } from "./recognizer.js";
