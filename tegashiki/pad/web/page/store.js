// What the person asked to keep, in this browser only. Nothing is written without being asked;
// a browser that refuses or is full says so, and everything else goes on.

const PAIRS = "tegashiki.pairs", MEMORY = "tegashiki.memory", CHOICES = "tegashiki.choices";

function read(key, otherwise) {
  try {
    return JSON.parse(localStorage.getItem(key)) ?? otherwise;
  } catch {
    return otherwise;
  }
}

/** "" if it was kept, else "storageFull" or "storageRefused". */
function write(key, value) {
  try {
    localStorage.setItem(key, JSON.stringify(value));
    return "";
  } catch (error) {
    return error?.name === "QuotaExceededError" ? "storageFull" : "storageRefused";
  }
}

/** Corrections that were kept: ink JSON with its truth, as tegashiki.ink reads it. */
export const pairs = () => read(PAIRS, []);
export const samples = () => read(MEMORY, []);

/** Keep one correction and what was learned from it. */
export function keep(pair, memory) {
  return write(PAIRS, [...pairs(), pair]) || write(MEMORY, memory);
}

/** Language and theme, once they were chosen by hand. */
export const choices = () => read(CHOICES, {});
export function choose(changes) {
  write(CHOICES, { ...choices(), ...changes });
}

export function forget() {
  try {
    for (const key of [PAIRS, MEMORY, CHOICES]) localStorage.removeItem(key);
  } catch { /* nothing was kept */ }
}
