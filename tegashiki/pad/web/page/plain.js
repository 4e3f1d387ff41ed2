// TeX of the recogniser's tokens -> Typst's mathematics, and plain Unicode text.

import { pack, rowsIn } from "./recognizer.js";

const TYPST = { "\\cdot": "dot", "\\times": "times", "\\div": "div", "\\pm": "plus.minus", "\\leq": "<=", "\\geq": ">=",
  "\\neq": "!=", "\\lt": "<", "\\gt": ">", "\\rightarrow": "->", "\\infty": "infinity", "\\int": "integral", "\\sum": "sum",
  "\\prime": "prime", "\\ldots": "dots.h", "\\cdots": "dots.h.c", "\\in": "in", "\\forall": "forall",
  "\\exists": "exists", "\\{": "\\{", "\\}": "\\}", "/": "\\/", ",": "\\,", "#": "\\#", "$": "\\$", "&": "\\&",
  "\\approx": "approx", "\\equiv": "equiv", "\\partial": "partial", "\\nabla": "nabla", "\\cup": "union",
  "\\cap": "inter", "\\subset": "subset", "\\prod": "product", "\\|": "||", "\\%": "%", "\\#": "\\#", "\\&": "&",
  "\\_": "\\_", "\\circ": "compose", "\\longrightarrow": "-->", "\\Rightarrow": "=>", "\\iff": "<==>",
  "\\Leftrightarrow": "<=>", "\\leftarrow": "<-", "\\leftrightarrow": "<->", "\\mapsto": "|->", "\\neg": "not",
  "\\emptyset": "emptyset", "\\oplus": "plus.circle", "\\ominus": "minus.circle", "\\otimes": "times.circle",
  "\\odot": "dot.circle", "\\wedge": "and", "\\vee": "or", "\\notin": "in.not", "\\subseteq": "subset.eq",
  "\\supset": "supset", "\\supseteq": "supset.eq", "\\sim": "tilde.op", "\\simeq": "tilde.eq", "\\cong": "tilde.equiv",
  "\\propto": "prop", "\\perp": "perp", "\\mp": "minus.plus", "\\ll": "<<", "\\gg": ">>", "\\hbar": "planck.reduce",
  "\\ell": "ell", "\\varphi": "phi", "\\phi": "phi.alt", "\\epsilon": "epsilon.alt", "\\vdots": "dots.v",
  "\\ddots": "dots.down", "\\langle": "chevron.l", "\\rangle": "chevron.r", "\\lfloor": "floor.l", "\\rfloor": "floor.r",
  "\\lceil": "ceil.l", "\\rceil": "ceil.r", "\\backslash": "\\\\", "\\iint": "integral.double", "\\oint": "integral.cont",
  "\\bigcup": "union.big", "\\bigcap": "inter.big", "\\hat": "hat", "\\tilde": "tilde", "\\vec": "arrow",
  "\\dot": "dot", "\\ddot": "dot.double", "\\triangle": "triangle.t", "\\bullet": "bullet", "\\star": "star",
  "\\uparrow": "arrow.t", "\\downarrow": "arrow.b", "\\top": "tack.b", "\\vdash": "tack.r", "\\dagger": "dagger",
  "\\therefore": "therefore", "\\angle": "angle", "\\ni": "in.rev", "\\mod": "mod" };
