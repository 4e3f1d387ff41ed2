// Rows of a formula and `aligned`, the environment that holds them.

import { compact, tokenize } from "./tex.js";

const BEGIN = "\\begin{aligned}", END = "\\end{aligned}", NEXT = "\\\\", AT = "&";
const MANY = /^\\(begin|end)\{(aligned|align|gathered|gather|split)\*?\}$/;
const RELATIONS = new Set(["=", "<", ">", ..."leq geq neq lt gt approx equiv sim simeq cong propto rightarrow Rightarrow iff in subset"
  .split(" ").map((name) => `\\${name}`)]);

/**
 * The best `k` ways to read all rows, each { row: numbers of its strokes, candidates }, as candidates
 * of one formula. A row's first relation stands below that of the row before.
 */
export function joined(found, k = 5) {
  let ways = [{ parts: [], score: 0, probability: 1 }];
  for (const { row, candidates } of found) {
    ways = ways.flatMap((way) => candidates.map((candidate) => ({ parts: [...way.parts, { row, candidate }],
      score: way.score + candidate.score, probability: way.probability * candidate.probability })))
      .sort((a, b) => b.score - a.score).slice(0, k);
  }
  return ways.filter(({ parts }) => parts.length).map(({ parts, ...worth }) => ({ ...whole(parts), ...worth }));
}

function whole(parts) {
  const places = parts.map(({ candidate: { packed } }) => relation(packed)), all = places.every((place) => place > 0);
  const packed = [BEGIN], symbols = [];
  parts.forEach(({ row, candidate }, number) => {
    if (number) packed.push(NEXT);
    const at = all ? places[number] : 0, before = packed.length;
    packed.push(...candidate.packed.slice(0, at), AT, ...candidate.packed.slice(at));
    symbols.push(...candidate.symbols.map(({ place, strokes, ...symbol }) => ({ ...symbol,
      place: before + place + (place >= at ? 1 : 0), strokes: strokes.map((stroke) => row[stroke]) })));
  });
  packed.push(END);
  const rows = parts.map(({ candidate }) => compact(candidate.tokens));
  const tokens = [BEGIN, ...parts.flatMap(({ candidate }, number) => {
    const at = all ? relation(candidate.tokens) : 0;
    return [...(number ? [NEXT] : []), ...candidate.tokens.slice(0, at), AT, ...candidate.tokens.slice(at)];
  }), END];
  const faint = parts.flatMap(({ row, candidate }) => candidate.faint.map((stroke) => row[stroke]));
  return { packed, tokens, symbols, faint, rows, tex: tokens.join(" ") };
}

/** Place of the first relation that stands in no script, fraction, ...; -1 where there is none. */
function relation(tokens) {
  let depth = 0;
  return tokens.findIndex((token) => {
    if (token === "}" || /^\\end/.test(token)) depth--;
    else if ((/[{[]$/.test(token) && !["}{", "]{", "\\{", "["].includes(token)) || /^\\begin/.test(token)) depth++;
    return depth === 0 && RELATIONS.has(token);
  });
}

/** The rows of `aligned` and its like, each as TeX without what aligns it; null for a single formula. */
export function rowsIn(tex) {
  const tokens = tokenize(tex.trim());
  if (!MANY.test(tokens[0]) || tokens.at(-1).replace("end", "begin") !== tokens[0]) return null;
  const rows = [[]];
  let depth = 0;
  for (const token of tokens.slice(1, -1)) {
    if (/^\\begin/.test(token)) depth++;
    if (/^\\end/.test(token)) depth--;
    if (depth === 0 && token === NEXT) rows.push([]);
    else if (depth > 0 || token !== AT) rows.at(-1).push(token);
  }
  return rows.map((row) => row.join(" ")).filter(Boolean);
}
