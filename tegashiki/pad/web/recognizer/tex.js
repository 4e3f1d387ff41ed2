// TeX as a person types it -> the one spelling that the recogniser writes; and back to short TeX.
// What is accepted is what tegashiki.tex.reader reads and tegashiki.tex.tree calls canonical.

import { Problem } from "./problem.js";
import tables from "tables";

const TOKEN = /\\[a-zA-Z]+|\\.|[^\s\\]|\\$/gsu;
const KNOWN = new Set(tables.published);
const MOST_DEEP = tables.grammar.maxDepth;
const MEANT = { "\\le": "\\leq", "\\ge": "\\geq", "\\ne": "\\neq", "\\to": "\\rightarrow",
  "\\dots": "\\ldots", "\\lbrace": "\\{", "\\rbrace": "\\}", "\\dfrac": "\\frac", "\\tfrac": "\\frac" };
const SILENT = new Set(["\\left", "\\right", "\\,", "\\;", "\\:", "\\!", "\\ ", "\\quad",
  "\\displaystyle", "\\limits", "\\nolimits", "$", "~"]);

/** Split TeX as tegashiki.tex.tokens does. */
export function tokenize(tex) {
  return tex.match(TOKEN) ?? [];
}

/**
 * The packed tokens of TeX. Throws a Problem "formula" that says what and where.
 * @param {string} tex
 * @returns {string[]}
 */
export function pack(tex) {
  const tokens = tokenize(tex).map((token) => MEANT[token] ?? token).filter((t) => !SILENT.has(t));
  const reader = new Reader(tokens);
  const items = reader.row(null, 0);
  if (!items.length) throw new Problem("formula", "the formula is empty");
  return items.flatMap(write);
}

/** An item: a base (packed tokens) with the rows hung on it. */
class Reader {
  constructor(tokens) {
    this.tokens = tokens;
    this.place = 0;
  }

  fail(what) {
    throw new Problem("formula", `token ${this.place + 1}: ${what}`);
  }

  row(end, depth) {
    if (depth >= MOST_DEEP) this.fail("nested too deep");
    const items = [];
    for (;;) {
      const token = this.tokens[this.place];
      if (token === end || (token === undefined && end === null)) { this.place++; return items; }
      if (token === undefined) this.fail(`'${end}' is missing`);
      if (token === "}") this.fail("a '}' too many");
      this.place++;
      if (token === "_" || token === "^" || token === "'") this.script(token, items, depth);
      else items.push(...this.base(token, depth));
    }
  }

  script(mark, items, depth) {
    const base = items.at(-1);
    if (!base) this.fail(`'${mark}' has nothing to stand at`);
    const prime = mark === "'" || base.primed;
    const row = mark === "'" ? [{ base: ["\\prime"] }] : this.argument(depth);
    const slot = mark === "_" ? "sub" : "sup";
    if (base[slot] && !(slot === "sup" && prime)) this.fail(`a second '${mark}' at one base`);
    base[slot] = [...(base[slot] ?? []), ...row];
    if (!base[slot].length) delete base[slot];
    base.primed = slot === "sup" && base.sup?.every((item) => item.base[0] === "\\prime" && !item.sub && !item.sup);
  }

  argument(depth) {
    const token = this.tokens[this.place++];
    if (token === undefined || token === "}" || token === "_" || token === "^") {
      this.place--;
      this.fail("an argument is missing");
    }
    return token === "{" ? this.row("}", depth + 1) : this.base(token, depth);
  }

  /** The items that one token begins; a group gives several. */
  base(token, depth) {
    if (token === "{") return this.row("}", depth + 1);
    if (token === "\\frac") {
      return [{ base: [token], rows: [["\\frac{", this.filled(depth)], ["}{", this.filled(depth)]] }];
    }
    if (token === "\\sqrt") {
      if (this.tokens[this.place] !== "[") return [{ base: [token], rows: [["\\sqrt{", this.filled(depth)]] }];
      this.place++;
      const degree = this.row("]", depth + 1);
      const rows = degree.length ? [["\\sqrt[", degree], ["]{", this.filled(depth)]]
        : [["\\sqrt{", this.filled(depth)]];
      return [{ base: [token], rows }];
    }
    if (!KNOWN.has(token)) this.fail(`'${token}' is not among the ${KNOWN.size - 3} tokens that are read`);
    return [{ base: [token] }];
  }

  filled(depth) {
    const row = this.argument(depth);
    if (!row.length) this.fail("an argument is empty");
    return row;
  }
}

function write({ base, rows, sub, sup }) {
  const own = rows ? [...rows.flatMap(([open, row]) => [open, ...row.flatMap(write)]), "}"] : base;
  return [...own, ...(sub ? ["_{", ...sub.flatMap(write), "}"] : []),
    ...(sup ? ["^{", ...sup.flatMap(write), "}"] : [])];
}

/** Packed tokens -> the tokens of the published normal form. */
export function unpack(packed) {
  return packed.flatMap((token) => tables.structure[token] ?? [token]);
}

/** Tokens -> TeX without needless blanks: `\frac{1}{x^{2}}`, `\alpha b`. */
export function compact(tokens) {
  return tokens.reduce((text, token) =>
    text + (/\\[a-zA-Z]+$/.test(text) && /^[a-zA-Z]/.test(token) ? " " : "") + token, "");
}