const UNICODE = { "\\cdot": "·", "\\times": "×", "\\div": "÷", "\\pm": "±", "\\leq": "≤", "\\geq": "≥", "\\neq": "≠",
  "\\lt": "<", "\\gt": ">", "\\rightarrow": "→", "\\infty": "∞", "\\int": "∫", "\\sum": "∑", "\\prime": "′", "\\ldots": "…",
  "\\cdots": "⋯", "\\in": "∈", "\\forall": "∀", "\\exists": "∃", "\\{": "{", "\\}": "}", "-": "−", "\\alpha": "α",
  "\\beta": "β", "\\gamma": "γ", "\\delta": "δ", "\\epsilon": "ε", "\\theta": "θ", "\\lambda": "λ", "\\mu": "μ",
  "\\pi": "π", "\\rho": "ρ", "\\sigma": "σ", "\\tau": "τ", "\\phi": "φ", "\\psi": "ψ", "\\omega": "ω", "\\Delta": "Δ",
  "\\Gamma": "Γ", "\\Omega": "Ω", "\\Sigma": "Σ", "\\Pi": "Π", "\\Phi": "Φ", "\\partial": "∂", "\\nabla": "∇",
  "\\approx": "≈", "\\equiv": "≡", "\\cup": "∪", "\\cap": "∩", "\\subset": "⊂", "\\prod": "∏", "\\Rightarrow": "⇒",
  "\\longrightarrow": "⟶", "\\iff": "⟺", "\\Leftrightarrow": "⇔", "\\leftarrow": "←", "\\leftrightarrow": "↔",
  "\\mapsto": "↦", "\\neg": "¬", "\\emptyset": "∅", "\\oplus": "⊕", "\\ominus": "⊖", "\\otimes": "⊗", "\\odot": "⊙",
  "\\wedge": "∧", "\\vee": "∨", "\\notin": "∉", "\\subseteq": "⊆", "\\supset": "⊃", "\\supseteq": "⊇", "\\sim": "∼",
  "\\simeq": "≃", "\\cong": "≅", "\\propto": "∝", "\\perp": "⊥", "\\mp": "∓", "\\ll": "≪", "\\gg": "≫", "\\hbar": "ℏ",
  "\\ell": "ℓ", "\\varphi": "φ", "\\vdots": "⋮", "\\ddots": "⋱", "\\langle": "⟨", "\\rangle": "⟩", "\\lfloor": "⌊",
  "\\rfloor": "⌋", "\\lceil": "⌈", "\\rceil": "⌉", "\\backslash": "\\", "\\iint": "∬", "\\oint": "∮", "\\bigcup": "⋃",
  "\\bigcap": "⋂", "\\|": "‖", "\\%": "%", "\\#": "#", "\\&": "&", "\\_": "_", "\\circ": "∘", "\\bullet": "•",
  "\\star": "⋆", "\\angle": "∠", "\\triangle": "△", "\\dagger": "†", "\\therefore": "∴", "\\uparrow": "↑",
  "\\downarrow": "↓", "\\top": "⊤", "\\vdash": "⊢", "\\ni": "∋", "\\nu": "ν", "\\xi": "ξ", "\\eta": "η", "\\zeta": "ζ",
  "\\chi": "χ", "\\kappa": "κ", "\\Lambda": "Λ", "\\Theta": "Θ", "\\Psi": "Ψ", "\\Xi": "Ξ", "\\vartheta": "ϑ" };
const MARKS = { "\\hat": "\u0302", "\\tilde": "\u0303", "\\overline": "\u0305", "\\vec": "\u20d7", "\\dot": "\u0307",
  "\\ddot": "\u0308", "\\underline": "\u0332" };
const BOARD = { C: "ℂ", H: "ℍ", N: "ℕ", P: "ℙ", Q: "ℚ", R: "ℝ", Z: "ℤ" };
const SCRIPT = { B: "ℬ", E: "ℰ", F: "ℱ", H: "ℋ", I: "ℐ", L: "ℒ", M: "ℳ", R: "ℛ" };
const FONT = /^\\math(bb|cal)\{([A-Z])\}$/;
const RAISED = new Map([..."0123456789+-=()nixy"].map((c, i) => [c, [..."⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱˣʸ"][i]]));
const LOWERED = new Map([..."0123456789+-=()aeoxnikmj"].map((c, i) => [c, [..."₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₒₓₙᵢₖₘⱼ"][i]]));

