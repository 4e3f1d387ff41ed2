// A formula in the form that somebody wants to paste: TeX with its fences, MathML, Typst, plain
// Unicode, a picture, ink.

import { picture, png } from "./picture.js";
import { textIn } from "./texts.js";

const KIND = { svg: "image/svg+xml", png: "image/png" };

/** Form -> how it is called on the page. In the order in which they are offered. */
export const FORMS = {
  tex: "TeX", inline: "$…$", display: "$$…$$", parens: "\\(…\\)", brackets: "\\[…\\]", markdown: "Markdown",
  mathml: "MathML", mathmlBlock: "MathML, display", typst: "Typst", unicode: "Unicode", svg: "SVG", png: "PNG",
  ink: "Ink (JSON)",
};

/** The text of a formula in a form; `ink()` gives the ink as JSON. */
export async function textOf(form, tex, ink = () => null) {
  return form === "ink" ? JSON.stringify(ink()) : form === "svg" ? picture(tex) : textIn(form, tex);
}

/**
 * Put a formula on the clipboard. Throws what `textOf` throws, and a DOMException where the browser
 * does not let a page write there.
 */
export async function copy(form, tex, ink) {
  const { clipboard } = navigator;
  if (form === "png") {
    // given as a promise: Safari forgets that a person has clicked once something is awaited
    await clipboard.write([new ClipboardItem({ [KIND.png]: png(tex) })]);
    return "PNG";
  }
  const text = await textOf(form, tex, ink);
  if (form.startsWith("mathml") && globalThis.ClipboardItem) {
    // Word and Docs take MathML from HTML; editors take the text
    const parts = { "text/plain": text, "text/html": text };
    await clipboard.write([new ClipboardItem(Object.fromEntries(Object.entries(parts).map(([type, part]) =>
      [type, new Blob([part], { type })])))]);
  } else await clipboard.writeText(text);
  return text;
}
