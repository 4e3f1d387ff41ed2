// TeX as a person types it -> the one spelling that the recogniser writes; and back to short TeX.
// What is accepted is what tegashiki.tex.parser reads and tegashiki.tex.tree calls canonical.

import { Problem } from "./problem.js";
import tables from "tables";

const TOKEN = /\\(?:mathbb|mathcal)\{[A-Z]\}|\\(?:begin|end)\{[a-zA-Z]+\*?\}|\\[a-zA-Z]+|\\.|[^\s\\]|\\$/gsu;
const KNOWN = new Set(tables.plain);
const ACCENTS = new Set(tables.accents);
const MOST_DEEP = tables.grammar.maxDepth;
const MEANT = { "\\lbrace": ["\\{"], "\\rbrace": ["\\}"], "\\dfrac": ["\\frac"], "\\tfrac": ["\\frac"],
  "\\dbinom": ["\\binom"], "\\tbinom": ["\\binom"], ...tables.aliases };
const SILENT = new Set(["\\left", "\\right", "\\,", "\\;", "\\:", "\\!", "\\ ", "\\quad", "\\hline",
  "\\displaystyle", "\\limits", "\\nolimits", "$", "~"]);
const CELL = "&", NEXT_ROW = "\\\\", MATRIX = "\\begin{matrix}", END_MATRIX = "\\end{matrix}";
const CELL_ENDS = [CELL, NEXT_ROW, END_MATRIX];
const FONT = /^\\(mathbb|mathcal)$/;

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
  const reader = new Reader(spelled(tokenize(tex)));
  const items = reader.row([null], 0);
  if (!items.length) throw new Problem("formula", "the formula is empty");
  return items.flatMap(write);
}

/** Tokens by the names that the model knows; tables are matrices with their brackets. */
function spelled(tokens) {
  const found = [];
  tokens.forEach((token, i) => {
    const [, edge, name] = /^\\(begin|end)\{([a-zA-Z]+)\*?\}$/.exec(token) ?? [];
    const [open, close] = tables.brackets[name] ?? [];
    if (SILENT.has(token) || (token === "." && /^\\(left|right)$/.test(tokens[i - 1]))) return;
    if (open === undefined || !KNOWN.has(MATRIX)) found.push(...(MEANT[token] ?? [token]));
    else found.push(...(edge === "begin" ? [open, MATRIX] : [END_MATRIX, close]).filter(Boolean));
  });
  return found;
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

  /** The items before one of the tokens `ends` (null: the end of everything), which is passed. */
  row(ends, depth) {
    if (depth >= MOST_DEEP) this.fail("nested too deep");
    const items = [];
    for (;;) {
      const token = this.tokens[this.place] ?? null;
      if (ends.includes(token)) { this.place++; return items; }
      if (token === null) this.fail(`'${ends.at(-1)}' is missing`);
      if (token === "}" || CELL_ENDS.includes(token)) this.fail(`a '${token}' too many`);
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
    if (token === undefined || ["}", "_", "^", ...CELL_ENDS].includes(token)) {
      this.place--;
      this.fail("an argument is missing");
    }
    return token === "{" ? this.row(["}"], depth + 1) : this.base(token, depth);
  }

  /** The items that one token begins; a group gives several. */
  base(token, depth) {
    if (token === "{") return this.row(["}"], depth + 1);
    if (token === "\\frac") {
      return [{ base: [token], rows: [["\\frac{", this.filled(depth)], ["}{", this.filled(depth)]] }];
    }
    if (token === "\\sqrt") {
      if (this.tokens[this.place] !== "[") return [{ base: [token], rows: [["\\sqrt{", this.filled(depth)]] }];
      this.place++;
      const degree = this.row(["]"], depth + 1);
      const rows = degree.length ? [["\\sqrt[", degree], ["]{", this.filled(depth)]]
        : [["\\sqrt{", this.filled(depth)]];
      return [{ base: [token], rows }];
    }
    if (FONT.test(token) && KNOWN.has(MATRIX)) return this.letters(token, depth);
    if (ACCENTS.has(token)) return [{ base: [token], rows: [[`${token}{`, this.filled(depth)]] }];
    if (token === MATRIX && KNOWN.has(MATRIX)) return this.matrix(depth);
    if (token === "\\binom" && KNOWN.has(MATRIX)) {
      const rows = tidy([[this.argument(depth)], [this.argument(depth)]]);
      return [{ base: ["("] }, ...rows, { base: [")"] }];
    }
    if (!KNOWN.has(token)) this.fail(`'${token}' is not among the ${KNOWN.size - 3} tokens that are read`);
    return [{ base: [token] }];
  }

  /** The items of a font's argument: capitals are symbols of their own. */
  letters(font, depth) {
    return this.argument(depth).map((item) => {
      const letter = `${font}{${item.base[0]}}`;
      return /^[A-Z]$/.test(item.base[0]) && KNOWN.has(letter) ? { ...item, base: [letter] } : item;
    });
  }

  matrix(depth) {
    const cells = [[]];
    for (;;) {
      cells.at(-1).push(this.row(CELL_ENDS, depth + 1));
      const end = this.tokens[this.place - 1];
      if (end === END_MATRIX) return tidy(cells);
      if (end === NEXT_ROW) cells.push([]);
    }
  }

  filled(depth) {
    const row = this.argument(depth);
    if (!row.length) this.fail("an argument is empty");
    return row;
  }
}

/** A matrix without what is empty, as an item; of a single cell only what stands in it. */
function tidy(cells) {
  const widest = Math.max(...cells.map((row) => row.length));
  const columns = Array.from({ length: widest }, (_, i) => i).filter((i) => cells.some((row) => row[i]?.length));
  const rows = cells.map((row) => columns.filter((i) => row.slice(i).some((cell) => cell.length)).map((i) => row[i]))
    .filter((row) => row.length);
  if (rows.length <= 1 && (rows[0] ?? []).length <= 1) return rows[0]?.[0] ?? [];
  return [{ base: [MATRIX], cells: rows }];
}

function write({ base, rows, cells, sub, sup }) {
  const own = rows ? [...rows.flatMap(([open, row]) => [open, ...row.flatMap(write)]), "}"]
    : cells ? [MATRIX, ...between(cells.map((row) => between(row.map((cell) => cell.flatMap(write)), CELL)), NEXT_ROW),
      END_MATRIX] : base;
  return [...own, ...(sub ? ["_{", ...sub.flatMap(write), "}"] : []),
    ...(sup ? ["^{", ...sup.flatMap(write), "}"] : [])];
}

/** Lists joined by a token. */
function between(lists, token) {
  return lists.flatMap((list, i) => (i ? [token, ...list] : list));
}

/** Packed tokens -> the tokens of the published normal form. */
export function unpack(packed) {
  return packed.flatMap((token) => tables.structure[token] ?? [token]);
}

/**
 * Tokens -> TeX without needless blanks: `\frac{1}{x^{2}}`, `\alpha b`. A `[` after `\\` is no length,
 * and `\mod`, which in TeX takes what follows into its argument, is written as `\bmod`.
 */
export function compact(tokens) {
  return tokens.reduce((text, token) => text + (token === NEXT_ROW ? `${token} `
    : (/\\[a-zA-Z]+$/.test(text) && /^[a-zA-Z]/.test(token) ? " " : "") + (token === "\\mod" ? "\\bmod" : token)), "");
}