/** TeX -> Typst: `\frac{1}{x^{2}}` is `frac(1, x^(2))`; rows as lines. Throws a Problem "formula". */
export function typst(tex) {
  const lines = rowsIn(tex);
  if (lines) return lines.map(typst).join(" \\\n");
  const name = (token) => TYPST[token] ?? token.replace(FONT, (_, font, letter) =>
    (font === "bb" ? letter + letter : `cal(${letter})`)).replace(/^\\/, "");
  const write = (packed, from) => walk(packed, from, {
    symbol: name,
    join: (parts) => parts.join(" "),
    script: (mark, row) => `${mark}(${row})`,
    cells: (rows) => `mat(delim: #none, ${rows.map((row) => row.join(", ")).join("; ")})`,
    rows: (token, [first, second]) => ({ "\\frac": `frac(${first}, ${second})`, "\\sqrt": second === undefined
      ? `sqrt(${first})` : `root(${first}, ${second})` }[token] ?? `${name(token)}(${[first, second].filter(Boolean).join(", ")})`),
  });
  return write(pack(tex), 0).text.replace(/ ([_^]\()/g, "$1");
}

/** TeX -> a line of text: `\frac{1}{x^{2}}` is `1/x²`; rows as lines. Throws a Problem "formula". */
export function unicode(tex) {
  const lines = rowsIn(tex);
  if (lines) return lines.map(unicode).join("\n");
  const single = (row) => ([...row].length === 1 ? row : `(${row})`);
  const script = (mark, row) => {
    const table = mark === "^" ? RAISED : LOWERED, plain = row.replaceAll("−", "-");
    if (row === "′" || row === "′′") return row;
    return [...plain].every((c) => table.has(c)) ? [...plain].map((c) => table.get(c)).join("") : `${mark}${single(row)}`;
  };
  const grouped = (row) => (/^[\p{L}\p{N}.⁰¹²³⁴-⁹₀-₉ⁿⁱˣ]+$/u.test(row) ? row : `(${row})`);
  return walk(pack(tex), 0, {
    symbol: (token) => UNICODE[token] ?? token.replace(FONT, (_, font, letter) => (font === "bb"
      ? BOARD[letter] ?? String.fromCodePoint(0x1D4F7 + letter.charCodeAt(0))
      : SCRIPT[letter] ?? String.fromCodePoint(0x1D45B + letter.charCodeAt(0)))).replace(/^\\/, ""),
    cells: (rows) => rows.map((row) => row.join(", ")).join("; "),
    join: (parts) => parts.reduce((text, part) => text + (/[a-z]{2,}$/.test(text) && /^[\p{L}\p{N}]/u.test(part) ? " " : "")
      + (/^[=≤≥≠<>→±×÷]$/.test(part) ? ` ${part} ` : part), ""),
    script,
    rows: (token, [first, second]) => (token === "\\frac" ? `${grouped(first)}/${grouped(second)}`
      : token === "\\sqrt" ? (second === undefined ? `√${grouped(first)}` : `${script("^", first)}√${grouped(second)}`)
        : token in MARKS ? [...first].map((letter) => letter + MARKS[token]).join("") : `${token.replace(/^\\/, "")}(${[first, second].filter(Boolean).join(", ")})`),
  }).text.trim();
}

/** One row from `place` on, written by `how`: { text, place } behind it. */
function walk(packed, place, how) {
  const parts = [];
  while (place < packed.length && !/^(\}|\}\{|\]\{|&|\\\\|\\end.*)$/.test(packed[place])) {
    const token = packed[place++], rows = [];
    if (token === "\\begin{matrix}") {
      const cells = [[]];
      let end = "&";
      for (; end === "&" || end === "\\\\"; end = packed[place - 1]) {
        if (end === "\\\\") cells.push([]);
        const cell = walk(packed, place, how);
        cells.at(-1).push(cell.text);
        place = cell.place + 1;
      }
      parts.push(how.cells(cells));
      continue;
    }
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
