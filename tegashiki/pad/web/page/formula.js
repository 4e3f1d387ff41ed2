// Formulas on the screen, by KaTeX. What a person typed is never trusted; what the recogniser
// wrote consists of its own tokens only, and may carry the marks by which symbols are found again.

import katex from "katex";

const LIMITS = new Set(["\\sum", "\\lim", "\\int"]);
const MOST = 200;                       // rendered formulas that are kept

const kept = new Map();

/**
 * Render TeX into a node; whether KaTeX could parse it. If not, the TeX itself is shown as text.
 * @param {Element} node
 * @param {string} tex
 */
export function render(node, tex, { display = false } = {}) {
  try {
    katex.render(tex, node, { displayMode: display, throwOnError: true, output: "html",
      strict: false, trust: false, maxExpand: 200, maxSize: 20 });
    return true;
  } catch {
    node.textContent = tex;             // as text, whatever it is
    return false;
  }
}

/** A fresh copy of a rendered candidate; rendering takes milliseconds, copying does not. */
export function rendered(tex) {
  let node = kept.get(tex);
  if (!node) {
    node = document.createElement("span");
    render(node, tex);
    if (kept.size >= MOST) kept.delete(kept.keys().next().value);
    kept.set(tex, node);
  }
  return node.cloneNode(true);
}

/** Render packed tokens so that every drawn symbol is a node with data-place, its place. */
export function renderMarked(node, packed) {
  const source = `\\displaystyle ${marked(packed)}`;
  try {
    katex.render(source, node, { displayMode: false, throwOnError: true, output: "html",
      strict: false, trust: ({ command }) => command === "\\htmlData" });
    return true;
  } catch {
    node.textContent = packed.join(" ");
    return false;
  }
}

/** Packed tokens -> TeX in which each symbol says where it stands. */
export function marked(packed) {
  const text = [], closing = [];
  packed.forEach((token, place) => {
    const opens = `\\htmlData{place=${place}}`;
    if (token === "\\frac{") { text.push(`${opens}{\\frac{`); closing.push("}}"); }
    else if (token === "\\sqrt{") { text.push(`${opens}{\\sqrt{`); closing.push("}}"); }
    else if (token === "\\sqrt[") { text.push(`${opens}{\\sqrt[{`); closing.push("}}"); }
    else if (token === "]{") text.push("}]{");
    else if (token === "}{") text.push("}{");
    else if (token === "_{" || token === "^{") { text.push(token); closing.push("}"); }
    else if (token === "}") text.push(closing.pop() ?? "");
    else if (LIMITS.has(token)) text.push(`\\mathop{${opens}{${token}}}`);
    else text.push(`${opens}{${token}}`);
  });
  return text.join(" ") + closing.reverse().join("");
}

/** MathML as text, for copying; throws where KaTeX cannot parse. */
export function mathml(tex) {
  const holder = document.createElement("div");
  katex.render(tex, holder, { output: "mathml", throwOnError: true, strict: false, trust: false });
  const math = holder.querySelector("math");
  math.querySelector("annotation")?.remove();
  return new XMLSerializer().serializeToString(math);
}
