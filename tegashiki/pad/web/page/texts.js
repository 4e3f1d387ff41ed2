// The forms of a formula that are plain text and need nothing but its TeX.

import { mathml } from "./formula.js";
import { typst, unicode } from "./plain.js";

const FORMS = {
  tex: (tex) => tex,
  inline: (tex) => `$${tex}$`,
  display: (tex) => `$$${tex}$$`,
  parens: (tex) => `\\(${tex}\\)`,
  brackets: (tex) => `\\[${tex}\\]`,
  markdown: (tex) => `\n$$\n${tex}\n$$\n`,
  mathml: (tex) => mathml(tex),
  mathmlBlock: (tex) => mathml(tex, { display: true }),
  typst: (tex) => typst(tex),
  unicode: (tex) => unicode(tex),
};

/** TeX in one of the forms; throws what the form cannot say. */
export function textIn(form, tex) {
  if (!(form in FORMS)) throw new Error(`'${form}' is no form; there are ${Object.keys(FORMS).join(", ")}`);
  return FORMS[form](tex);
}
