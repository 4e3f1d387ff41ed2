// Formulas on the screen, by KaTeX. What a person typed is never trusted; what the recogniser
// wrote consists of its own tokens only, and may carry the marks by which symbols are found again.

import katex from "katex";

const LIMITS = new Set(["\\sum", "\\lim", "\\int", "\\prod", "\\iint", "\\oint", "\\max", "\\min", "\\sup",
  "\\inf", "\\liminf", "\\bigcup", "\\bigcap", "\\bigoplus", "\\bigvee", "\\bigwedge"]);
const NEXT_ROW = "\\enspace\\hookleftarrow\\enspace";
const MOST = 300;                       // rendered formulas that are kept

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

/** A fresh copy of a rendered formula; rendering takes milliseconds, copying does not. */
export function rendered(tex) {
  return copy(tex, (node) => render(node, tex));
}

/**
 * A copy of rendered packed tokens, in which every drawn symbol is a node with data-place, its
 * place; the symbols at `places` are in the class "differs". `flat`: the rows of `aligned` in one line.
 * @param {string[]} packed
 * @param {Set<number>} [places]
 */
export function renderedMarked(packed, places = new Set(), flat = false) {
  const source = marked(packed, flat && packed[0] === "\\begin{aligned}");
  const node = copy(source, (empty) => {
    try {
      katex.render(`\\displaystyle ${source}`, empty, { displayMode: false, throwOnError: true, output: "html",
        strict: false, trust: ({ command }) => command === "\\htmlData" });
    } catch {
      empty.textContent = packed.join(" ");
    }
  });
  if (places.size) {
    for (const symbol of node.querySelectorAll("[data-place]")) {
      if (places.has(Number(symbol.dataset.place))) symbol.classList.add("differs");
    }
  }
  return node;
}

function copy(key, fill) {
  let node = kept.get(key);
  if (!node) {
    node = document.createElement("span");
    fill(node);
    if (kept.size >= MOST) kept.delete(kept.keys().next().value);
  } else kept.delete(key);
  kept.set(key, node);                  // the longest unused is the first to go
  return node.cloneNode(true);
}

/**
 * Packed tokens -> TeX in which each symbol says where it stands. What opens rows (\frac{, \sqrt[,
 * an accent, an environment) is a symbol too, known by how it ends, so that any vocabulary will do.
 */
export function marked(packed, flat = false) {
  const text = [], closing = [];
  let inside = 0;                       // of matrices, whose rows stay
  packed.forEach((token, place) => {
    if (/^\\begin\{m/.test(token)) inside++;
    if (/^\\end\{m/.test(token)) inside--;
    if (flat && !inside && (token === "&" || token.endsWith("{aligned}"))) return;
    if (flat && !inside && token === "\\\\") {
      text.push(NEXT_ROW);
      return;
    }
    const opens = `\\htmlData{place=${place}}{`;
    if (/^\\[a-zA-Z]+\{$/.test(token)) { text.push(opens, token); closing.push("}}"); }
    else if (/^\\[a-zA-Z]+\[$/.test(token)) { text.push(opens, token, "{"); closing.push("}}"); }
    else if (token === "]{") text.push("}]{");
    else if (token === "_{" || token === "^{") { text.push(token); closing.push("}"); }
    else if (token === "}") text.push(closing.pop() ?? "");
    else if (/^\\begin/.test(token)) text.push(opens, token);
    else if (/^\\end/.test(token)) text.push(token, "}");
    else if (["}{", "&", "\\\\"].includes(token)) text.push(token);
    else if (LIMITS.has(token)) text.push(`\\mathop{${opens}${token}}}`);
    else text.push(`${opens}${token === "\\mod" ? "\\bmod" : token}}`);
  });
  return text.join(" ") + closing.reverse().join("");
}

/** MathML as a node or, for copying, as text; throws where KaTeX cannot parse. */
export function mathml(tex, { display = false, node = false } = {}) {
  const holder = document.createElement("div");
  katex.render(tex, holder, { output: "mathml", displayMode: display, throwOnError: true, strict: false, trust: false });
  const math = holder.querySelector("math");
  math.querySelector("annotation")?.remove();
  return node ? math : new XMLSerializer().serializeToString(math);
}
