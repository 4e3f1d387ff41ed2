// TeX of the recogniser's tokens -> Typst's mathematics, and plain Unicode text.

import { pack } from "./recognizer.js";

const TYPST = { "\\cdot": "dot", "\\times": "times", "\\div": "div", "\\pm": "plus.minus", "\\leq": "<=", "\\geq": ">=",
  "\\neq": "!=", "\\lt": "<", "\\gt": ">", "\\rightarrow": "->", "\\infty": "infinity", "\\int": "integral", "\\sum": "sum",
  "\\prime": "prime", "\\ldots": "dots.h", "\\cdots": "dots.h.c", "\\in": "in", "\\forall": "forall",
  "\\exists": "exists", "\\{": "\\{", "\\}": "\\}", "/": "\\/", ",": "\\,", "#": "\\#", "$": "\\$", "&": "\\&",
  "\\approx": "approx", "\\equiv": "equiv", "\\partial": "partial", "\\nabla": "nabla", "\\cup": "union",
  "\\cap": "inter", "\\subset": "subset", "\\prod": "product" };
const UNICODE = { "\\cdot": "·", "\\times": "×", "\\div": "÷", "\\pm": "±", "\\leq": "≤", "\\geq": "≥", "\\neq": "≠",
  "\\lt": "<", "\\gt": ">", "\\rightarrow": "→", "\\infty": "∞", "\\int": "∫", "\\sum": "∑", "\\prime": "′", "\\ldots": "…",
  "\\cdots": "⋯", "\\in": "∈", "\\forall": "∀", "\\exists": "∃", "\\{": "{", "\\}": "}", "-": "−", "\\alpha": "α",
  "\\beta": "β", "\\gamma": "γ", "\\delta": "δ", "\\epsilon": "ε", "\\theta": "θ", "\\lambda": "λ", "\\mu": "μ",
  "\\pi": "π", "\\rho": "ρ", "\\sigma": "σ", "\\tau": "τ", "\\phi": "φ", "\\psi": "ψ", "\\omega": "ω", "\\Delta": "Δ",
  "\\Gamma": "Γ", "\\Omega": "Ω", "\\Sigma": "Σ", "\\Pi": "Π", "\\Phi": "Φ", "\\partial": "∂", "\\nabla": "∇",
  "\\approx": "≈", "\\equiv": "≡", "\\cup": "∪", "\\cap": "∩", "\\subset": "⊂", "\\prod": "∏", "\\Rightarrow": "⇒" };
const RAISED = new Map([..."0123456789+-=()nixy"].map((c, i) => [c, [..."⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱˣʸ"][i]]));
const LOWERED = new Map([..."0123456789+-=()aeoxnikmj"].map((c, i) => [c, [..."₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₒₓₙᵢₖₘⱼ"][i]]));

/** TeX -> Typst: `\frac{1}{x^{2}}` is `frac(1, x^(2))`. Throws a Problem "formula". */
export function typst(tex) {
  const name = (token) => TYPST[token] ?? token.replace(/^\\/, "");
  const write = (packed, from) => walk(packed, from, {
    symbol: name,
    join: (parts) => parts.join(" "),
    script: (mark, row) => `${mark}(${row})`,
    rows: (token, [first, second]) => ({ "\\frac": `frac(${first}, ${second})`, "\\sqrt": second === undefined
      ? `sqrt(${first})` : `root(${first}, ${second})` }[token] ?? `${name(token)}(${[first, second].filter(Boolean).join(", ")})`),
  });
  return write(pack(tex), 0).text.replace(/ ([_^]\()/g, "$1");
}

/** TeX -> one line of text: `\frac{1}{x^{2}}` is `1/x²`. Throws a Problem "formula". */
export function unicode(tex) {
  const single = (row) => ([...row].length === 1 ? row : `(${row})`);
  const script = (mark, row) => {
    const table = mark === "^" ? RAISED : LOWERED, plain = row.replaceAll("−", "-");
    if (row === "′" || row === "′′") return row;
    return [...plain].every((c) => table.has(c)) ? [...plain].map((c) => table.get(c)).join("") : `${mark}${single(row)}`;
  };
  const grouped = (row) => (/^[\p{L}\p{N}.⁰¹²³⁴-⁹₀-₉ⁿⁱˣ]+$/u.test(row) ? row : `(${row})`);
  return walk(pack(tex), 0, {
    symbol: (token) => UNICODE[token] ?? token.replace(/^\\/, ""),
    join: (parts) => parts.reduce((text, part) => text + (/[a-z]{2,}$/.test(text) && /^[\p{L}\p{N}]/u.test(part) ? " " : "")
      + (/^[=≤≥≠<>→±×÷]$/.test(part) ? ` ${part} ` : part), ""),
    script,
    rows: (token, [first, second]) => (token === "\\frac" ? `${grouped(first)}/${grouped(second)}`
      : token === "\\sqrt" ? (second === undefined ? `√${grouped(first)}` : `${script("^", first)}√${grouped(second)}`)
        : `${token.replace(/^\\/, "")}(${[first, second].filter(Boolean).join(", ")})`),
  }).text.trim();
}

/** One row from `place` on, written by `how`: { text, place } behind it. */
function walk(packed, place, how) {
  const parts = [];
  while (place < packed.length && !/^(\}|\}\{|\]\{)$/.test(packed[place])) {
    const token = packed[place++], rows = [];
    if (!/^(\\[a-zA-Z]+|[_^])[{[]$/.test(token)) {
      parts.push(how.symbol(token));
      continue;
    }
    do {
      const row = walk(packed, place, how);
      rows.push(row.text);
      place = row.place + 1;
    } while (packed[place - 1] === "}{" || packed[place - 1] === "]{");
    const bare = token.slice(0, -1);
    if (bare === "_" || bare === "^") parts.push(`${parts.pop() ?? ""}${how.script(bare, rows[0])}`);
    else parts.push(how.rows(bare, rows));
  }
  return { text: how.join(parts), place };
}
