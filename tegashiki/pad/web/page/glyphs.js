// Where the symbols of a rendered formula are on the screen, so that each can be hit by a finger.
//
// KaTeX's own boxes say little: struts and lists of rows lie over the glyphs, and a box is as high
// as its font. What counts here is the ink: a glyph's outline, the line of a fraction, a root sign.

const REACH = 28;          // CSS pixels around a symbol within which a touch is still meant for it

let context = null;

/**
 * Boxes of the drawn symbols in `node`, which is on the screen: [{ place, box }], a symbol may have
 * several. A box is [left, top, right, bottom] in CSS pixels of the window.
 */
export function glyphBoxes(node) {
  const found = [];
  for (const symbol of node.querySelectorAll("[data-place]")) {
    const place = Number(symbol.dataset.place);
    for (const box of [...letters(symbol), ...drawn(symbol)]) found.push({ place, box });
  }
  return found;
}

/** The place of the symbol nearest to a point, null if none is near. Of two that hold it, the smaller. */
export function nearest(boxes, x, y, reach = REACH) {
  let best = null, least = Infinity, area = Infinity;
  for (const { place, box: [left, top, right, bottom] } of boxes) {
    const far = Math.hypot(Math.max(left - x, 0, x - right), Math.max(top - y, 0, y - bottom));
    const size = (right - left) * (bottom - top);
    if (far < least || (far === least && size < area)) [best, least, area] = [place, far, size];
  }
  return least <= reach ? best : null;
}

/** Outlines of the letters that belong to this symbol and to none inside it. */
function* letters(symbol) {
  const walker = document.createTreeWalker(symbol, NodeFilter.SHOW_TEXT);
  for (let text = walker.nextNode(); text; text = walker.nextNode()) {
    const holder = text.parentElement;
    if (holder.closest("[data-place]") !== symbol || !text.data.replace(/\u200b/g, "").trim()) continue;
    const range = document.createRange();
    range.selectNodeContents(text);
    const around = range.getBoundingClientRect();
    if (around.width || around.height) yield outline(text.data, getComputedStyle(holder), around);
  }
}

/** The ink of a text inside the box that its font gives it. */
function outline(text, style, { left, top, right, bottom }) {
  context ??= document.createElement("canvas").getContext("2d");
  context.font = `${style.fontStyle} ${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
  const ink = context.measureText(text), base = top + ink.fontBoundingBoxAscent;
  const scale = ink.width ? (right - left) / ink.width : 1;      // a formula may be shown smaller
  if (!Number.isFinite(base) || !(ink.actualBoundingBoxAscent + ink.actualBoundingBoxDescent > 0)) {
    return [left, top, right, bottom];
  }
  const line = top + ink.fontBoundingBoxAscent * scale;
  return [left - ink.actualBoundingBoxLeft * scale, line - ink.actualBoundingBoxAscent * scale,
    left + ink.actualBoundingBoxRight * scale, line + ink.actualBoundingBoxDescent * scale];
}

/** The line of a fraction; a root sign's hook and its line above, which leave the middle free. */
function* drawn(symbol) {
  for (const line of symbol.querySelectorAll(".frac-line")) {
    if (line.closest("[data-place]") === symbol) yield rectangle(line);
  }
  for (const picture of symbol.querySelectorAll("svg")) {
    if (picture.closest("[data-place]") !== symbol) continue;
    const [left, top, right, bottom] = rectangle(picture.parentElement);
    if (!picture.closest(".sqrt")) {
      yield [left, top, right, bottom];
      continue;
    }
    const hook = Math.min(right, left + 0.9 * parseFloat(getComputedStyle(symbol).fontSize));
    yield [left, top, hook, bottom];
    yield [hook, top, right, top + 3];
  }
}

function rectangle(node) {
  const { left, top, right, bottom } = node.getBoundingClientRect();
  return [left, top, right, bottom];
}
