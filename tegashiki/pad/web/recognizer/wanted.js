// Which tokens the beam may write: kinds of symbols, an alphabet, and what a single dot can be.

import tables from "tables";

import { Problem } from "./problem.js";

const ALWAYS = new Set(["_{", "^{", "}", "}{", "]{"]), TABLE = new Set(["&", "\\\\", "\\end{matrix}"]);
const DOTS = [".", "\\cdot", ",", "\\prime"];

/**
 * 1 for each token of the vocabulary that is wanted: structure always, symbols if their kind is in
 * `symbols` (null: all), and both if they are in `alphabet`, the name of one or a list of tokens (null:
 * all). A single dot has no size to tell it by: it is one of DOTS, whatever the network thinks.
 */
export function wanted(symbols, alphabet, dot) {
  const inside = within(alphabet);
  return Uint8Array.from(tables.grammar.tokens, (token) => {
    if (dot) return DOTS.includes(token) || tables.special.includes(token) ? 1 : 0;
    if (!inside(token)) return 0;
    return !symbols || !(token in tables.kinds) || symbols.includes(tables.kinds[token]) ? 1 : 0;
  });
}

/** Whether strokes are one dot: a pen that was put down and lifted. */
export const isDot = (strokes) => strokes.length === 1 && strokes[0].every((value, i) => value === strokes[0][i % 2]);

/** Whether a packed token is in an alphabet, as tegashiki.tex.grammar decides; null: all are. */
function within(alphabet) {
  if (alphabet === null || alphabet === "all") return () => true;
  const known = new Set(Array.isArray(alphabet) ? alphabet : tables.alphabets[alphabet]);
  if (!known.size) throw new Problem("alphabet", `'${alphabet}' is none of: ${Object.keys(tables.alphabets).join(", ")}`);
  return (token) => tables.special.includes(token) || ALWAYS.has(token) || known.has((tables.structure[token] ?? [token])[0])
    || (known.has("\\begin{matrix}") && TABLE.has(token));
}
