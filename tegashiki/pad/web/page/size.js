// How wide a formula will be, told from its tokens: asking the browser for the width of what was just
// drawn costs a layout of the page. Errs on the wide side; a test compares it with KaTeX.

const WIDTHS = { "\\ldots": 1.35, "\\cdots": 1.35, "\\sum": 1.5, "\\int": 1.1, "\\infty": 1.05, "\\rightarrow": 1.1,
  ".": 0.32, ",": 0.5, "!": 0.35, "|": 0.35, "(": 0.44, ")": 0.44, "[": 0.36, "]": 0.36, "\\prime": 0.35, "\\lim": 1.6,
  i: 0.4, j: 0.46, l: 0.36, m: 0.92, w: 0.76, M: 1.1, W: 1.0 };
const OPERATORS = /^([-+=<>]|\\(pm|times|div|cdot|leq|geq|neq|lt|gt|rightarrow|in|forall|exists|[a-z]*arrow|approx|equiv))$/;
const SCRIPT = 0.74;

/** Width of packed tokens in em, about. */
export function emWidth(packed) {
  let place = 0;

  function row(scale) {
    let width = 0, script = 0;          // a script stands beside the one before it: the wider counts
    while (place < packed.length && !/^(\}|\}\{|\]\{|&|\\\\|\\end.*)$/.test(packed[place])) {
      const token = packed[place++];
      if (token === "_{" || token === "^{") {
        script = Math.max(script, inner(scale * SCRIPT));
        continue;
      }
      width += script;
      script = 0;
      if (token.startsWith("\\begin")) width += matrix(scale);
      else if (token === "\\frac{") {
        width += Math.max(inner(scale), inner(scale)) + 0.24 * scale;
      } else if (/^\\[a-zA-Z]+[{[]$/.test(token)) {
        width += scale * (token.startsWith("\\sqrt") ? 0.9 : 0.1) + inner(scale);
        if (token.endsWith("[")) width += inner(scale);
      } else width += scale * symbol(token);
    }
    return width + script;
  }

  /** A row and what closes it. */
  function inner(scale) {
    const width = row(scale);
    place++;
    return width;
  }

  /** The widest cell of each column, with the gaps between them. */
  function matrix(scale) {
    const columns = [];
    let column = 0, end;
    do {
      columns[column] = Math.max(columns[column] ?? 0, inner(scale));
      end = packed[place - 1];
      column = end === "&" ? column + 1 : 0;
    } while (end === "&" || end === "\\\\");
    return columns.reduce((sum, width) => sum + width, 0) + columns.length * scale;
  }

  return row(1) + 0.1;
}

/** Width in em, about, where the rows of `aligned` stand in one line. */
export function flatWidth(packed) {
  if (packed[0] !== "\\begin{aligned}") return emWidth(packed);
  let inside = 0;
  const line = packed.slice(1, -1).flatMap((token) => {
    if (/^\\(begin|end)/.test(token)) inside += token.startsWith("\\begin") ? 1 : -1;
    return inside ? [token] : token === "&" ? [] : token === "\\\\" ? ["\\rightarrow", "\\rightarrow"] : [token];
  });
  return emWidth(line);
}

function symbol(token) {
  if (OPERATORS.test(token)) return 1.38;
  if (token in WIDTHS) return WIDTHS[token];
  const name = /^\\([a-z]+)$/.exec(token)?.[1] ?? "";
  if (/^(sin|cos|tan|log|exp|max|min|ln|det|arg)$/.test(name)) return 0.5 * name.length + 0.35;
  return /^[A-Z]$/.test(token) || /^\\[A-Z]/.test(token) ? 0.84 : 0.62;
}
