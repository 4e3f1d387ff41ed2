export { Engine } from "./engine.js"; export { Memory } from "./memory.js";
